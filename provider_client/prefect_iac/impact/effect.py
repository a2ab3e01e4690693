"""One thing that an apply does beside what the plan says."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from prefect_iac.workspace.content import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from prefect_iac.workspace.content import Workspace
    from prefect_iac.workspace.outlook import Prospect, Unreadable

__all__ = ["Effect", "Impact", "Level", "Quiet", "ScheduleChange", "few", "subject_of"]

Level: TypeAlias = Literal["error", "warning", "note"]
"""``error``: what is lost cannot be had back; ``warning``: something fails or waits; ``note``: good to know."""

_SHOWN = 5


class Effect(NamedTuple):
    """What happens along with one change."""

    rule: str
    """The kind: ``flow-deleted``."""
    level: Level
    subject: str
    """Address of the object that the plan changes."""
    message: str
    """Goes on after the subject."""
    details: tuple[tuple[str, str], ...] = ()
    """Of what, and what is true of it."""
    numbers: Mapping[str, int] = MappingProxyType({})
    """What was counted: ``{"runs": 14203}``."""


class ScheduleChange(NamedTuple):
    """A schedule before and after a plan; ``None`` where there is none."""

    subject: str
    """Address of the deployment, or its name where the plan has only its schedule."""
    schedule: str
    """Its slug, or its id."""
    now: str | None
    """In words: ``cron 0 3 * * * Europe/Berlin``."""
    planned: str | None
    runs_now: tuple[datetime, ...]
    """The next ones that the server has scheduled."""
    runs_planned: tuple[datetime, ...] | None
    """The next ones of the planned schedule; ``None`` where they depend on the time of the apply."""
    zone: str
    """In which times are best shown."""


class Quiet(NamedTuple):
    """When a plan can be applied without touching a run that is about to begin."""

    begin: datetime | None
    """From when on; ``None`` where there is no such time as far as runs are known."""
    end: datetime | None
    """The latest; ``None`` while no run is known after it."""


class Impact(NamedTuple):
    """All that a plan does on the server beside what it says."""

    effects: tuple[Effect, ...]
    schedules: tuple[ScheduleChange, ...]
    quiet: Quiet | None
    """``None`` where the plan touches no scheduled run."""
    at: datetime
    """When the server was asked."""
    subjects: tuple[str, ...] = ()
    """The addresses of what the plan changes."""
    unreadable: tuple[Unreadable, ...] = ()
    left_out: tuple[str, ...] = ()
    """What was not looked at, and why."""
    absent: tuple[str, ...] = ()
    """Addresses of what the plan changes, and this server does not have."""


def subject_of(prospect: Prospect, workspace: Workspace) -> str:
    """What to call an object: its address, or what people call it where the plan does not have it."""
    if prospect.address:
        return prospect.address
    document = prospect.now or prospect.planned or {}
    if prospect.type == "prefect_deployment":
        return workspace.full_name(document)
    return name_of(document)


def few(names: Iterable[str]) -> str:
    """The first names, and how many more there are."""
    found: Sequence[str] = sorted(names)
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
