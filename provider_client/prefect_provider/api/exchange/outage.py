"""When a server is gone, one request finds that out, and the others need not.

Each request tries for its own while before it gives up. After the first that never reached the server, the
others fail at once, until one that is let through from time to time reaches it again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.api.exchange.transport import TransportFault

__all__ = ["Outage"]

_LIFE: Final = 5.0
"""Seconds after which a request is let through, to see whether the server is back."""


class Outage:
    """Whether the server is known to be gone; ``fault`` is how that showed, None while it is not."""

    __slots__ = ("_clock", "_until", "fault", "since")

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0
        self.since = 0.0
        self.fault: TransportFault | None = None

    def begins(self, fault: TransportFault) -> None:
        """A request gave up without having reached the server."""
        now = self._clock()
        if self.fault is None:
            self.since = now
        self.fault = fault
        self._until = now + _LIFE

    def ends(self) -> None:
        """A request reached the server."""
        self.fault = None

    def admits(self) -> bool:
        """Whether a request may go out; during an outage one in some seconds may."""
        if self.fault is None:
            return True
        now = self._clock()
        if now < self._until:
            return False
        self._until = now + _LIFE
        return True

    def lasts(self) -> float:
        """Seconds since the outage was found."""
        return self._clock() - self.since
