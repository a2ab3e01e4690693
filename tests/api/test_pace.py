"""Limits of requests in a minute, configured or advertised: kept, and spread over the time for which they are."""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api.exchange.pace import Pace, advertised
from prefect_provider.api.exchange.waits import StopSignal
from tests.api.fake_transport import FakeTransport, answer, client

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing


class Clock(StopSignal):
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    async def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds

    def pace(self, per_minute: int | None) -> Pace:
        """A pace by this clock."""
        return Pace(per_minute, self, lambda: self.now)


@pytest.mark.parametrize("per_minute", [4, 9, 60, 600, 5000])
def test_configured_limit_is_kept(per_minute: int) -> None:
    """In no window of 60 s are there more requests than configured, and nearly as many as there may be."""

    async def scenario() -> None:
        clock = Clock()
        moments = []
        # Terraform plans in one process and applies in another.
        for number in range(per_minute * 3):
            if number in (0, per_minute, per_minute + per_minute // 2):
                pace = clock.pace(per_minute)
            await pace.turn(80.0)
            moments.append(clock.now)

        for number, moment in enumerate(moments):
            assert bisect_left(moments, moment + 59.999) - number <= per_minute
        assert moments[-1] - moments[0] <= 60 * 3 * 2

    asyncio.run(scenario())


def test_configured_limit_is_spread() -> None:
    """A few go out at once, and the others one by one instead of a minute later."""

    async def scenario() -> None:
        clock = Clock()
        pace = clock.pace(60)
        waits = [await pace.turn(80.0) for _ in range(20)]

        assert waits[:3] == [0.0] * 3
        assert all(0 < wait < 2 for wait in waits[3:])

    asyncio.run(scenario())


def test_without_limit_nothing_waits() -> None:
    """No limit, no wait."""

    async def scenario() -> None:
        clock = Clock()
        pace = clock.pace(None)
        pace.heed({"x-ratelimit-remaining": "9000", "x-ratelimit-limit": "10000", "x-ratelimit-reset": "60"})
        assert [await pace.turn(80.0) for _ in range(1000)] == [0.0] * 1000

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, None),
        ({"ratelimit-remaining": "5"}, None),
        ({"ratelimit-remaining": "soon", "ratelimit-reset": "later"}, None),
        (
            {"ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "5", "ratelimit-reset": "30"},
            (5, 30.0, 100),
        ),
        (
            {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"},
            (0, 1030.0, 100),
        ),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1700000030"}, (7, 30.0, None)),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1600000000"}, (7, 0.0, None)),
        ({"ratelimit": '"default";r=50;t=30'}, (50, 30.0, None)),
        ({"ratelimit": "limit=100, remaining=50, reset=5"}, (50, 5.0, 100)),
    ],
)
def test_what_servers_advertise(headers: dict[str, str], told: Any) -> None:
    """All forms of the headers are understood; nonsense counts as absent."""
    assert advertised(headers, 1700000000.0) == told


def test_advertised_limit_is_spread() -> None:
    """When few requests are left, they are spread over the time until there are more."""

    async def scenario() -> None:
        clock = Clock()
        pace = clock.pace(None)
        pace.heed({"ratelimit-limit": "100", "ratelimit-remaining": "10", "ratelimit-reset": "30"})
        waits = [await pace.turn(80.0) for _ in range(10)]

        assert waits[0] == 0.0
        assert all(wait == pytest.approx(3.0) for wait in waits[1:])
        clock.now += 10
        assert await pace.turn(80.0) == 0.0

    asyncio.run(scenario())


def test_nothing_left() -> None:
    """When none is left, the next goes out when there are more; unless that is later than anybody waits."""

    async def scenario() -> None:
        for reset, wait in (("20", 20.0), ("3600", 0.0)):
            clock = Clock()
            pace = clock.pace(None)
            pace.heed({"ratelimit-remaining": "0", "ratelimit-reset": reset})
            assert await pace.turn(80.0) == pytest.approx(wait)

    asyncio.run(scenario())


def test_log_says_why(caplog: pytest.LogCaptureFixture) -> None:
    """A wait of more than a second is said with its reason, not oftener than every ten seconds."""

    async def scenario() -> None:
        clock = Clock()
        pace = clock.pace(12)
        for _ in range(8):
            await pace.turn(80.0)

    with caplog.at_level(logging.WARNING, "prefect_provider.api"):
        asyncio.run(scenario())

    messages = [record.getMessage() for record in caplog.records]
    assert messages[0] == (
        "waiting 6.0 s before the next request, because no more than 12 requests go out in a minute"
    )
    assert 2 <= len(messages) <= 5


def test_stop_ends_the_wait() -> None:
    """A request that waits for its moment ends with the client, as all waits do."""

    async def scenario() -> None:
        made = client(FakeTransport(lambda _: answer(200, {"id": "1"})), requests_per_minute=1)
        await made.get("/a")
        waiting = asyncio.create_task(made.get("/b"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        made.stop()
        (result,) = await asyncio.wait_for(asyncio.gather(waiting, return_exceptions=True), 1.0)

        assert "Stopped while GET /api/b waited" in str(result)

    asyncio.run(scenario())


def test_every_request_counts() -> None:
    """Retries, reads and writes all take their turn, and headers of answers are heeded."""

    async def scenario() -> None:
        steps = [answer(503), answer(200, {"id": "1"}, ratelimit_remaining="0", ratelimit_reset="0.3")]

        def handler(_: Outgoing) -> Answer:
            return steps.pop(0) if steps else answer(200, {"id": "2"})

        made = client(FakeTransport(lambda _: answer(200, "hello")), requests_per_minute=6000)
        await made.get("/hello")
        made._server._transport._handler = handler  # type: ignore[union-attr]
        taken = made._server.pace._configured.next
        await made.get("/a")
        assert made._server.pace._configured.next > taken
        started = asyncio.get_running_loop().time()
        await made.patch("/b", {})
        assert asyncio.get_running_loop().time() - started >= 0.25

    asyncio.run(scenario())
