"""What time it is for the server, as its answers say (``Date``)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["ServerClock"]

_NONE: Final = timedelta()
_SECOND: Final = timedelta(seconds=1)


class ServerClock:
    """How far the server's clock is from ours."""

    __slots__ = ("_date", "_here", "_took")

    def __init__(self) -> None:
        self._date: str | None = None
        self._here = datetime.now(UTC)
        self._took = 0.0

    def heed(self, date: str | None, took: float) -> None:
        """Take the header ``Date`` of an answer that has just come, and that took so many seconds.

        The soonest answer is the one that is believed. A server writes the time at which the request came, so one
        of whose answers one took a minute would look a minute late.
        """
        if date and (self._date is None or took <= self._took):
            self._date, self._here, self._took = date, datetime.now(UTC), took

    @property
    def ahead(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None while it is not known.

        Zero where both may be equal for what is known, which is the second, and how long the answer took.
        """
        from email.utils import parsedate_to_datetime

        if self._date is None:
            return None
        try:
            there = parsedate_to_datetime(self._date)
        except ValueError:
            return None
        least = (there if there.tzinfo else there.replace(tzinfo=UTC)) - self._here
        most = least + timedelta(seconds=self._took) + _SECOND
        return _NONE if least <= _NONE <= most else (least + most) / 2
