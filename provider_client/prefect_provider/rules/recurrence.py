"""Checks recurrence rules (RFC 5545) as the server does, and where its scheduler fails later.

The text has one property on each line: ``DTSTART:20240101T090000``, ``RRULE:FREQ=DAILY`` or only
``FREQ=DAILY``, ``RDATE``, ``EXDATE``, ``EXRULE``. Measured on Prefect 3.8, which reads it with dateutil.
"""

from __future__ import annotations

from re import compile as pattern
from types import MappingProxyType
from typing import Final

__all__ = ["FREQUENCIES", "MAX_LENGTH", "recurrence_fault", "recurrence_surprise", "same_recurrence"]

FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
MAX_LENGTH: Final = 6500

_PROPERTIES: Final = ("DTSTART", "RRULE", "RDATE", "EXRULE", "EXDATE")
_BOUNDS: Final = MappingProxyType(
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
_NOT_ZERO: Final = frozenset({"BYSETPOS", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"})
_DAY = pattern(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)|(MO|TU|WE|TH|FR|SA|SU)\([+-]?\d{1,2}\)")
_MOMENT = pattern(r"\d{8}(T\d{4}(\d{2})?Z?)?")
_ADDED_ANCHOR = pattern(r"DTSTART:\d{8}T\d{6}\n")


def recurrence_fault(text: str) -> str | None:
    """What is wrong with a recurrence rule, or ``None``."""
    if len(text) > MAX_LENGTH:
        return f"expected {MAX_LENGTH} characters or fewer, got {len(text)}"
    lines = [line.strip() for line in text.upper().splitlines() if line.strip()]
    if not lines:
        return "expected a recurrence rule, got empty text"
    start = ""
    recurs = False
    for line in lines:
        head, colon, value = line.rpartition(":")
        name = head.split(";")[0] if colon else "RRULE"
        if name not in _PROPERTIES:
            return f"expected one of {', '.join(_PROPERTIES)}, got {name}"
        if name in ("RRULE", "EXRULE"):
            fault = _rule_fault(value)
            if fault is not None:
                return fault
        elif not all(_MOMENT.fullmatch(moment) for moment in value.split(",")):
            return f"{name}: expected a date such as 20240101T090000, got {value}"
        if name == "DTSTART":
            start = line
        recurs |= name in ("RRULE", "RDATE")
    if not recurs:
        return "a rule needs RRULE or RDATE, or it never runs"
    return _zone_fault(start, lines)


def recurrence_surprise(text: str) -> str | None:
    """What a valid rule means that its author probably does not expect, or ``None``."""
    if any(line.strip().startswith("DTSTART;") and "TZID=" in line for line in text.upper().splitlines()):
        return "the server takes the clock time of DTSTART and ignores its TZID; the time zone is `timezone`"
    return None


def same_recurrence(configured: str, stored: str) -> bool:
    """Whether the stored rule is the configured one: the server puts a DTSTART before a rule that has none.

    It is 20200101T000000, or for MINUTELY and SECONDLY rules a moment shortly before the rule was stored.
    """
    if configured == stored:
        return True
    added = _ADDED_ANCHOR.match(stored)
    return added is not None and "DTSTART" not in configured.upper() and stored[added.end() :] == configured


def _rule_fault(rule: str) -> str | None:
    parts = [part.partition("=") for part in rule.split(";")]
    seen: dict[str, str] = {}
    for key, equals, value in parts:
        if not equals or not value:
            return f'expected KEY=VALUE between the semicolons, got "{key}{equals}"'
        seen[key] = value
        fault = _part_fault(key, value)
        if fault is not None:
            return fault
    if "FREQ" not in seen:
        return f"a rule needs FREQ, one of {', '.join(FREQUENCIES)}"
    return None


def _part_fault(key: str, value: str) -> str | None:
    if key == "FREQ":
        return (
            None if value in FREQUENCIES else f"FREQ: expected one of {', '.join(FREQUENCIES)}, got {value}"
        )
    if key == "UNTIL":
        return (
            None
            if _MOMENT.fullmatch(value)
            else f"UNTIL: expected a date such as 20300101T000000, got {value}"
        )
    if key in ("BYDAY", "BYWEEKDAY", "WKST"):
        wrong = next((day for day in value.split(",") if not _DAY.fullmatch(day)), None)
        return None if wrong is None else f"{key}: expected days such as MO or +1FR, got {wrong}"
    if key not in _BOUNDS:
        return f"unknown part {key}"
    least, most = _BOUNDS[key]
    for text in value.split(","):
        try:
            number = int(text)
        except ValueError:
            return f"{key}: expected a whole number, got {text}"
        if (least is not None and number < least) or (most is not None and number > most):
            upper = "or more" if most is None else f"to {most}"
            return f"{key}: expected {least} {upper}, got {number}"
        if number == 0 and key in _NOT_ZERO:
            return f"{key}: expected a number that is not 0"
    return None


def _zone_fault(start: str, lines: list[str]) -> str | None:
    """Dateutil compares UNTIL with DTSTART, and both or neither must have a zone.

    Without DTSTART the server stores the rule, and its scheduler fails on it.
    """
    aware = start.endswith("Z") or "TZID=" in start
    for line in lines:
        _, found, rest = line.partition("UNTIL=")
        if not found:
            continue
        in_utc = rest.split(";")[0].endswith("Z")
        if in_utc and not aware:
            return "UNTIL ends with Z, so DTSTART has to as well; drop the Z to mean the time in `timezone`"
        if aware and not in_utc:
            return "DTSTART has a time zone, so UNTIL has to end with Z"
    return None
