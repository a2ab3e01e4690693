"""How values and names are written, and which name was probably meant."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.text.spelling import closest, names, near_names, show


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("", '""'),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (Decimal("0.5"), "0.5"),
        (Decimal("1E+2"), "100"),
        (1.5, "1.5"),
        (timedelta(minutes=1), "60 seconds"),
        ([1], "[1]"),
    ],
)
def test_values_are_shown_as_terraform_writes_them(value: Any, text: str) -> None:
    """Text in quotes, the words of HCL, all digits of a number."""
    assert show(value) == text


def test_long_values_are_shortened() -> None:
    """A message stays readable."""
    assert len(show("x" * 500)) == 80
    assert show("x" * 500).endswith("...")
    assert len(show(10**500)) == 80


@pytest.mark.parametrize(
    ("options", "last", "text"),
    [
        ([], "", ""),
        (["a"], "or", "`a`"),
        (["a", "b"], "or", "`a` or `b`"),
        (["a", "b", "c"], "and", "`a`, `b` and `c`"),
        (["a", "b"], "", "`a`, `b`"),
    ],
)
def test_names_are_listed(options: list[str], last: str, text: str) -> None:
    """In backquotes, with a word before the last one if it is given."""
    assert names(options, last=last) == text


@pytest.mark.parametrize(
    ("value", "options", "near"),
    [
        ("NAME", ["name", "names"], ["name"]),
        ("nmae", ["name", "tags"], ["name"]),
        ("descripton", ["description", "name"], ["description"]),
        ("x", ["name", "tags"], []),
        (5, ["name"], []),
        ("name", [], []),
        ("", ["name"], []),
    ],
)
def test_near_names(value: object, options: list[str], near: list[str]) -> None:
    """Equal but for case comes alone; otherwise those near in spelling, and none where none is."""
    assert near_names(value, options) == near
    assert closest(value, options) == (near[0] if near else None)


@given(value=st.text(max_size=8), options=st.lists(st.text(max_size=8), max_size=5))
def test_what_is_near_is_one_of_the_options(value: str, options: list[str]) -> None:
    """Whatever was written, nothing else is proposed, and never more than three."""
    near = near_names(value, options)
    assert set(near) <= set(options)
    assert len(near) <= 3
    if value in options:
        assert near[0].casefold() == value.casefold()
