"""Secrets stay out of texts."""

from __future__ import annotations

import pytest

from prefect_provider.text.masking import Secrets


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("pnu_abc", "key pnu_abc is unknown", "key (sensitive) is unknown"),
        ('pa"ss', r'{"input": "pa\"ss"}', '{"input": "(sensitive)"}'),
        ("pa/ss word", "at /x/pa%2Fss%20word", "at /x/(sensitive)"),
        ("abc", "abc stays: too short to be one", "abc stays: too short to be one"),
    ],
)
def test_forms(secret: str, text: str, expected: str) -> None:
    """A secret is found as it is, inside JSON and inside a URL."""
    assert Secrets([secret]).mask(text) == expected


def test_basic_auth() -> None:
    """Of user:password, the whole, its base64 form and the password are secret, and the user is not."""
    secrets = Secrets(["admin:pa:ss", "YWRtaW46cGE6c3M=", "pa:ss"])

    assert (
        secrets.mask("YWRtaW46cGE6c3M= admin:pa:ss pa:ss admin")
        == "(sensitive) (sensitive) (sensitive) admin"
    )


def test_longest_first() -> None:
    """A secret that contains another one is removed as a whole, also when it is added later."""
    assert Secrets(["hunter"]).also(["hunter2-long"]).mask("hunter2-long") == "(sensitive)"
