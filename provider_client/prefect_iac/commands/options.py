"""Options that several commands have: which server is meant, and which events."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prefect_iac.commands.failure import CommandError

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator, Callable, Generator

    from prefect_iac.history.history import History
    from prefect_iac.history.query import Query
    from prefect_provider.api import Client

__all__ = [
    "add_engine",
    "add_events",
    "add_server",
    "asked_of",
    "cluster_of",
    "connected",
    "opened_history",
]

_SINCE = "7d"


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which server is meant."""
    parser.add_argument("--endpoint", help="the API's URL, instead of PREFECT_API_URL")
    parser.add_argument("--profile", help="profile of profiles.toml to use")


def add_events(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which events are looked at."""
    group = parser.add_argument_group("events")
    group.add_argument(
        "--since",
        default=_SINCE,
        metavar="WHEN",
        help=f"how far back: a duration such as 36h, or a time such as 2026-11-18T00:00:00Z ({_SINCE})",
    )
    group.add_argument("--until", metavar="WHEN", help="up to when, in the same forms (now)")
    group.add_argument(
        "--events",
        action="append",
        default=[],
        metavar="FILE",
        help="read events from files instead of the server: .ndjson, .ndjson.gz or .parquet, patterns, and addresses "
        "such as s3://bucket/*.parquet; may be repeated",
    )
    group.add_argument(
        "--save-events", metavar="FILE", help="keep the events that were read, as .ndjson(.gz) or .parquet"
    )
    group.add_argument("--yes", action="store_true", help="fetch events however many there are")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where parts of a large history are worked out."""
    parser.add_argument(
        "--engine",
        default="here",
        metavar="ENGINE",
        help="where events are evaluated: here, dask (a cluster in this process), or dask=ADDRESS (here)",
    )


def cluster_of(arguments: argparse.Namespace) -> str | None:
    """The cluster that ``--engine`` names, as :func:`~prefect_iac.history.spreading.spread` takes it."""
    from prefect_iac.history.spreading import LOCAL
    from prefect_provider.text.problem import expectation
    from prefect_provider.text.spelling import show

    engine, _, address = arguments.engine.partition("=")
    if engine == "here" and not address:
        return None
    if engine == "dask":
        return address or LOCAL
    msg = f"--engine: {expectation('`here`, `dask` or `dask=tcp://scheduler:8786`', show(arguments.engine))}"
    raise CommandError(msg)


@asynccontextmanager
async def connected(arguments: argparse.Namespace, command: str) -> AsyncGenerator[Client]:
    """A client of the server that the options name."""
    from prefect_provider.api import Client, resolve

    settings = resolve({"endpoint": arguments.endpoint, "profile": arguments.profile}, os.environ)
    for warning in settings.warnings:
        print(f"prefect-iac: {warning}", file=sys.stderr)
    async with Client(settings, user_agent_suffix=command) as client:
        yield client


def asked_of(
    arguments: argparse.Namespace, names: tuple[str, ...] = (), resources: tuple[str, ...] = ()
) -> Query:
    """The query that the options make, narrowed to what a command looks at."""
    from prefect_iac.history.query import Query, read_moment
    from prefect_provider.text.problem import expectation
    from prefect_provider.text.spelling import show

    now = datetime.now(UTC)
    times: dict[str, datetime | None] = {}
    for option in ("since", "until"):
        text = getattr(arguments, option)
        try:
            times[option] = None if text is None else read_moment(text, now)
        except ValueError as error:
            msg = f"--{option}: {error}"
            raise CommandError(msg) from error
    since, until = times["since"], times["until"]
    # A server has nothing of the future; made-up events may be of any time.
    end = until or (None if arguments.events else now)
    if since is not None and end is not None and since >= end:
        what = expectation(f"a time before {arguments.until or 'now'}", show(arguments.since))
        msg = f"--since: {what}: there would be no event between them"
        raise CommandError(msg)
    return Query(names, since, until, resources)


@asynccontextmanager
async def opened_history(
    arguments: argparse.Namespace, query: Query, client: Client | None
) -> AsyncGenerator[History]:
    """The history that the options name: files, or else what ``client``'s server has of the query, fetched.

    What is fetched is deleted in the end, unless it is to be kept. Raises :class:`CommandError` for what cannot be
    read.
    """
    from prefect_iac.history.history import HistoryError
    from prefect_iac.history.server import MOST, fetch
    from prefect_iac.history.sources import open_events, save_events

    with tempfile.TemporaryDirectory(prefix="prefect-iac-events-") as directory:
        try:
            if arguments.events:
                history = open_events(arguments.events)
            elif client is not None:
                most = None if arguments.yes else MOST
                with _progress() as progress:
                    target = Path(directory) / "events.ndjson"
                    history = await fetch(client, query, target, most=most, progress=progress)
            else:
                msg = "there is no server to read events from; name files with --events"
                raise CommandError(msg)
            if arguments.save_events:
                save_events(history.events(query), arguments.save_events)
            yield history
        except HistoryError as error:
            raise CommandError(str(error)) from error


@contextmanager
def _progress() -> Generator[Callable[[int, int], None] | None]:
    """What shows at a terminal how far the fetching is; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("events", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
