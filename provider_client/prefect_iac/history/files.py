"""Events in files of one JSON object a line, also compressed: read with what Python has."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from heapq import merge
from typing import TYPE_CHECKING, NamedTuple

from prefect_iac.history.event import EventError, occurred_of, read_event, written
from prefect_iac.history.history import Coverage, History, HistoryError
from prefect_iac.history.order import in_causal_order
from prefect_iac.history.query import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from prefect_iac.history.event import Event
    from prefect_iac.history.query import Query

__all__ = ["FileHistory", "append", "events_of", "lines_of", "new_file", "once"]


class _Line(NamedTuple):
    """A line that is wanted; kept as text, which takes a fraction of the memory of what is in it."""

    occurred: datetime
    number: int
    text: bytes


class FileHistory(History):
    """The events of files that one machine holds in memory.

    What a query does not want is not kept; of a gigabyte of events that are wanted a gigabyte is. An event that is
    in it several times, by its ``id``, is given once. Tables (:class:`~prefect_iac.history.tables.TableHistory`) are
    for more than that.
    """

    def __init__(self, paths: Sequence[Path], coverage: Coverage | None = None) -> None:
        """``coverage`` is what is known of the files from elsewhere."""
        self.paths = tuple(paths)
        self.source = ", ".join(map(str, paths))
        self._coverage = coverage

    def events(self, query: Query = ALL) -> Iterator[Event]:
        """See :meth:`History.events`."""
        files = [sorted(self._wanted(path, query)) for path in self.paths]
        yield from in_causal_order(once(read_event(line.text) for line in merge(*files)))

    def count(self, query: Query = ALL) -> Mapping[str, int]:
        """See :meth:`History.count`."""
        return Counter(event["event"] for event in self.events(query))

    def covered(self, coverage: Coverage) -> FileHistory:
        """The same, with what is known of it."""
        return FileHistory(self.paths, coverage)

    def coverage(self, query: Query = ALL) -> Coverage:
        """What is known of the files, or else the time from their first to their last event."""
        if self._coverage is not None:
            return self._coverage
        moments = [occurred_of(event) for path in self.paths for _, event, _ in events_of(path)]
        if not moments:
            return Coverage(None, None, "there is no event", whole=False)
        whole = query.since is None or min(moments) <= query.since
        return Coverage(min(moments), max(moments), "its first event", whole=whole)

    @staticmethod
    def _wanted(path: Path, query: Query) -> Iterator[_Line]:
        for number, event, text in events_of(path):
            if query.takes(event):
                yield _Line(occurred_of(event), number, text)


def once(events: Iterator[Event]) -> Iterator[Event]:
    """The events, sorted by ``occurred``, without those that were there before, by their ``id``."""
    known: set[str] = set()
    at = ""
    for event in events:
        # The same event occurred at the same time.
        if event["occurred"] != at:
            known.clear()
            at = event["occurred"]
        id_ = event.get("id")
        if not isinstance(id_, str):
            yield event
        elif id_ not in known:
            known.add(id_)
            yield event


def events_of(path: Path) -> Iterator[tuple[int, Event, bytes]]:
    """The events of a file with the numbers and the text of their lines; raises for a line that is none."""
    for number, text in lines_of(path):
        try:
            yield number, read_event(text), text
        except EventError as error:
            msg = f"{path}:{number} is no event: {error}"
            raise HistoryError(msg) from error


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers, of a file that may be compressed with gzip."""
    number = 0
    try:
        with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                text = line.strip()
                if text:
                    yield number, text
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"{path}:{number + 1}: the compressed file is damaged ({error}). Fetch or copy it again."
        raise HistoryError(msg) from error
    except OSError as error:
        msg = f"cannot read the events of {path}: {error.strerror}"
        raise HistoryError(msg) from error


def append(path: Path, events: Sequence[Event]) -> None:
    """Add events to a file of lines, which may be compressed."""
    text = "".join(f"{written(event)}\n" for event in events).encode()
    try:
        with gzip.open(path, "ab") if path.name.endswith(".gz") else path.open("ab") as file:
            file.write(text)
    except OSError as error:
        msg = f"cannot write the events to {path}: {error.strerror}"
        raise HistoryError(msg) from error


def new_file(path: Path) -> None:
    """Make a file of no events, in place of an older one."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        msg = f"cannot write the events to {path}: {error.strerror}"
        raise HistoryError(msg) from error
    append(path, ())
