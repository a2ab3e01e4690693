"""What a command found, in the one shape that every format shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Detail", "Finding", "Level", "Report"]

Level: TypeAlias = Literal["error", "warning", "note"]


class Detail(NamedTuple):
    """One line about a finding: where, and what."""

    place: str
    text: str


class Finding(NamedTuple):
    """One thing that was found: of which kind, about what, and how bad."""

    rule: str
    """The kind, such as ``drift/changed``; stable, for programs."""
    level: Level
    subject: str
    """What it is about, such as the address of a resource."""
    message: str
    """Goes on after the subject: ``has changed``."""
    details: tuple[Detail, ...] = ()


class Report(NamedTuple):
    """All that was found, without secrets."""

    name: str
    """The kind of report, such as ``drift``."""
    summary: str
    """One sentence."""
    findings: tuple[Finding, ...]
    subjects: tuple[str, ...]
    """All that was looked at, whether something was found about it or not."""
    document: Mapping[str, Any]
    """The report for programs: a JSON document with a ``version``."""
