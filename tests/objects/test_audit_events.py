"""The mark that an apply leaves in the server's events, if it is to."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.auditing import MARK, audit
from prefect_provider.objects.catalogue import SERVER_RESOURCES, Variable, WorkPool
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.api.fake_transport import FakeTransport, answer, client
from tests.environment.processes import wait_until
from tests.objects.terraform_core import Managed, World, configuration, explain, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prefect_provider.api import Answer, Outgoing
    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

SECRET = "hush-hush-hush"


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[World]:
    """A client and an event loop for one test."""
    world = World(prefect_server)
    yield world
    world.close()


def marks(server: PrefectServer, resource_id: str, number: int) -> list[dict[str, Any]]:
    """The marks on a resource, oldest first, once there are so many."""
    asked = {"filter": {"event": {"name": [MARK]}, "resource": {"id": [resource_id]}, "order": "ASC"}}
    found: list[dict[str, Any]] = []

    def there() -> bool:
        found[:] = server.call("POST", "/events/filter", asked)["events"]
        return len(found) >= number

    wait_until(there, what=f"{number} marks on {resource_id}", seconds=120)
    return found


def test_each_apply_leaves_a_mark(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real server keeps who, where, and which attributes: of a creation, a change and a deletion, never a value."""
    for name in ("GITLAB_USER_LOGIN", "CI_COMMIT_SHA", "CI_JOB_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_ACTOR", "ada")
    monkeypatch.setenv("GITHUB_SHA", "41f2c9")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "team/flows")
    monkeypatch.setenv("GITHUB_RUN_ID", "7")
    audit(world.client)
    variable = Managed(world, Variable)
    name = unique("mark")
    variable.apply({"name": name, "value": Dynamic(STRING, SECRET), "tags": ["a"]})
    id_ = variable.id
    variable.apply({"name": name, "value": Dynamic(STRING, f"{SECRET}2"), "tags": ["a"]})
    variable.destroy()

    found = marks(world.server, f"prefect.variable.{id_}", 3)

    told = [(one["payload"]["action"], one["payload"]["changed"]) for one in found]
    assert told == [("created", ["name", "tags", "value"]), ("updated", ["value"]), ("deleted", [])]
    for one in found:
        assert one["resource"]["prefect.resource.name"] == name
        assert one["payload"]["type"] == "prefect_variable"
        assert one["payload"]["commit"] == "41f2c9"
        assert one["payload"]["run"] == "https://github.example/team/flows/actions/runs/7"
        [actor] = one["related"]
        assert (actor["prefect.resource.id"], actor["prefect.resource.role"]) == (
            "prefect-iac.actor.ada",
            "actor",
        )
    assert SECRET not in json.dumps(found)


class Pools:
    """A fake of a server with work pools whose events cannot be written."""

    def __init__(self, events: Callable[[], Answer]) -> None:
        self._events = events
        self.pool: dict[str, Any] = {}

    def __call__(self, outgoing: Outgoing) -> Answer:
        """Answer a request."""
        if outgoing.url.endswith("/events"):
            return self._events()
        if outgoing.method == "DELETE":
            return answer(204)
        if outgoing.method == "POST" and outgoing.url.endswith("/work_pools/"):
            given = json.loads(outgoing.body or b"{}")
            self.pool = {
                "id": "3a9445c1-9451-48c0-a9c6-96b3d46e6a3a",
                "created": "2026-11-25T10:00:00Z",
                "updated": "2026-11-25T10:00:00Z",
                "default_queue_id": "3a9445c1-9451-48c0-a9c6-96b3d46e6a3b",
                "is_paused": False,
                "base_job_template": {},
                **given,
            }
            return answer(201, self.pool)
        return answer(200, self.pool)


@pytest.mark.parametrize("status", [404, 422, 500])
def test_a_mark_that_fails_is_a_warning(status: int) -> None:
    """The object is created and in state; the warning says what was not written, and a deletion is one all the same."""
    fake = Pools(lambda: answer(status, {"detail": "no events here"}))

    async def run() -> tuple[lifecycle.Outcome, lifecycle.Outcome]:
        async with client(FakeTransport(fake), max_retries=1) as prefect:
            audit(prefect)
            config = configuration(WorkPool, {"name": "p", "type": "process"})
            planned = await lifecycle.plan(WorkPool, prefect, None, config, {}, explain)
            made = await lifecycle.apply(
                WorkPool, prefect, None, planned.state, config, planned.private, explain
            )
            gone = await lifecycle.apply(WorkPool, prefect, made.state, None, {}, {}, explain)
        return made, gone

    made, gone = asyncio.run(run())

    assert made.state is not None
    assert made.state["id"] == fake.pool["id"]
    assert gone.state is None
    for outcome in (made, gone):
        [warning] = outcome.diagnostics
        assert warning.severity == "warning"
        assert warning.summary == "The apply left no mark in the events"
        assert "was applied all the same" in warning.detail


def test_nothing_is_sent_unless_wanted() -> None:
    """Without the attribute an apply takes the requests that it took, and none for events."""
    sent: dict[bool, list[str]] = {}
    for audited in (False, True):
        transport = FakeTransport(Pools(lambda: answer(204)))

        async def run(transport: FakeTransport = transport, audited: bool = audited) -> None:
            async with client(transport) as prefect:
                if audited:
                    audit(prefect)
                config = configuration(WorkPool, {"name": "p", "type": "process"})
                planned = await lifecycle.plan(WorkPool, prefect, None, config, {}, explain)
                transport.sent.clear()
                await lifecycle.apply(
                    WorkPool, prefect, None, planned.state, config, planned.private, explain
                )

        asyncio.run(run())
        sent[audited] = [f"{one.method} {one.url.partition('/api')[2]}" for one in transport.sent]
    assert "POST /events" not in sent[False]
    assert sent[True] == [*sent[False], "POST /events"]


def test_every_type_has_a_name_in_events() -> None:
    """No mark is about a kind of object that Prefect's own events call otherwise."""
    from prefect_provider.rules.event_catalogue import RESOURCE_KINDS, kind_in_events

    unknown = {
        one.type_name for one in SERVER_RESOURCES if kind_in_events(one.type_name) not in RESOURCE_KINDS
    }
    # Of these Prefect emits none.
    assert unknown <= {"prefect_block_schema", "prefect_deployment_schedule"}


CONFIGURATION = """
provider "prefect" {{
  audit_events = true
}}
resource "prefect_work_pool" "this" {{
  name = "{name}"
  type = "process"
}}
"""


def test_the_provider_block_turns_it_on(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """Terraform applies with the attribute, and the server has the mark."""
    name = unique("marked")
    workspace = terraform(CONFIGURATION.format(name=name))

    workspace.apply()

    pool = prefect_server.call("GET", f"/work_pools/{name}")
    [mark] = marks(prefect_server, f"prefect.work-pool.{pool['id']}", 1)
    assert mark["payload"]["action"] == "created"
    workspace.assert_no_changes()
