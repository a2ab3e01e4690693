"""Events fetched from a real server, and from a fake one that says what real ones rarely do."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_iac.history.event import occurred_of
from prefect_iac.history.history import HistoryError
from prefect_iac.history.query import Query
from prefect_iac.history.server import TooManyEventsError, all_pages, count_on_server, fetch, pages
from prefect_provider.api import UnexpectedAnswer
from tests.api.fake_transport import FakeTransport, answer, client
from tests.environment.processes import wait_until
from tests.history.made_up import event, moved
from tests.objects.terraform_core import World, unique

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prefect_iac.history.history import Coverage
    from prefect_provider.api import Answer, Outgoing
    from tests.environment.prefect_server import PrefectServer

CLOUD = (
    "https://api.prefect.cloud/api/accounts/11111111-1111-4111-8111-111111111111"
    "/workspaces/22222222-2222-4222-8222-222222222222"
)


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[World]:
    """A client and an event loop for one test."""
    world = World(prefect_server)
    yield world
    world.close()


def emitted(world: World, stem: str, number: int, name: str = "") -> list[dict[str, Any]]:
    """Events that the server has, over the last 200 minutes, of two names and three resources."""
    start = datetime.now(UTC) - timedelta(minutes=200)
    events = [
        {
            "id": str(uuid4()),
            "occurred": (start + timedelta(seconds=60 * index)).isoformat(),
            "event": name or f"{stem}.{'odd' if index % 2 else 'even'}",
            "resource": {"prefect.resource.id": f"{stem}.{index % 3}"},
            "related": [],
            "payload": {"index": index},
        }
        for index in range(number)
    ]
    world.call("POST", "/events", events)
    asked = {"filter": {"event": {"prefix": [f"{stem}."]}}, "limit": 0}
    wait_until(
        lambda: world.call("POST", "/events/filter", asked)["total"] >= number,
        what="the server to keep the events",
        seconds=120,
    )
    return events


def test_a_servers_events_are_fetched(world: World, tmp_path: Path) -> None:
    """All pages, once each, in order; narrowed by the server, and exactly where it cannot."""
    stem = unique("fetch")
    events = emitted(world, stem, 130)
    told: list[tuple[int, int]] = []

    def fetched(query: Query) -> list[str]:
        history = world.run(
            fetch(world.client, query, tmp_path / "e.ndjson", progress=lambda *now: told.append(now))
        )
        found = list(history.events(query))
        assert [occurred_of(one) for one in found] == sorted(occurred_of(one) for one in found)
        return [one["id"] for one in found]

    assert fetched(Query(names=(f"{stem}.*",))) == [one["id"] for one in events]
    assert told == [(50, 130), (100, 130), (130, 130)]
    assert fetched(Query(names=(f"{stem}.odd",))) == [one["id"] for one in events[1::2]]
    # Names as such are asked for as prefixes where there is a prefix as well.
    assert fetched(Query(names=(f"{stem}.od", f"{stem}.eve*"))) == [one["id"] for one in events[::2]]
    assert fetched(Query(resources=(f"{stem}.1",))) == [one["id"] for one in events[1::3]]
    since, until = occurred_of(events[10]), occurred_of(events[12])
    inside = Query(names=(f"{stem}.*",), since=since, until=until)
    assert fetched(inside) == [one["id"] for one in events[10:13]]
    assert world.run(count_on_server(world.client, inside)) == {f"{stem}.even": 2, f"{stem}.odd": 1}


def test_too_many_events(world: World, tmp_path: Path) -> None:
    """Nothing is fetched where there are more than are wanted: how many, and of which names, is said."""
    stem = unique("many")
    emitted(world, stem, 60)
    query = Query(names=(f"{stem}.*",))

    with pytest.raises(
        TooManyEventsError, match=r"60 events to fetch, in 2 requests: expected at most 59"
    ) as caught:
        world.run(fetch(world.client, query, tmp_path / "e.ndjson", most=59))

    assert caught.value.counts == {f"{stem}.even": 30, f"{stem}.odd": 30}
    assert not (tmp_path / "e.ndjson").exists()
    assert len(list(world.run(fetch(world.client, query, tmp_path / "e.ndjson", most=None)).events())) == 60


def test_what_a_server_keeps(world: World, tmp_path: Path) -> None:
    """The server says how long it keeps events, so asking for more is not covered as a whole."""
    stem = unique("kept")
    now = datetime.now(UTC)

    def coverage(since: datetime | None) -> Coverage:
        query = Query(names=(f"{stem}.*",), since=since)
        return world.run(fetch(world.client, query, tmp_path / "e.ndjson")).coverage(query)

    asked = coverage(now - timedelta(days=3))
    assert (asked.since, asked.why, asked.whole) == (now - timedelta(days=3), "as asked", True)
    for since in (now - timedelta(days=30), None):
        more = coverage(since)
        assert more.since is not None
        assert abs(more.since - (now - timedelta(days=7))) < timedelta(minutes=1)
        assert (more.why, more.whole) == ("the server keeps 7 days", False)


class Events:
    """A fake of the event API, of Prefect Cloud as well: it answers as documented, and no more than 14 days at once."""

    def __init__(self, events: list[dict[str, Any]], *, settings: Any = None) -> None:
        self.events = events
        self.settings = settings
        self.asked: list[dict[str, Any]] = []

    def __call__(self, outgoing: Outgoing) -> Answer:
        """Answer a request."""
        path = outgoing.url.partition("/events/")[2]
        if outgoing.url.endswith("/admin/settings"):
            return answer(404) if self.settings is None else answer(200, self.settings)
        if path.startswith("filter/next"):
            wanted, offset = self.asked[-1], int(outgoing.url.rpartition("=")[2])
        else:
            wanted, offset = json.loads(outgoing.body or b"{}")["filter"], 0
            self.asked.append(wanted)
        since, until = (datetime.fromisoformat(wanted["occurred"][end]) for end in ("since", "until"))
        if "cloud" in outgoing.url and until - since > timedelta(days=14):
            return answer(422, {"detail": "the time is too long"})
        found = [one for one in self.events if since <= occurred_of(one) <= until]
        found.sort(key=occurred_of, reverse=wanted["order"] == "DESC")
        if path == "count-by/event":
            return answer(200, [{"value": "a.b", "label": "a.b", "count": len(found)}])
        page = found[offset : offset + 50]
        more = f"http://elsewhere/api/events/filter/next?page-token={offset + 50}"
        following = more if offset + 50 < len(found) else None
        return answer(200, {"events": page, "total": len(found), "next_page": following})


def test_windows_of_prefect_cloud(tmp_path: Path) -> None:
    """A fake of Prefect Cloud: a month is asked for in parts of 14 days, each event once; the first is the floor."""
    day = 86_400
    events = [event(-day * number / 4, number=number + 1) for number in range(110)]
    fake = Events(events)

    async def run() -> None:
        async with client(FakeTransport(fake), endpoint=CLOUD, api_key="pnu_key") as prefect:
            query = Query(since=moved(-day * 30), until=moved(0))
            history = await fetch(prefect, query, tmp_path / "e.ndjson")
            found = list(history.events())
            assert found == list(reversed(events))
            coverage = history.coverage()
            assert (coverage.since, coverage.why, coverage.whole) == (
                occurred_of(events[-1]),
                "its first event",
                False,
            )

    asyncio.run(run())
    assert len(fake.asked) == 6  # three to count, three to read


@pytest.mark.parametrize(("kept", "found", "asked"), [(70, 11, 5), (30, 7, 4), (7, 2, 3)])
def test_all_that_prefect_cloud_keeps(kept: int, found: int, asked: int) -> None:
    """A fake of Prefect Cloud: two weeks at a time, or a week where a plan keeps no more, until it refuses."""
    fake = Events([event(0, number=number) for number in range(11)])
    now = datetime.now(UTC)
    for number, one in enumerate(fake.events):
        one["occurred"] = (now - timedelta(days=max(0, 7 * number - 1))).isoformat()
    questions: list[float] = []

    def answered(outgoing: Outgoing) -> Answer:
        occurred = json.loads(outgoing.body or b"{}")["filter"]["occurred"]
        since, until = (datetime.fromisoformat(occurred[name]) for name in ("since", "until"))
        questions.append((until - since) / timedelta(days=1))
        if (until - since) > timedelta(days=min(kept, 14)) or until < now - timedelta(days=kept, hours=-1):
            return answer(422, {"detail": "events are kept for a while"})
        return fake(outgoing)

    async def run() -> int:
        async with client(FakeTransport(answered), endpoint=CLOUD, api_key="pnu_key") as prefect:
            return sum([len(page) async for page in all_pages(prefect, Query().filter())])

    assert asyncio.run(run()) == found
    assert len(questions) == asked
    assert max(questions) == 14


def test_events_that_come_meanwhile() -> None:
    """An event of the past that arrives between two pages moves others, and none is lost or there twice."""
    fake = Events([event(number, number=number + 1) for number in range(120)])

    async def run() -> list[str]:
        async with client(FakeTransport(fake)) as prefect:
            found: list[str] = []
            async for page in pages(prefect.workspace(), Query(until=moved(1000)).filter()):
                found += [one["id"] for one in page]
                fake.events.append(event(110.5, number=1000 + len(found)))
            return found

    found = asyncio.run(run())
    assert len(found) == len(set(found))
    assert {event(number, number=number + 1)["id"] for number in range(120)} <= set(found)


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        ({"server": {"events": {"retention_period": "P2D"}}}, 2),
        ({"server": {"events": {"retention_period": 86400}}}, 1),
        (
            {
                "server": {
                    "events": {"retention_period": "P7D"},
                    "services": {"db_vacuum": {"event_retention_overrides": {"a.b": "P1D", "c": "PT1H"}}},
                }
            },
            1,
        ),
        ({"server": {"events": {"retention_period": "soon"}}}, None),
        ([], None),
        (None, None),
    ],
)
def test_retention(settings: Any, days: int | None, tmp_path: Path) -> None:
    """What the settings of a server say, also of a name of its own; else its first event is all that is known."""
    now = datetime.now(UTC)
    fake = Events([{**event(0), "occurred": (now - timedelta(minutes=5)).isoformat()}], settings=settings)

    async def run() -> Coverage:
        async with client(FakeTransport(fake)) as prefect:
            query = Query(names=("a.b",), since=now - timedelta(days=10))
            return (await fetch(prefect, query, tmp_path / "e.ndjson")).coverage(query)

    coverage = asyncio.run(run())
    assert not coverage.whole
    assert coverage.since is not None
    if days is None:
        assert coverage.why == "its first event"
    else:
        assert coverage.why == f"the server keeps {days} day{'s' if days > 1 else ''}"
        assert abs(coverage.since - (now - timedelta(days=days))) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"events": {}},
        {"events": [3]},
        {"events": [{"event": "a"}]},
        {"events": [{**event(0), "id": None}]},
        {"events": [], "next_page": "http://x/api/events/filter/next?page-token=1"},
    ],
)
def test_odd_answers(data: Any) -> None:
    """What is no page of events, or goes on for ever, is an error, not a short history."""

    async def run() -> None:
        async with client(FakeTransport(lambda _: answer(200, data))) as prefect:
            async for _ in pages(prefect.workspace(), Query().filter()):
                pass

    with pytest.raises(UnexpectedAnswer):
        asyncio.run(run())


def test_nowhere_to_write(tmp_path: Path) -> None:
    """A place that cannot be written is said."""
    fake = Events([event(0)])

    async def run() -> None:
        async with client(FakeTransport(fake)) as prefect:
            await fetch(prefect, Query(until=moved(1)), tmp_path / "missing" / "e.ndjson")

    with pytest.raises(HistoryError, match="cannot write the events"):
        asyncio.run(run())
