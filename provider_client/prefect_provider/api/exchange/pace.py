"""How fast requests go out where their number is limited: spread over the minute instead of used up at its begin.

The limit is configured, or the server says how many requests it still takes and until when (``RateLimit-*`` as in
the IETF's drafts, ``X-RateLimit-*`` as gateways have it).
"""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_provider.api.exchange.waits import StopSignal

__all__ = ["Pace", "advertised"]

_AT_ONCE: Final = 20
"""The part of a minute's requests that may go out at once: a twentieth."""

_PROCESSES: Final = 3
"""How many processes Terraform starts one after another for a command; each begins with what may go out at once."""

_SPARE: Final = 20
"""As long as the server takes more than this many further requests, and half of all, nothing is held back."""

_SHORTEST: Final = 0.001
_SAID_EVERY: Final = 10.0
_EPOCH: Final = 1e9
"""A number of seconds above this is a moment, not a duration."""

_ITEM: Final = re.compile(r"\b(r|t|q|remaining|reset|limit)\s*=\s*(\d+)")

_log: Final = logging.getLogger("prefect_provider.api")


def advertised(headers: Mapping[str, str], now: float) -> tuple[int, float, int | None] | None:
    """Requests that are left, the seconds for which they are, and how many there are in all, if the server says so.

    ``now`` is the time since the epoch, against which a moment is held.
    """
    numbers: dict[str, float] = {}
    for name in ("limit", "remaining", "reset"):
        for header in (f"ratelimit-{name}", f"x-ratelimit-{name}", f"x-rate-limit-{name}"):
            # A limit may have its window behind it: `100;w=60`.
            value = headers.get(header, "").partition(",")[0].partition(";")[0].strip()
            if re.fullmatch(r"\d+(\.\d+)?", value):
                numbers.setdefault(name, float(value))
    for short, number in _ITEM.findall(headers.get("ratelimit", "")):
        names = {"r": "remaining", "t": "reset", "q": "limit"}
        numbers.setdefault(names.get(short, short), float(number))
    if "remaining" not in numbers or "reset" not in numbers:
        return None
    reset = numbers["reset"] - (now if numbers["reset"] > _EPOCH else 0.0)
    limit = numbers.get("limit")
    return int(numbers["remaining"]), max(reset, 0.0), None if limit is None else int(limit)


class _Row:
    """Moments that are given out one after another, each a gap behind the one before, some of them at once."""

    __slots__ = ("gap", "next", "spread")

    def __init__(self, gap: float = 0.0, at_once: int = 1) -> None:
        self.gap = gap
        self.spread = (at_once - 1) * gap
        self.next = 0.0

    def take(self, now: float) -> float:
        """The seconds until the next moment, which is then taken."""
        due = max(now, self.next)
        self.next = due + self.gap
        return max(due - now - self.spread, 0.0)


class Pace:
    """Gives each request its moment. ``per_minute`` is the most that may go out within any 60 s; None: no limit."""

    __slots__ = ("_advised", "_advised_until", "_clock", "_configured", "_said", "_stop", "per_minute")

    def __init__(
        self, per_minute: int | None, stop: StopSignal, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self._stop = stop
        self._clock = clock
        self._configured = _Row()
        if per_minute is not None:
            at_once = max(1, per_minute // _AT_ONCE)
            self._configured = _Row(60.0 / max(per_minute - _PROCESSES * at_once + 1, 1), at_once)
        self._advised = _Row()
        self._advised_until = 0.0
        self._said = -_SAID_EVERY

    def heed(self, headers: Mapping[str, str]) -> None:
        """Take from the headers of an answer how many requests the server still takes."""
        told = advertised(headers, time.time())
        if told is None:
            return
        left, seconds, limit = told
        plenty = left > _SPARE and left > (limit or 0) / 2
        now = self._clock()
        self._advised.gap = 0.0 if plenty else seconds / max(left, 1)
        self._advised.next = now if plenty else max(self._advised.next, now + (0.0 if left else seconds))
        self._advised_until = now + seconds

    async def turn(self, longest: float) -> float:
        """Wait for the moment of one request, and return the seconds that it took; raises Stopped.

        What the server advertises for longer than ``longest`` seconds, which nobody waits, is not heeded: it is to say
        itself what it wants.
        """
        now = self._clock()
        wait = self._configured.take(now)
        why = f"no more than {self.per_minute} requests go out in a minute"
        if now < self._advised_until <= now + longest:
            advised = self._advised.take(now)
            if advised > wait:
                wait, why = advised, "the server says that it takes few more"
        if wait < _SHORTEST:
            return 0.0
        if wait >= 1 and now - self._said >= _SAID_EVERY:
            self._said = now
            _log.warning("waiting %.1f s before the next request, because %s", wait, why)
        await self._stop.sleep(wait)
        return wait
