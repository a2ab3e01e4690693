"""The rules of schedules: exactly one of cron, interval and rrule, and what goes with it.

A schedule is one flat mapping: ``cron``, ``interval`` or ``rrule``; ``timezone``; ``day_or`` (cron),
``anchor_date`` (interval); and of its deployment ``slug``, ``active``, ``max_scheduled_runs``,
``parameters``. The API nests the first part under ``schedule``. Facts were measured on Prefect 3.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.cron import cron_fault, cron_surprises
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.recurrence import recurrence_fault, recurrence_surprises, same_recurrence
from prefect_provider.rules.values import IsUnknown, nothing_unknown, number_of, seconds_of
from prefect_provider.text.spelling import closest, show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = [
    "ENTRY_FIELDS",
    "KINDS",
    "KIND_FIELDS",
    "MAX_SCHEDULED_RUNS",
    "flat",
    "instant",
    "problems",
    "same",
    "to_api",
]

KINDS: Final = ("cron", "interval", "rrule")

KIND_FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "cron": frozenset({"cron", "timezone", "day_or"}),
        "interval": frozenset({"interval", "timezone", "anchor_date"}),
        "rrule": frozenset({"rrule", "timezone"}),
    }
)
"""What each kind has, beside the fields of the entry."""

ENTRY_FIELDS: Final = frozenset({"slug", "active", "max_scheduled_runs", "parameters"})
MAX_SCHEDULED_RUNS: Final = 50
"""The server's limit unless its operator changed it."""

_FIELDS: Final = ENTRY_FIELDS.union(*KIND_FIELDS.values())


def problems(
    schedule: Mapping[str, Any], *, is_unknown: IsUnknown = nothing_unknown, path: Path = ()
) -> list[Problem]:
    """What is wrong with a flat schedule."""
    findings = Findings(is_unknown)
    findings.unknown_keys(schedule, _FIELDS, path, "a schedule")
    given = [kind for kind in KINDS if schedule.get(kind) is not None]
    # What is not known yet may turn out to be null.
    chosen = [kind for kind in given if findings.is_checkable(schedule[kind])]
    if len(chosen) > 1 or not given:
        findings.error(
            (*path, chosen[1]) if chosen else path,
            f"expected exactly one of {', '.join(KINDS)}, got {' and '.join(chosen) or 'none'}",
            "Make one schedule for each." if chosen else "",
        )
    elif chosen or len(given) == 1:
        _belongs(findings, schedule, (chosen or given)[0], path)
    _cron(findings, schedule, (*path, "cron"))
    _interval(findings, schedule.get("interval"), (*path, "interval"))
    _rrule(findings, schedule, (*path, "rrule"))
    _timezone(findings, schedule.get("timezone"), (*path, "timezone"))
    _anchor(findings, schedule.get("anchor_date"), (*path, "anchor_date"))
    _entry(findings, schedule, path)
    return findings.problems


def to_api(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON body of a schedule that follows the rules, for a list to post or for one to patch.

    An interval without ``anchor_date`` is anchored by the server at the time of the call, so that each
    update without one would move it: send back the stored one. No time zone means UTC; a cron schedule
    keeps null, the server puts UTC into an interval, and with null it fails to run an rrule.
    """
    body: dict[str, Any] = {
        "active": True if schedule.get("active") is None else schedule["active"],
        "max_scheduled_runs": _whole(schedule.get("max_scheduled_runs")),
        "parameters": dict(schedule.get("parameters") or {}),
        "slug": schedule.get("slug"),
    }
    zone = schedule.get("timezone") or "UTC"
    if schedule.get("cron") is not None:
        day_or = True if schedule.get("day_or") is None else schedule["day_or"]
        inner: dict[str, Any] = {
            "cron": schedule["cron"],
            "timezone": schedule.get("timezone"),
            "day_or": day_or,
        }
    elif schedule.get("interval") is not None:
        inner = {"interval": seconds_of(schedule["interval"]), "timezone": zone}
        if schedule.get("anchor_date") is not None:
            anchor = schedule["anchor_date"]
            inner["anchor_date"] = anchor.isoformat() if isinstance(anchor, datetime) else anchor
    else:
        inner = {"rrule": schedule.get("rrule"), "timezone": zone}
    return {**body, "schedule": inner}


def flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The flat form of the server's answer: known fields only, without its id and times."""
    inner = entry.get("schedule") or {}
    fields = {name: value for name, value in entry.items() if name in ENTRY_FIELDS}
    return {**fields, **{name: value for name, value in inner.items() if name in _FIELDS}}


def same(configured: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Whether a flat schedule is what the server stored, given what it fills in and rewrites.

    An ``anchor_date`` that is not configured is the server's own; one that is has to be the same instant. No
    time zone is UTC. The stored rrule may have a DTSTART that the server put there.
    """
    return all(_same_field(name, configured.get(name), stored.get(name)) for name in _FIELDS)


def instant(text: str | datetime) -> datetime:
    """The moment of an ISO 8601 text; the server reads one without an offset as UTC, whatever the time zone.

    :raises ValueError: it is not a date.
    """
    moment = datetime.fromisoformat(text) if isinstance(text, str) else text
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _same_field(name: str, configured: Any, stored: Any) -> bool:
    match name:
        case "active" | "day_or":
            return (True if configured is None else configured) == (True if stored is None else stored)
        case "timezone":
            return (configured or "UTC") == (stored or "UTC")
        case "parameters":
            return (configured or {}) == (stored or {})
        case "interval":
            return seconds_of(configured) == seconds_of(stored)
        case "max_scheduled_runs":
            return number_of(configured) == number_of(stored)
        case "rrule" if configured is not None and stored is not None:
            return same_recurrence(configured, stored)
        case "anchor_date":
            return configured is None or (stored is not None and instant(configured) == instant(stored))
    return bool(configured == stored)


def _belongs(findings: Findings, schedule: Mapping[str, Any], kind: str, path: Path) -> None:
    for name, owner in (("day_or", "cron"), ("anchor_date", "interval")):
        if findings.is_checkable(schedule.get(name)) and kind != owner:
            remedy = (
                "Put the start into the rule, as DTSTART."
                if kind == "rrule" and name == "anchor_date"
                else ""
            )
            findings.error(
                (*path, name), f"`{name}` belongs to {owner} schedules; this one has {kind}", remedy
            )


def _cron(findings: Findings, schedule: Mapping[str, Any], path: Path) -> None:
    value, day_or = schedule.get("cron"), schedule.get("day_or")
    if not findings.text(value, path):
        return
    either = None if findings.is_unknown(day_or) else day_or is not False
    fault = cron_fault(str(value), day_or=either)
    if fault is None:
        findings.problems += cron_surprises(str(value), day_or=either, path=path)
    else:
        findings.error(path, f"not a valid cron expression: {fault}")


def _rrule(findings: Findings, schedule: Mapping[str, Any], path: Path) -> None:
    value, timezone = schedule.get("rrule"), schedule.get("timezone")
    if not findings.text(value, path):
        return
    fault = recurrence_fault(str(value))
    if fault is None:
        zone = timezone if isinstance(timezone, str) and not findings.is_unknown(timezone) else None
        findings.problems += recurrence_surprises(str(value), timezone=zone, path=path)
    else:
        findings.error(path, f"not a valid recurrence rule: {fault}")


def _interval(findings: Findings, value: object, path: Path) -> None:
    if findings.duration(value, path) == 0:
        findings.error(path, "expected more than 0 seconds, got 0")


def _timezone(findings: Findings, value: object, path: Path) -> None:
    if not findings.text(value, path):
        return
    zones = _time_zones()
    if value not in zones:
        near = closest(value, zones)
        hint = f'Did you mean "{near}"?' if near else 'Use a name such as "Europe/Paris".'
        findings.error(path, f"expected the name of a time zone, got {show(value)}", hint)


@cache
def _time_zones() -> frozenset[str]:
    """The names that the system's database or, where there is none, that of the distribution tzdata has."""
    from zoneinfo import available_timezones  # reads the disk

    return frozenset(available_timezones())


def _anchor(findings: Findings, value: object, path: Path) -> None:
    if not findings.is_checkable(value) or isinstance(value, datetime):
        return
    if isinstance(value, str):
        try:
            instant(value)
        except ValueError:
            pass
        else:
            return
    findings.error(path, f"expected a date such as 2024-01-01T09:00:00Z, got {show(value)}")


def _entry(findings: Findings, schedule: Mapping[str, Any], path: Path) -> None:
    findings.flag(schedule.get("active"), (*path, "active"))
    findings.flag(schedule.get("day_or"), (*path, "day_or"))
    runs = findings.integer(schedule.get("max_scheduled_runs"), (*path, "max_scheduled_runs"), least=1)
    if runs is not None and runs > MAX_SCHEDULED_RUNS:
        findings.warning(
            (*path, "max_scheduled_runs"),
            f"servers refuse more than {MAX_SCHEDULED_RUNS} unless they are set up otherwise, got {runs}",
        )
    if findings.text(schedule.get("slug"), (*path, "slug")) and not schedule["slug"]:
        findings.error((*path, "slug"), "expected a name, got empty text", "Leave it out for none.")
    parameters = schedule.get("parameters")
    if findings.is_checkable(parameters) and not isinstance(parameters, Mapping):
        findings.error((*path, "parameters"), f"expected an object of parameters, got {show(parameters)}")


def _whole(value: object) -> int | None:
    number = number_of(value)
    return None if number is None else int(number)
