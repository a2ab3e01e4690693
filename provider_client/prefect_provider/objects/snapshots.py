"""Whole collections, read once for all that ask at about the same time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from prefect_provider.objects.answers import objects_of, refuse_answer
from prefect_provider.plugin.language.kinds import String

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from prefect_provider.api import Client, Scope

__all__ = ["Snapshot", "everything", "number_of_all"]

_PAGE: Final = 200
_OVERLAP: Final = 10
"""Objects of a page that the next one repeats."""


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
    pages: int | None
    answer: asyncio.Task[Any]

    def serves(self, fresh: float, pages: int | None) -> bool:
        """Whether it is new enough, and looks as far as is wanted or has found the end."""
        if time.monotonic() - self.began > fresh:
            return False
        if self.answer.done() and (self.answer.cancelled() or self.answer.exception()):
            return False
        is_whole = self.answer.done() and self.answer.result() is not None
        return is_whole or self.pages is None or (pages is not None and pages <= self.pages)


_LOOKS: Final[WeakKeyDictionary[Client, dict[tuple[str, str], _Look]]] = WeakKeyDictionary()


async def everything(
    client: Client, scope: Scope, collection: str, *, fresh: float, pages: int | None = None
) -> Snapshot | None:
    """The objects of a collection, read within the last ``fresh`` seconds; raises ApiError.

    ``None`` if they are more than ``pages`` pages of 200.
    """
    ask = _read(scope, collection, pages)
    found: Snapshot | None = await _shared(client, (scope.prefix, collection), fresh, pages, ask)
    return found


async def number_of_all(client: Client, scope: Scope, collection: str, *, fresh: float) -> int:
    """How many objects a collection has, asked within the last ``fresh`` seconds; raises ApiError."""
    ask = _count(scope, collection)
    return int(await _shared(client, (scope.prefix, f"{collection}/count"), fresh, None, ask))


async def _shared(
    client: Client, key: tuple[str, str], fresh: float, pages: int | None, ask: Coroutine[Any, Any, Any]
) -> Any:
    looks = _LOOKS.setdefault(client, {})
    look = looks.get(key)
    if look is not None and look.serves(fresh, pages):
        ask.close()
    else:
        look = looks[key] = _Look(time.monotonic(), pages, asyncio.create_task(ask))
    return await asyncio.shield(look.answer)


async def _read(scope: Scope, collection: str, pages: int | None) -> Snapshot | None:
    """Page by page, each of which begins within the one before.

    Objects that are deleted meanwhile move the others up, past the place where the next page would begin. A page with
    nothing of those before it has left some out, and is read again from further up.
    """
    path = f"{collection}/filter"
    found: dict[str, dict[str, Any]] = {}
    offset = 0
    while pages is None or offset < pages * _PAGE:
        answer = (await scope.post(path, {"limit": _PAGE, "offset": offset})).data
        page = objects_of(f"POST {path}", "object", answer, id=String())
        if offset and not any(one["id"] in found for one in page):
            offset = max(0, offset - _PAGE)
            continue
        found |= {one["id"]: one for one in page}
        if len(page) < _PAGE:
            return Snapshot([*found.values()])
        offset += _PAGE - _OVERLAP
    return None


async def _count(scope: Scope, collection: str) -> int:
    path = f"{collection}/count"
    number = (await scope.post(path, {})).data
    if not isinstance(number, int):
        refuse_answer(f"POST {path}", "number", ["it is none"])
    return number
