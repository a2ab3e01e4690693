"""The values that rules read: what counts as a number, a duration, a list, and as not known yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, Final, TypeAlias, TypeGuard

__all__ = ["MOST_SECONDS", "IsUnknown", "is_series", "nothing_unknown", "number_of", "seconds_of"]

IsUnknown: TypeAlias = Callable[[object], bool]
"""Tells values that are not known while something is planned; they may be null in the end."""

MOST_SECONDS: Final = 86_399_999_999_999
"""What Python's ``timedelta`` holds, in which the server keeps durations."""


def nothing_unknown(value: object) -> bool:  # noqa: ARG001 - it is a predicate
    """The predicate of a caller for whom every value is known."""
    return False


def is_series(value: object) -> TypeGuard[Collection[Any]]:
    """Whether the value is a list, tuple or set, and not text."""
    return isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, (str, bytes))


def number_of(value: object) -> int | float | None:
    """The finite number that the value is, or ``None``; booleans are not numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, (float, Decimal)) and isfinite(float(value)):
        return float(value)
    return None


def seconds_of(value: object) -> float | None:
    """Seconds of a number or a ``timedelta``, or ``None`` for anything else; text is not a duration."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    number = number_of(value)
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None
