"""Checks recurrence rules (RFC 5545) as the server does, and where its scheduler fails later.

The text has one property on each line: ``DTSTART:20240101T090000``, ``RRULE:FREQ=DAILY`` or only
``FREQ=DAILY``, ``RDATE``, ``EXDATE``, ``EXRULE``. The server (Prefect 3.8) reads it with dateutil, and so does this.
What dateutil reads and the scheduler then cannot run is refused as well. Facts of the server: a rule without DTSTART
starts with 2020, and the clock time of DTSTART and UNTIL is taken for that of the schedule's time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from re import compile as pattern
from typing import TYPE_CHECKING, Final

from prefect_provider.rules.recurrence_dates import (
    SECONDS,
    START,
    UNREADABLE,
    end_of,
    read,
    start_of,
    survey,
)
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

    from prefect_provider.text.path import Path

__all__ = ["MAX_LENGTH", "recurrence_fault", "recurrence_surprises", "same_recurrence"]

MAX_LENGTH: Final = 6500

_MOST_WALKED: Final = 1_000_000

_ADDED_ANCHOR = pattern(r"DTSTART:\d{8}T\d{6}\n")
_START_REMEDY: Final = "Put the start into the rule, as DTSTART."


def recurrence_fault(text: str) -> str | None:
    """What is wrong with a recurrence rule, or ``None``."""
    if len(text) > MAX_LENGTH:
        return expectation(f"{MAX_LENGTH} characters or fewer", str(len(text)))
    if not text.strip():
        return "expected a recurrence rule, got empty text"
    recurrence = properties(text)
    try:
        # With the server's start, for what dateutil takes for one otherwise is the present time.
        read(text, dtstart=START)
    except UNREADABLE as error:
        return explanation(text) or _zone_fault(recurrence) or f"it cannot be read: {error}"
    return _endless(recurrence) or _never(recurrence)


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
    if any(map(_depends_on_now, recurrence.rules)) and not recurrence.start:
        found.append(
            ("whether the server takes a rule without DTSTART depends on the time it is", _START_REMEDY)
        )
    present = (datetime.now(tz=UTC) if now is None else now).replace(tzinfo=None)
    found += [(one, "Move DTSTART near to the present.") for one in _walks(recurrence, present)]
    end = end_of(recurrence, present - timedelta(days=1))
    if end is not None:
        counts = not recurrence.start and "COUNT=" in upper
        why = ", for the server starts a rule without DTSTART with 2020" if counts else ""
        found.append(
            (f"it ended on {end:%Y-%m-%d}, so it does not run again{why}", _START_REMEDY if counts else "")
        )
    return [Problem(path, message, remedy, "warning") for message, remedy in found]


def same_recurrence(configured: str, stored: str) -> bool:
    """Whether the stored rule is the configured one: the server puts a DTSTART before a rule that has none.

    It is 20200101T000000, or for MINUTELY and SECONDLY rules a moment shortly before the rule was stored.
    """
    if configured == stored:
        return True
    added = _ADDED_ANCHOR.match(stored)
    return added is not None and "DTSTART" not in configured.upper() and stored[added.end() :] == configured


def _zone_fault(recurrence: Recurrence) -> str | None:
    """Dateutil compares UNTIL with DTSTART, and both or neither must have a zone.

    Without DTSTART the server stores the rule, and its scheduler, which puts one there, fails on it.
    """
    for rule in recurrence.rules:
        until = parts_of(rule).get("UNTIL", "")
        if until.endswith("Z"):
            return "UNTIL ends with Z, so DTSTART has to as well; drop the Z to mean the time in `timezone`"
        if until and recurrence.start.endswith("Z"):
            return "DTSTART has a time zone, so UNTIL has to end with Z"
    return None


def _endless(recurrence: Recurrence) -> str | None:
    """What dateutil would count with for ever."""
    for rule in (*recurrence.rules, *recurrence.excluded_rules):
        parts = parts_of(rule)
        if int(parts.get("INTERVAL", "1")) < 1:
            return next(out_of_bounds(f"INTERVAL={parts['INTERVAL']}"))
        places = parts.get("BYSETPOS")
        if places is None or parts.get("FREQ") not in SECONDS:
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
    """Why a rule has no occurrence at all, if so."""
    if not recurrence.rules and not recurrence.dates:
        return "a rule needs RRULE or RDATE, or it never runs"
    try:
        found, without_days = survey(recurrence)
    except UNREADABLE as error:
        return f"it cannot be run: {error}"
    if found and not without_days:
        return None
    wrong = [fault for rule in recurrence.rules for fault in out_of_bounds(rule)]
    return wrong[0] if wrong else "it never runs, for no date fits all of its parts"


def _counted_days(rule: str) -> str | None:
    parts = parts_of(rule)
    days = parts.get("BYDAY") or parts.get("BYWEEKDAY") or ""
    if parts.get("FREQ") in ("YEARLY", "MONTHLY") or not any(sign.isdigit() for sign in days):
        return None
    return f"BYDAY: numbers of days do not count in a {parts.get('FREQ')} rule, so {days} is each such day"


def _depends_on_now(rule: str) -> bool:
    """Whether a rule may be an empty one for some starts and not for others: each second minute, on minute 7."""
    parts = parts_of(rule)
    unit = f"BY{parts.get('FREQ', '').removesuffix('LY')}"
    return parts.get("FREQ") in SECONDS and unit in parts and parts.get("INTERVAL", "1") != "1"


def _walks(recurrence: Recurrence, now: datetime) -> Iterator[str]:
    """What is said of a rule that starts long ago and recurs often: the server goes through all since its start."""
    for rule in recurrence.rules if recurrence.start else ():
        parts = parts_of(rule)
        seconds = SECONDS.get(parts["FREQ"])
        if seconds is None or any(key.startswith("BY") for key in parts) or "COUNT" in parts:
            continue
        count = int((now - start_of(recurrence)).total_seconds()) // (
            seconds * int(parts.get("INTERVAL", "1"))
        )
        if count > _MOST_WALKED:
            yield f"each time it plans runs, the server goes through the {count} occurrences since DTSTART"
