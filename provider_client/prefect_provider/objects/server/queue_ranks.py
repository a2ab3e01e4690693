"""The priorities of a work pool's queues, which the server keeps distinct by moving queues along.

A queue that is put at a rank where another one is moves that one, and all that follow it up to the next gap. Written
one after another, in whatever order Terraform happens to take, the queues of one configuration would undo each other.
So the one in the way is first put where nobody is and nobody is going to be; then nothing else moves, and each queue
costs one write, and at most one move; a look at the pool serves all queues that are written at about the same time.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from prefect_provider.api import join_path
from prefect_provider.objects.answers import objects_of
from prefect_provider.plugin.language.kinds import Integer, String

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from prefect_provider.api import Client, Scope

__all__ = ["DEFAULT_QUEUE", "Ranks", "ranks_of"]

DEFAULT_QUEUE: Final = "default"
"""The queue that comes with every pool."""

_PAGE: Final = 200
_FRESH: Final = 60.0
"""Seconds for which a look at a pool serves; the answers to writes show whether it was still true."""


class Ranks:
    """The ranks that this process has given to queues of one pool; `lock` is held while one is given."""

    def __init__(self) -> None:
        import asyncio

        self.wanted: dict[str, int] = {}
        self.lock = asyncio.Lock()
        self._actual: dict[str, int] = {}
        self._looked = -_FRESH

    def forget(self, name: str) -> None:
        """A queue is renamed or deleted, or was not put where it was to be."""
        self.wanted.pop(name, None)
        self._looked = -_FRESH

    def is_new(self) -> None:
        """The pool was made just now, with its default queue."""
        self._actual, self._looked = {DEFAULT_QUEUE: 1}, time.monotonic()

    def note(self, name: str, rank: int) -> None:
        """A queue that was made without a rank of its own was given this one."""
        self._actual[name] = rank

    async def actual(self, scope: Scope, pool: str) -> dict[str, int]:
        """The rank of each queue, to be kept up to date by whoever moves one."""
        if time.monotonic() - self._looked > _FRESH:
            began = time.monotonic()
            self._actual = await _actual(scope, pool)
            self._looked = began
        return self._actual

    async def put(
        self,
        scope: Scope,
        pool: str,
        name: str,
        rank: int,
        write: Callable[[], Awaitable[int | None]],
        *,
        now: str,
    ) -> str | None:
        """Have ``write`` put a queue at its rank, with nobody in the way; ``now`` is its name before that.

        ``write`` returns the rank that the server answered with, if it did.

        Returns the name of the queue that was given the same rank before, of which there can be one only.
        """
        async with self.lock:
            rival = next((one for one, rank_ in self.wanted.items() if rank_ == rank and one != name), None)
            self.wanted[name] = rank
            try:
                return await self._put(scope, pool, name, rank, write, now=now, rival=rival)
            except BaseException:
                self.forget(name)
                raise

    async def _put(
        self,
        scope: Scope,
        pool: str,
        name: str,
        rank: int,
        write: Callable[[], Awaitable[int | None]],
        *,
        now: str,
        rival: str | None,
    ) -> str | None:
        if rival is None:
            actual = await self.actual(scope, pool)
            actual[name] = actual.pop(now, 0)
            await self._make_way(scope, pool, name, rank, actual)
            answered = await write()
            actual[name] = rank
            if answered not in (None, rank):
                # Somebody else has moved queues since the look.
                self._looked = -_FRESH
                actual = await self.actual(scope, pool)
            # Somebody else may have moved queues meanwhile; and writes of another process do not know of ours.
            for other, wanted in sorted(self.wanted.items(), key=lambda item: item[1]):
                if actual.get(other, wanted) != wanted:
                    await self._make_way(scope, pool, other, wanted, actual)
                    await _move(scope, pool, other, wanted, actual)
        else:
            await write()
            self._looked = -_FRESH
        return rival

    async def _make_way(self, scope: Scope, pool: str, name: str, rank: int, actual: dict[str, int]) -> None:
        there = [other for other, rank_ in actual.items() if rank_ == rank and other != name]
        taken = {*actual.values(), *self.wanted.values()}
        if len(there) == 1 and rank + 1 not in taken:
            # The server moves it there by itself, and nobody else.
            actual[there[0]] = rank + 1
            return
        for other in there:
            taken = {*actual.values(), *self.wanted.values()}
            free = next(number for number in range(rank + 1, rank + len(taken) + 2) if number not in taken)
            await _move(scope, pool, other, free, actual)


async def _actual(scope: Scope, pool: str) -> dict[str, int]:
    """The rank of each queue of a pool."""
    path = join_path("work_pools", pool, "queues", "filter")
    found: dict[str, int] = {}
    offset = 0
    while True:
        answer = (await scope.post(path, {"limit": _PAGE, "offset": offset})).data
        page = objects_of(f"POST {path}", "work queue", answer, name=String(), priority=Integer())
        found |= {queue["name"]: queue["priority"] for queue in page}
        offset += _PAGE
        if len(page) < _PAGE:
            return found


async def _move(scope: Scope, pool: str, name: str, rank: int, actual: dict[str, int]) -> None:
    await scope.patch(join_path("work_pools", pool, "queues", name), {"priority": rank})
    actual[name] = rank


_RANKS: Final[WeakKeyDictionary[Client, defaultdict[str, Ranks]]] = WeakKeyDictionary()


def ranks_of(client: Client, scope: Scope, pool: str) -> Ranks:
    """The ranks of a pool, as this process gave them."""
    return _RANKS.setdefault(client, defaultdict(Ranks))[f"{scope.prefix}/{pool}"]
