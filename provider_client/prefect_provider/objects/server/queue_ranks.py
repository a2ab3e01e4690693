"""The priorities of a work pool's queues, which the server keeps distinct by moving queues along.

A queue that is put at a rank where another one is moves that one, and all that follow it up to the next gap. Written
one after another, in whatever order Terraform happens to take, the queues of one configuration would undo each other.
So the one in the way is first put where nobody is and nobody is going to be; then nothing else moves, and each queue
costs one look at the pool, one write, and at most one move.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from prefect_provider.api import join_path

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from prefect_provider.api import Client, Scope

__all__ = ["Ranks", "ranks_of"]

_PAGE: Final = 200


class Ranks:
    """The ranks that this process has given to queues of one pool; `lock` is held while one is given."""

    def __init__(self) -> None:
        self.wanted: dict[str, int] = {}
        self.lock = asyncio.Lock()

    def forget(self, name: str) -> None:
        """A queue is renamed or deleted."""
        self.wanted.pop(name, None)

    async def put(
        self,
        scope: Scope,
        pool: str,
        name: str,
        rank: int,
        write: Callable[[], Awaitable[Any]],
        *,
        now: str,
    ) -> str | None:
        """Have ``write`` put a queue at its rank, with nobody in the way; ``now`` is its name before that.

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
        write: Callable[[], Awaitable[Any]],
        *,
        now: str,
        rival: str | None,
    ) -> str | None:
        if rival is None:
            actual = await _actual(scope, pool)
            actual[name] = actual.pop(now, 0)
            await self._make_way(scope, pool, name, rank, actual)
            await write()
            actual[name] = rank
            # Somebody else may have moved queues meanwhile; and writes of another process do not know of ours.
            for other, wanted in sorted(self.wanted.items(), key=lambda item: item[1]):
                if actual.get(other, wanted) != wanted:
                    await self._make_way(scope, pool, other, wanted, actual)
                    await _move(scope, pool, other, wanted, actual)
        else:
            await write()
        return rival

    async def _make_way(self, scope: Scope, pool: str, name: str, rank: int, actual: dict[str, int]) -> None:
        there = [other for other, rank_ in actual.items() if rank_ == rank and other != name]
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
        page = (await scope.post(path, {"limit": _PAGE, "offset": offset})).data
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
