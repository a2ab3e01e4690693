"""Writes of which nobody knows whether they took effect: looked up, and neither doubled nor lost nor denied."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import (
    Answer,
    ApiError,
    Conflict,
    ConnectionFailed,
    Interrupted,
    NotFound,
    Outgoing,
    Reply,
    RetryPolicy,
    ServerFault,
    TransportFault,
    Unavailable,
    UnexpectedAnswer,
)
from tests.api.fake_transport import FakeTransport, answer, broken, client, refused, script

if TYPE_CHECKING:
    from prefect_provider.api import Client

HELLO = answer(200, "hello")
MADE = answer(201, {"id": "1"})
FOUND = Reply(201, {"id": "9"})
BUSY = answer(503, {"exception_message": "Service Unavailable"})
GONE = answer(404, {"detail": "Work queue not found."})
HTML = Answer(200, {"content-type": "text/html"}, b"<title>Portal</title>")

UNKNOWN: dict[str, Answer | Exception] = {
    "broken": broken(),
    "timed out": TransportFault("timed_out", "no answer", reached=True),
    "too large": TransportFault("too_large", "more than 64 MiB", reached=True),
    "500": answer(500, {"exception_message": "Internal Server Error"}),
    "500 of a gateway": Answer(500, {"content-type": "text/html"}, b"<h1>oops"),
    "502": Answer(502, {}, b"bad gateway"),
    "504": Answer(504, {}, b""),
    "503 of a gateway": Answer(503, {"content-type": "text/html"}, b"<h1>busy"),
    "JSON 503 of a gateway": answer(503, {"message": "no healthy upstream"}),
    "empty 201": Answer(201, {"content-type": "application/json"}, b""),
    "null": Answer(201, {"content-type": "application/json"}, b"null"),
    "204": Answer(204, {}, b""),
    "web page": HTML,
    "cut off": Answer(201, {"content-type": "application/json"}, b'{"id": "1'),
    "nested": Answer(201, {"content-type": "application/json"}, b"[" * 100_000),
    "no id": answer(201, {}),
    "null id": answer(201, {"id": None}),
    "no object": answer(201, "made"),
    "none of several": answer(201, []),
}


class Look:
    """A look-up with prepared results, the last for ever; counts how often it is asked."""

    def __init__(self, *results: Reply | Exception | None) -> None:
        self._results = list(results)
        self.count = 0

    async def __call__(self) -> Reply | None:
        """The next result."""
        self.count += 1
        result = self._results.pop(0) if len(self._results) > 1 else self._results[0]
        if isinstance(result, Exception):
            raise result
        return result


async def warm(*steps: Answer | Exception, **explicit: Any) -> tuple[Client, FakeTransport]:
    """A client whose server has answered once before these steps."""
    transport = FakeTransport(script(HELLO, *steps))
    made = client(transport, **explicit)
    await made.get("/hello")
    transport.sent.clear()
    return made, transport


@pytest.mark.parametrize("max_retries", [0, 30])
@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_took_effect_is_found(kind: str, max_retries: int) -> None:
    """However its answer is lost, a create that took effect is found, and sent once, also without retries."""

    async def scenario() -> None:
        made, transport = await warm(UNKNOWN[kind])
        made._server.policy.max_retries = max_retries
        look = Look(FOUND)

        assert (await made.post("/variables/", {}, recover=look)).data == {"id": "9"}
        assert (look.count, len(transport.sent)) == (1, 1)

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["broken", "timed out", "502", "504", "503 of a gateway"])
def test_what_did_not_take_effect_is_repeated(kind: str) -> None:
    """A create that is not found after a passing fault is sent again."""

    async def scenario() -> None:
        made, transport = await warm(UNKNOWN[kind], MADE)
        look = Look(None)

        assert (await made.post("/variables/", {}, recover=look)).data == {"id": "1"}
        assert (look.count, len(transport.sent)) == (1, 2)

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["500", "web page", "null id"])
def test_what_no_repetition_mends_is_not_repeated(kind: str) -> None:
    """After another fault the error says that the object was looked for, and not that it may be there."""

    async def scenario() -> None:
        made, transport = await warm(UNKNOWN[kind])
        with pytest.raises((ServerFault, UnexpectedAnswer)) as caught:
            await made.post("/variables/", {}, recover=Look(None))

        assert "It was looked for afterwards, and is not there." in str(caught.value)
        assert not caught.value.ambiguous
        assert len(transport.sent) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("fault", [BUSY, answer(429), answer(408), refused(), answer(422, {"detail": "no"})])
def test_what_was_refused_is_not_looked_for(fault: Answer | Exception) -> None:
    """Prefect's own 503, a rate limit and a connection that never was leave nothing open."""

    async def scenario() -> None:
        made, _ = await warm(fault, max_retries=0)
        made._server.policy.max_retries = 0
        look = Look(FOUND)
        with pytest.raises(ApiError) as caught:
            await made.post("/variables/", {}, recover=look)

        assert look.count == 0
        assert not caught.value.ambiguous

    asyncio.run(scenario())


def test_looks_when_patience_ends() -> None:
    """The last attempt is looked up too, although the looks before found nothing."""

    async def scenario() -> None:
        made, transport = await warm(*[broken()] * 4)
        made._server.policy.max_retries = 3
        look = Look(None, None, None, FOUND)

        assert (await made.post("/variables/", {}, recover=look)).data == {"id": "9"}
        assert (look.count, len(transport.sent)) == (4, 4)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "end", [BUSY, refused(), answer(409, {"detail": "already exists"}), answer(401, {"detail": "no"})]
)
def test_doubt_outlives_the_attempt(end: Answer | Exception) -> None:
    """A server that acts late is still found out when a later attempt ends otherwise, as with a conflict."""

    async def scenario() -> None:
        made, _ = await warm(broken(), end)
        made._server.policy.max_retries = 1
        look = Look(None, FOUND)

        assert (await made.post("/variables/", {}, recover=look)).data == {"id": "9"}
        assert look.count == 2

    asyncio.run(scenario())


def test_conflict_with_another() -> None:
    """A conflict after a lost answer is reported as one when the object that is there is not ours."""

    async def scenario() -> None:
        made, _ = await warm(broken(), answer(409, {"detail": "already exists"}))
        with pytest.raises(Conflict) as caught:
            await made.post("/variables/", {}, recover=Look(None))

        assert not caught.value.ambiguous

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "failure",
    [Unavailable("Prefect answered 502 to POST /api/variables/filter"), KeyError("id"), TypeError("none")],
)
def test_look_that_fails(failure: Exception) -> None:
    """When the look itself fails, the user sees the first error, that the write may be done, and the look's."""

    async def scenario() -> None:
        made, transport = await warm(broken())
        with pytest.raises(ConnectionFailed) as caught:
            await made.post("/variables/", {}, recover=Look(failure))

        text = str(caught.value)
        assert "The connection broke during POST /api/variables/" in text
        assert "may have taken effect" in text
        assert "Looking whether it did failed" in text
        assert caught.value.__cause__ is failure
        assert len(transport.sent) == 1

    asyncio.run(scenario())


def test_look_that_hangs() -> None:
    """A look is bounded, and its end is that of a look that fails."""

    async def scenario() -> None:
        async def hang() -> Reply | None:
            await asyncio.Event().wait()
            raise AssertionError

        made, _ = await warm(broken())
        made._server.policy.longest_look = 0.02
        with pytest.raises(ConnectionFailed, match="may have taken effect"):
            await asyncio.wait_for(made.post("/variables/", {}, recover=hang), 2.0)

    asyncio.run(scenario())


@pytest.mark.parametrize("found", [FOUND, None])
def test_looks_when_stopped(found: Reply | None) -> None:
    """A create that is stopped while its outcome is open is looked up before it says that it was stopped."""

    async def scenario() -> None:
        made, _ = await warm(broken())
        made._server.policy.longest_wait = made._server.policy.first_wait = 30.0
        waiting = asyncio.create_task(made.post("/variables/", {}, recover=Look(found)))
        await asyncio.sleep(0.02)
        made.stop()
        if found:
            assert (await asyncio.wait_for(waiting, 1.0)).data == {"id": "9"}
        else:
            with pytest.raises(Interrupted, match=r"connection broke.*may have taken effect"):
                await asyncio.wait_for(waiting, 1.0)

    asyncio.run(scenario())


def test_looks_when_stopped_in_a_pause() -> None:
    """So is one that a stop meets while another request's rate limit holds it back."""

    async def scenario() -> None:
        made, _ = await warm(broken())
        look = Look(None, FOUND)
        waiting = asyncio.create_task(made.post("/variables/", {}, recover=look))
        await asyncio.sleep(0)
        made._server.pause.hold(30.0)
        await asyncio.sleep(0.05)
        made.stop()

        assert (await asyncio.wait_for(waiting, 1.0)).data == {"id": "9"}

    asyncio.run(scenario())


def test_look_reads_through_the_same_client() -> None:
    """A look may use the client that it interrupts, in the write's turn."""

    async def scenario() -> None:
        made, transport = await warm(broken(), answer(200, [{"id": "9"}]))

        async def recover() -> Reply | None:
            found = await made.post("/variables/filter", {"name": "n"})
            return Reply(201, found.data[0])

        assert (await made.post("/variables/", {}, recover=recover)).data == {"id": "9"}
        assert [sent.url.rpartition("/api")[2] for sent in transport.sent] == [
            "/variables/",
            "/variables/filter",
        ]

    asyncio.run(scenario())


def test_lost_deletion() -> None:
    """A deletion that took effect although its answer was lost is done; one of what never was is not."""

    async def scenario() -> None:
        made, transport = await warm(broken(), GONE)
        assert (await made.delete("/work_pools/p/queues/q")).status == 204
        assert len(transport.sent) == 2

        for refusal in (BUSY, refused()):
            made, _ = await warm(refusal, GONE)
            with pytest.raises(NotFound):
                await made.delete("/work_pools/p/queues/q")

    asyncio.run(scenario())


@pytest.mark.parametrize("body", [b"", b"null"])
def test_deletion_that_nobody_confirms(body: bytes) -> None:
    """An answer that is not Prefect's 204 is no deletion as long as the object is still there."""
    doubtful = Answer(200, {"content-type": "application/json"}, body)

    async def scenario() -> None:
        made, _ = await warm(doubtful, answer(200, {"id": "1"}))
        with pytest.raises(UnexpectedAnswer):
            await made.delete("/concurrency_limits/1")

        made, _ = await warm(Answer(200, {}, b"null"), GONE)
        assert (await made.delete("/concurrency_limits/1")).status == 200

    asyncio.run(scenario())


def test_lost_rename() -> None:
    """A rename that took effect although its answer was lost is done, when the object has its new name."""
    body = {"name": "new name", "description": "d"}

    async def scenario() -> None:
        made, transport = await warm(broken(), GONE, answer(200, {"id": "1"}))
        assert (await made.patch("/work_pools/p/queues/old", body)).status == 204
        assert transport.sent[-1].url.endswith("/work_pools/p/queues/new%20name")

        made, _ = await warm(broken(), GONE, GONE)
        with pytest.raises(NotFound):
            await made.patch("/work_pools/p/queues/old", body)

        made, _ = await warm(GONE)
        with pytest.raises(NotFound):
            await made.patch("/work_pools/p/queues/old", body)

    asyncio.run(scenario())


def test_no_other_change_is_taken_for_done() -> None:
    """A change of an object that is gone fails, also after a lost answer: a change does not make it go."""

    async def scenario() -> None:
        made, _ = await warm(broken(), GONE)
        with pytest.raises(NotFound):
            await made.patch("/variables/0198f3a4-1111-4222-8333-944455556666", {"name": "n"})

    asyncio.run(scenario())


def test_stopped_requests_end_soon() -> None:
    """A request that hangs ends within a second after a stop, a read sooner than a write, and says so."""

    async def scenario() -> None:
        async def hang(outgoing: Outgoing) -> Answer:
            if outgoing.url.endswith("/hello"):
                return HELLO
            await asyncio.Event().wait()
            raise AssertionError

        made = client(FakeTransport(hang), policy=RetryPolicy(first_wait=0.001))
        await made.get("/hello")
        read = asyncio.create_task(made.get("/flows/1"))
        write = asyncio.create_task(made.post("/flows/", {}, recover=Look(FOUND)))
        await asyncio.sleep(0.02)
        seconds = sorted(made._server._under_way.values())
        for clock in made._server._under_way:
            made._server._under_way[clock] = 0.01
        made.stop()

        assert seconds == [0.8, 0.8]
        with pytest.raises(Interrupted, match="GET /api/flows/1"):
            await asyncio.wait_for(read, 1.0)
        assert (await asyncio.wait_for(write, 1.0)).data == {"id": "9"}

    asyncio.run(scenario())
