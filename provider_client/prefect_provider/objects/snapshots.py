"""Whole collections, read once for all that ask at about the same time."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from prefect_provider.objects.answers import refuse_answer
from prefect_provider.objects.pages import PAGE, pages

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Mapping

    from prefect_provider.api import Client, Scope

__all__ = ["Snapshot", "everything", "number_of_all", "shared"]


class Snapshot:
    """The objects of a collection."""

    def __init__(self, objects: list[dict[str, Any]]) -> None:
        self.objects = objects
        self._indexes: dict[tuple[str, ...], dict[tuple[str, ...], list[dict[str, Any]]]] = {}

    def of(self, owner: Mapping[str, str]) -> list[dict[str, Any]]:
        """Those with these texts in these fields, such as ``{"flow_id": ...}``."""
        fields = tuple(owner)
        index = self._indexes.get(fields)
        if index is None:
            index = self._indexes[fields] = {}
            for one in self.objects:
                index.setdefault(_key({field: str(one.get(field)) for field in fields}), []).append(one)
        return index.get(_key(owner), [])


def _key(owner: Mapping[str, str]) -> tuple[str, ...]:

    return tuple(text.lower() if field.endswith("_id") else text for field, text in owner.items())


class _Look(NamedTuple):
    began: float
    most: int | None
    answer: asyncio.Task[Any]

    def serves(self, fresh: float, most: int | None) -> bool:
        """Whether it is new enough, and looks as far as is wanted or has found the end."""
        if time.monotonic() - self.began > fresh:
            return False
        if self.answer.done() and (self.answer.cancelled() or self.answer.exception()):
            return False
        is_whole = self.answer.done() and self.answer.result() is not None
        return is_whole or self.most is None or (most is not None and most <= self.most)


_LOOKS: Final[WeakKeyDictionary[Client, dict[tuple[str, str], _Look]]] = WeakKeyDictionary()


async def everything(
    client: Client, scope: Scope, collection: str, *, fresh: float, most: int | None = None
) -> Snapshot | None:
    """The objects of a collection, read within the last ``fresh`` seconds; raises ApiError.

    ``None`` if they are more than ``most`` pages of 200.
    """
    ask = _read(scope, collection, most)
    found: Snapshot | None = await shared(client, (scope.prefix, collection), fresh, most, ask)
    return found


async def number_of_all(client: Client, scope: Scope, collection: str, *, fresh: float) -> int:
    """How many objects a collection has, asked within the last ``fresh`` seconds; raises ApiError."""
    ask = _count(scope, collection)
    return int(await shared(client, (scope.prefix, f"{collection}/count"), fresh, None, ask))


async def shared(
    client: Client, key: tuple[str, str], fresh: float, most: int | None, ask: Coroutine[Any, Any, Any]
) -> Any:
    """What was asked under a key within the last ``fresh`` seconds, or is asked now."""
    import asyncio

    looks = _LOOKS.setdefault(client, {})
    look = looks.get(key)
    if look is not None and look.serves(fresh, most):
        ask.close()
    else:
        look = looks[key] = _Look(time.monotonic(), most, asyncio.create_task(ask))
    return await asyncio.shield(look.answer)


async def _read(scope: Scope, collection: str, most: int | None) -> Snapshot | None:
    objects: list[dict[str, Any]] = []
    async with aclosing(pages(scope, f"{collection}/filter")) as read:
        async for page in read:
            objects += page
            if most is not None and len(objects) >= most * PAGE:
                return None
    return Snapshot(objects)


async def _count(scope: Scope, collection: str) -> int:
    path = f"{collection}/count"
    number = (await scope.post(path, {})).data
    if not isinstance(number, int):
        refuse_answer(f"POST {path}", "number", ["it is none"])
    return number
