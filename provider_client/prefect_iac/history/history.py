"""What every source of events can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from prefect_iac.history.query import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from prefect_iac.history.event import Event
    from prefect_iac.history.query import Query

__all__ = ["Coverage", "History", "HistoryError"]


class HistoryError(Exception):
    """Events cannot be read or written; the message says what, where (``file:line``) and how to mend it."""


class Coverage(NamedTuple):
    """Of which time a history has the events; what is asked before ``since`` is not known to have been quiet."""

    since: datetime | None
    """From when on it is whole, in UTC; ``None``: it has no event."""
    until: datetime | None
    """Up to when, inclusive."""
    why: str
    """Why it begins there, in words: ``as asked``, ``the server keeps 7 days``, ``its first event``."""
    whole: bool
    """Whether it reaches back as far as was asked."""


class History(ABC):
    """Events in the order in which Prefect sees them; may be read any number of times, and sent to another process."""

    source: str
    """What it is read from, for messages."""

    @abstractmethod
    def events(self, query: Query = ALL) -> Iterator[Event]:
        """The events that are wanted, by ``occurred``, each after the event that it follows; one at a time.

        Raises :class:`HistoryError`, with ``file:line`` for a line that is no event.
        """

    @abstractmethod
    def count(self, query: Query = ALL) -> Mapping[str, int]:
        """How many there are of each name."""

    @abstractmethod
    def coverage(self, query: Query = ALL) -> Coverage:
        """Of which part of the time that is asked for it has the events."""
