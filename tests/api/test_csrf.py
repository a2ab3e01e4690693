"""CSRF tokens against a fake network that behaves as Prefect's middleware."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from prefect_provider.api import Answer, Forbidden, Outgoing
from tests.api.fake_transport import FakeTransport, answer, client


class Middleware:
    """Answers as a Prefect 3.8 server with CSRF protection, and counts the tokens that it gave."""

    def __init__(self, *, lifetime: timedelta = timedelta(hours=1), status: int = 200) -> None:
        self.tokens = 0
        self._lifetime = lifetime
        self._status = status

    def forget(self) -> None:
        """Make the current token invalid, as a restart with another database does."""
        self.tokens += 100

    def __call__(self, outgoing: Outgoing) -> Answer:
        """Answer one request."""
        if "/csrf-token" in outgoing.url:
            if self._status != 200:
                return answer(self._status, {"detail": "CSRF protection is disabled."})
            self.tokens += 1
            expiration = (datetime.now(UTC) + self._lifetime).isoformat()
            return answer(200, {"token": f"t{self.tokens}", "client": "c", "expiration": expiration})
        if outgoing.method != "GET" and self._status == 200:
            token = outgoing.headers.get("prefect-csrf-token")
            if token is None:
                return answer(403, {"detail": "Missing CSRF token."})
            if token != f"t{self.tokens}":
                return answer(403, {"detail": "Invalid CSRF token or client identifier."})
        return answer(200, {"id": "1"} if outgoing.method == "DELETE" else [])


def test_one_token_for_all() -> None:
    """Concurrent requests share one token; reads by GET need none."""

    async def scenario() -> None:
        server = Middleware()
        transport = FakeTransport(server)
        made = client(transport, csrf_enabled=True, write_concurrency=8, custom_headers='{"X-Proxy": "yes"}')
        await made.get("/flows/1")
        assert server.tokens == 0
        await asyncio.gather(*(made.post("/flows/filter", {}) for _ in range(20)))

        assert server.tokens == 1
        assert {sent.headers["x-proxy"] for sent in transport.sent} == {"yes"}
        clients = {
            sent.headers.get("prefect-csrf-client") for sent in transport.sent if sent.method == "POST"
        }
        assert len(clients) == 1

    asyncio.run(scenario())


def test_refreshed_when_refused() -> None:
    """A token that the server no longer knows is renewed once, however many requests were refused for it."""

    async def scenario() -> None:
        server = Middleware()
        made = client(FakeTransport(server), csrf_enabled=True, write_concurrency=8)
        await made.patch("/x", {})
        server.forget()
        before = server.tokens
        await asyncio.gather(*(made.patch("/x", {}) for _ in range(8)))

        assert server.tokens == before + 1

    asyncio.run(scenario())


def test_enabled_by_the_server() -> None:
    """A server that asks for tokens gets them, although the provider block did not say so."""

    async def scenario() -> None:
        server = Middleware()
        made = client(FakeTransport(server))
        assert (await made.delete("/x")).status == 200
        assert (await made.delete("/y")).status == 200
        assert server.tokens == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [404, 422])
def test_server_without_protection(status: int) -> None:
    """A server that has no tokens to give is asked once, and gets requests without one."""

    async def scenario() -> None:
        transport = FakeTransport(Middleware(status=status))
        made = client(transport, csrf_enabled=True)
        await made.patch("/x", {})
        await made.patch("/x", {})

        assert ["csrf-token" in sent.url for sent in transport.sent] == [True, False, False]

    asyncio.run(scenario())


def test_expired_by_the_clock_of_another() -> None:
    """Tokens that look expired on arrival, as with a wrong clock, are used and not fetched each time."""

    async def scenario() -> None:
        server = Middleware(lifetime=timedelta(hours=-3))
        made = client(FakeTransport(server), csrf_enabled=True)
        for _ in range(5):
            await made.patch("/x", {})

        assert server.tokens == 1

    asyncio.run(scenario())


def test_gives_up() -> None:
    """A server that refuses every token ends in its own words after a few."""

    async def scenario() -> None:
        def handler(outgoing: Outgoing) -> Answer:
            if "/csrf-token" in outgoing.url:
                return answer(200, {"token": "t", "client": "c", "expiration": "never"})
            return answer(403, {"detail": "Invalid CSRF token or client identifier."})

        transport = FakeTransport(handler)
        with pytest.raises(Forbidden, match="Invalid CSRF token"):
            await client(transport).patch("/x", {})

        assert len(transport.sent) == 5

    asyncio.run(scenario())


def test_other_refusals_are_final() -> None:
    """A 403 about anything else asks for no token."""

    async def scenario() -> None:
        transport = FakeTransport(lambda _: answer(403, {"detail": "not your workspace"}))
        with pytest.raises(Forbidden):
            await client(transport).patch("/x", {})

        assert len(transport.sent) == 1

    asyncio.run(scenario())
