"""The options that several commands share: which server, and which events."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import (
    add_engine,
    add_events,
    add_server,
    asked_of,
    cluster_of,
    connected,
    opened_history,
)
from prefect_iac.history.query import Query
from prefect_iac.history.sources import open_events, save_events
from tests.history.made_up import event, moved
from tests.history.test_server import emitted
from tests.objects.terraform_core import World, unique

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[World]:
    """A client and an event loop for one test."""
    world = World(prefect_server)
    yield world
    world.close()


def parsed(*options: str) -> argparse.Namespace:
    """The options as a command has them."""
    parser = argparse.ArgumentParser()
    add_server(parser)
    add_events(parser)
    add_engine(parser)
    return parser.parse_args(options)


def read(arguments: argparse.Namespace, query: Query, *, ask: bool = True) -> list[str]:
    """The ids of the events that a command gets."""

    async def run() -> list[str]:
        if not ask:
            async with opened_history(arguments, query, None) as history:
                return [one["id"] for one in history.events(query)]
        async with (
            connected(arguments, "test") as client,
            opened_history(arguments, query, client) as history,
        ):
            return [one["id"] for one in history.events(query)]

    return asyncio.run(run())


def test_events_of_the_server_are_kept_on_request(world: World, tmp_path: Path) -> None:
    """The same events come from the server and then, without it, from the file that they were saved to."""
    stem = unique("options")
    events = [one["id"] for one in emitted(world, stem, 60)]
    file = str(tmp_path / "kept.parquet")
    arguments = parsed("--endpoint", world.server.api_url, "--since", "1d", "--save-events", file)
    query = asked_of(arguments, (f"{stem}.*",))

    assert read(arguments, query) == events
    assert read(parsed("--events", file), query, ask=False) == events
    assert [one["id"] for one in open_events([file]).events()] == events


def test_the_time_that_is_asked_for() -> None:
    """A week back, unless it is said; both ends may be durations or times."""
    now = datetime.now(UTC)
    query = asked_of(parsed(), ("a.*",), ("r",))
    assert query.since is not None
    assert abs(query.since - (now - timedelta(days=7))) < timedelta(minutes=1)
    assert (query.names, query.resources, query.until) == (("a.*",), ("r",), None)
    query = asked_of(parsed("--since", "2026-11-01", "--until", "1h"))
    assert query.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert query.until is not None
    with pytest.raises(CommandError, match="--until: expected a duration such as"):
        asked_of(parsed("--until", "soon"))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A file that is not there, a bad line while reading, and no server at all end the command with a sentence."""
    with pytest.raises(CommandError, match="there is no such file"):
        read(parsed("--events", str(tmp_path / "none.ndjson")), Query(), ask=False)
    with pytest.raises(CommandError, match="name files with --events"):
        read(parsed(), Query(), ask=False)
    path = tmp_path / "bad.ndjson"
    save_events([event(1)], str(path))
    with path.open("a", encoding="utf-8") as file:
        file.write("oops\n")
    with pytest.raises(CommandError, match=r"bad\.ndjson:2 is no event"):
        read(parsed("--events", str(path)), Query(since=moved(0)), ask=False)


def test_engines() -> None:
    """Here unless it is said, or a Dask cluster with or without an address."""
    assert cluster_of(parsed()) is None
    assert cluster_of(parsed("--engine", "dask")) == "local"
    assert cluster_of(parsed("--engine", "dask=tcp://scheduler:8786")) == "tcp://scheduler:8786"
    for engine in ("spark", "here=1", ""):
        with pytest.raises(CommandError, match="--engine: expected `here`, `dask` or"):
            cluster_of(parsed("--engine", engine))


@pytest.mark.parametrize(
    "options",
    [
        ("--since", "1d", "--until", "2d"),
        ("--since", "2100-01-01"),
        ("--since", "2100-01-01", "--until", "1h"),
    ],
)
def test_a_time_in_which_nothing_can_be(options: tuple[str, ...]) -> None:
    """Bounds that leave no time between them are a mistake, and no history without events."""
    with pytest.raises(CommandError, match="--since: expected a time before"):
        asked_of(parsed(*options))


def test_files_may_be_of_any_time() -> None:
    """Events that somebody made up can be of the future."""
    assert asked_of(parsed("--since", "2100-01-01", "--events", "made_up.ndjson")).since is not None
