"""The order in which the server evaluates events: as they arrive, each once, none before the one that it follows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from prefect_provider.events.ticks import LOOK_BACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prefect_provider.events.event import Event
    from prefect_provider.events.ticks import Ticks

__all__ = ["Arrival", "Sighting", "arrivals"]

_SEEN_FOR = 2 * LOOK_BACK
_DEEPEST = 20
"""Of a longer chain of events that wait for each other the rest is not evaluated."""


class Arrival(NamedTuple):
    """An event, when it is evaluated, and the time up to which ticks have swept by then."""

    at: int
    event: Event
    swept: int


class Sighting(NamedTuple):
    """The server takes an event from its queue."""

    at: int
    occurred: int


def arrivals(
    events: Iterable[Event], ticks: Ticks, sightings: list[Sighting] | None = None
) -> Iterator[Arrival]:
    """The events in the order in which the server evaluates them.

    An event that was evaluated in the last half hour is passed over. One that follows another which is still to come
    waits for it, and after 15 minutes goes on without it. One that follows an event that is not among these at all is
    taken as if that had been seen: the events may be a part of all.

    ``sightings`` gets those of each event in the order of time: one that waits is seen when it comes, and again when
    it is evaluated.
    """
    ordered = _sorted(events)
    seen: list[Sighting] = [] if sightings is None else sightings
    followed = {event.follows for event in ordered if event.follows is not None}
    if not followed:
        return _once(ordered, seen)
    return _Waiting(ticks, followed & {event.id for event in ordered}, seen).evaluated(ordered)


def _sorted(events: Iterable[Event]) -> Sequence[Event]:
    found = events if isinstance(events, (list, tuple)) else list(events)
    times = [event.arrived for event in found]
    if all(earlier <= later for earlier, later in pairwise(times)):
        return found
    return sorted(found, key=lambda one: one.arrived)


def _once(events: Sequence[Event], sightings: list[Sighting]) -> Iterator[Arrival]:
    seen = _Seen()
    for event in events:
        at = event.arrived
        if not seen.again(event.id, at):
            sightings.append(Sighting(at, event.occurred))
            yield Arrival(at, event, at)


class _Seen:
    """The ids of the last half hour."""

    __slots__ = ("_newer", "_older", "_since")

    def __init__(self) -> None:
        self._older: dict[str, int] = {}
        self._newer: dict[str, int] = {}
        self._since: int | None = None

    def __contains__(self, id_: str) -> bool:
        return id_ in self._newer or id_ in self._older

    def again(self, id_: str, at: int) -> bool:
        """Whether an event was seen before; else it is noted. One without an id is always new."""
        if not id_:
            return False
        if self._since is None or at - self._since >= _SEEN_FOR:
            self._since, self._older, self._newer = at, self._newer, {}
        before = self._newer.get(id_)
        if before is None:
            before = self._older.get(id_)
        if before is not None and at - before < _SEEN_FOR:
            return True
        self._newer[id_] = at
        return False


class _Waiting:
    """Events that wait for the ones that they follow."""

    def __init__(self, ticks: Ticks, leaders: set[str], sightings: list[Sighting]) -> None:
        self._ticks = ticks
        self._sightings = sightings
        self._leaders = leaders
        self._seen = _Seen()
        self._followers: dict[str, list[Event]] = {}
        self._waiting: dict[str, Event] = {}
        """By id, in the order of arrival."""

    def evaluated(self, events: Sequence[Event]) -> Iterator[Arrival]:
        for event in events:
            at = event.arrived
            yield from self._lost(at)
            if event.id in self._waiting:
                continue
            if (
                event.follows in self._leaders
                and event.follows != event.id
                and event.follows not in self._seen
            ):
                self._wait(event)
            else:
                yield from self._released(event, at, at, 0)
        yield from self._lost(None)

    def _wait(self, event: Event) -> None:
        self._sightings.append(Sighting(event.arrived, event.occurred))
        self._waiting[event.id] = event
        self._followers.setdefault(str(event.follows), []).append(event)

    def _released(self, event: Event, at: int, swept: int, depth: int) -> Iterator[Arrival]:
        """An event, and those that waited for it."""
        if depth > _DEEPEST or self._seen.again(event.id, at):
            return
        self._sightings.append(Sighting(at, event.occurred))
        yield Arrival(at, event, swept)
        for follower in sorted(self._followers.pop(event.id, ()), key=lambda one: one.occurred):
            if self._waiting.pop(follower.id, None) is not None:
                yield from self._released(follower, at, swept, depth + 1)

    def _lost(self, until: int | None) -> Iterator[Arrival]:
        """Those that have waited too long, at the tick that finds them."""
        while self._waiting:
            tick = self._ticks.not_before(next(iter(self._waiting.values())).arrived + LOOK_BACK)
            if until is not None and tick > until:
                return
            found = [one for one in self._waiting.values() if one.arrived + LOOK_BACK <= tick]
            for event in found:
                self._waiting.pop(event.id)
                self._followers[str(event.follows)].remove(event)
            for event in sorted(found, key=lambda one: one.occurred):
                # The tick looks for these before it sweeps.
                yield from self._released(event, tick, tick - 1, 0)
