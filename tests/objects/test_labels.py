"""Labels: which are ours, and what changing them takes, on a real server and on a stand-in for Prefect Cloud."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.existing import set_on_existing
from prefect_provider.objects.labels import own_labels
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.flow import Flow
from prefect_provider.plugin.engine import lifecycle
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from tests.objects.terraform_core import World

ACCOUNT = "0198f3a4-1111-4222-8333-944455556666"
WORKSPACE = "0198f3a4-2222-4222-8333-944455556666"
FLOW = "0198f3a4-3333-4222-8333-944455556666"


def _flow(world: World) -> str:
    return str(world.call("POST", "/flows/", {"name": unique("flow"), "labels": {"team": "data"}})["id"])


def test_own_labels_are_the_ones_that_terraform_holds() -> None:
    """Inherited labels and the server's own are no difference; other types become text as Terraform has them."""
    stored = {"team": "data", "prefect.flow.id": "x", "n": 1, "ok": True, "half": 0.5}

    assert own_labels(stored, {"n": "1"}) == {"n": "1"}
    assert own_labels(stored, {"gone": "1"}) == {}
    assert own_labels(stored, {}) == {}
    assert own_labels(stored, None) == {"team": "data", "n": "1", "ok": "true", "half": "0.5"}
    assert own_labels(None, {"a": "b"}) == {}


def test_labels_of_the_flow_are_no_difference(world: World) -> None:
    """A deployment's labels that come from its flow or from the server are never planned to go."""
    managed = Managed(world, Deployment)
    given = {"name": unique("deployment"), "flow_id": _flow(world), "labels": {"tier": "1"}}

    managed.apply(given)

    assert managed.held["labels"] == {"tier": "1"}
    assert world.call("GET", f"/deployments/{managed.id}")["labels"].keys() == {
        "team",
        "tier",
        "prefect.flow.id",
    }


def test_labels_of_other_types(world: World) -> None:
    """Numbers and truth values, which the SDK may set, are read as text, inherited too, and stay what they are."""
    labels = {"n": 1, "half": 0.5, "ok": True, "text": "1"}
    flow = world.call("POST", "/flows/", {"name": unique("flow"), "labels": labels})
    texts = {"n": "1", "half": "0.5", "ok": "true", "text": "1"}
    assert Managed.imported(world, Flow, flow["id"]).held["labels"] == texts

    managed = Managed(world, Deployment)
    given = {"name": unique("deployment"), "flow_id": flow["id"]}
    managed.apply(given | {"labels": {"tier": "1"}})
    imported = Managed.imported(world, Deployment, managed.id)
    assert imported.held["labels"] == {"tier": "1", **texts}
    imported.apply(given | {"labels": {"tier": "2", **texts}})
    stored = world.call("GET", f"/deployments/{managed.id}")["labels"]
    assert stored == {"tier": "2", "prefect.flow.id": flow["id"], **labels}
    assert (type(stored["ok"]), type(stored["n"])) == (bool, int)


def test_changed_labels_need_a_new_flow_on_an_open_source_server(world: World) -> None:
    """A server that cannot change the labels of a flow gets a new one, and the plan says so at the labels."""
    managed = Managed(world, Flow)
    base = {"name": unique("flow")}
    managed.apply(base | {"labels": {"tier": "1"}})

    for labels in ({"tier": "2"}, {"tier": "1", "more": "x"}, {}, None):
        wanted = configuration(Flow, base | {"labels": labels})
        assert managed.plan(wanted, prior=managed.state).replace == [("labels",)]


SCHEDULES: dict[str, Any] = {
    "nightly": {"cron": "0 3 * * *", "timezone": "Europe/Berlin", "max_scheduled_runs": 4, "active": False},
    "often": {"interval": 900, "anchor_date": "2030-01-01T00:00:00Z", "parameters": '{"a": 3}'},
    "weekly": {"rrule": "FREQ=WEEKLY;BYDAY=MO", "max_scheduled_runs": 2},
}


@pytest.mark.parametrize("limited", ["own", "shared"])
def test_labels_of_a_deployment_change_in_place(world: World, limited: str) -> None:
    """On an open-source server a deployment keeps its id, and everything else that it has, when its labels change."""
    name = unique("labels")
    world.call("POST", "/work_pools/", {"name": name, "type": "process"})
    shared = world.call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 7})["id"]
    managed = Managed(world, Deployment)
    given: dict[str, Any] = {
        "name": name,
        "flow_id": _flow(world),
        "paused": True,
        "enforce_parameter_schema": True,
        "parameter_openapi_schema": '{"type": "object", "properties": {"a": {"type": "integer"}}}',
        "parameters": '{"a": {"__prefect_kind": "jinja", "template": "{{ 1 }}"}}',
        "job_variables": '{"env": {"A": "1"}}',
        "work_pool_name": name,
        "work_queue_name": "fast",
        "tags": ["b", "a"],
        "description": "for tests",
        "path": "/opt",
        "version": "1",
        "entrypoint": "a.py:b",
        "pull_steps": [{"type": "set_working_directory", "directory": "/opt"}],
        "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
        "schedules": SCHEDULES,
    }
    given |= {"concurrency_limit": 3} if limited == "own" else {"global_concurrency_limit_id": shared}
    managed.apply(given | {"labels": {"tier": "1", "old": "x"}})
    path = f"/deployments/{managed.id}"
    before = _label_elsewhere(world, path, "theirs", "y")

    managed.apply(given | {"labels": {"tier": "2", "new": "z"}})

    after = world.call("GET", path)
    assert after["labels"] == {
        "tier": "2",
        "new": "z",
        "theirs": "y",
        "team": "data",
        "prefect.flow.id": given["flow_id"],
    }
    assert _settled(after) == _settled(before)
    assert world.call("GET", f"/v2/concurrency_limits/{shared}")["limit"] == 7
    managed.apply(given)
    assert world.call("GET", path)["labels"].keys() == {"theirs", "team", "prefect.flow.id"}


def _label_elsewhere(world: World, path: str, label: str, value: str) -> dict[str, Any]:
    """Add a label to a deployment as another tool does, by posting it; the deployment as it is then."""
    data = world.call("GET", path)
    kept = {key: data[key] for key in ("name", "flow_id", "parameters")}
    schedules = [
        {key: one[key] for key in ("schedule", "slug", "active", "parameters")} for one in data["schedules"]
    ]
    labels = data["labels"] | {label: value}
    world.call("POST", "/deployments/", kept | {"labels": labels, "schedules": schedules})
    was = {one["slug"]: one for one in data["schedules"]}
    for one in world.call("GET", path)["schedules"]:
        # A PATCH without the parameters would empty them.
        rest = {key: was[one["slug"]][key] for key in ("max_scheduled_runs", "parameters")}
        world.call("PATCH", f"{path}/schedules/{one['id']}", rest)
    found: dict[str, Any] = world.call("GET", path)
    return found


def _settled(data: dict[str, Any]) -> dict[str, Any]:
    """A deployment without its labels and times, and its schedules without their ids."""
    schedules = {
        one["slug"]: {key: one[key] for key in ("schedule", "active", "max_scheduled_runs", "parameters")}
        for one in data["schedules"]
    }
    return {**data, "labels": None, "updated": None, "schedules": schedules}


def test_imported_deployment_keeps_what_its_flow_passed_on(world: World) -> None:
    """After an import, labels of the flow beside the configured ones plan nothing, now and after other changes."""
    first = Managed(world, Deployment)
    given = {"name": unique("deployment"), "flow_id": _flow(world), "labels": {"tier": "1"}}
    first.apply(given)
    managed = Managed.imported(world, Deployment, first.id)
    assert managed.changes(given) == []

    managed.apply(given | {"description": "changed"})
    managed.apply(given | {"description": "again"})

    assert managed.id == first.id


def test_labels_left_out_at_first_and_then_none(world: World) -> None:
    """Writing that there are no labels does not remake a deployment that only has its flow's."""
    managed = Managed(world, Deployment)
    base = {"name": unique("deployment"), "flow_id": _flow(world)}
    managed.apply(base)
    id_ = managed.id

    managed.apply(base | {"labels": {}})
    managed.apply(base | {"labels": {}, "description": "changed"})
    managed.apply(base | {"labels": {"team": "data"}})

    assert managed.id == id_


class Cloud:
    """A stand-in for a workspace of Prefect Cloud with one flow, which lets labels be changed."""

    def __init__(self) -> None:
        self.flow: dict[str, Any] = {}
        self.transport = FakeTransport(self._answer)
        self.client = client(
            self.transport,
            endpoint=f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}",
            api_key="key",
        )

    def _answer(self, outgoing: Outgoing) -> Answer:
        base = f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}/"
        assert outgoing.url.startswith(base)
        body = json.loads(outgoing.body or b"{}")
        if outgoing.url.endswith("/count"):
            return answer(200, 0)
        if "/flows/name/" in outgoing.url and not self.flow:
            return answer(404, {"detail": "Flow not found"})
        if outgoing.method == "POST":
            times = {"created": "2030-01-01T00:00:00Z", "updated": "2030-01-01T00:00:00Z"}
            known, self.flow = bool(self.flow), self.flow or body | {"id": FLOW} | times
            return answer(200 if known else 201, self.flow)
        if outgoing.method == "PATCH":
            self.flow |= body
            return answer(204)
        return answer(200, self.flow)

    async def apply(self, made: lifecycle.Outcome | None, **given: Any) -> lifecycle.Outcome:
        """Plan and apply without a replacement."""
        wanted = configuration(Flow, given)
        prior, private = (made.state, made.private) if made else (None, {})
        planned = await lifecycle.plan(Flow, self.client, prior, wanted, private, explain)
        assert planned.replace == []
        return await lifecycle.apply(
            Flow, self.client, prior, planned.state, wanted, planned.private, explain
        )


def test_cloud_changes_labels_in_place() -> None:
    """Prefect Cloud (a stand-in for it) is sent a PATCH of the labels instead of a new flow."""

    async def live() -> None:
        cloud = Cloud()
        made = await cloud.apply(None, name="f", labels={"team": "data"})
        changed = await cloud.apply(made, name="f", labels={"team": "ops"})
        cleared = await cloud.apply(changed, name="f", labels={})

        for outcome in (made, changed, cleared):
            assert shown(outcome.diagnostics) == []
        assert [out.method for out in cloud.transport.sent].count("PATCH") == 2
        assert cloud.flow["labels"] == {}

    asyncio.run(live())


def test_cloud_changes_the_labels_of_a_flow_that_exists() -> None:
    """On Prefect Cloud (a stand-in for it) a flow that is taken over gets the configured labels."""

    async def live() -> None:
        others, cloud = Cloud(), Cloud()
        await others.apply(None, name="f", labels={"team": "data"})
        cloud.flow = others.flow
        set_on_existing(cloud.client, "adopt")
        taken = await cloud.apply(None, name="f", labels={"team": "ops"})

        assert [one.summary for one in taken.diagnostics] == ["The flow exists already and is taken over"]
        assert cloud.flow["labels"] == {"team": "ops"}

    asyncio.run(live())
