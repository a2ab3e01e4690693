"""Real connections that are watched, or break while an object is created."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prefect_provider.api import Answer, Client, Outgoing, RetryPolicy, Transport
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from tests.api.fake_transport import broken

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

__all__ = ["Breaking", "break_at", "break_at_creation", "count_requests"]


class Breaking:
    """A connection that breaks at the first request of a kind, after the server has heard of it or before."""

    def __init__(self, inner: Transport, method: str, path: str, *, heard: bool) -> None:
        self._inner = inner
        self._method = method
        self._path = path
        self._heard = heard
        self.creations = 0

    async def send(self, outgoing: Outgoing) -> Answer:
        """Pass on, but lose the first such request or its answer."""
        creation = outgoing.method == self._method and re.search(self._path, outgoing.url) is not None
        self.creations += creation
        if not creation or self.creations > 1:
            return await self._inner.send(outgoing)
        if self._heard:
            answer = await self._inner.send(outgoing)
            if answer.status >= 400:
                # A busy server has refused it, and is asked again.
                self.creations -= 1
                return answer
        raise broken()

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


class Counting:
    """A connection that keeps what was asked, as ``GET <url>``."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.asked: list[str] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        """Keep it, and pass on."""
        self.asked.append(f"{outgoing.method} {outgoing.url}")
        return await self._inner.send(outgoing)

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def break_at_creation(world: World, path: str, *, heard: bool) -> Breaking:
    """Give the world a client whose first POST to a path, such as ``/flows/``, is not answered."""
    return break_at(world, "POST", f"{path}$", heard=heard)


def break_at(world: World, method: str, path: str, *, heard: bool) -> Breaking:
    """Give the world a client whose first request with a method to a path (a pattern) is not answered."""
    breaking = Breaking(HttpxTransport(world.settings), method, path, heard=heard)
    _connect(world, breaking)
    return breaking


def count_requests(world: World) -> list[str]:
    """Give the world a client whose requests, ``GET <url>``, are added to the list that is returned."""
    counting = Counting(HttpxTransport(world.settings))
    _connect(world, counting)
    counting.asked.clear()
    return counting.asked


def _connect(world: World, transport: Transport) -> None:
    world.run(world.client.aclose())
    world.client = Client(world.settings, transport=transport, policy=RetryPolicy(max_retries=20))
    world.run(world.client.check())  # a first success: until then a broken connection means a wrong address
