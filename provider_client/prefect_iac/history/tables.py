"""Events in Parquet, and in object stores, read by DuckDB, which filters where they are and sorts on disk."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import closing
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from prefect_iac.history.event import EventError, checked, read_event
from prefect_iac.history.files import events_of, once
from prefect_iac.history.history import Coverage, History, HistoryError
from prefect_iac.history.order import in_causal_order
from prefect_iac.history.query import ALL
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from prefect_iac.history.event import Event
    from prefect_iac.history.query import Query

__all__ = ["TABLE_FORMAT", "Form", "TableHistory", "connect", "write_table"]

Form: TypeAlias = Literal["parquet", "lines"]

_ID: Final = '$."prefect.resource.id"'
_RESOURCE_ID: Final = '$.resource."prefect.resource.id"'

TABLE_FORMAT: Final = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"
"""How tables are written: a reader holds some groups of rows in memory, and of events a group is 30 MB."""

_BATCH: Final = 10_000
"""Events that are taken from DuckDB at a time."""

_OF_EVENTS: Final = ("event", "occurred", "resource")
"""Columns that a table of events must have, unless it has the whole event as ``document``."""

_DOCUMENTS: Final = ("resource", "related", "payload")
"""Columns that hold JSON: as text, or as the types of a table."""


class TableHistory(History):
    """Events of any number, in tables of the columns of an event, or of those that :func:`write_table` writes.

    ``urls`` are paths, patterns (``events/*.parquet``) and addresses (``s3://``, ``gs://``, ``https://``).
    """

    def __init__(self, urls: Sequence[str], form: Form = "parquet", *, memory: str = "") -> None:
        """``memory`` is what DuckDB may take, such as ``4GB``; without, most of the machine's."""
        self.urls = tuple(urls)
        self.form: Form = form
        self.memory = memory
        self.source = ", ".join(urls)

    def events(self, query: Query = ALL) -> Iterator[Event]:
        """See :meth:`History.events`."""
        yield from in_causal_order(once(self._read(query)))

    def count(self, query: Query = ALL) -> Mapping[str, int]:
        """See :meth:`History.count`."""
        with closing(connect(self.urls, self.memory)) as database:
            return dict(self._ask(database, query, "event, count(*)", "GROUP BY event").fetchall())

    def coverage(self, query: Query = ALL) -> Coverage:
        """The time from the first to the last event of the tables."""
        with closing(connect(self.urls, self.memory)) as database:
            found = self._ask(database, ALL, "min(occurred)::VARCHAR, max(occurred)::VARCHAR", "").fetchone()
        first, last = (_instant(text) for text in found or (None, None))
        if first is None:
            return Coverage(None, None, "there is no event", whole=False)
        return Coverage(first, last, "its first event", whole=query.since is None or first <= query.since)

    def _read(self, query: Query) -> Iterator[Event]:
        with closing(connect(self.urls, self.memory)) as database:
            asked = self._ask(database, query, "document", "ORDER BY occurred, place")
            try:
                while rows := asked.fetchmany(_BATCH):
                    for (document,) in rows:
                        yield self._event(document)
            except _failures() as error:
                raise self._failure(error) from error

    def _event(self, document: str) -> Event:
        try:
            return read_event(document)
        except EventError as error:
            msg = f"{self.source} holds a row that is no event: {error}"
            raise HistoryError(msg) from error

    def _ask(self, database: DuckDBPyConnection, query: Query, what: str, how: str) -> DuckDBPyConnection:
        try:
            table = _lines() if self.form == "lines" else self._table(database)
            if self.form == "lines":
                self._check_lines(database)
            conditions, values = _conditions(query)
            asked = f"SELECT {what} FROM ({table}) AS events {conditions} {how}"  # noqa: S608 - no text of others
            return database.execute(asked, {"urls": list(self.urls), **values})
        except _failures() as error:
            raise self._failure(error) from error

    def _table(self, database: DuckDBPyConnection) -> str:
        """The query that gives the columns ``occurred``, ``event``, ``resource_id``, ``document``, ``place``."""
        read = "read_parquet($urls, union_by_name=true, filename=true, file_row_number=true)"
        described = database.execute(f"DESCRIBE SELECT * FROM {read}", {"urls": list(self.urls)}).fetchall()  # noqa: S608
        columns = {name: kind for name, kind, *_ in described}
        place = "(filename, file_row_number) AS place"
        if {"document", "occurred", "event", "resource_id"} <= columns.keys():
            return f"SELECT occurred, event, resource_id, document, {place} FROM {read}"  # noqa: S608
        missing = [name for name in _OF_EVENTS if name not in columns]
        if missing:
            found = [name for name in columns if name not in ("filename", "file_row_number")]
            raise HistoryError(
                say(
                    f"{self.source} is no table of events",
                    expected=f"the columns {names(_OF_EVENTS, last='and')}",
                    got=names(found[:20]),
                )
            )
        kept = [name for name in ("id", "event", "follows", *_DOCUMENTS, "received") if name in columns]
        parts = [
            f"'{name}', {name}::JSON"
            if name in _DOCUMENTS and columns[name] == "VARCHAR"
            else f"'{name}', {name}"
            for name in kept
        ]
        occurred = "occurred::TIMESTAMPTZ"
        text = f"strftime({occurred} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
        resource = "resource::JSON" if columns["resource"] == "VARCHAR" else "to_json(resource)"
        return (
            f"SELECT {occurred} AS occurred, event, {resource} ->> '{_ID}' AS resource_id, "  # noqa: S608
            f"json_object('occurred', {text}, {', '.join(parts)})::VARCHAR AS document, {place} FROM {read}"
        )

    def _check_lines(self, database: DuckDBPyConnection) -> None:
        """Raise for the first line that is no event: a condition would pass over it."""
        bad = database.execute(
            f"SELECT file, row, document FROM (SELECT *, row_number() OVER (PARTITION BY file ORDER BY place) AS row "  # noqa: S608
            f"FROM ({_lines()})) WHERE event IS NULL OR occurred IS NULL OR resource_id IS NULL ORDER BY ALL LIMIT 1",
            {"urls": list(self.urls)},
        ).fetchone()
        if bad is None:
            return
        self._find_bad_line()
        file, number, document = bad
        try:
            checked(json.loads(document))
            why = "it has not the form of an event"
        except EventError as error:
            why = str(error)
        msg = f"{file}:{number} is no event: {why}"
        raise HistoryError(msg)

    def _find_bad_line(self) -> None:
        """Raise for the first line of files on this machine that is no event, where DuckDB only knows that there is."""
        for url in self.urls:
            for path in sorted(glob(url, recursive=True)):  # noqa: PTH207 - of any root
                for _ in events_of(Path(path)):
                    pass

    def _failure(self, error: Exception) -> HistoryError:
        """DuckDB's own message without what is about DuckDB; raises with ``file:line`` where that can be told."""
        if self.form == "lines":
            self._find_bad_line()
        first = str(error).strip().splitlines()[0].partition("LINE 1:")[0]
        return HistoryError(say(f"the events of {self.source} cannot be read: {first}"))


def _lines() -> str:
    def text(path: str) -> str:
        return f"json ->> '{path}'"

    return (
        f"SELECT try_cast({text('$.occurred')} AS TIMESTAMPTZ) AS occurred, {text('$.event')} AS event, "  # noqa: S608
        f"{text(_RESOURCE_ID)} AS resource_id, json::VARCHAR AS document, filename AS file, "
        "row_number() OVER () AS place FROM read_ndjson_objects($urls, filename=true)"
    )


def _conditions(query: Query) -> tuple[str, dict[str, Any]]:
    """The query as conditions on the columns, and the values in it."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for column, wanted in (("event", query.names), ("resource_id", query.resources)):
        either = []
        for number, text in enumerate(wanted):
            key = f"{column}_{number}"
            values[key] = text.removesuffix("*") if text.endswith("*") else text
            either.append(f"starts_with({column}, ${key})" if text.endswith("*") else f"{column} = ${key}")
        if either:
            parts.append(f"({' OR '.join(either)})")
    for name, sign, instant in (("since", ">=", query.since), ("until", "<=", query.until)):
        if instant is not None:
            values[name] = instant
            parts.append(f"occurred {sign} ${name}::TIMESTAMPTZ")
    if query.share is not None:
        parts.append("('0x' || substr(md5(resource_id), 1, 8))::UBIGINT % $share_of = $share_number")
        values |= {"share_of": query.share.of, "share_number": query.share.number}
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _instant(text: str | None) -> datetime | None:
    from prefect_iac.history.event import moment

    return None if text is None else moment(text)


def _failures() -> type[Exception]:
    import duckdb

    return duckdb.Error


def connect(urls: Sequence[str] = (), memory: str = "") -> DuckDBPyConnection:
    """A database in memory that can read the addresses; raises :class:`HistoryError` without DuckDB."""
    try:
        import duckdb
    except ImportError as error:
        msg = say(
            "Parquet files and object stores are read by DuckDB, which is not installed",
            remedy="Install it with `pip install 'prefect-iac[duckdb]'`",
        )
        raise HistoryError(msg) from error
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    # Left alone, it would sort in the directory in which the command runs.
    database.execute(f"SET temp_directory = '{_quoted(tempfile.gettempdir())}/prefect-iac-{os.getpid()}'")
    if memory:
        database.execute(f"SET memory_limit = '{memory}'")
    for scheme in sorted({url.partition("://")[0] for url in urls if "://" in url} - {"file"}):
        _reach(database, scheme)
    return database


def _reach(database: DuckDBPyConnection, scheme: str) -> None:
    """Have the database read addresses of this scheme: by its own extension, or by fsspec."""
    if scheme in ("http", "https", "s3", "s3a", "gs", "gcs", "r2", "hf"):
        try:
            database.install_extension("httpfs")
            database.load_extension("httpfs")
        except _failures():
            # It is downloaded at the first use, which a machine without the internet cannot.
            pass
        else:
            return
    try:
        import fsspec  # type: ignore[import-untyped]

        database.register_filesystem(fsspec.filesystem(scheme))
    except (ImportError, ValueError) as error:
        msg = say(
            f"{scheme}:// cannot be read: DuckDB could not load its extension httpfs, and there is no fsspec for it",
            remedy="Let DuckDB download it once (`duckdb -c 'INSTALL httpfs'`), install s3fs, gcsfs or aiohttp beside "
            "fsspec, or copy the files",
        )
        raise HistoryError(msg) from error


def write_table(lines: Path, target: str) -> None:
    """Write a file of events, one a line, as a table: ``occurred``, ``event``, ``resource_id``, ``id``, ``document``.

    The rows are in order of ``occurred``, so that a reader skips what is too old or too new.
    """
    with closing(connect([target])) as database:
        try:
            database.execute(
                f"COPY (SELECT occurred, event, resource_id, document::JSON ->> '$.id' AS id, document "  # noqa: S608
                f"FROM ({_lines()}) ORDER BY occurred, place) TO '{_quoted(target)}' "
                f"({TABLE_FORMAT})",
                {"urls": [str(lines)]},
            )
        except _failures() as error:
            msg = f"cannot write the events to {target}: {str(error).splitlines()[0]}"
            raise HistoryError(msg) from error


def _quoted(text: str) -> str:
    return text.replace("'", "''")
