"""The places where a request waits, each of which ends at once when the client is stopped."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

__all__ = ["Pause", "Slots", "StopSignal", "Stopped"]


class Stopped(Exception):  # noqa: N818 - an event, not an error by itself
    """The client was stopped during a wait."""


class StopSignal:
    """Tells every wait of a client to end.

    ``is_deserted`` tells whether nobody is left who asked; it is looked at before each write, since the event loop may
    have an answer to hand on before it comes to what else has happened.
    """

    __slots__ = ("_event", "_listeners", "is_deserted")

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        self.is_deserted: Callable[[], bool] | None = None

    @property
    def is_set(self) -> bool:
        """Whether the client was stopped."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise Stopped if the client was stopped, or has to be."""
        if not self.is_set and self.is_deserted is not None and self.is_deserted():
            self.set()
        if self.is_set:
            raise Stopped

    def on_stop(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when the client is stopped."""
        self._listeners.append(listener)

    def set(self) -> None:
        """Stop: end all waits, and let none begin."""
        if not self._event.is_set():
            self._event.set()
            for listener in self._listeners:
                listener()

    async def sleep(self, seconds: float) -> None:
        """Wait, or raise Stopped as soon as the client is."""
        if not self.is_set:
            try:
                async with asyncio.timeout(seconds):
                    await self._event.wait()
            except TimeoutError:
                return
        raise Stopped


class Slots:
    """A number of requests that may be under way at a time; the others wait in order.

    Use as ``async with slots:``. Raises Stopped for those that wait when the client is stopped, and for those
    that come later and would have to wait.
    """

    __slots__ = ("_free", "_stop", "_waiting")

    def __init__(self, count: int, stop: StopSignal) -> None:
        self._free = count
        self._stop = stop
        self._waiting: deque[asyncio.Future[None]] = deque()
        stop.on_stop(self._wake_all)

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        if self._stop.is_set:
            raise Stopped
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._hand_on()  # cancelled in the moment in which its turn came
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _wake_all(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(Stopped())


class Pause:
    """A time during which no request goes out, because the server told one of them to wait.

    Prefect Cloud's rate limit is one budget for the account, so what one request is told holds for all.
    """

    __slots__ = ("_stop", "_until")

    def __init__(self, stop: StopSignal) -> None:
        self._stop = stop
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Let nothing out for this long."""
        self._until = max(self._until, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds until it is over; 0 when it is."""
        return max(self._until - time.monotonic(), 0.0)

    async def over(self) -> float:
        """Wait until the pause is over, and return the seconds that it took."""
        started = time.monotonic()
        while (left := self._until - time.monotonic()) > 0:
            await self._stop.sleep(left + random.uniform(0.0, min(left, 0.5)))  # noqa: S311 - no secret
        return time.monotonic() - started
