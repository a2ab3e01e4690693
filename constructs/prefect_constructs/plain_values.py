"""Single values of Python as plain ones: members of enumerations, numbers of libraries, dates."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from operator import index
from typing import Any, Final, SupportsIndex
from uuid import UUID

__all__ = ["PLAIN_TYPES", "is_finite", "plain_text", "plain_value", "text_of"]


PLAIN_TYPES: Final = frozenset({str, bool, int, float, Decimal, dict, list, tuple, type(None)})
"""The types of what stays as it is; most values are of one of them, and the questions below take time."""


def plain_text(text: str) -> str:
    """The text itself; `str()` of a member of a ``(str, Enum)`` is the member's name."""
    return str.__str__(text)


def plain_value(value: Any) -> Any:
    """The value as ``str``, ``bool``, ``int``, ``float`` or ``Decimal``, if that is what it comes to.

    Subclasses of these become what they extend, members of enumerations their values, and the numbers of other
    libraries Python's own. Anything else is returned as it is.
    """
    kind = type(value)
    if (
        kind in PLAIN_TYPES
        or hasattr(kind, "fqn")
        or hasattr(kind, "resolve")
        or hasattr(value, "__jsii_ref__")
    ):
        # The last three are constructs and tokens.
        return value
    match value:
        case None | bool():
            return value
        case str():
            return plain_text(value)
        case int():
            return int.__int__(value)
        case float():
            return float.__float__(value)
        case Enum():
            return plain_value(value.value)
        case Decimal():
            return value
        case Integral() | SupportsIndex():
            return index(value)
        case Real():
            return float(value)
    return value


def is_finite(value: float | Decimal) -> bool:
    """Whether a number is one; the largest of integers and decimals, which no float can hold, are."""
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) or math.isfinite(value)


def text_of(value: Any) -> str | None:
    """The text that JSON has for a date, a time or a UUID, as Prefect's own client writes it."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else None
