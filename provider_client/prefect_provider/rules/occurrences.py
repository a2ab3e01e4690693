"""The times of the runs that a schedule makes, computed as the server does.

A schedule is the inner part of the API's form: ``{"cron": ..., "timezone": ..., "day_or": ...}``, ``{"interval": ...,
"anchor_date": ..., "timezone": ...}`` or ``{"rrule": ..., "timezone": ...}``. Facts were measured on Prefect 3.8:

- Cron counts clock times of its zone. Where the clocks skip one, it is as much earlier (a server on Python 3.13 takes a
  later one); one that they show twice is the first. (After a month without a 31st the server passes some days over;
  that is not copied.)
- An interval of whole days keeps the clock time, but only from the first run on that is looked at: that one is so many
  seconds after the anchor. Where the clocks skip it, it is as much later. Shorter ones count seconds.
- A recurrence rule counts clock times as cron does; without DTSTART it begins with 2020.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.cron import is_day
from prefect_provider.rules.cron_expression import (
    EVERY,
    MONTH,
    SECOND,
    YEAR,
    CronError,
    read_cron,
)
from prefect_provider.rules.recurrence import recurrence_fault
from prefect_provider.rules.recurrence_dates import SECONDS, UNREADABLE, moment_of, read, start_of
from prefect_provider.rules.recurrence_parts import parts_of, properties
from prefect_provider.rules.schedules import instant
from prefect_provider.rules.values import seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from prefect_provider.rules.cron_expression import Cron

__all__ = ["next_runs"]

_DAYS_AHEAD: Final = 366 * 50
"""So far the server looks for the next run of a cron schedule."""

_MOST_STEPS: Final = 100_000
"""Occurrences of a recurrence rule that are passed over to get to the present, at most."""

_MARGIN: Final = timedelta(days=1)
"""Clock times go back by less."""


def next_runs(schedule: Mapping[str, Any], after: datetime, number: int) -> list[datetime] | None:
    """Up to so many next runs at or after an instant, in UTC, in order.

    Fewer where the schedule ends. ``None`` where that cannot be told: a schedule that is not valid, whose anchor is not
    known, or that would take too long to compute.
    """
    try:
        found = _runs(schedule, after)
        return None if found is None else sorted(islice(_each_once(found), number))
    except (CronError, OverflowError, *UNREADABLE):
        return None


def _runs(schedule: Mapping[str, Any], after: datetime) -> Iterator[datetime] | None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(schedule.get("timezone") or "UTC")
    if schedule.get("cron") is not None:
        clock = _by_cron(
            read_cron(schedule["cron"]), _clock(after, zone), schedule.get("day_or") is not False
        )
        return _instants(clock, zone, after)
    if schedule.get("rrule") is not None:
        if recurrence_fault(schedule["rrule"]) is not None:
            return None
        return _instants(_by_rule(schedule["rrule"], _clock(after, zone)), zone, after)
    if schedule.get("anchor_date") is None:
        return None
    return _by_interval(seconds_of(schedule["interval"]) or 0, instant(schedule["anchor_date"]), after, zone)


def _each_once(moments: Iterator[datetime]) -> Iterator[datetime]:
    """Clock times that are skipped fall on others."""
    seen: set[datetime] = set()
    for moment in moments:
        if moment not in seen:
            seen.add(moment)
            yield moment


def _clock(moment: datetime, zone: tzinfo) -> datetime:
    """What the clock of a zone shows, on a whole second: no run is between two."""
    clock = moment.astimezone(zone).replace(tzinfo=None)
    return clock if not clock.microsecond else clock.replace(microsecond=0) + timedelta(seconds=1)


def _instants(clock: Iterator[datetime], zone: tzinfo, after: datetime) -> Iterator[datetime]:
    """The instants at which the clock of a zone shows these times."""
    return (moment for time in clock if (moment := min(_instants_of(time, zone))) >= after)


def _instants_of(clock: datetime, zone: tzinfo) -> list[datetime]:
    """The instants that a clock time may mean: two where the clock is put back, and where it skips the time."""
    return [clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def _by_cron(cron: Cron, start: datetime, day_or: bool) -> Iterator[datetime]:
    """The clock times from one on."""
    hours, minutes = _values(cron, 1, 24), _values(cron, 0, 60)
    seconds = _values(cron, SECOND, 60) if len(cron.fields) > SECOND else [0]
    day = start.replace(hour=0, minute=0, second=0)
    months = cron.fields[MONTH]
    years = cron.fields[YEAR] if len(cron.fields) > YEAR else frozenset({EVERY})
    for _ in range(_DAYS_AHEAD):
        if (
            (EVERY in months or day.month in months)
            and (EVERY in years or day.year in years)
            and is_day(cron, day, day_or=day_or)
        ):
            for hour in hours:
                for minute in minutes:
                    for second in seconds:
                        time = day.replace(hour=hour, minute=minute, second=second)
                        if time >= start:
                            yield time
        day += timedelta(days=1)


def _values(cron: Cron, field: int, size: int) -> list[int]:
    values = cron.fields[field]
    return (
        list(range(size)) if EVERY in values else sorted(value for value in values if isinstance(value, int))
    )


def _by_interval(interval: float, anchor: datetime, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    if interval <= 0:
        return
    whole = int((after - anchor).total_seconds() / interval)
    moment = (anchor + timedelta(seconds=interval * whole)).astimezone(zone)
    length = timedelta(seconds=interval)
    days, rest = timedelta(days=length.days), length - timedelta(days=length.days)
    while True:
        if moment >= after:
            yield moment.astimezone(UTC)
        if days:
            # Days move the hand of the clock, and what is below a day is time.
            moment = max(_instants_of(moment.replace(tzinfo=None) + days, zone))
        moment = (moment.astimezone(UTC) + rest).astimezone(zone)


def _by_rule(text: str, start: datetime) -> Iterator[datetime]:
    """The clock times of a rule's occurrences, from about one on."""
    recurrence = properties(text)
    early = start - _MARGIN
    begin = start_of(recurrence)
    dates = sorted(moment_of(date) for date in recurrence.dates)
    excluded = merge(
        *(_near(rule, begin, early) for rule in recurrence.excluded_rules),
        sorted(moment_of(date) for date in recurrence.excluded_dates),
    )
    out = next(excluded, None)
    for step, time in enumerate(merge(*(_near(rule, begin, early) for rule in recurrence.rules), dates)):
        if step > _MOST_STEPS:
            msg = "the rule has too many occurrences before the present"
            raise OverflowError(msg)
        while out is not None and out < time:
            out = next(excluded, None)
        if time >= early and time != out:
            yield time


def _near(rule: str, begin: datetime, early: datetime) -> Iterator[datetime]:
    """The occurrences of a rule; one that counts seconds is begun shortly before they are wanted."""
    parts = parts_of(rule)
    seconds = SECONDS.get(parts["FREQ"])
    if seconds is not None and "COUNT" not in parts and begin < early:
        step = seconds * int(parts.get("INTERVAL", "1"))
        begin += timedelta(seconds=(early - begin).total_seconds() // step * step)
    endless = ";".join(f"{key}={value}" for key, value in parts.items() if key != "UNTIL")
    occurrences: Iterator[datetime] = iter(read(endless, dtstart=begin))
    if "UNTIL" not in parts:
        return occurrences
    until = moment_of(parts["UNTIL"])
    return takewhile(lambda time: time <= until, occurrences)
