"""A workspace as it is and as it will be, read from a real server and from real plans."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import Outlook, outlook_of
from prefect_iac.workspace.reading import TYPES, read_workspace
from prefect_provider.api import ApiError, Client, resolve
from prefect_provider.text.masking import SENSITIVE
from tests.environment.fault_proxy import FaultProxy
from tests.environment.reading_proxy import ReadingProxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_iac.workspace.content import Workspace
    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace as Terraform

_CONFIGURATION = """
resource "prefect_flow" "etl" { name = "outlook-etl" }
resource "prefect_work_pool" "pool" { name = "outlook-pool" }
resource "prefect_work_queue" "fast" {
  name           = "outlook-fast"
  work_pool_name = prefect_work_pool.pool.name
}
resource "prefect_deployment" "nightly" {
  name            = "nightly"
  flow_id         = prefect_flow.etl.id
  entrypoint      = "etl.py:etl"
  work_pool_name  = prefect_work_pool.pool.name
  work_queue_name = prefect_work_queue.fast.name
  schedules       = { daily = { cron = "0 3 * * *" } }
}
resource "prefect_deployment" "plain" {
  name           = "plain"
  flow_id        = prefect_flow.etl.id
  entrypoint     = "etl.py:etl"
  work_pool_name = prefect_work_pool.pool.name
}
resource "prefect_deployment_schedule" "own" {
  deployment_id = prefect_deployment.plain.id
  slug          = "hourly"
  interval      = 3600
}
resource "prefect_block" "secret" {
  name      = "outlook-secret"
  type_slug = "secret"
  data      = jsonencode({ value = "hunter2-hunter2" })
}
resource "prefect_automation" "restart" {
  name    = "outlook-restart"
  trigger = { event = { posture = "Reactive", expect = ["prefect.flow-run.Crashed"] } }
  actions = [
    { type = "run-deployment", deployment_id = prefect_deployment.nightly.id },
    { type = "pause-deployment", source = "inferred" },
  ]
}
"""


async def _read(url: str) -> Workspace:
    async with Client(resolve({"endpoint": url}, {})) as client:
        return await read_workspace(client)


def read(url: str) -> Workspace:
    """The objects of a server."""
    return asyncio.run(_read(url))


def outlook(workspace: Terraform, url: str) -> Outlook:
    """What a plan makes of a server."""
    return outlook_of(read_plan(json.dumps(workspace.plan().json)), read(url))


def test_a_page_is_a_request(prefect_servers: Callable[..., PrefectServer]) -> None:
    """A workspace takes a request for each page of each collection, whatever is in it."""
    server = prefect_servers(services=False)
    flow = server.call("POST", "/flows/", {"name": "many"})["id"]
    for index in range(205):
        trigger = {"type": "event", "posture": "Reactive", "expect": ["a"], "threshold": 1, "within": 0}
        body = {"name": f"many-{index}", "trigger": trigger, "actions": [{"type": "do-nothing"}]}
        server.call("POST", "/automations/", body)
    server.call("POST", "/deployments/", {"name": "one", "flow_id": flow})
    with FaultProxy(server.url) as proxy:
        found = read(proxy.api_url)
        asked = [exchange.path for exchange in proxy.seen if exchange.path.endswith("/filter")]
    assert len(found.automations) == 205
    # One page of each, and a second one of automations.
    assert len(asked) == len(TYPES) + 1
    assert found.full_name(found.deployments[next(iter(found.deployments))]) == "many/one"


def test_objects_now_and_then(prefect_server: PrefectServer, terraform: Callable[..., Terraform]) -> None:
    """What exists is found by id and name; what the plan makes has a placeholder, and is referred to by it."""
    url = prefect_server.api_url
    workspace = terraform(_CONFIGURATION)
    before = outlook(workspace, url)
    nightly = before.at("prefect_deployment.nightly")
    assert nightly is not None
    assert (nightly.id, nightly.now, nightly.action) == (
        "unknown:prefect_deployment.nightly.id",
        None,
        "create",
    )
    assert nightly.planned is not None
    assert before.planned.full_name(nightly.planned) == "outlook-etl/nightly"
    assert before.planned.deployment("outlook-etl/nightly") == nightly.planned
    assert before.now.deployment("outlook-etl/nightly") is None
    queue = before.planned.queue_of(nightly.planned)
    assert queue is not None
    assert queue["name"] == "outlook-fast"
    on_it = [
        (automation["name"], target.place, target.position, target.inferred)
        for automation, target in before.planned.automations_on("prefect_deployment", nightly.id)
        if automation["name"].startswith("outlook")
    ]
    assert on_it == [("outlook-restart", "actions", 0, False), ("outlook-restart", "actions", 1, True)]
    plain = before.at("prefect_deployment.plain")
    assert plain is not None
    assert plain.planned is not None
    assert [one["slug"] for one in plain.planned["schedules"]] == ["hourly"]

    workspace.apply()
    after = outlook(workspace, url)
    assert not list(after.changed())
    for prospect in after.prospects:
        if prospect.change is not None and prospect.type != "prefect_deployment_schedule":
            assert prospect.now is not None
            assert prospect.planned is not None
            assert prospect.now.keys() <= prospect.planned.keys()
            assert prospect.planned["id"] == prospect.now["id"]
    held = after.planned.deployment("outlook-etl/nightly")
    assert held is not None
    assert [one["slug"] for one in held["schedules"]] == ["daily"]
    assert [one["id"] for one in held["schedules"]] == [
        one["id"] for one in after.now.deployments[held["id"]]["schedules"]
    ]
    default = after.planned.deployment("outlook-etl/plain")
    assert default is not None
    found = after.planned.queue_of(default)
    assert found is not None
    assert found["name"] == "default"


def test_what_goes_with_what_the_plan_deletes(
    prefect_server: PrefectServer, terraform: Callable[..., Terraform]
) -> None:
    """A deployment that others made goes with its flow, and nothing is told of it that is secret."""
    workspace = terraform(_CONFIGURATION.replace("outlook-", "going-"))
    workspace.apply()
    flow = workspace.state()["prefect_flow.etl"]["id"]
    other = prefect_server.call("POST", "/deployments/", {"name": "adhoc", "flow_id": flow})["id"]
    workspace.write("")
    found = outlook(workspace, prefect_server.api_url)
    adhoc = found.prospect("prefect_deployment", other)
    assert adhoc is not None
    assert (adhoc.planned, adhoc.action, adhoc.taken_by) == (None, "delete", "prefect_flow.etl")
    assert found.planned.deployment("going-etl/adhoc") is None
    assert found.now.deployment("going-etl/adhoc") is not None
    secret = found.at("prefect_block.secret")
    assert secret is not None
    assert secret.now is not None
    assert secret.now["data"] == SENSITIVE


def test_what_goes_along_takes_others_with_it(
    prefect_server: PrefectServer, terraform: Callable[..., Terraform]
) -> None:
    """A block goes with its type, and a deployment that is stored by it with the block; the server does that."""
    workspace = terraform('resource "prefect_block_type" "store" {\n  name = "Chain"\n  slug = "chain"\n}')
    workspace.apply()
    call = prefect_server.call
    type_id = workspace.state()["prefect_block_type.store"]["id"]
    schema = call("POST", "/block_schemas/", {"block_type_id": type_id, "fields": {"title": "Chain"}})
    block = {"name": "chain", "data": {}, "block_type_id": type_id, "block_schema_id": schema["id"]}
    block_id = call("POST", "/block_documents/", block)["id"]
    flow = call("POST", "/flows/", {"name": "chain-of-blocks"})["id"]
    deployment = {"name": "stored", "flow_id": flow, "storage_document_id": block_id}
    deployment_id = call("POST", "/deployments/", deployment)["id"]
    workspace.write("")

    found = outlook(workspace, prefect_server.api_url)
    for type_, id_ in (("prefect_block", block_id), ("prefect_deployment", deployment_id)):
        one = found.prospect(type_, id_)
        assert one is not None
        assert (one.planned, one.action, one.taken_by) == (None, "delete", "prefect_block_type.store")

    workspace.apply()
    assert call("POST", "/deployments/filter", {"deployments": {"id": {"any_": [deployment_id]}}}) == []
    call("DELETE", f"/flows/{flow}")


def test_plan_alone(terraform: Callable[..., Terraform]) -> None:
    """Without a server the plan tells what its objects are now."""
    configuration = _CONFIGURATION.replace("outlook-", "alone-")
    workspace = terraform(configuration)
    workspace.apply()
    workspace.write(configuration.replace('cron = "0 3 * * *"', 'cron = "0 5 * * *"'))
    plan = read_plan(json.dumps(workspace.plan().json))
    found = outlook_of(plan, None)
    assert not found.is_live
    [changed] = found.changed()
    assert changed.address == "prefect_deployment.nightly"
    assert _crons(changed.now) == ["0 3 * * *"]
    assert _crons(changed.planned) == ["0 5 * * *"]
    assert "hunter2" not in repr(found.prospects[0].now) + repr([one.planned for one in found.prospects])


def _crons(deployment: Any) -> list[str]:
    return [one["schedule"]["cron"] for one in deployment["schedules"]]


def test_damaged_object_is_told_and_the_others_are_there() -> None:
    """One object that cannot be read hides no other."""
    change = {
        "mode": "managed",
        "provider_name": "registry.terraform.io/prefect-iac/prefect",
        "type": "prefect_flow",
        "change": {"actions": ["create"], "after": {"name": "a"}, "after_unknown": {"id": True}},
    }
    damaged = {"actions": ["create"], "after": {"name": "b", "tags": {"secret": "hunter2-hunter2"}}}
    changes = [
        {**change, "address": "prefect_flow.a"},
        {**change, "address": "prefect_flow.b", "change": damaged},
    ]
    text = json.dumps({"format_version": "1.2", "resource_changes": changes})
    found = outlook_of(read_plan(text), None)
    assert [one.address for one in found.prospects] == ["prefect_flow.a"]
    [bad] = found.unreadable
    assert bad.address == "prefect_flow.b"
    assert "hunter2" not in bad.reason


def test_collection_that_a_key_may_not_see(prefect_server: PrefectServer) -> None:
    """It is left out and said so, and the others are there; a server that cannot be reached is an error."""
    with ReadingProxy(prefect_server.url) as proxy:
        proxy.refuses = lambda _, path: path.endswith("/block_documents/filter")
        found = read(proxy.api_url)
    assert list(found.unread) == ["prefect_block"]
    assert "prefect_flow" not in found.unread
    with pytest.raises(ApiError):
        read("http://127.0.0.1:9/api")
