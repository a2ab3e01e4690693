"""What time it is for the server, as its answers say (``Date``)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["ServerClock"]


class ServerClock:
    """How far the server's clock is from ours."""

    __slots__ = ("_date", "_here")

    def __init__(self) -> None:
        self._date: str | None = None
        self._here = datetime.now(UTC)

    def heed(self, date: str | None) -> None:
        """Take the header ``Date`` of an answer that has just come."""
        if date:
            self._date, self._here = date, datetime.now(UTC)

    @property
    def ahead(self) -> timedelta | None:
        """How far the server's clock is ahead of ours, to the second; None while it is not known."""
        from email.utils import parsedate_to_datetime

        if self._date is None:
            return None
        try:
            there = parsedate_to_datetime(self._date)
        except ValueError:
            return None
        return (there if there.tzinfo else there.replace(tzinfo=UTC)) - self._here
