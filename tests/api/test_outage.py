"""A server that dies: the first request finds it out, the others fail at once, and its return is noticed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from prefect_provider.api import Answer, ApiError, ConnectionFailed, Outgoing, RetryPolicy
from prefect_provider.api.exchange.outage import Outage
from tests.api.fake_transport import FakeTransport, answer, broken, client, refused

if TYPE_CHECKING:
    from prefect_provider.api import Client


class Mortal:
    """A server that answers, or refuses connections while it is `down`."""

    def __init__(self) -> None:
        self.down = False
        self.now = 1000.0
        self.transport = FakeTransport(self._answer)
        self.client: Client = client(
            self.transport, policy=RetryPolicy(max_retries=5, first_wait=0.001, longest_wait=0.002)
        )
        self.client._server.outage = Outage(lambda: self.now)

    def _answer(self, outgoing: Outgoing) -> Answer:
        if self.down:
            raise refused()
        return answer(200, {"id": "1"})

    async def attempts(self, path: str = "/x", method: str = "patch") -> int:
        """How many attempts a request takes, whatever comes of it."""
        before = len(self.transport.sent)
        try:
            await getattr(self.client, method)(path)
        except ApiError:
            assert self.down
        return len(self.transport.sent) - before


def test_others_fail_at_once() -> None:
    """After one request gave up, others are not even sent, reads and writes alike, and say why."""

    async def scenario() -> None:
        server = Mortal()
        await server.attempts()
        server.down = True
        assert await server.attempts() == 6
        assert [await server.attempts(), await server.attempts(method="get")] == [0, 0]
        server.now += 3
        with pytest.raises(ConnectionFailed) as caught:
            await server.client.post("/variables/", {})

        assert "Cannot connect to Prefect at http://prefect.test/api" in str(caught.value)
        assert "Another request found this 3 s ago; this one was not sent." in str(caught.value)
        assert not caught.value.ambiguous

    asyncio.run(scenario())


def test_one_is_let_through() -> None:
    """Some seconds later one request is tried once; as long as it fails, the others wait for the next."""

    async def scenario() -> None:
        server = Mortal()
        await server.attempts()
        server.down = True
        await server.attempts()
        counts = []
        for _ in range(3):
            server.now += 5
            counts += [await server.attempts(), await server.attempts()]

        assert counts == [1, 0] * 3

    asyncio.run(scenario())


def test_return_is_noticed() -> None:
    """The first request that reaches the server again ends the outage for all; the next gives full patience."""

    async def scenario() -> None:
        server = Mortal()
        await server.attempts()
        server.down = True
        await server.attempts()
        server.down = False
        server.now += 5
        assert [await server.attempts(), await server.attempts()] == [1, 1]
        server.down = True
        assert await server.attempts() == 6

    asyncio.run(scenario())


def test_those_that_try_meanwhile_give_up() -> None:
    """Requests that are trying side by side when one gives up do not go on for the rest of their patience."""

    async def scenario() -> None:
        server = Mortal()
        await server.attempts()
        server.down = True
        server.client._server.policy.max_retries = 10**6
        patient = [asyncio.create_task(server.attempts(f"/{n}", "get")) for n in range(5)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in patient)
        server.client._server.outage.begins(refused())
        await asyncio.wait_for(asyncio.gather(*patient), 2.0)

    asyncio.run(scenario())


def test_first_contact_is_no_outage() -> None:
    """A server that has never answered may be about to be started: every request is sent."""

    async def scenario() -> None:
        server = Mortal()
        server.down = True
        assert [await server.attempts(), await server.attempts()] == [1, 1]
        server.down = False
        assert await server.attempts() == 1

    asyncio.run(scenario())


def test_lost_answers_are_no_outage() -> None:
    """A connection that breaks later has reached the server, so that others are sent."""

    async def scenario() -> None:
        server = Mortal()
        await server.attempts()
        outage = server.client._server.outage

        def break_off(_: Outgoing) -> Answer:
            raise broken()

        server.transport._handler = break_off
        server.down = True
        await server.attempts()

        assert outage.fault is None

    asyncio.run(scenario())


def test_doubt_in_an_outage() -> None:
    """A create whose server dies after it may have acted says so, since it cannot be looked up."""

    async def scenario() -> None:
        server = Mortal()
        await server.attempts()
        steps = [broken()]

        def die(_: Outgoing) -> Answer:
            raise steps.pop() if steps else refused()

        server.transport._handler = die

        async def recover() -> None:
            await server.client.post("/variables/filter", {})

        with pytest.raises(ConnectionFailed, match="may have taken effect") as caught:
            await server.client.post("/variables/", {}, recover=recover)

        assert "The connection broke during POST /api/variables/" in str(caught.value)

    asyncio.run(scenario())
