"""What a command found, in the one shape that every format shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LEVELS",
    "Block",
    "Code",
    "Detail",
    "Finding",
    "Level",
    "Location",
    "Paragraph",
    "Report",
    "Section",
    "Table",
]

Level: TypeAlias = Literal["error", "warning", "note"]

LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
"""The worst first."""


class Detail(NamedTuple):
    """One line about a finding: where, and what."""

    place: str
    text: str


class Location(NamedTuple):
    """Where in the user's sources something is written."""

    file: str
    """Path from the root of the sources, with slashes."""
    line: int | None = None
    """Counted from 1; None where only the file is known."""

    def text(self) -> str:
        """As tools write it: ``main.tf:12``."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


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
    location: Location | None = None
    help: str | None = None
    """Address of the page that explains the rule."""
    suppressed: str | None = None
    """The reason given for looking away; such a finding is shown folded, and counts for no exit code."""


class Paragraph(NamedTuple):
    """Sentences, without any markup."""

    text: str


class Table(NamedTuple):
    """Rows of texts under a header; columns named in ``numbers`` are aligned to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[str] = frozenset()


class Code(NamedTuple):
    """Text that keeps its lines: a graph, a diff, a piece of configuration."""

    text: str
    language: str = ""
    """As in Markdown's fences: ``mermaid``, ``hcl``, ``diff``."""

    @property
    def is_picture(self) -> bool:
        """Whether it is meant for what draws it, as code hosts do, and for no reader."""
        return self.language == "mermaid"


Block: TypeAlias = Paragraph | Table | Code


class Section(NamedTuple):
    """A part of a report under a title of its own."""

    title: str
    blocks: tuple[Block, ...]
    folded: bool = False
    """Whether it is closed where it can be opened with a click."""
    leading: bool = False
    """Whether it comes before the findings, and is what is left out last."""


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
    sections: tuple[Section, ...] = ()
    """What is told beside the findings, in this order; the most important first, and before all the leading ones."""
