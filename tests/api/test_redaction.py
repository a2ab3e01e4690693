"""Secrets stay out of texts."""

from __future__ import annotations

import pytest

from prefect_provider.api.redaction import Secrets


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("pnu_abc", "key pnu_abc is unknown", "key [redacted] is unknown"),
        ('pa"ss', r'{"input": "pa\"ss"}', '{"input": "[redacted]"}'),
        ("pa/ss word", "at /x/pa%2Fss%20word", "at /x/[redacted]"),
        ("abc", "abc stays: too short to be one", "abc stays: too short to be one"),
    ],
)
def test_forms(secret: str, text: str, expected: str) -> None:
    """A secret is found as it is, inside JSON and inside a URL."""
    assert Secrets([secret]).redact(text) == expected


def test_basic_auth() -> None:
    """Of user:password, the whole, its base64 form and the password are secret, and the user is not."""
    secrets = Secrets(Secrets.of_basic_auth("admin:pa:ss"))

    assert (
        secrets.redact("YWRtaW46cGE6c3M= admin:pa:ss pa:ss admin") == "[redacted] [redacted] [redacted] admin"
    )


def test_longest_first() -> None:
    """A secret that contains another one is removed as a whole, also when it is added later."""
    assert Secrets(["hunter"]).also(["hunter2-long"]).redact("hunter2-long") == "[redacted]"
