"""The server's ticks: when it looks at windows without an event, and how far behind its clock is then.

Every 5 seconds the server evaluates Proactive triggers and sweeps windows that are long over. Its clock is the time
less the lag of the events that it last saw.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_provider.events.event import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVERY", "LOOK_BACK", "SWEPT_AFTER", "Lag", "Ticks"]

EVERY: Final = 5 * SECOND
LOOK_BACK: Final = 15 * 60 * SECOND
"""How late an event may be for the first window; how long one waits for the event that it follows."""
SWEPT_AFTER: Final = 60 * SECOND
"""How long after its end a window is removed."""


class Ticks(NamedTuple):
    """When the server ticks: at ``first``, and every 5 seconds from then on."""

    first: int

    def not_before(self, time: int) -> int:
        """The first tick at that time or later."""
        if time <= self.first:
            return self.first
        return time + (self.first - time) % EVERY


class Lag:
    """By how much the server's clock is ahead of the time, at each time: zero, or negative after late events."""

    __slots__ = ("_lags", "_times")

    def __init__(self, seen: Iterable[tuple[int, int]] = ()) -> None:
        """Take the times at which events were seen, in order, each with the time at which the event occurred."""
        self._times: list[int] = []
        self._lags: list[int] = []
        lag = 0
        newest: int | None = None
        for at, occurred in seen:
            past = min(occurred, at)
            newest = past if newest is None else max(newest, past)
            if newest - at != lag:
                lag = newest - at
                self._times.append(at)
                self._lags.append(lag)

    def at(self, tick: int) -> int:
        """The lag at a tick; what is seen at the very time comes after it."""
        if not self._times:
            return 0
        place = bisect_left(self._times, tick)
        return self._lags[place - 1] if place else 0

    def sweep(self, end: int, made: int, ticks: Ticks) -> int:
        """The tick after ``made`` that removes a window with this end, unless something else is done to it before."""
        tick = ticks.not_before(max(end + SWEPT_AFTER, made + 1))
        if self._times:
            while end > tick + self.at(tick) - SWEPT_AFTER:
                tick += EVERY
        return tick
