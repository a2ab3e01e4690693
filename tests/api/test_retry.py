"""Retries: which answers, how long, and when to give up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from prefect_provider.api.exchange.retry import Patience, RetryPolicy, parse_retry_after

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("3", 3.0),
        (" 0.5 ", 0.5),
        ("-3", 0.0),
        ("Fri, 02 Jan 2026 03:04:15 GMT", 10.0),
        ("Fri, 02 Jan 2026 03:04:15 -0000", 10.0),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Seconds and HTTP dates are understood; nonsense counts as absent."""
    assert parse_retry_after(value, NOW) == seconds


def test_temporary_answers() -> None:
    """Only these statuses are tried again; extra codes join, but never those that are a definite answer."""
    policy = RetryPolicy(extra_codes={404, 409, 500})

    temporary = {408, 429, 500, 502, 503, 504}
    assert {status for status in range(200, 600) if policy.is_temporary(status)} == temporary


def test_waits_begin_short_and_stay_bounded() -> None:
    """The first wait after 503 is under 50 ms, none exceeds 2 s; a bare 429 waits longer."""
    policy = RetryPolicy()

    assert 0.025 <= policy.backoff(1, 503) <= 0.05
    assert all(policy.backoff(attempt, 503) <= 2.0 for attempt in range(1, 100))
    assert 0.5 <= policy.backoff(1, 429) <= 1.0


def test_gives_up_after_its_retries() -> None:
    """``max_retries`` counts attempts after the first, and the refusal says how many there were."""
    patience = Patience(RetryPolicy(max_retries=2), now=100.0)
    waits = []
    for _ in range(3):
        patience.attempts += 1
        waits.append(patience.next_wait(100.5, 503, None))

    assert [wait is None for wait in waits] == [False, False, True]
    assert patience.refusal == "Gave up after 3 attempts in 0.5 s"


def test_gives_up_after_its_time() -> None:
    """A wait that would end behind the deadline is not begun."""
    patience = Patience(RetryPolicy(patience=60.0), now=0.0)
    patience.attempts = 12

    assert patience.next_wait(59.9, 503, None) is None
    assert "12 attempts in 59.9 s" in patience.refusal


def test_obeys_the_server() -> None:
    """``Retry-After`` is never undercut, and does not use up the client's own patience."""
    patience = Patience(RetryPolicy(patience=60.0), now=0.0)
    patience.attempts = 1
    first, second = patience.next_wait(50.0, 429, 40.0), patience.next_wait(95.0, 503, None)

    assert first is not None
    assert 40.0 <= first <= 41.0
    assert second is not None


def test_refuses_to_wait_for_hours() -> None:
    """A longer ``Retry-After`` than the limit ends the request, and says what was asked."""
    patience = Patience(RetryPolicy(), now=0.0)
    patience.attempts = 1

    assert patience.next_wait(1.0, 429, 3600.0) is None
    assert "wait 3600 s" in patience.refusal


def test_total_time_is_bounded() -> None:
    """Many short ``Retry-After`` do not add up to more than the total."""
    patience, now = Patience(RetryPolicy(max_retries=1000), now=0.0), 0.0
    while (wait := patience.next_wait(now, 429, 20.0)) is not None:
        patience.attempts += 1
        now += wait

    assert 200.0 < now <= 301.0
