"""Checks cron expressions as the server does, without a cron library.

Five fields: minute, hour, day of the month, month, day of the week; then, optionally, second and year, in
this order. Or one of the nicknames such as ``@daily``. Measured on Prefect 3.8, which reads them with
croniter.
"""

from __future__ import annotations

from re import compile as pattern
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NICKNAMES", "cron_fault", "cron_surprise"]

NICKNAMES: Final = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")

_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS: Final = MappingProxyType({name: number for number, name in enumerate(_MONTH_NAMES, 1)})
_DAYS: Final = MappingProxyType({name: number for number, name in enumerate(_DAY_NAMES)})


class _Field(NamedTuple):
    name: str
    least: int
    most: int
    names: Mapping[str, int] = MappingProxyType({})
    takes_question_mark: bool = False


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31, MappingProxyType({"l": 31}), takes_question_mark=True),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS, takes_question_mark=True),
    _Field("second", 0, 59),
    _Field("year", 1970, 2099),
)
_WEEKDAY: Final = 4
_SPAN = pattern(r"(?P<low>\*|\w+)(-(?P<high>\w+))?(/(?P<step>\d+))?")
_NTH = pattern(r"(?P<day>\w+|[a-z]{3}-[a-z]{3})#(?P<nth>\d)")
_LAST = pattern(r"l(?P<day>\d)")


def cron_fault(text: str) -> str | None:
    """What is wrong with a cron expression, or ``None``."""
    lowered = text.lower()
    if lowered in NICKNAMES:
        return None
    parts = lowered.split()
    if lowered.strip().startswith("@"):
        return f"expected one of {', '.join(NICKNAMES)}"
    if not 5 <= len(parts) <= 7:
        return f"expected 5 fields (minute, hour, day, month, day of the week), got {len(parts)}"
    for index, (field, part) in enumerate(zip(_FIELDS, parts, strict=False)):
        fault = _field_fault(field, part, weekday=index == _WEEKDAY)
        if fault is not None:
            return f"{field.name}: {fault}"
    return None


def cron_surprise(text: str) -> str | None:
    """What a valid expression means that its author probably does not expect, or ``None``."""
    parts = text.split()
    if len(parts) > 5 and parts[5] == "*":
        return "the sixth field is the second, and * in it makes a run in every second of the minute"
    return None


def _field_fault(field: _Field, text: str, *, weekday: bool) -> str | None:
    if "?" in text:
        if text == "?" and field.takes_question_mark:
            return None
        return "? stands alone, for the day of the month or of the week"
    if text in ("r", "h") or text.startswith(("r(", "h(", "r/", "h/")):
        return "random (R) and hashed (H) values are not supported"
    elements = text.split(",")
    if weekday:
        nth = [element for element in elements if "#" in element or _LAST.fullmatch(element)]
        if nth and len(nth) != len(elements):
            return "days counted in the month (5#2, L5) and plain days cannot be mixed"
    for element in elements:
        fault = _nth_fault(field, element) if weekday else None
        if fault is None and not (weekday and ("#" in element or _LAST.fullmatch(element))):
            fault = _span_fault(field, element)
        if fault is not None:
            return fault
    return None


def _nth_fault(field: _Field, element: str) -> str | None:
    last = _LAST.fullmatch(element)
    if last is not None:
        return _value_fault(field, last["day"])
    if "#" not in element:
        return None
    nth = _NTH.fullmatch(element)
    if nth is None or not 1 <= int(nth["nth"]) <= 5:
        return f'expected a day and which one of the month, as in 5#2, got "{element}"'
    faults = (_value_fault(field, day) for day in nth["day"].split("-"))
    return next((fault for fault in faults if fault is not None), None)


def _span_fault(field: _Field, element: str) -> str | None:
    span = _SPAN.fullmatch(element)
    if span is None or (span["low"] == "*" and span["high"] is not None):
        return f'expected *, a value, a range a-b or a step a-b/c, got "{element}"'
    if span["step"] is not None and int(span["step"]) == 0:
        return f'a step of 0 in "{element}"'
    for value in (span["low"], span["high"]):
        fault = None if value is None or value == "*" else _value_fault(field, value)
        if fault is not None:
            return fault
    if span["low"] == "l" and (span["high"] or span["step"]):
        return f'L stands alone or ends a range, got "{element}"'
    return None


def _value_fault(field: _Field, value: str) -> str | None:
    if value in field.names:
        return None
    if value.isascii() and value.isdigit() and field.least <= int(value) <= field.most:
        return None
    names = f" or {', '.join(field.names)}" if len(field.names) > 1 else ""
    return f'expected {field.least} to {field.most}{names}, got "{value}"'
