"""Answers that one process needs to ask for only once, because they do not change while it lives.

A plan of five hundred deployments asks five hundred times which flow an id is of, and for the template of one pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Hashable

__all__ = ["forget", "know", "once"]

_Answer = TypeVar("_Answer")

_TASKS: Final[WeakKeyDictionary[Any, dict[Hashable, asyncio.Future[Any]]]] = WeakKeyDictionary()


async def once(client: Any, key: Hashable, ask: Coroutine[Any, Any, _Answer]) -> _Answer:
    """The answer to what ``key`` names, from the first caller of this client who asked; ``ask`` asks for it.

    Who asks while the answer is under way waits for it. What failed, and ``None``, is asked anew.
    """
    import asyncio

    tasks = _TASKS.setdefault(client, {})
    task = tasks.get(key)
    if task is None:
        task = tasks[key] = asyncio.ensure_future(ask)
    else:
        ask.close()
    kept = False
    try:
        answer: _Answer = await asyncio.shield(task)
        kept = answer is not None
    finally:
        if not kept and tasks.get(key) is task:
            del tasks[key]
    return answer


def know(client: Any, key: Hashable, answer: Any) -> None:
    """Give the answer to what ``key`` names without asking, because it is known from elsewhere."""
    import asyncio

    known: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    known.set_result(answer)
    _TASKS.setdefault(client, {})[key] = known


def forget(client: Any, key: Hashable) -> None:
    """Ask anew from now on: this process has changed what ``key`` names."""
    _TASKS.get(client, {}).pop(key, None)
