"""A server that answers nothing is given up by all together, after one bound; one that works slowly is waited for."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import pytest

from prefect_provider.api import Answer, ApiError, Outgoing, RateLimited, RetryPolicy, TimedOut
from prefect_provider.api.exchange.standstill import Standstill
from tests.api.fake_transport import FakeTransport, answer, client

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.api import Client

HELLO = answer(200, "hello")
OK = answer(200, {"id": "1"})
BUSY = answer(503, {"exception_message": "Service Unavailable"})
LIMIT = 0.5


def policy(limit: float = LIMIT) -> RetryPolicy:
    """Short waits, and a short bound."""
    return RetryPolicy(max_retries=10**6, first_wait=0.01, longest_wait=0.02, standstill=limit)


async def hang(_: Outgoing) -> Answer:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def warm(handler: Callable[[Outgoing], object]) -> tuple[Client, FakeTransport]:
    """A client whose server has answered once before it behaves like this."""
    transport = FakeTransport(lambda _: HELLO)
    made = client(transport, policy=policy())
    await made.get("/hello")
    transport._handler = handler  # type: ignore[assignment]
    transport.sent.clear()
    return made, transport


async def failures(made: Client, number: int, path: str = "/x") -> tuple[list[ApiError], float]:
    """What becomes of so many reads in waves of ten, as Terraform asks, and how long it takes."""
    errors: list[ApiError] = []
    started = time.monotonic()
    for _ in range(0, number, 10):
        wave = await asyncio.gather(*(made.get(path) for _ in range(10)), return_exceptions=True)
        assert all(isinstance(error, ApiError) for error in wave)
        errors += wave  # type: ignore[arg-type]
    return errors, time.monotonic() - started


@pytest.mark.parametrize("behaviour", [hang, lambda _: BUSY])
def test_bound_holds_for_all(behaviour: Callable[[Outgoing], object]) -> None:
    """However many waves of requests meet a server that answers nothing, all together take one bound."""

    async def scenario() -> None:
        made, transport = await warm(behaviour)
        errors, seconds = await failures(made, 50)

        assert LIMIT * 0.8 <= seconds <= LIMIT * 4  # of 5, with one each
        assert all(error.given_up for error in errors)
        assert len({id(outgoing) for outgoing in transport.sent}) < 500
        if behaviour is hang:
            assert isinstance(errors[-1], TimedOut)
            assert "was not sent" in str(errors[-1])
            assert "patience, in the provider block" in str(errors[-1])

    asyncio.run(scenario())


def test_writes_in_a_queue_share_the_bound() -> None:
    """Writes that wait behind one that hangs do not wait for a bound each, and are never sent."""

    async def scenario() -> None:
        made, transport = await warm(hang)
        started = time.monotonic()
        results = await asyncio.gather(*(made.patch(f"/{n}", {}) for n in range(10)), return_exceptions=True)

        assert all(isinstance(result, TimedOut) for result in results)
        assert time.monotonic() - started <= LIMIT * 8  # of 10, with one each
        assert len(transport.sent) == 1

    asyncio.run(scenario())


def test_slow_server_is_waited_for() -> None:
    """A server that takes most of the bound for each request, and much longer in all, loses none of them."""

    async def scenario() -> None:
        async def slowly(_: Outgoing) -> Answer:
            await asyncio.sleep(LIMIT * 0.6)
            return OK

        made, _ = await warm(slowly)
        started = time.monotonic()
        replies = await asyncio.gather(*(made.patch(f"/{n}", {}) for n in range(5)))

        assert [reply.status for reply in replies] == [200] * 5
        assert time.monotonic() - started > LIMIT * 2.5

    asyncio.run(scenario())


def test_refusals_count_as_answers() -> None:
    """A server that says no is one that works: the clock begins anew."""

    async def scenario() -> None:
        async def refuse(_: Outgoing) -> Answer:
            await asyncio.sleep(LIMIT * 0.6)
            return answer(404, {"detail": "Flow not found"})

        made, _ = await warm(refuse)
        for _ in range(3):
            with pytest.raises(ApiError) as caught:
                await made.get("/flows/1")
            assert caught.value.status == 404

    asyncio.run(scenario())


def test_reads_do_not_keep_writes_waiting() -> None:
    """While reads are answered, writes that are refused for ever give up together all the same."""

    async def scenario() -> None:
        def only_read(outgoing: Outgoing) -> Answer:
            return HELLO if outgoing.method == "GET" else BUSY

        made, _ = await warm(only_read)

        async def read() -> None:
            while True:
                await made.get("/x")
                await asyncio.sleep(0.01)

        reading = asyncio.create_task(read())
        started = time.monotonic()
        results = await asyncio.gather(*(made.patch(f"/{n}", {}) for n in range(10)), return_exceptions=True)
        reading.cancel()

        assert all(isinstance(result, ApiError) for result in results)
        assert LIMIT * 0.8 <= time.monotonic() - started <= LIMIT * 8
        assert (await made.get("/x")).status == 200

    asyncio.run(scenario())


def test_return_of_the_server() -> None:
    """Some time later one request is let through, and when it is answered, all are again."""

    async def scenario() -> None:
        made, transport = await warm(hang)
        await failures(made, 10)
        transport._handler = lambda _: OK
        transport.sent.clear()
        errors, _ = await failures(made, 10)
        assert transport.sent == []
        assert all("was not sent" in str(error) for error in errors)

        made._server.standstill._next_try = 0.0
        assert (await made.get("/x")).status == 200
        assert (await made.patch("/x", {})).status == 200

    asyncio.run(scenario())


def test_time_without_requests_does_not_count() -> None:
    """The clock runs only while somebody waits: pauses of Terraform are none of the server's."""
    now = 1000.0
    standstill = Standstill(10.0, lambda: now)

    async def scenario() -> None:
        nonlocal now
        with (first := standstill.wait("GET /a", is_write=False)):
            now += 6.0
            assert first.left == 4.0
        now += 3600.0
        with (second := standstill.wait("GET /b", is_write=False)):
            assert second.left == 4.0
            second.answered()
            assert second.left == 10.0
            now += 9.0
            assert second.left == 1.0

    asyncio.run(scenario())


def test_longer_retry_after_is_said_at_once() -> None:
    """What a server asks for beyond the bound is refused without a wait, with both numbers."""

    async def scenario() -> None:
        made = client(FakeTransport(lambda _: answer(429, {"detail": "slow down"}, retry_after="100")))
        started = time.monotonic()
        with pytest.raises(RateLimited) as caught:
            await made.get("/a")

        assert time.monotonic() - started < 20
        assert "The server asks to wait 100 s, which is longer than this client waits (80 s)." in str(
            caught.value
        )
        assert caught.value.given_up

    asyncio.run(scenario())


def test_check_is_short() -> None:
    """The question of a configuration gives up after its own time, and leaves the rest of the bound to others."""

    async def scenario() -> None:
        made = client(FakeTransport(hang), policy=policy(3600.0))
        made._server.policy.standstill = 0.3
        started = time.monotonic()
        with pytest.raises(TimedOut) as caught:
            await made.check()

        assert 0.2 <= time.monotonic() - started <= 20.0
        assert not caught.value.given_up

    asyncio.run(scenario())


def test_log_says_what_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """From ten seconds on, and then every ten, a line says which request waits, why, and how long it still may."""
    now = 1000.0
    standstill = Standstill(80.0, lambda: now)

    async def scenario() -> None:
        nonlocal now
        with standstill.wait("GET /api/flows/1", is_write=False), standstill.wait("GET /b", is_write=False):
            for _ in range(22):
                standstill._look()
                now += 1.0
        standstill.wait("GET /c", is_write=False)

    with caplog.at_level(logging.WARNING, "prefect_provider.api"):
        asyncio.run(scenario())

    text = (
        "waiting for Prefect: GET /api/flows/1 has waited {} s, and there is no answer yet; 1 more wait. Nothing was "
        "answered for {} s; if nothing is for another {} s, all is given up"
    )
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [text.format(10, 10, 70), text.format(20, 20, 60)]
