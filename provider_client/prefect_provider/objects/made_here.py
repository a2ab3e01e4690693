"""What this process has made: none of it can be what was there before, or the object whose answer was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Hashable

__all__ = ["creation_turn", "note_made_here", "was_made_along", "was_made_by", "was_made_here"]

_MADE: Final[set[str]] = set()
"""Ids of the objects that this process made."""

_MADE_BY: Final[WeakKeyDictionary[Any, dict[str, bool]]] = WeakKeyDictionary()
"""The same for each client, with whether it was along with the object of another resource."""

_TURNS: Final[WeakKeyDictionary[Any, dict[Hashable, asyncio.Lock]]] = WeakKeyDictionary()


def was_made_here(object_id: str) -> bool:
    """Whether this process has made the object of that id."""
    return object_id in _MADE


def was_made_by(client: Any, object_id: str) -> bool:
    """Whether this client has made the object of that id for a resource of its own."""
    return _MADE_BY.get(client, {}).get(object_id) is False


def was_made_along(client: Any, object_id: str) -> bool:
    """Whether this client has made the object of that id along with that of another resource."""
    return _MADE_BY.get(client, {}).get(object_id) is True


def note_made_here(object_id: str, client: Any = None, *, along: bool = False) -> None:
    """This process has made an object, perhaps only along with another, as a deployment's flow is."""
    _MADE.add(object_id)
    if client is not None:
        _MADE_BY.setdefault(client, {})[object_id] = along


def creation_turn(client: Any, key: Hashable) -> tuple[asyncio.Lock, bool]:
    """What to hold while an object of that key is looked for and made, and whether this is the first of that key.

    For objects whose creation changes the one that is there: of two of one key, the second is to see the first.
    """
    import asyncio

    turns = _TURNS.setdefault(client, {})
    is_first = key not in turns
    return turns.setdefault(key, asyncio.Lock()), is_first
