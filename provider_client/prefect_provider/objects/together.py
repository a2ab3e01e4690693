"""Questions for names that several objects may have, asked for all who ask at about the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from prefect_provider.objects.pages import pages

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["all_named"]

_WINDOW_S: Final = 0.003
"""How long the first who asks waits for others."""


class _Asked:
    """The names that are about to be asked for, and the answer to come."""

    def __init__(self, scope: Scope, collection: str) -> None:
        import asyncio

        self.names: set[str] = set()
        self.task = asyncio.create_task(self._ask(scope, collection))
        self.is_open = True

    async def _ask(self, scope: Scope, collection: str) -> list[dict[str, Any]]:
        import asyncio

        await asyncio.sleep(_WINDOW_S)
        self.is_open = False
        wanted = {collection.strip("/"): {"name": {"any_": sorted(self.names)}}}
        return [one async for page in pages(scope, f"{collection}/filter", wanted) for one in page]


_ASKED: Final[WeakKeyDictionary[Client, dict[tuple[str, str], _Asked]]] = WeakKeyDictionary()


async def all_named(client: Client, scope: Scope, collection: str, name: str) -> list[dict[str, Any]]:
    """All objects of a name in a collection whose filter takes names; raises ApiError."""
    import asyncio

    asked = _ASKED.setdefault(client, {})
    key = (scope.prefix, collection)
    if key not in asked or not asked[key].is_open:
        asked[key] = _Asked(scope, collection)
    waiting = asked[key]
    waiting.names.add(name)
    return [one for one in await asyncio.shield(waiting.task) if one.get("name") == name]
