"""When a deployment makes runs: by a cron expression, at an interval, or by a recurrence rule.

A schedule has a slug, which names it within its deployment: by it Terraform and Prefect tell schedules apart.
Without one it is ``cron``, ``interval`` or ``rrule``, so a deployment with two schedules of a kind has to
name them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from prefect_constructs.errors import PrefectConstructError
from prefect_constructs.triggers import Duration, seconds
from prefect_provider.plugin.language.diagnostics import Diagnostic

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Cron", "Interval", "RRule", "Schedule", "schedule_arguments"]


@dataclass(frozen=True, slots=True)
class _Schedule:
    kind: ClassVar[str]

    def arguments(self) -> dict[str, Any]:
        """As an argument of ``PrefectDeployment``, without the slug."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "slug"}
        given["interval"] = seconds(given.get("interval"))
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Cron(_Schedule):
    """Runs by a cron expression: ``Cron("0 3 * * *", timezone="Europe/Berlin")``.

    ``timezone`` is an IANA name; none is UTC. ``day_or``: with both a day of the month and one of the week,
    either is enough. ``parameters`` override the deployment's.
    """

    kind: ClassVar[str] = "cron"

    cron: str
    _: KW_ONLY
    timezone: str | None = None
    day_or: bool | None = None
    slug: str | None = None
    active: bool | None = None
    parameters: Mapping[str, Any] | str | None = None
    max_scheduled_runs: int | None = None


@dataclass(frozen=True, slots=True)
class Interval(_Schedule):
    """Runs at an interval: ``Interval(timedelta(hours=1))``.

    ``anchor_date`` is an instant at which a run falls; left out, it is when the schedule is made.
    ``timezone`` is an IANA name; none is UTC. ``parameters`` override the deployment's.
    """

    kind: ClassVar[str] = "interval"

    interval: Duration
    _: KW_ONLY
    anchor_date: datetime | str | None = None
    timezone: str | None = None
    slug: str | None = None
    active: bool | None = None
    parameters: Mapping[str, Any] | str | None = None
    max_scheduled_runs: int | None = None


@dataclass(frozen=True, slots=True)
class RRule(_Schedule):
    """Runs by a recurrence rule of iCalendar: ``RRule("FREQ=WEEKLY;BYDAY=MO")``.

    ``timezone`` is an IANA name; none is UTC. ``parameters`` override the deployment's.
    """

    kind: ClassVar[str] = "rrule"

    rrule: str
    _: KW_ONLY
    timezone: str | None = None
    slug: str | None = None
    active: bool | None = None
    parameters: Mapping[str, Any] | str | None = None
    max_scheduled_runs: int | None = None


Schedule: TypeAlias = Cron | Interval | RRule
"""Any schedule."""


def schedule_arguments(
    schedules: Sequence[Schedule] | Mapping[str, Schedule], where: Callable[[], str]
) -> dict[str, dict[str, Any]]:
    """The schedules by slug, as the argument of ``PrefectDeployment``; a mapping gives the slugs itself.

    :raises PrefectConstructError: two have one slug; the error names the construct ``where()``.
    """
    if isinstance(schedules, Mapping):
        return {slug: schedule.arguments() for slug, schedule in schedules.items()}
    found: dict[str, dict[str, Any]] = {}
    for schedule in schedules:
        slug = schedule.slug or schedule.kind
        if slug in found:
            own = f'{type(schedule).__name__}(..., slug="...")'
            detail = f'Two schedules have the slug "{slug}". Give each its own: {own}.'
            raise PrefectConstructError(where(), [Diagnostic("error", "", detail, ("schedules",))])
        found[slug] = schedule.arguments()
    return found
