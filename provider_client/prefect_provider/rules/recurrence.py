"""Checks recurrence rules (RFC 5545) as the server does, and where its scheduler fails later.

The text has one property on each line: ``DTSTART:20240101T090000``, ``RRULE:FREQ=DAILY`` or only
``FREQ=DAILY``, ``RDATE``, ``EXDATE``, ``EXRULE``. The server (Prefect 3.8) reads it with dateutil, and so does this.
What dateutil reads and the scheduler then cannot run is refused as well. Facts of the server: a rule without DTSTART
starts with 2020, and the clock time of DTSTART and UNTIL is taken for that of the schedule's time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.recurrence_parts import (
    Recurrence,
    explanation,
    out_of_bounds,
    parts_of,
    properties,
)
from prefect_provider.text.problem import Problem, expectation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from dateutil.rrule import rrule

    from prefect_provider.text.path import Path

__all__ = ["MAX_LENGTH", "recurrence_fault", "recurrence_surprises", "same_recurrence"]

MAX_LENGTH: Final = 6500

_START: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - in the schedule's time zone, whichever that is
_YEARS_LOOKED_AT: Final = 40
"""Long enough for each day of the year on each day of the week."""
_LAST_YEAR: Final = 9999
_PERIOD: Final = 400
"""Years after which the calendar repeats itself, days of the week included."""
_MOST_COUNTED: Final = 10_000
_MOST_WALKED: Final = 1_000_000

_UNREADABLE: Final = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What dateutil raises for a text that it cannot read or run."""

_ENDLESS: Final = "endless"

_ADDED_ANCHOR = pattern(r"DTSTART:\d{8}T\d{6}\n")
_SECONDS: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}


def recurrence_fault(text: str) -> str | None:
    """What is wrong with a recurrence rule, or ``None``."""
    if len(text) > MAX_LENGTH:
        return expectation(f"{MAX_LENGTH} characters or fewer", str(len(text)))
    if not text.strip():
        return "expected a recurrence rule, got empty text"
    try:
        _read(text)
    except _UNREADABLE as error:
        return explanation(text) or f"it cannot be read: {error}"
    recurrence = properties(text)
    return _zone_fault(text, recurrence) or _endless(recurrence) or _never(recurrence)


def recurrence_surprises(
    text: str, *, timezone: str | None = None, now: datetime | None = None, path: Path = ()
) -> list[Problem]:
    """Warnings about what a valid rule means that its author probably does not expect.

    ``timezone`` is the schedule's; ``now`` is the time that is taken for the present one.
    """
    recurrence = properties(text)
    upper = text.upper()
    found: list[tuple[str, str]] = []
    if any(line.startswith("DTSTART;") and "TZID=" in line for line in upper.split()):
        found.append(
            ("the server takes the clock time of DTSTART and ignores its TZID", "Set the zone as `timezone`.")
        )
    elif recurrence.start.endswith("Z") and timezone not in (None, "UTC"):
        found.append(
            (
                f"the server takes the clock time of DTSTART for that of {timezone}, not of UTC",
                "Write the time of that zone, without Z.",
            )
        )
    found += [
        (f"{one}; it never matches", "Leave it out.")
        for rule in recurrence.rules
        for one in out_of_bounds(rule)
    ]
    found += [
        (one, "Count days in a MONTHLY or YEARLY rule.")
        for one in map(_counted_days, recurrence.rules)
        if one
    ]
    present = (datetime.now(tz=UTC) if now is None else now).replace(tzinfo=None)
    found += [(one, "Move DTSTART near to the present.") for one in _walks(recurrence, present)]
    end = _end(recurrence, present - timedelta(days=1))
    if end is not None:
        counts = not recurrence.start and "COUNT=" in upper
        why = ", for the server starts a rule without DTSTART with 2020" if counts else ""
        found.append(
            (f"it ended on {end:%Y-%m-%d}, so it does not run again{why}", _START_REMEDY if counts else "")
        )
    return [Problem(path, message, remedy, "warning") for message, remedy in found]


_START_REMEDY: Final = "Put the start into the rule, as DTSTART."


def same_recurrence(configured: str, stored: str) -> bool:
    """Whether the stored rule is the configured one: the server puts a DTSTART before a rule that has none.

    It is 20200101T000000, or for MINUTELY and SECONDLY rules a moment shortly before the rule was stored.
    """
    if configured == stored:
        return True
    added = _ADDED_ANCHOR.match(stored)
    return added is not None and "DTSTART" not in configured.upper() and stored[added.end() :] == configured


def _read(text: str, **options: Any) -> Any:
    """What dateutil makes of a text, without its warnings."""
    from warnings import catch_warnings, simplefilter

    from dateutil.rrule import rrulestr

    with catch_warnings():
        simplefilter("ignore")
        return rrulestr(text, tzinfos=_zone, **options)


def _zone(_name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a moment in a rule: what it is does not matter, whether there is one does."""
    return None if offset is None else UTC


def _moment(text: str) -> datetime:
    """A moment in a rule, as a clock time."""
    from dateutil.parser import parse

    return parse(text, tzinfos=_zone).replace(tzinfo=None)


def _zone_fault(text: str, recurrence: Recurrence) -> str | None:
    """Dateutil compares UNTIL with DTSTART, and both or neither must have a zone.

    Without DTSTART the server stores the rule, and its scheduler, which puts one there, fails on it.
    """
    if recurrence.start:
        return None
    try:
        _read(text, dtstart=_START)
    except _UNREADABLE as error:
        if any(parts_of(rule).get("UNTIL", "").endswith("Z") for rule in recurrence.rules):
            return "UNTIL ends with Z, so DTSTART has to as well; drop the Z to mean the time in `timezone`"
        return f"it cannot be run: {error}"
    return None


def _endless(recurrence: Recurrence) -> str | None:
    """What dateutil would count with for ever."""
    for rule in (*recurrence.rules, *recurrence.excluded_rules):
        parts = parts_of(rule)
        if int(parts.get("INTERVAL", "1")) < 1:
            return next(out_of_bounds(f"INTERVAL={parts['INTERVAL']}"))
        places = parts.get("BYSETPOS")
        if places is None or parts.get("FREQ") not in _SECONDS:
            continue
        size = _times_within(parts)
        if all(abs(int(place)) > size for place in places.split(",")):
            period = parts["FREQ"].removesuffix("LY").lower()
            return f"BYSETPOS: {expectation(f'{size} or less, the number of times in each {period}', places)}"
    return None


def _times_within(parts: dict[str, str]) -> int:
    """How many times an hour, minute or second of a rule has."""
    by = {"HOURLY": ("BYMINUTE", "BYSECOND"), "MINUTELY": ("BYSECOND",), "SECONDLY": ()}[parts["FREQ"]]
    size = 1
    for key in by:
        size *= len(set(parts[key].split(","))) if key in parts else 1
    return size


def _never(recurrence: Recurrence) -> str | None:
    """Why a rule has no occurrence at all, if so; what EXRULE leaves of it is not looked at."""
    excluded = {_moment(date) for date in recurrence.excluded_dates}
    try:
        firsts = [_first(rule, _start(recurrence), excluded) for rule in recurrence.rules]
        firsts += [_moment(date) for date in recurrence.dates if _moment(date) not in excluded]
    except _UNREADABLE as error:
        return f"it cannot be run: {error}"
    if not recurrence.rules and not recurrence.dates:
        return "a rule needs RRULE or RDATE, or it never runs"
    # One that no date fits is searched for to the year 9999, also beside others.
    if any(isinstance(first, datetime) for first in firsts) and _ENDLESS not in firsts:
        return None
    wrong = [fault for rule in recurrence.rules for fault in out_of_bounds(rule)]
    return wrong[0] if wrong else "it never runs, for no date fits all of its parts"


def _first(rule: str, start: datetime, excluded: set[datetime]) -> datetime | str | None:
    """The first occurrence that is not excluded, ``None`` if there is none, or that the search takes too long."""
    parts = parts_of(rule)
    # Dateutil looks for one until the year 9999. The calendar repeats itself every 400 years, so it is let start late.
    shift = (_LAST_YEAR - _YEARS_LOOKED_AT - start.year) // _PERIOD * _PERIOD
    occurrences = iter(_occurrences(rule, start.replace(year=start.year + shift)))
    until = _moment(parts["UNTIL"]) if "UNTIL" in parts else None
    count = min(int(parts.get("COUNT", _MOST_COUNTED)), len(excluded) + 1)
    for _ in range(max(count, 1)):
        moment = next(occurrences, None)
        if moment is None:
            return _ENDLESS
        real = moment.replace(year=moment.year - shift)
        if count < 1 or (until is not None and real > until):
            return None
        if real not in excluded:
            return real
    return None


def _start(recurrence: Recurrence) -> datetime:
    return _moment(recurrence.start) if recurrence.start else _START


def _occurrences(rule: str, start: datetime) -> rrule:
    """A rule's occurrences, whatever its own UNTIL and COUNT."""
    rest = ";".join(part for part in rule.split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    made: rrule = _read(rest, dtstart=start)
    return made


def _counted_days(rule: str) -> str | None:
    parts = parts_of(rule)
    days = parts.get("BYDAY") or parts.get("BYWEEKDAY") or ""
    if parts.get("FREQ") in ("YEARLY", "MONTHLY") or not any(sign.isdigit() for sign in days):
        return None
    return f"BYDAY: numbers of days do not count in a {parts.get('FREQ')} rule, so {days} is each such day"


def _walks(recurrence: Recurrence, now: datetime) -> Iterator[str]:
    """What is said of a rule that starts long ago and recurs often: the server goes through all since its start."""
    for rule in recurrence.rules if recurrence.start else ():
        parts = parts_of(rule)
        seconds = _SECONDS.get(parts["FREQ"])
        if seconds is None or any(key.startswith("BY") for key in parts) or "COUNT" in parts:
            continue
        count = int((now - _start(recurrence)).total_seconds()) // (seconds * int(parts.get("INTERVAL", "1")))
        if count > _MOST_WALKED:
            yield f"each time it plans runs, the server goes through the {count} occurrences since DTSTART"


def _end(recurrence: Recurrence, now: datetime) -> datetime | None:
    """The last moment of a rule that is over, or ``None``."""
    start = _start(recurrence)
    ends = [
        *(_end_of_rule(rule, start, now) for rule in recurrence.rules),
        *(_past(_moment(date), now) for date in recurrence.dates),
    ]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _end_of_rule(rule: str, start: datetime, now: datetime) -> datetime | None:
    parts = parts_of(rule)
    until = _moment(parts["UNTIL"]) if "UNTIL" in parts else None
    if until is not None and until < now:
        return until
    count = int(parts.get("COUNT", str(_MOST_COUNTED + 1)))
    if count > _MOST_COUNTED:
        return None
    if count < 1:
        return start
    runs = list(islice(_occurrences(rule, start).replace(until=now), count))
    return runs[-1] if len(runs) == count else None


def _past(moment: datetime, now: datetime) -> datetime | None:
    return moment if moment < now else None
