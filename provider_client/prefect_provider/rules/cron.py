"""Checks cron expressions as the server does, and whether they ever fire.

Five fields: minute, hour, day of the month, month, day of the week; then, optionally, second and year, in
this order. Or one of the nicknames such as ``@daily``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.rules.cron_expression import (
    DAY,
    EVERY,
    LAST,
    MONTH,
    SECOND,
    WEEKDAY,
    YEAR,
    Cron,
    CronError,
    read_cron,
)
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from prefect_provider.text.path import Path

__all__ = ["cron_fault", "cron_surprises", "is_day"]

_YEARS_AHEAD: Final = 50
"""The server looks for the next run this far ahead, and gives up then."""

_EVERY_KIND_OF_YEAR: Final = range(2000, 2028)
"""Each day of the year on each day of the week, leap years included."""


def cron_fault(text: str, *, day_or: bool | None = True) -> str | None:
    """What is wrong with a cron expression, or ``None``.

    ``day_or`` is the schedule's: whether one of day of the month and day of the week is enough where both are given;
    ``None`` while it is not known.
    """
    try:
        cron = read_cron(text)
    except CronError as error:
        return str(error)
    years = _years(cron)
    if _fires(cron, _EVERY_KIND_OF_YEAR if years is None else years, day_or=day_or):
        return None
    return "it never fires, for there is no such day"


def cron_surprises(
    text: str, *, day_or: bool | None = True, today: date | None = None, path: Path = ()
) -> list[Problem]:
    """Warnings about what a valid expression means that its author probably does not expect.

    ``today`` is the date that is taken for the present one.
    """
    cron = read_cron(text)
    found = [(one, "") for one in cron.odd]
    if len(cron.fields) > SECOND and EVERY in cron.fields[SECOND]:
        found.append(
            (
                "the sixth field is the second, and * in it makes a run in every second of the minute",
                "Write 0 for it, or leave it out.",
            )
        )
    years = _years(cron)
    if years is not None:
        if today is None:
            from datetime import UTC, datetime

            today = datetime.now(tz=UTC).date()
        near = [year for year in years if today.year <= year <= today.year + _YEARS_AHEAD]
        if not _fires(cron, near, day_or=day_or):
            found.append(
                (f"it does not run in the next {_YEARS_AHEAD} years: the last one given is {years[-1]}", "")
            )
    return [Problem(path, message, remedy, "warning") for message, remedy in found]


def _fires(cron: Cron, years: Collection[int], *, day_or: bool | None) -> bool:
    """Whether there is a day for it in these years.

    Where day of the month and day of the week are both given and one is enough, the server still looks for the next
    day of each, and fails when one has none.
    """
    if day_or is None:
        return any(_fires(cron, years, day_or=choice) for choice in (True, False))
    if day_or and EVERY not in cron.fields[DAY] and EVERY not in cron.fields[WEEKDAY]:
        return all(_has_day(_without(cron, field), years) for field in (DAY, WEEKDAY))
    return _has_day(cron, years)


def is_day(cron: Cron, date: date, *, day_or: bool) -> bool:
    """Whether a date is one of its days, of whichever month and year."""
    from calendar import monthrange

    first, length = monthrange(date.year, date.month)
    if day_or and EVERY not in cron.fields[DAY] and EVERY not in cron.fields[WEEKDAY]:
        return any(_is_day(_without(cron, field), date.day, first, length) for field in (DAY, WEEKDAY))
    return _is_day(cron, date.day, first, length)


def _without(cron: Cron, index: int) -> Cron:
    """The same with every value in one field."""
    fields = (*cron.fields[:index], frozenset({EVERY}), *cron.fields[index + 1 :])
    return cron._replace(fields=fields)


def _years(cron: Cron) -> list[int] | None:
    """The years that are given, or ``None`` for all."""
    if len(cron.fields) <= YEAR or EVERY in cron.fields[YEAR]:
        return None
    return _numbers(cron.fields[YEAR])


def _has_day(cron: Cron, years: Collection[int]) -> bool:
    if EVERY in cron.fields[DAY] and not cron.counted:
        return bool(years)
    from calendar import monthrange

    months: Iterable[int] = range(1, 13) if EVERY in cron.fields[MONTH] else _numbers(cron.fields[MONTH])
    for year in years:
        for month in months:
            first, length = monthrange(year, month)
            if any(_is_day(cron, day, first, length) for day in range(1, length + 1)):
                return True
    return False


def _is_day(cron: Cron, day: int, first: int, length: int) -> bool:
    """Whether a day counts, of a month with so many days whose first is that day of the week (Monday is 0)."""
    days, weekdays = cron.fields[DAY], cron.fields[WEEKDAY]
    if (
        EVERY not in days
        and day not in days
        and not (LAST in days and day == length and _finds_last(days, length))
    ):
        return False
    weekday = (first + day) % 7
    if cron.counted:
        which = cron.counted.get(weekday, frozenset())
        return (day + 6) // 7 in which or (LAST in which and day + 7 > length)
    return EVERY in weekdays or weekday in weekdays


def _finds_last(days: Iterable[int | str], length: int) -> bool:
    """Whether the server finds the last day of a month: beside a day that the month does not have it does not."""
    return not any(isinstance(day, int) and day > length for day in days)


def _numbers(values: Iterable[int | str]) -> list[int]:
    return sorted(value for value in values if isinstance(value, int))
