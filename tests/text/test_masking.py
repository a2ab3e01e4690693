"""Secrets stay out of texts."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest

from prefect_provider.text.masking import Secrets, texts_of


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("pnu_abc", "key pnu_abc is unknown", "key (sensitive) is unknown"),
        ('pa"ss', r'{"input": "pa\"ss"}', '{"input": "(sensitive)"}'),
        ("pa/ss word", "at /x/pa%2Fss%20word", "at /x/(sensitive)"),
        ("abc", "abc stays: too short to be one", "abc stays: too short to be one"),
        ("    ", "    indented", "    indented"),
    ],
)
def test_forms(secret: str, text: str, expected: str) -> None:
    """A secret is found as it is, inside JSON and inside a URL."""
    assert Secrets([secret]).mask(text) == expected


@pytest.mark.parametrize(
    "secret",
    ["plain", "it's", 'say "x"', """it's "x\"""", "line\nbreak", "back\\slash", "üñí\u2028", "'''''"],
)
def test_quotations(secret: str) -> None:
    """Whatever quotes it, Python or JSON, alone or among others, once or twice over, nothing of it is left."""
    value = {"key": [secret, 'other\'s "text"']}
    quotations = [repr(secret), repr(value), repr(repr(value)), str([str(value)])]
    quotations += [json.dumps(value), json.dumps(json.dumps(value)), json.dumps(value, ensure_ascii=False)]
    quotations += [repr(json.dumps(value)), json.dumps(repr(value))]
    secrets = Secrets([secret])

    masked = [secrets.mask(quotation) for quotation in quotations]

    inner = [part for part in secret.replace("\\", " ").split() if len(part) > 1]
    assert all("(sensitive)" in text for text in masked)
    assert not [text for text in masked if any(part in text for part in inner)]


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


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("abc", "'abc' is not of type 'integer'", "'(sensitive)' is not of type 'integer'"),
        ("a", '"a" and `a` are no array', '"(sensitive)" and `(sensitive)` are no array'),
        ("n", "an integer is needed", "an integer is needed"),
        (12, "12 is not of type 'string'", "(sensitive) is not of type 'string'"),
        (
            12,
            "{'n': 12, 'm': 112, 'v': 12.5} ends in 12.",
            "{'n': (sensitive), 'm': 112, 'v': 12.5} ends in (sensitive).",
        ),
        (1234, "got 1234", "got (sensitive)"),
        (Decimal("0.125"), "got 0.125", "got (sensitive)"),
        (True, "True is not of type 'string'", "True is not of type 'string'"),
    ],
)
def test_short_values_of_one_request(value: object, text: str, expected: str) -> None:
    """What one request must not show is hidden where it is quoted, and no word or letter is hidden for it."""
    assert Secrets(["key-of-all"]).also(texts_of(value)).mask(text) == expected


def test_texts_of_documents() -> None:
    """Every value counts, whatever it is in; keys and truth values do not. A number may be of any length."""
    assert texts_of({"key": ["a", (1, {"x": 2.5}), None, True]}) == ["a", "1", "2.5"]
    assert [len(text) for text in texts_of(10**5000)] == [5001]


def test_many_secrets_and_messages() -> None:
    """Masking takes a small multiple of the time that it takes to search each message for each secret."""
    secrets = Secrets(f"secret-number-{number:04}" for number in range(300))
    messages = [f"PATCH /api/block_documents/{number}: 200 in 12.5 ms" for number in range(300)]
    needles = [f"secret-number-{number:04}" for number in range(300)]

    def best(work: object) -> float:
        assert callable(work)
        times = []
        for _ in range(3):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
        return min(times)

    searching = best(lambda: [needle in message for message in messages for needle in needles])
    masking = best(lambda: [secrets.mask(message) for message in messages])

    assert masking < 10 * searching
