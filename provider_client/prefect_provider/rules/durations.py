"""Durations as documents in Prefect's own form have them: ``prefect.yaml``, trigger files, exported automations.

There a duration is a number of seconds or a text, which Prefect reads with pydantic: ``PT10M``, ``P1D``,
``00:10:00``, ``1 day, 10:00:00``. Terraform's numbers are seconds only; see :func:`findings.seconds_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from re import compile as pattern
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.values import is_series, number_of, seconds_of
from prefect_provider.text.number import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.text.number import Number

__all__ = ["DURATION_FIELDS", "DURATION_FORM", "document_seconds", "with_seconds", "worded_seconds"]

DURATION_FORM: Final = 'a number of seconds, or a duration such as "PT10M", "P1D" or "00:10:00"'
"""What :func:`document_seconds` takes, in words for a message."""

DURATION_FIELDS: Final = frozenset({"within", "schedule_after", "range", "firing_for", "interval"})
"""The fields of triggers, actions and schedules that are durations."""

_PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "actions": "each",
        "actions_on_resolve": "each",
        "actions_on_trigger": "each",
        "metric": "one",
        "schedule": "one",
        "schedules": "each",
        "trigger": "one",
        "triggers": "each",
    }
)
"""The fields that hold further triggers, actions and schedules; what is in others is not Prefect's to read."""


def document_seconds(value: object) -> float | None:
    """The seconds that a duration means, or ``None`` for what Prefect does not read as one.

    It is a number, a ``timedelta``, or a text as pydantic reads it: ISO 8601 (a month is 30 days, a year 365), or
    ``[D day[s],] HH:MM[:SS]``. A number in quotes is none. Whether it may be negative or zero is the rules' to say.
    """
    if not isinstance(value, str):
        return seconds_of(value)
    from pydantic_core import ValidationError

    try:
        seconds: float = _reader()(value).total_seconds()
    except ValidationError:
        return None
    return seconds


_PART: Final = pattern(r"([0-9]+(?:\.[0-9]+)?)(\s*)([a-z]+)(,?\s*)")

_UNITS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "604800": ("w", "week", "weeks"),
        "86400": ("d", "day", "days"),
        "3600": ("h", "hr", "hrs", "hour", "hours"),
        "60": ("m", "min", "mins", "minute", "minutes"),
        "1": ("s", "sec", "secs", "second", "seconds"),
        "0.001": ("ms", "millisecond", "milliseconds"),
    }
)
"""The seconds of each unit, largest first, and what it is called."""


def worded_seconds(text: str) -> Number | None:
    """The seconds of a duration in words, such as ``1h30m`` or ``2 days``, or of a text as :func:`document_seconds`.

    Each unit is there once at most, the largest first. ``None`` for anything else; the number is exact.
    """
    words = text.strip()
    parts = _PART.findall(words)
    if parts and "".join(number + space + unit + gap for number, space, unit, gap in parts) == words:
        places = [_place(unit) for _, _, unit, _ in parts]
        known = [place for place in places if place is not None]
        if len(known) < len(places) or known != sorted(set(known)):
            return None
        sizes = [Decimal(size) for size in _UNITS]
        pairs = zip(parts, known, strict=True)
        return canonical(sum((Decimal(part[0]) * sizes[place] for part, place in pairs), Decimal(0)))
    seconds = document_seconds(text)
    return None if seconds is None else canonical(Decimal(repr(seconds)))


def _place(unit: str) -> int | None:
    """Which of the units it is, the largest being 0."""
    found = (place for place, spellings in enumerate(_UNITS.values()) if unit in spellings)
    return next(found, None)


def with_seconds(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a trigger, action, schedule or automation in which each duration is a number of seconds.

    Triggers inside triggers, metrics, actions and schedules are included; labels, parameters and job variables are
    not looked into. What is no duration stays as it is, for the rules to refuse at its place.
    """
    return {key: _converted(key, value) for key, value in document.items()}


def _converted(key: str, value: Any) -> Any:
    if key in DURATION_FIELDS and number_of(value) is None and not isinstance(value, Mapping):
        seconds = document_seconds(value)
        return value if seconds is None else seconds
    if key in _PARTS and isinstance(value, Mapping):
        return with_seconds(value)
    if _PARTS.get(key) == "each" and is_series(value):
        return [with_seconds(one) if isinstance(one, Mapping) else one for one in value]
    return value


@cache
def _reader() -> Callable[[str], Any]:
    from pydantic_core import SchemaValidator, core_schema

    read: Callable[[str], Any] = SchemaValidator(core_schema.timedelta_schema()).validate_python
    return read
