"""When a server answers nothing any more, all that wait for it give up together.

One clock for the client runs while requests wait, and begins anew with each answer, so that a slow server that
works is never cut off, however long all of it takes. An answer that only says "not now" (429, 503) is none. Reads and
writes have a clock each besides: a server that still reads does not keep writes waiting for ever.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Standstill", "Wait"]

_SAID_AFTER: Final = 10.0
"""Seconds of waiting after which, and between which, the log says what is waited for."""

_TICK: Final = 1.0

_LET_THROUGH: Final = 5.0
"""Seconds after which a request is let through, to see whether the server is back; and how long it may take."""

_log: Final = logging.getLogger("prefect_provider.api")


class _Stopwatch:
    """Seconds that somebody has waited since the last answer; it stands still while nobody waits."""

    __slots__ = ("_clock", "_since", "_spent", "_waiting")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting = 0
        self._since = 0.0
        self._spent = 0.0

    def begin(self) -> None:
        if not self._waiting:
            self._since = self._clock()
        self._waiting += 1

    def end(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._spent += self._clock() - self._since

    def reset(self) -> None:
        self._spent = 0.0
        self._since = self._clock()

    @property
    def elapsed(self) -> float:
        return self._spent + (self._clock() - self._since if self._waiting else 0.0)


class Standstill:
    """Whether a server has answered nothing for ``limit`` seconds; to be used inside one event loop."""

    def __init__(self, limit: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.clock = clock
        self._all = _Stopwatch(clock)
        self._kinds = {False: _Stopwatch(clock), True: _Stopwatch(clock)}
        self._waits: dict[Wait, None] = {}
        self._next_try: float | None = None
        self._said = -_SAID_AFTER
        self._timer: asyncio.TimerHandle | None = None

    def wait(self, call: str, *, is_write: bool, within: float | None = None) -> Wait:
        """A request that begins to wait; ``call`` is what people call it, ``within`` what it alone may take."""
        return Wait(self, call, (self._all, self._kinds[is_write]), within)

    def lets_through(self) -> bool:
        """Whether one may try although everybody gave up: one in some seconds may."""
        self.is_over()
        now = self.clock()
        if self._next_try is None or now < self._next_try:
            return False
        self._next_try = now + _LET_THROUGH
        return True

    def is_over(self) -> None:
        """Somebody has given up because of all: nobody tries for some seconds."""
        if self._next_try is None:
            self._next_try = self.clock() + _LET_THROUGH

    def answered(self) -> None:
        """The server works."""
        self._next_try = None

    def begin(self, wait: Wait) -> None:
        """A request waits from now on."""
        self._waits[wait] = None
        if self._timer is None:
            self._set_timer()

    def end(self, wait: Wait) -> None:
        """It does not wait any more."""
        self._waits.pop(wait, None)
        if not self._waits and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(min(_TICK, self.limit / 20), self._look)

    def _look(self) -> None:
        """Cut off those whose time is over, and say what the others wait for."""
        self._set_timer()
        for wait in list(self._waits):
            if wait.left <= 0 and wait.cut is not None:
                self.is_over()
                wait.cut()
        now = self.clock()
        oldest = min(self._waits, key=lambda wait: wait.since)
        nothing = self._all.elapsed
        if max(nothing, now - oldest.since) < _SAID_AFTER or now - self._said < _SAID_AFTER:
            return
        self._said = now
        others = len(self._waits) - 1
        _log.warning(
            "waiting for Prefect: %s has waited %.0f s, %s%s. Nothing was answered for %.0f s; if nothing is for "
            "another %.0f s, all is given up",
            oldest.call,
            now - oldest.since,
            oldest.why,
            f"; {others} more wait" if others else "",
            nothing,
            max(oldest.left, 0.0),
        )


class Wait:
    """One request, from the moment in which it is asked until its reply; use as ``with wait:``."""

    __slots__ = ("_standstill", "_stopwatches", "_within", "call", "cut", "since", "why")

    def __init__(
        self, standstill: Standstill, call: str, stopwatches: tuple[_Stopwatch, ...], within: float | None
    ) -> None:
        self._standstill = standstill
        self._stopwatches = stopwatches
        self._within = within
        self.call = call
        self.since = standstill.clock()
        self.why = "and there is no answer yet"
        """What it waits for now, as the end of a sentence."""
        self.cut: Callable[[], None] | None = None
        """Ends what is under way."""

    def __enter__(self) -> None:
        for stopwatch in self._stopwatches:
            stopwatch.begin()
        self._standstill.begin(self)

    def __exit__(self, *_: object) -> None:
        self._standstill.end(self)
        for stopwatch in self._stopwatches:
            stopwatch.end()

    @property
    def left(self) -> float:
        """Seconds until it is given up, unless something is answered meanwhile."""
        left = self._standstill.limit - self.standstill
        return (
            left if self._within is None else min(left, self.since + self._within - self._standstill.clock())
        )

    @property
    def standstill(self) -> float:
        """Seconds for which requests of its kind have waited without an answer to any."""
        return max(stopwatch.elapsed for stopwatch in self._stopwatches)

    @property
    def is_private(self) -> bool:
        """Whether it has a time of its own."""
        return self._within is not None

    @property
    def is_alone(self) -> bool:
        """Whether its own time is over, and not everybody's."""
        return self.standstill < self._standstill.limit

    @property
    def seconds(self) -> float:
        """How long it has waited."""
        return self._standstill.clock() - self.since

    def answered(self) -> None:
        """The server has answered."""
        self._standstill.answered()
        for stopwatch in self._stopwatches:
            stopwatch.reset()
