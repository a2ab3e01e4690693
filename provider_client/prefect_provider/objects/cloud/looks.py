"""What many objects are read out of is read once for all of them, but not from before this process's last write."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from prefect_provider.objects.snapshots import everything, shared

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["note_write", "read_all", "read_shared"]

_FRESH_S: Final = 2.0
"""For how long a look serves others."""

_WRITES: Final[WeakKeyDictionary[Any, float]] = WeakKeyDictionary()


def note_write(client: Any) -> None:
    """This process has written: looks from before serve no more."""
    _WRITES[client] = time.monotonic()


def _freshness(client: Any) -> float:
    """How old a look may be, in seconds, to be of use now."""
    return min(_FRESH_S, time.monotonic() - _WRITES.get(client, 0.0))


async def read_all(client: Client, scope: Scope, collection: str) -> list[dict[str, Any]]:
    """All objects of a collection, out of which several are looked up; raises ApiError."""
    found = await everything(client, scope, collection, fresh=_freshness(client))
    return found.objects if found else []


async def read_shared(client: Client, scope: Scope, path: str) -> Any:
    """The answer to a GET out of which several things are read; raises ApiError."""

    async def ask() -> Any:
        return (await scope.get(path)).data

    return await shared(client, (scope.prefix, path), _freshness(client), None, ask())
