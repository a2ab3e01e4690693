"""Terraform's numbers, exactly: an ``int`` when whole, a ``Decimal`` when not, never a ``float``.

Terraform keeps numbers as decimals of about 150 digits and compares them exactly, so 0.1 and the binary float
nearest to it are two different numbers; one that becomes the other is a difference that never goes away.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TypeAlias, cast

__all__ = ["Number", "canonical", "exact_float", "number_from_float", "number_text", "parse_number"]

Number: TypeAlias = int | Decimal

_LARGEST_EXPONENT = 10_000  # "1e999999999" is eleven bytes on the wire and a gigabyte as an int
_FORM = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)


def canonical(value: Number) -> Number:
    """The same number in its one form: ``Decimal("1.0")`` and ``1`` are ``1``.

    Raises ``ValueError`` for infinity, not-a-number, and numbers of more than 10 000 digits before or after
    the decimal point.
    """
    if isinstance(value, int):
        if value.bit_length() > 3 * _LARGEST_EXPONENT and Decimal(value).adjusted() > _LARGEST_EXPONENT:
            raise _out_of_range()
        return int(value)
    if not value.is_finite():
        msg = "not a finite number"
        raise ValueError(msg)
    if not value:
        return 0
    exponent = cast("int", value.as_tuple().exponent)
    if value.adjusted() > _LARGEST_EXPONENT or exponent < -_LARGEST_EXPONENT:
        raise _out_of_range()
    return int(value) if exponent >= 0 or value == int(value) else value


def _out_of_range() -> ValueError:
    msg = f"more than {_LARGEST_EXPONENT} digits before or after the decimal point"
    return ValueError(msg)


def parse_number(text: str) -> Number:
    """The number that a decimal text says, to the last digit.

    Raises ``ValueError`` when it is no number, and as :func:`canonical` does. The error never holds the text.
    """
    if not _FORM.fullmatch(text):
        msg = "not a decimal number"
        raise ValueError(msg)
    return canonical(Decimal(text))


def number_from_float(value: float) -> Number:
    """The exact value of a binary float: 0.5 is ``Decimal("0.5")``, 0.1 has 55 decimal places.

    Raises ``ValueError`` for infinity and not-a-number.
    """
    if not math.isfinite(value):
        msg = "not a finite number"
        raise ValueError(msg)
    return int(value) if value.is_integer() else Decimal(value)


def exact_float(value: Decimal) -> float | None:
    """The binary float that is exactly this number, or ``None`` when there is none."""
    nearest = float(value)
    return nearest if math.isfinite(nearest) and Decimal(nearest) == value else None


def number_text(value: Number) -> str:
    """All digits of a number in plain notation: no exponent, no trailing zeros after the point."""
    text = format(Decimal(value), "f")  # str() of an int refuses more than 4300 digits
    return text.rstrip("0").rstrip(".") if "." in text else text
