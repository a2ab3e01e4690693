"""The properties and parts of a recurrence rule, and what is wrong with one that dateutil does not read."""

from __future__ import annotations

from re import compile as pattern
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import closest, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["FREQUENCIES", "Recurrence", "explanation", "out_of_bounds", "parts_of", "properties"]

FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")

_PROPERTIES: Final = ("DTSTART", "RRULE", "RDATE", "EXRULE", "EXDATE")
_BOUNDS: Final[Mapping[str, tuple[int | None, int | None]]] = MappingProxyType(
    {
        "INTERVAL": (1, None),
        "COUNT": (1, None),
        "BYSETPOS": (-366, 366),
        "BYMONTH": (1, 12),
        "BYMONTHDAY": (-31, 31),
        "BYYEARDAY": (-366, 366),
        "BYEASTER": (None, None),
        "BYWEEKNO": (-53, 53),
        "BYHOUR": (0, 23),
        "BYMINUTE": (0, 59),
        "BYSECOND": (0, 59),
    }
)
_SINGLE: Final = frozenset({"INTERVAL", "COUNT"})
_NOT_ZERO: Final = frozenset({"BYSETPOS", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"})
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CHOICES: Final = MappingProxyType({"FREQ": FREQUENCIES, "WKST": _WEEKDAYS})
_DAY = pattern(r"([+-]?0*[1-9]\d*)?(MO|TU|WE|TH|FR|SA|SU)|(MO|TU|WE|TH|FR|SA|SU)\([+-]?0*[1-9]\d*\)")
_KEYS: Final = ("FREQ", "UNTIL", "WKST", "BYDAY", "BYWEEKDAY", *_BOUNDS)


class Recurrence(NamedTuple):
    """The values of a rule's properties, in capitals; ``start`` is empty without DTSTART."""

    start: str
    rules: tuple[str, ...]
    dates: tuple[str, ...]
    excluded_rules: tuple[str, ...]
    excluded_dates: tuple[str, ...]


def properties(text: str) -> Recurrence:
    """The properties of a rule that dateutil reads; of several DTSTART the last one counts."""
    values: dict[str, list[str]] = {name: [] for name in _PROPERTIES}
    for name, _, value in _lines(text):
        values.setdefault(name, []).append(value)
    return Recurrence(
        values["DTSTART"][-1] if values["DTSTART"] else "",
        tuple(values["RRULE"]),
        tuple(date for value in values["RDATE"] for date in value.split(",")),
        tuple(values["EXRULE"]),
        tuple(date for value in values["EXDATE"] for date in value.split(",")),
    )


def parts_of(rule: str) -> dict[str, str]:
    """``{"FREQ": "DAILY", ...}`` of a rule's value."""
    return {key: value for key, _, value in (part.partition("=") for part in rule.split(";"))}


def explanation(text: str) -> str | None:
    """The first thing in a text that dateutil cannot read, as far as it is known here."""
    recurs = False
    for name, parameters, value in _lines(text):
        if name not in _PROPERTIES:
            return expectation(f"one of {', '.join(_PROPERTIES)}", show(name))
        if name in ("RRULE", "EXRULE"):
            fault = _rule_fault(value) or (f"{name} has no parameters" if parameters else None)
            if fault is not None:
                return fault
        recurs |= name in ("RRULE", "RDATE")
    return None if recurs else "a rule needs RRULE or RDATE, or it never runs"


def out_of_bounds(rule: str) -> Iterator[str]:
    """What is said of each number in a readable rule that is no hour, month and so on; of those that never match."""
    for key, value in parts_of(rule).items():
        if key in _BOUNDS:
            for text in value.split(","):
                fault = _bounds_fault(key, int(text))
                if fault is not None:
                    yield fault


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Name, parameters and value of each property; dateutil splits at any space."""
    for line in text.upper().split():
        head, colon, value = line.partition(":")
        if not colon:
            head, value = "RRULE", line
        name, _, parameters = head.partition(";")
        yield name, parameters, value


def _rule_fault(rule: str) -> str | None:
    seen: set[str] = set()
    for part in rule.split(";"):
        key, equals, value = part.partition("=")
        if not equals or not value:
            return f"{expectation('KEY=VALUE between the semicolons', show(part))}; write no spaces"
        seen.add(key)
        fault = _part_fault(key, value)
        if fault is not None:
            return fault
    return None if "FREQ" in seen else f"a rule needs FREQ, one of {', '.join(FREQUENCIES)}"


def _part_fault(key: str, value: str) -> str | None:
    if key in _CHOICES:
        expected = f"one of {', '.join(_CHOICES[key])}"
        return None if value in _CHOICES[key] else f"{key}: {expectation(expected, show(value))}"
    if key in ("BYDAY", "BYWEEKDAY"):
        wrong = next((day for day in value.split(",") if not _DAY.fullmatch(day)), None)
        return None if wrong is None else f"{key}: {expectation('days such as MO or +1FR', show(wrong))}"
    if key in _BOUNDS:
        return _numbers_fault(key, value)
    if key == "UNTIL":
        return None
    near = closest(key, _KEYS)
    return f"there is no part {key}" + (f"; write {near}" if near else "")


def _numbers_fault(key: str, value: str) -> str | None:
    for text in [value] if key in _SINGLE else value.split(","):
        try:
            number = int(text)
        except ValueError:
            return f"{key}: {expectation('a whole number', show(text))}"
        fault = _bounds_fault(key, number)
        if fault is not None:
            return fault
    return None


def _bounds_fault(key: str, number: int) -> str | None:
    least, most = _BOUNDS[key]
    if (least is not None and number < least) or (most is not None and number > most):
        return f"{key}: {expectation(f'{least} or more' if most is None else f'{least} to {most}', show(number))}"
    return f"{key}: expected a number other than 0" if number == 0 and key in _NOT_ZERO else None
