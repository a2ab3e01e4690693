"""When a deployment makes runs: by a cron expression, at an interval, or by a recurrence rule.

A schedule has a slug, which names it within its deployment: by it Terraform and Prefect tell schedules apart.
Without one it is ``cron``, ``interval`` or ``rrule``, so a deployment with two schedules of a kind has to
name them itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from prefect_constructs.durations import Duration, seconds
from prefect_constructs.errors import refuse
from prefect_constructs.plain_values import plain_value
from prefect_constructs.sdk import as_document, plain_keys
from prefect_constructs.tokens import is_unresolved
from prefect_provider.rules.schedules import ENTRY_FIELDS, KIND_FIELDS, KINDS, instant
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from prefect_constructs.argument_types import JsonObject, SdkObject
    from prefect_provider.text.path import Path

__all__ = ["Cron", "Interval", "RRule", "Schedule", "Schedules", "schedule_arguments"]


@dataclass(frozen=True, slots=True)
class _Schedule:
    kind: ClassVar[str]


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
    parameters: JsonObject | None = None
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
    parameters: JsonObject | None = None
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
    parameters: JsonObject | None = None
    max_scheduled_runs: int | None = None


Schedule: TypeAlias = "Cron | Interval | RRule | str | SdkObject | Mapping[str, Any]"
"""Any schedule: a text is a cron expression, a mapping one of ``prefect.yaml`` or of the API."""

Schedules: TypeAlias = "Schedule | Sequence[Schedule] | Mapping[str, Schedule]"
"""One schedule, several, or several by slug."""

_FIELDS: Final = ENTRY_FIELDS.union(*KIND_FIELDS.values())

_SERVER_SET: Final = frozenset({"id", "created", "updated", "deployment_id"})
"""What a schedule has on the server that nobody configures."""

_JUST_NOW: Final = timedelta(hours=1)
"""How old an anchor can be that the SDK set because there was none."""


def schedule_arguments(schedules: Any, where: Callable[[], str]) -> tuple[Any, dict[Path, Path]]:
    """The schedules by slug, as the argument of ``PrefectDeployment``, and where each of them was written.

    :raises PrefectConstructError: one is no schedule, or two have one slug; the error names ``where()``.
    """
    if schedules is None or is_unresolved(schedules):
        return schedules, {}
    if isinstance(schedules, (list, tuple)):
        return _by_slug([(one, ("schedules", index)) for index, one in enumerate(schedules)], where)
    if isinstance(schedules, Mapping) and not _is_schedule(schedules):
        return _named(plain_keys(schedules), where), {}
    return _by_slug([(schedules, ("schedules",))], where)


def _by_slug(
    schedules: list[tuple[Any, Path]], where: Callable[[], str]
) -> tuple[dict[str, dict[str, Any]], dict[Path, Path]]:
    found: dict[str, dict[str, Any]] = {}
    paths: dict[Path, Path] = {}
    for schedule, path in schedules:
        given = _fields(schedule, where, path)
        kind = next((kind for kind in KINDS if given.get(kind) is not None), KINDS[0])
        slug = given.pop("slug", None) or kind
        if slug in found:
            made = (
                f'{type(schedule).__name__}(..., slug="...")' if isinstance(schedule, _Schedule) else "`slug`"
            )
            what = f'two schedules have the slug "{slug}"'
            raise refuse(where, ("schedules",), what, remedy=f"Give each its own: {made}.")
        found[slug] = given
        paths["schedules", slug] = path
    return found, paths


def _named(schedules: Mapping[str, Any], where: Callable[[], str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for slug, one in schedules.items():
        given = _fields(one, where, ("schedules", slug))
        own = given.pop("slug", None) or slug
        if own != slug:
            what = f'the schedule has another slug, "{own}"'
            raise refuse(where, ("schedules", slug), what, remedy="Leave one of the two out.")
        found[slug] = given
    return found


def _is_schedule(mapping: Mapping[Any, Any]) -> bool:
    """Whether a mapping is one schedule, and not schedules by slug: ``cron`` may be the slug of one."""
    keys = [plain_value(key) for key in mapping]
    if "schedule" in keys:
        return True
    given = [value for key, value in mapping.items() if plain_value(key) in KINDS]
    if not given or any(isinstance(value, (_Schedule, Mapping)) for value in given):
        return False
    others = [key for key in keys if key not in _FIELDS | _SERVER_SET]
    return (
        len(keys) == len(given)
        or len(others) < len(keys) - len(given)
        or closest(others[0], sorted(_FIELDS)) is not None
    )


def _fields(schedule: Any, where: Callable[[], str], path: Path) -> dict[str, Any]:
    """One schedule as Terraform has it, with its slug."""
    if isinstance(schedule, _Schedule):
        given = {one.name: getattr(schedule, one.name) for one in fields(schedule)}
    elif isinstance(schedule, str):
        given = {"cron": schedule}
    else:
        given = _flat(schedule, where, path)
    given["interval"] = seconds(given.get("interval"))
    return {name: value for name, value in given.items() if value is not None}


def _flat(schedule: Any, where: Callable[[], str], path: Path) -> dict[str, Any]:
    """A schedule of Prefect's form, in which the API nests what is flat in ``prefect.yaml``."""
    document = as_document(schedule)
    if document is None and dataclasses.is_dataclass(schedule) and not isinstance(schedule, type):
        document = {one.name: getattr(schedule, one.name) for one in dataclasses.fields(schedule)}
    if document is None:
        expected = 'a schedule, such as `Cron("0 3 * * *")`'
        raise refuse(where, path, expected=expected, got=f"{show(schedule)} ({type(schedule).__name__})")
    given = {key: value for key, value in plain_keys(document).items() if value is not None}
    inner = given.pop("schedule", None)
    inside = schedule if inner is None else getattr(schedule, "schedule", inner)
    if inner is not None:
        below = as_document(inner)
        if below is None:
            raise refuse(where, (*path, "schedule"), expected="a schedule", got=show(inner))
        given |= {key: value for key, value in plain_keys(below).items() if value is not None}
    given = {key: value for key, value in given.items() if key not in _SERVER_SET}
    for key in given:
        if key not in _FIELDS:
            near = closest(key, sorted(_FIELDS))
            remedy = f"Did you mean `{near}`?" if near else f"It has {names(sorted(_FIELDS))}."
            if key == "replaces":
                remedy = "Terraform knows the schedule by its slug: leave it out, and the old slug goes."
            raise refuse(where, (*path, key), f"a schedule has no `{key}`", remedy=remedy)
    return _without_defaults(given, inside)


def _without_defaults(given: dict[str, Any], schedule: Any) -> dict[str, Any]:
    """The fields without those of other kinds, and without an anchor that the SDK put where there was none.

    That is the moment at which this program made the schedule, and would be another one each time.
    """
    kind = next((kind for kind in KINDS if given.get(kind) is not None), None)
    if kind is None or isinstance(schedule, Mapping):
        return given
    kept = {key: value for key, value in given.items() if key in KIND_FIELDS[kind] | ENTRY_FIELDS}
    known = getattr(schedule, "model_fields_set", None)
    anchor = getattr(schedule, "anchor_date", None)
    if "anchor_date" not in known if known is not None else _is_recent(anchor):
        kept.pop("anchor_date", None)
    return kept


def _is_recent(moment: object) -> bool:
    if not isinstance(moment, datetime):
        return False
    return abs(datetime.now(UTC) - instant(moment)) < _JUST_NOW
