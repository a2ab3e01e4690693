"""Which writes may be under way at the same time.

Prefect on SQLite refuses most writes that meet another one, and now and then waits a minute for its database; on
PostgreSQL, and on Prefect Cloud, they do not mind each other. No server says which it is, so it is found out: writes go
one by one until some have passed, then two at once a few times, and many at once when none of those was refused. One
that is refused settles it for good. Plain insertions (`Request.inserts`) pass beside each other everywhere (measured on
Prefect 3.8 with SQLite: none of 900 refused, at two at once 1.6 times as fast as one by one, with more no faster).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from prefect_provider.api.exchange.waits import Stopped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from prefect_provider.api.exchange.waits import StopSignal

__all__ = ["Turns"]

_MANY: Final = 10
"""At once, where writes do not mind each other: Terraform has no more under way unless it is told to."""

_INSERTS: Final = 3
"""Plain insertions at once everywhere."""

_ALONE_FIRST: Final = 5
"""Writes that pass one by one before two are tried together, so that a small apply tries nothing."""

_PAIRS: Final = 10
"""Writes that passed beside another before many may. On SQLite each of them is refused about half of the time."""

_OVERTAKEN: Final = 8
"""Writes that may overtake one that cannot start yet."""

_Known: TypeAlias = Literal["nothing", "refuses", "accepts"]


class _Waiting:
    """A write that waits for its turn."""

    __slots__ = ("granted", "inserts", "overtaken")

    def __init__(self, granted: asyncio.Future[None], *, inserts: bool) -> None:
        self.granted = granted
        self.inserts = inserts
        self.overtaken = 0


class Turns:
    """Gives writes their turns, in the order in which they come as far as they may run together.

    ``limit`` is how many may run together whatever they are; None finds out. With ``accepts`` it is known from the
    start that the server takes many.
    """

    def __init__(self, stop: StopSignal, *, limit: int | None = None, accepts: bool = False) -> None:
        self._stop = stop
        self._limit = limit
        self._knows: _Known = "accepts" if accepts else "nothing"
        self._waiting: list[_Waiting] = []
        self._inserts = self._others = 0
        self._passed = self._paired = 0
        stop.on_stop(self._wake_all)

    @asynccontextmanager
    async def turn(self, *, inserts: bool) -> AsyncIterator[None]:
        """Wait for a turn, and have it inside; raises Stopped when the client is stopped before."""
        await self._wait(inserts=inserts)
        beside = not inserts and self._others > 1
        try:
            yield
        finally:
            if inserts:
                self._inserts -= 1
            else:
                self._others -= 1
                self._note(beside=beside)
            self._grant()

    def refused(self) -> None:
        """The server refused a write because of another: let none meet from now on, unless a limit was set."""
        self._knows = "refuses"

    def _note(self, *, beside: bool) -> None:
        self._passed += 1
        if self._knows != "nothing":
            return
        self._paired += beside
        if self._paired >= _PAIRS:
            self._knows = "accepts"

    def _may_start(self, *, inserts: bool) -> bool:
        under_way = self._inserts + self._others
        if self._limit is not None:
            return under_way < self._limit
        if self._knows == "accepts":
            return under_way < _MANY
        if under_way == 0:
            return True
        if inserts:
            return self._others == 0 and self._inserts < _INSERTS
        tries = self._knows == "nothing" and self._passed >= _ALONE_FIRST
        return tries and self._inserts == 0 and self._others == 1

    async def _wait(self, *, inserts: bool) -> None:
        if not self._waiting and self._may_start(inserts=inserts):
            self._begin(inserts=inserts)
            return
        if self._stop.is_set:
            raise Stopped
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(granted, inserts=inserts))
        try:
            # The others that wait may be of a kind that cannot start now.
            self._grant()
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                # Cancelled in the moment in which its turn came.
                if inserts:
                    self._inserts -= 1
                else:
                    self._others -= 1
                self._grant()
            raise

    def _begin(self, *, inserts: bool) -> None:
        if inserts:
            self._inserts += 1
        else:
            self._others += 1

    def _grant(self) -> None:
        """Start whoever waits and may, the longest first."""
        still: list[_Waiting] = []
        for number, one in enumerate(self._waiting):
            if one.granted.done():
                continue
            if self._may_start(inserts=one.inserts):
                self._begin(inserts=one.inserts)
                one.granted.set_result(None)
                for earlier in still:
                    earlier.overtaken += 1
                continue
            still.append(one)
            if one.overtaken >= _OVERTAKEN:
                still += self._waiting[number + 1 :]
                break
        self._waiting = still

    def _wake_all(self) -> None:
        for one in self._waiting:
            if not one.granted.done():
                one.granted.set_exception(Stopped())
        self._waiting = []
