"""Numbers as the CDK writes them, whose numbers are those of JavaScript: 64-bit floats."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, Final

from prefect_constructs.plain_values import plain_value

__all__ = ["in_text", "number_text", "spelled"]

_LARGEST_WHOLE: Final = 2**53
_SCIENTIFIC_FROM: Final = 21
_SMALLEST_PLAIN: Final = -7


def number_text(number: float) -> str:
    """The digits of a number, as JavaScript writes them."""
    if isinstance(number, int) and -_LARGEST_WHOLE <= number <= _LARGEST_WHOLE:
        return str(int(number))
    value = float(number)
    if not math.isfinite(value):
        return "null"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, rest = mantissa.partition(".")
    rest = "" if rest == "0" else rest
    digits = (whole + rest).lstrip("0")
    # The decimal point comes after so many of the digits.
    point = len(whole) + int(exponent or 0) - (len(whole + rest) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= _SCIENTIFIC_FROM:
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    if 0 < point <= _SCIENTIFIC_FROM:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _SMALLEST_PLAIN < point - 1 <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"{point - 1:+d}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{power}"


def in_text(value: Any) -> str:
    """A value as a part of a text."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(value)
        case list() | tuple():
            return ",".join("" if one is None else in_text(one) for one in value)
    return "[object Object]"


def spelled(value: Any) -> Any:
    """Another library's number, or a member of an enumeration, as a number or a text; ``None`` if it is neither."""
    plain = plain_value(value)
    if isinstance(plain, Decimal):
        return int(plain) if plain == plain.to_integral_value() else float(plain)
    return plain if isinstance(plain, (str, bool, int, float)) else None
