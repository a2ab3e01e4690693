"""The replay against a real server: automations of every kind, 2,000 events, and what the server says that it fired."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_iac.backtest.backtest import Selection, backtest
from prefect_iac.history.query import Query
from prefect_iac.history.server import fetch
from prefect_iac.workspace.outlook import outlook_of
from prefect_iac.workspace.reading import read_workspace
from prefect_provider.api import Client, resolve
from prefect_provider.events.behaviour import Behaviour
from tests.environment.prefect_server import prefect_version
from tests.environment.processes import wait_until
from tests.graph.made import on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prefect_iac.backtest.backtest import Backtest
    from tests.environment.postgres import PostgresServer
    from tests.environment.prefect_server import PrefectServer

# As often as a server that is left alone.
SETTINGS = {"PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT5S"}

STEPS = 30
APART = 0.6
"""Seconds between two batches."""
BATCH = 68
"""Events of a batch: most are of no name that anything waits for, others for triggers to which order means nothing."""

EACH = ["prefect.resource.id"]

REACTIVE = {
    "immediate": on("proof.bulk", match={"prefect.resource.id": "proof.r.1"}),
    "glob": on("proof.b*lk", match={"prefect.resource.id": ["proof.r.2", "proof.r.3?"]}),
    "negated": on("proof.bulk", match={"prefect.resource.id": ["!proof.r.*"]}),
    "related": on(
        "proof.bulk",
        match_related=[
            {"prefect.resource.role": "flow", "prefect.resource.id": "proof.flow.1"},
            {"prefect.resource.role": "tag", "prefect.resource.id": ["proof.tag.a", "proof.tag.b"]},
        ],
    ),
    "other-tag": on(
        "proof.bulk", match_related={"prefect.resource.role": "tag", "prefect.resource.id": "!proof.tag.a"}
    ),
    "every-third": on("proof.paced", threshold=3),
    "window": on("proof.paced", threshold=2, within=5),
    "each": on("proof.paced", for_each=EACH, threshold=2, within=20),
    "after": on("proof.done", after=["proof.begun"], for_each=EACH, within=300),
    "any": {
        "type": "compound",
        "require": "any",
        "within": None,
        "triggers": [on("proof.begun"), on("proof.done")],
    },
    "all": {
        "type": "compound",
        "require": "all",
        "within": 600,
        "triggers": [on("proof.begun"), on("proof.done")],
    },
    "two-of-three": {
        "type": "compound",
        "require": 2,
        "within": 600,
        "triggers": [on("proof.begun"), on("proof.done"), on("proof.never")],
    },
    "sequence": {
        "type": "sequence",
        "within": 600,
        "triggers": [on("proof.begun"), on("proof.paced", threshold=2), on("proof.done")],
    },
}

PROACTIVE = {
    "quiet": on("proof.never", posture="Proactive", within=12),
    "missing": on("proof.done", after=["proof.begun"], for_each=EACH, posture="Proactive", within=10),
    "too-few": on("proof.paced", for_each=EACH, posture="Proactive", threshold=9, within=11),
}

PACED = ("begun", "paced", "paced", "done", "paced", "begun", "done", "paced")
"""In turn, one after each batch: so far apart that the server cannot exchange two of them."""


def emitted(name: str, resource: str, *related: tuple[str, str]) -> dict[str, Any]:
    """An event of this moment."""
    return {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": f"proof.{name}",
        "resource": {"prefect.resource.id": resource},
        "related": [
            {"prefect.resource.role": role, "prefect.resource.id": f"proof.{role}.{id_}"}
            for role, id_ in related
        ],
        "payload": {"secret": "hunter2-hunter2"},
    }


def batch(step: int) -> list[dict[str, Any]]:
    """Events of one moment; some match, most are noise."""
    noise = [emitted(f"noise.{number % 9}", f"proof.r.{number}") for number in range(BATCH - 4)]
    bulk = [
        emitted("bulk", f"proof.r.{step % 5}"),
        emitted("bulk", "proof.r.31" if step % 4 == 0 else "proof.r.9"),
        emitted("bulk", "proof.x" if step % 6 == 0 else "proof.r.8"),
        emitted("bulk", "proof.r.7", ("flow", str(step % 4)), ("tag", "ab"[step % 2])),
    ]
    return noise + bulk


def count(server: PrefectServer, **wanted: Any) -> int:
    """How many events the server has of these."""
    return int(server.call("POST", "/events/filter", {"filter": wanted, "limit": 0})["total"])


class Probe:
    """An automation by whose firings one sees how far the server has come with its events."""

    def __init__(self, server: PrefectServer) -> None:
        self._server = server
        made = {"name": "probe", "trigger": on("proof.probe"), "actions": [{"type": "do-nothing"}]}
        id_ = server.call("POST", "/automations/", made)["id"]
        self._fired = {
            "event": {"name": ["prefect.automation.triggered"]},
            "resource": {"id": [f"prefect.automation.{id_}"]},
        }

    def loaded(self) -> None:
        """Wait until the server evaluates automations."""

        def fires() -> bool:
            self._server.call("POST", "/events", [emitted("probe", "proof.probe")])
            time.sleep(0.3)
            return count(self._server, **self._fired) > 0

        wait_until(fires, what="the server to evaluate automations", seconds=120)

    def wait(self) -> None:
        """Wait until all events so far are evaluated."""
        before = count(self._server, **self._fired)
        self._server.call("POST", "/events", [emitted("probe", "proof.probe")])
        wait_until(
            lambda: count(self._server, **self._fired) > before,
            what="the server to evaluate the events",
            seconds=120,
        )


def happened(server: PrefectServer, probe: Probe) -> int:
    """Emit the events, not faster than the server evaluates them; return how many there were."""
    number = 0
    for step in range(STEPS):
        begin = time.monotonic()
        events = batch(step)
        server.call("POST", "/events", events)
        probe.wait()
        paced = emitted(PACED[step % len(PACED)], f"proof.p.{step // 4 % 3}")
        if step % 12 == 4:
            paced = emitted("begun", f"proof.lost.{step}")
        server.call("POST", "/events", [paced])
        # Two of these are never under way together: the server evaluates two events at a time.
        probe.wait()
        number += len(events) + 1
        time.sleep(max(0.0, begin + APART - time.monotonic()))
    # Whoever waits for what was to come has waited long enough then.
    time.sleep(16)
    probe.wait()
    asked = {"event": {"prefix": ["proof."], "exclude_name": ["proof.probe"]}}
    wait_until(lambda: count(server, **asked) == number, what="the server to keep all events", seconds=120)
    return number


def recorded(server: PrefectServer, automation: str) -> list[str]:
    """The ids of the events by which an automation fired, as the server says, sorted."""
    asked = {
        "event": {"name": ["prefect.automation.triggered"]},
        "resource": {"id": [f"prefect.automation.{automation}"]},
    }
    page = server.call("POST", "/events/filter", {"filter": asked, "limit": 50})
    found = list(page["events"])
    while page["next_page"]:
        page = server.call("GET", page["next_page"].partition("/api")[2])
        found += page["events"]
    related = [one for event in found for one in event["related"]]
    return sorted(
        str(one["prefect.resource.id"]).removeprefix("prefect.event.")
        for one in related
        if one["prefect.resource.role"] == "triggering-event"
    )


async def looked_back(server: PrefectServer, since: datetime, directory: Path) -> Backtest:
    """The backtest of the server as it is."""
    async with Client(resolve({"endpoint": server.api_url}, {})) as client:
        outlook = outlook_of(None, await read_workspace(client, ["prefect_automation"]))
        query = Query(since=since)
        history = await fetch(client, query, directory / "events.ndjson")
    selection = Selection(behaviour=Behaviour.of(prefect_version()))
    return backtest(outlook, history, query, selection)


@pytest.fixture
def server(postgresql: PostgresServer, prefect_servers: Callable[..., PrefectServer]) -> PrefectServer:
    """A server that evaluates every event: one on SQLite does not where the database is locked."""
    return prefect_servers(env=SETTINGS, database=postgresql.create_database())


@pytest.mark.timeout(900)
def test_the_replay_is_what_the_server_did(server: PrefectServer, tmp_path: Path) -> None:
    """Every firing of a Reactive trigger is the same; those of Proactive ones are as many as with some phase."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    for name, trigger in {**REACTIVE, **PROACTIVE}.items():
        made = {"name": name, "trigger": trigger, "actions": [{"type": "do-nothing"}]}
        server.call("POST", "/automations/", made)
    probe = Probe(server)
    probe.loaded()
    number = happened(server, probe)

    found = asyncio.run(looked_back(server, since, tmp_path))

    assert number >= 2000
    assert 300 < found.events < number
    tested = {one.subject.name: one for one in found.tested}
    assert tested.keys() == {*REACTIVE, *PROACTIVE, "probe"}
    for name in REACTIVE:
        one = tested[name]
        assert one.now is not None
        assert one.check is not None
        real = recorded(server, one.subject.id)
        assert len(real) >= 2, name
        assert sorted(fired.event_id for fired in one.now.usual) == real, name
        assert (one.check.percent, one.check.recorded) == (100, len(real)), name
    for name in PROACTIVE:
        one = tested[name]
        assert one.now is not None
        assert one.check is not None
        counts = (one.now.least, one.check.recorded, one.now.most)
        assert one.check.recorded >= 1, name
        # The ticks of a busy machine come late, and there are fewer of them.
        assert counts[0] - 1 <= counts[1] <= counts[2], (name, counts)
        assert one.check.alike == one.check.recorded, (name, one.check)
