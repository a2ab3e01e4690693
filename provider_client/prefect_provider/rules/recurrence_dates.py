"""The occurrences of recurrence rules, by dateutil: the first one, and the end.

Dateutil looks for the next occurrence until the year 9999, day by day, and through each second of a day. What is asked
of it here is put so that it answers in milliseconds, or within a second where there is no occurrence.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.recurrence_parts import parts_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from dateutil.rrule import rrule

    from prefect_provider.rules.recurrence_parts import Recurrence

__all__ = ["SECONDS", "START", "UNREADABLE", "end_of", "moment_of", "read", "start_of", "survey"]

START: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - in the schedule's time zone, whichever that is
"""Where the server starts a rule without DTSTART."""

SECONDS: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
"""Of the frequencies that are more than daily."""

UNREADABLE: Final = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What dateutil raises for a text that it cannot read or run."""

_DAYS: Final = frozenset(
    {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYWEEKDAY", "BYEASTER", "WKST"}
)
"""The parts that say which days."""

_LAST_YEAR: Final = 9999
_YEARS_LOOKED_AT: Final = 39
"""At least: each day of the year on each day of the week."""
_CALENDAR: Final = 400
"""Years after which the calendar repeats itself, days of the week included."""
_JULIAN: Final = range(1905, 2055)
"""Starts from which it repeats itself every 28 years as long as is looked: no century in between, but for 2000."""

_MOST_COUNTED: Final = 10_000


def read(text: str, **options: Any) -> Any:
    """What dateutil makes of a text, without its warnings."""
    from warnings import catch_warnings, simplefilter

    from dateutil.rrule import rrulestr

    with catch_warnings():
        simplefilter("ignore")
        return rrulestr(text, tzinfos=_zone, **options)


def moment_of(text: str) -> datetime:
    """A moment in a rule, as a clock time."""
    from dateutil.parser import parse

    return parse(text, tzinfos=_zone).replace(tzinfo=None)


def start_of(recurrence: Recurrence) -> datetime:
    """The clock time from which the server counts."""
    return moment_of(recurrence.start) if recurrence.start else START


def survey(recurrence: Recurrence) -> tuple[bool, bool]:
    """Whether there is an occurrence, and whether one of the rules has days that no calendar has.

    For one without such a day dateutil would look to the year 9999. What EXRULE leaves is not looked at. Raises one of
    :data:`UNREADABLE` for a rule that dateutil reads and cannot run.
    """
    excluded = {moment_of(date) for date in recurrence.excluded_dates}
    start = start_of(recurrence)
    found = [_has_occurrence(rule, start, excluded) for rule in recurrence.rules]
    dates = [moment_of(date) not in excluded for date in recurrence.dates]
    return any(found) or any(dates), None in found


def end_of(recurrence: Recurrence, now: datetime) -> datetime | None:
    """The last moment of what is over; ``None`` while something is to come, and where telling would take long."""
    start = start_of(recurrence)
    ends = [
        *(_end_of_rule(rule, start, now) for rule in recurrence.rules),
        *(_past(moment_of(date), now) for date in recurrence.dates),
    ]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _has_occurrence(rule: str, start: datetime, excluded: set[datetime]) -> bool | None:
    """Whether a rule has an occurrence that is not excluded; ``None`` where no day fits."""
    parts = parts_of(rule)
    if _is_slow(parts):
        # Days and times of the day are told apart: together they are looked for in each second of each day.
        times = {key: value for key, value in parts.items() if key not in _DAYS}
        return _has_occurrence(_rule(times), start, excluded) and _has_occurrence(
            _days_of(parts), _midnight(start), set()
        )
    until = moment_of(parts["UNTIL"]) if "UNTIL" in parts else None
    count = int(parts.get("COUNT", _MOST_COUNTED))
    early = _early(start, parts)
    occurrences = iter(_occurrences(rule, start.replace(year=start.year + early)))
    for _ in range(min(max(count, 1), len(excluded) + 1)):
        moment = next(occurrences, None)
        if moment is None:
            return None
        real = moment.replace(year=moment.year - early)
        if count < 1 or (until is not None and real > until):
            return False
        if real not in excluded:
            return True
    return False


def _days_of(parts: dict[str, str]) -> str:
    """The rule of the days on which a rule runs more than once."""
    kept = {key: value for key, value in parts.items() if key in _DAYS or key in ("UNTIL", "COUNT")}
    return _rule({"FREQ": "DAILY", **kept})


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_slow(parts: dict[str, str]) -> bool:
    """Whether a rule looks at each second, minute or hour of days that it may not have."""
    seconds = SECONDS.get(parts["FREQ"])
    return (
        seconds is not None
        and not _DAYS.isdisjoint(parts.keys() - {"WKST"})
        and seconds * int(parts.get("INTERVAL", "1")) < 86_400
    )


def _early(start: datetime, parts: dict[str, str]) -> int:
    """By how many years to move a start towards the end of time, where the calendar is the same."""
    latest = _LAST_YEAR - _YEARS_LOOKED_AT
    daily = parts["FREQ"] == "DAILY" and int(parts.get("INTERVAL", "1")) == 1 and "BYEASTER" not in parts
    if not daily or start.year not in _JULIAN:
        return (latest - start.year) // _CALENDAR * _CALENDAR
    from calendar import isleap, weekday

    alike = (isleap(start.year), weekday(start.year, 1, 1), start.year % 4)
    years = range(latest, latest - 28, -1)
    return next(year for year in years if (isleap(year), weekday(year, 1, 1), year % 4) == alike) - start.year


def _occurrences(rule: str, start: datetime) -> rrule:
    """A rule's occurrences, whatever its own UNTIL and COUNT."""
    parts = parts_of(rule)
    made: rrule = read(
        _rule({key: parts[key] for key in parts if key not in ("UNTIL", "COUNT")}), dtstart=start
    )
    return made


def _rule(parts: dict[str, str]) -> str:
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _end_of_rule(rule: str, start: datetime, now: datetime) -> datetime | None:
    parts = parts_of(rule)
    until = moment_of(parts["UNTIL"]) if "UNTIL" in parts else None
    if until is not None and until < now:
        return until
    count = int(parts.get("COUNT", _MOST_COUNTED + 1))
    if count > _MOST_COUNTED:
        return None
    if count < 1:
        return start
    if _is_slow(parts):
        # It runs on each of these days, so it ends on that one or before.
        return _end_of_rule(_days_of(parts), _midnight(start), now)
    runs = list(islice(_occurrences(rule, start).replace(until=now), count))
    return runs[-1] if len(runs) == count else None


def _past(moment: datetime, now: datetime) -> datetime | None:
    return moment if moment < now else None


def _zone(_name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a moment in a rule: what it is does not matter, whether there is one does."""
    return None if offset is None else UTC
