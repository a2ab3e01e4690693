"""What a terminal would obey does not reach it."""

from __future__ import annotations

import pytest

from prefect_provider.text.printing import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ümlaut 漢字 🙂, lines\nand\ttabs", "plain ümlaut 漢字 🙂, lines\nand\ttabs"),
        ("\x1b[31mred\x1b[0m and \x1b[2J gone", "red and  gone"),
        ("\x1b]0;title\x07bell\x07", "bell"),
        ("a\x00b\x7fc\x9bd\rover", "abcdover"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("half a pair \ud800", "half a pair "),
    ],
)
def test_printable(text: str, expected: str) -> None:
    """Commands, bells, nulls and changes of direction are taken out; letters, lines and tabs stay."""
    assert printable(text) == expected
