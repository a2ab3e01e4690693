"""Prefect Cloud may show what was just written only a moment later.

A write is followed by looks until one of them shows it; and what many objects are read out of is read for all of them
at once, but never from before this process's own last write.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from prefect_provider.objects.snapshots import shared

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from prefect_provider.api import Client, Scope

__all__ = ["eventually", "freshness", "note_write", "read_shared"]

_T = TypeVar("_T")

_LONGEST_S: Final = 10.0
"""For how long a write is looked for; what is not seen by then is taken as it is seen."""

_FIRST_WAIT_S: Final = 0.1
_LONGEST_WAIT_S: Final = 2.0

_FRESH_S: Final = 2.0
"""For how long a look serves others."""

_WRITES: Final[WeakKeyDictionary[Any, float]] = WeakKeyDictionary()


async def eventually(client: Client, look: Callable[[], Awaitable[_T]], shows_it: Callable[[_T], bool]) -> _T:
    """What a look finds once it shows what was written; after a while, or when it is to stop, the last one."""
    waited, wait = 0.0, _FIRST_WAIT_S
    while True:
        found = await look()
        if shows_it(found) or waited >= _LONGEST_S or not await client.rest(wait):
            return found
        waited += wait
        wait = min(2 * wait, _LONGEST_WAIT_S)


def note_write(client: Any) -> None:
    """This process has written: looks from before serve no more."""
    _WRITES[client] = time.monotonic()


def freshness(client: Any) -> float:
    """How old a look may be, in seconds, to be of use now."""
    return min(_FRESH_S, time.monotonic() - _WRITES.get(client, 0.0))


async def read_shared(client: Client, scope: Scope, path: str) -> Any:
    """The answer to a GET out of which several things are read; raises ApiError."""

    async def ask() -> Any:
        return (await scope.get(path)).data

    return await shared(client, (scope.prefix, path), freshness(client), None, ask())
