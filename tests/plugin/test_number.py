"""Numbers: one form for each, exact in both directions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.text.number import (
    Number,
    canonical,
    exact_float,
    number_from_float,
    number_text,
    parse_number,
)
from tests.plugin.strategies import numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-0", 0),
        ("-0.0", 0),
        ("0e5", 0),
        ("7", 7),
        ("+7", 7),
        ("7.", 7),
        ("7.00", 7),
        (".5", Decimal("0.5")),
        ("0.50", Decimal("0.5")),
        ("5e3", 5000),
        ("12.5E-1", Decimal("1.25")),
        ("12.5E1", 125),
        ("0.1" + "0" * 60 + "1", Decimal("0.1" + "0" * 60 + "1")),
    ],
)
def test_parse(text: str, number: Number) -> None:
    """Texts become an int when whole and a Decimal when not, whatever their length or notation."""
    result = parse_number(text)
    assert result == number
    assert type(result) is type(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1_000",
        "0x10",
        "NaN",
        "Infinity",
        "-inf",
        "1e",
        "e5",
        ".",
        "--1",
        "1\n",
        "\u0661",
        "1e1" * 3,
    ],
)
def test_not_a_number(text: str) -> None:
    """What Terraform does not read as a number is refused, Python's own extensions included."""
    with pytest.raises(ValueError, match=r"^not a decimal number$"):
        parse_number(text)


@pytest.mark.parametrize("text", ["1e999999999", "-1e999999999", "1e-999999999"])
def test_too_many_digits(text: str) -> None:
    """A short text cannot ask for gigabytes of digits."""
    with pytest.raises(ValueError, match="more than 10000 digits"):
        parse_number(text)


def test_many_digits() -> None:
    """Numbers of up to 10 000 digits pass, which is more than Python itself turns into text."""
    assert parse_number("1" + "0" * 10_000) == canonical(10**10_000) == 10**10_000
    assert number_text(10**10_000) == "1" + "0" * 10_000
    with pytest.raises(ValueError, match="more than 10000 digits"):
        canonical(10**10_001)


@pytest.mark.parametrize("number", [Decimal("inf"), Decimal("-inf"), Decimal("nan"), Decimal("snan")])
def test_not_finite(number: Decimal) -> None:
    """Infinity and not-a-number have no canonical form."""
    with pytest.raises(ValueError, match="not a finite number"):
        canonical(number)


@given(numbers())
def test_text_round_trip(number: Number) -> None:
    """A number's text is the number again, and has neither exponent nor superfluous zeros."""
    text = number_text(number)
    assert parse_number(text) == number
    assert not set(text) - set("-0123456789.")
    assert "." not in text or not text.endswith("0")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_round_trip(value: float) -> None:
    """A float's number is exactly that float."""
    number = number_from_float(value)
    assert number == value
    assert (exact_float(number) if isinstance(number, Decimal) else float(number)) == value


@pytest.mark.parametrize(
    ("number", "value"),
    [("0.5", 0.5), ("0.1", None), ("-0.75", -0.75), ("1e-400", None), ("1" * 400 + ".5", None)],
)
def test_exact_float(number: str, value: float | None) -> None:
    """Only a number that a float holds to the last digit has a float."""
    assert exact_float(Decimal(number)) == value


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_float_not_finite(value: float) -> None:
    """An infinite float is no number of Terraform's."""
    with pytest.raises(ValueError, match="not a finite number"):
        number_from_float(value)
