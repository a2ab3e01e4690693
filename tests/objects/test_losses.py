"""What goes with a pool, a queue and a block: said in the plan, counted, and for blocks refused (real terraform)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.engine import lifecycle
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Message, Result, Workspace
    from tests.objects.terraform_core import World

POOL = """
resource "prefect_work_pool" "p" {{
  name = "{name}"
  type = "{type}"
}}
resource "prefect_work_queue" "q" {{
  work_pool_name = prefect_work_pool.p.name
  name           = "high"
  {lifecycle}
}}
resource "prefect_deployment" "d" {{
  name            = "{name}"
  flow_name       = "{name}"
  work_pool_name  = prefect_work_pool.p.name
  work_queue_name = prefect_work_queue.q.name
  {lifecycle}
}}
"""

BLOCK = """
resource "prefect_block" "b" {{
  name      = "{block}"
  type_slug = "secret"
  data      = jsonencode({{ value = "x" }})
  {block_lifecycle}
}}
resource "prefect_deployment" "d" {{
  name      = "{name}"
  flow_name = "{name}"
  {role}    = prefect_block.b.id
  {lifecycle}
}}
"""


def _warnings(result: Result) -> list[Message]:
    return [one for one in result.warnings if "development overrides" not in one.summary]


def test_pool_of_another_type(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """The plan warns at the type what is lost, others' deployments too; `replace_triggered_by` heals it at once."""
    name = unique("losses")
    workspace = terraform(POOL.format(name=name, type="process", lifecycle=""))
    workspace.apply()
    flow = prefect_server.call("POST", "/flows/", {"name": name})["id"]
    theirs = {"name": f"{name}-theirs", "flow_id": flow, "work_pool_name": name}
    prefect_server.call("POST", "/deployments/", theirs)

    workspace.write(POOL.format(name=name, type="docker", lifecycle=""))
    [warning] = _warnings(workspace.plan())

    assert warning.address == "prefect_work_pool.p"
    assert warning.snippet.strip().startswith("type")
    assert '2 queues ("default", "high")' in warning.detail
    assert "takes the pool from its 2 deployments" in warning.detail
    assert "replace_triggered_by = [prefect_work_pool." in warning.detail

    heal = "lifecycle { replace_triggered_by = [prefect_work_pool.p] }"
    workspace.write(POOL.format(name=name, type="docker", lifecycle=heal))
    workspace.apply()
    workspace.assert_no_changes()

    # What this plan destroys anyway is no loss, and a deployment of somebody else is.
    assert _warnings(workspace.plan("-destroy")) == []
    prefect_server.call("POST", "/deployments/", theirs)
    [warning] = _warnings(workspace.plan("-destroy"))
    assert warning.address == "prefect_work_pool.p"
    assert f'takes the pool from its 1 deployment ("{name}-theirs")' in warning.detail


def test_pool_of_a_type_that_is_misspelt(terraform: Callable[..., Workspace]) -> None:
    """The plan of a pool whose type no worker has says which was probably meant."""
    name = unique("losses")
    for type_, near in (("proces", "process"), ("Kubernetes", "kubernetes")):
        pool = f'resource "prefect_work_pool" "p" {{\n  name = "{name}"\n  type = "{type_}"\n}}'
        [warning] = _warnings(terraform(pool).plan())
        assert f"Did you mean `{near}`?" in warning.detail
        assert warning.snippet.strip() == f'type = "{type_}"'


@pytest.mark.parametrize("role", ["storage_document_id", "infrastructure_document_id"])
def test_block_that_a_deployment_uses_is_renamed(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, role: str
) -> None:
    """The plan names the deployment; destroyed first, the block stays and so does the deployment."""
    name = unique("losses")
    given = {"name": name, "role": role, "lifecycle": "", "block_lifecycle": ""}
    workspace = terraform(BLOCK.format(block=f"{name}-one", **given))
    workspace.apply()
    deployment = workspace.state()["prefect_deployment.d"]["id"]

    workspace.write(BLOCK.format(block=f"{name}-two", **given))
    [warning] = _warnings(workspace.plan())
    assert warning.snippet.strip().startswith("name")
    assert f'would delete its 1 deployment ("{name}")' in warning.detail
    assert "create_before_destroy = true" in warning.detail

    error = workspace.apply(check=False).only_error()
    assert error.summary == "The block is in use"
    assert deployment in error.detail
    assert "create_before_destroy = true" in error.detail
    assert prefect_server.exists(f"/deployments/{deployment}")

    given["block_lifecycle"] = "lifecycle { create_before_destroy = true }"
    workspace.write(BLOCK.format(block=f"{name}-two", **given))
    workspace.apply()
    assert workspace.state()["prefect_deployment.d"]["id"] == deployment
    assert prefect_server.exists(f"/deployments/{deployment}")
    workspace.assert_no_changes()
    assert _warnings(workspace.destroy()) == []
    assert not prefect_server.exists(f"/deployments/{deployment}")


def test_block_is_replaced_after_its_deployment(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """With `replace_triggered_by` on the deployment, Terraform destroys it first, and the block goes then."""
    name = unique("losses")
    given = {"name": name, "role": "storage_document_id", "block_lifecycle": ""}
    given["lifecycle"] = "lifecycle { replace_triggered_by = [prefect_block.b] }"
    workspace = terraform(BLOCK.format(block=f"{name}-one", **given))
    workspace.apply()
    block = workspace.state()["prefect_block.b"]["id"]

    workspace.write(BLOCK.format(block=f"{name}-two", **given))
    workspace.apply()

    assert not prefect_server.exists(f"/block_documents/{block}")
    workspace.assert_no_changes()


def _deployment(world: World, **fields: Any) -> str:
    name = unique("losses")
    flow = world.call("POST", "/flows/", {"name": name})["id"]
    made = world.call("POST", "/deployments/", {"name": name, "flow_id": flow} | fields)
    return str(made["id"])


def test_queue_that_goes(world: World) -> None:
    """A queue that is destroyed, or moved to another pool, takes the pool from its deployments; the plan says so."""
    pool = unique("losses")
    world.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    managed = Managed(world, WorkQueue)
    managed.apply({"work_pool_name": pool, "name": "q"})
    _deployment(world, work_pool_name=pool, work_queue_name="q")
    _deployment(world, work_pool_name=pool, work_queue_name="default")

    moved = configuration(WorkQueue, {"work_pool_name": "another", "name": "q"})
    [warning] = managed.plan(moved, prior=managed.state).diagnostics
    assert warning.path == ("work_pool_name",)
    assert "takes the pool from its 1 deployment" in warning.detail

    gone = world.run(lifecycle.plan(WorkQueue, world.client, managed.state, None, managed.private, explain))
    [warning] = gone.diagnostics
    assert "takes the pool from its 1 deployment" in warning.detail


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (WorkPool, {"name": unique("losses"), "type": "process"}),
        (Block, {"name": unique("losses"), "type_slug": "secret", "data": json.dumps({"value": "x"})}),
    ],
)
def test_nothing_is_said_where_nothing_goes(world: World, kind: Any, given: dict[str, Any]) -> None:
    """A pool with its default queue only, and a block that nobody uses, are replaced and destroyed without a word."""
    managed = Managed(world, kind)
    managed.apply(given)
    other = configuration(kind, given | {"name": unique("losses")})
    assert shown(managed.plan(other, prior=managed.state).diagnostics) == []
    gone = world.run(lifecycle.plan(kind, world.client, managed.state, None, managed.private, explain))
    assert shown(gone.diagnostics) == []
    assert managed.destroy() == []


def test_block_whose_user_is_gone_is_deleted(world: World) -> None:
    """A deployment that used the block a moment ago, and is gone or has another now, is no reason to keep it."""
    first, second = Managed(world, Block), Managed(world, Block)
    for block in (first, second):
        block.apply({"name": unique("losses"), "type_slug": "secret", "data": json.dumps({"value": "x"})})
    deployment = _deployment(world, storage_document_id=first.id)
    gone = world.run(lifecycle.plan(Block, world.client, first.state, None, first.private, explain))
    [warning] = gone.diagnostics
    assert "would delete its 1 deployment" in warning.detail

    world.call("PATCH", f"/deployments/{deployment}", {"storage_document_id": second.id})
    assert first.destroy() == []
    world.call("DELETE", f"/deployments/{deployment}")
    assert second.destroy() == []
