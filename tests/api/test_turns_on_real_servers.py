"""Which writes run together on a real server, on SQLite and on PostgreSQL: the provider is not told which it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import pytest

from prefect_provider.api import Answer, Client, Outgoing, Transport, resolve
from prefect_provider.api.exchange.httpx_transport import HttpxTransport

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer

WRITES = 80


class Start(NamedTuple):
    """A write, at the moment in which it is sent for the first time."""

    others: int
    """Writes under way."""

    refused: int
    """Writes that have been refused so far."""


class Watched:
    """A real connection whose writes are counted."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._under_way = 0
        self._seen: set[str] = set()
        self.refused = 0
        self.starts: list[Start] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        """Pass on."""
        if outgoing.method == "GET":
            return await self._inner.send(outgoing)
        if outgoing.url not in self._seen:
            self._seen.add(outgoing.url)
            self.starts.append(Start(self._under_way, self.refused))
        self._under_way += 1
        try:
            answer = await self._inner.send(outgoing)
        finally:
            self._under_way -= 1
        self.refused += answer.status == 503
        return answer

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def write_much(server: PrefectServer) -> Watched:
    """Change a variable for each write, all asked for at once."""
    ids = [
        server.call("POST", "/variables/", {"name": f"turns-{uuid4()}", "value": 0})["id"]
        for _ in range(WRITES)
    ]
    settings = resolve({"endpoint": server.api_url}, {})
    watched = Watched(HttpxTransport(settings))

    async def write() -> None:
        async with Client(settings, transport=watched) as client:
            scope = client.workspace()
            await asyncio.gather(*(scope.patch(f"/variables/{id_}", {"value": 1}) for id_ in ids))

    asyncio.run(write())
    for id_ in ids:
        assert server.call("GET", f"/variables/{id_}")["value"] == 1
        server.call("DELETE", f"/variables/{id_}")
    return watched


def test_writes_run_together_on_postgresql(postgresql_server: PrefectServer) -> None:
    """Ten writes are under way at once, and none of them is refused."""
    watched = write_much(postgresql_server)

    assert watched.refused == 0
    assert len(watched.starts) == WRITES
    assert max(start.others for start in watched.starts) == 9


@pytest.mark.sqlite
def test_a_refusal_settles_it_on_sqlite(prefect_servers: Callable[..., PrefectServer]) -> None:
    """Where writes mind each other, one that is refused says so, and none begins beside another from then on.

    But for the one that had been given its turn when the refusal came.
    """
    watched = write_much(prefect_servers(services=False))

    assert watched.refused >= 1
    assert len([start for start in watched.starts if start.refused and start.others]) <= 1
