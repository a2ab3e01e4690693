"""The order in which Prefect evaluates events."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from prefect_iac.history.event import occurred_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from prefect_iac.history.event import Event

__all__ = ["in_causal_order"]

_APART: Final = timedelta(minutes=5)
"""How far an event and the one that it follows may be apart for the order to be kept."""


def in_causal_order(events: Iterable[Event]) -> Iterator[Event]:
    """The events, which are sorted by ``occurred``, each after the one that it ``follows`` if that is near.

    Prefect holds an event back until its leader was evaluated. One whose leader is not there stays in its place. Holds
    as many events in memory as occur in five minutes.
    """
    ahead: deque[tuple[datetime, Event]] = deque()
    coming: set[str] = set()
    waiting: dict[str, list[Event]] = {}

    def released() -> Iterator[Event]:
        _, first = ahead.popleft()
        leader = first.get("follows")
        coming.discard(str(first.get("id")))
        if leader is not None and leader in coming:
            waiting.setdefault(leader, []).append(first)
            # Whoever follows this one waits as well.
            coming.add(str(first.get("id")))
            return
        pending = [first]
        while pending:
            event = pending.pop(0)
            id_ = str(event.get("id"))
            coming.discard(id_)
            yield event
            pending[:0] = waiting.pop(id_, ())

    for event in events:
        occurred = occurred_of(event)
        while ahead and occurred - ahead[0][0] >= _APART:
            yield from released()
        ahead.append((occurred, event))
        coming.add(str(event.get("id")))
    while ahead:
        yield from released()
    # Events that follow each other in a circle have no leader.
    for held in waiting.values():
        yield from held
