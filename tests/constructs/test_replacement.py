"""What is replaced along with what: Prefect deletes or empties some objects with others."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs import _runtime
from prefect_constructs._runtime import TerraformCount, TerraformStack
from prefect_constructs.testing import Template
from tests.constructs.stacks import new_app, new_stack
from tests.environment.prefect_server import PrefectServer
from tests.environment.terraform import Workspace

REPLACED = ("delete", "create")


def reasons(stack: TerraformStack, type_name: str = "prefect_deployment") -> Any:
    """The lifecycle of the only resource of a type."""
    (only,) = Template.from_stack(stack).resources(type_name).values()
    return only.get("lifecycle")


def etl(
    *,
    type_: str = "process",
    description: str = "for tests",
    block: str = "followed-one",
    team: str = "a",
    follow: bool = True,
) -> dict[str, Any]:
    """A flow, a pool with a queue, a block, and a deployment of them all, as they are synthesized."""
    stack = new_stack()
    flow = pc.Flow(stack, "followed-flow", labels={"team": team})
    pool = pc.WorkPool(stack, "followed-pool", type=type_, description=description)
    queue = pc.WorkQueue(stack, "followed-queue", work_pool=pool, follow_replacements=follow)
    secret = pc.Block(stack, "secret", name=block, type_slug="secret", data={"value": "x"})
    pc.Deployment(
        stack,
        "followed",
        entrypoint="followed.py:followed",
        flow_name=flow,
        work_pool=pool,
        work_queue=queue,
        storage_document_id=secret,
        follow_replacements=follow,
    )
    return dict(Template.from_stack(stack).document)


def changed(workspace: Workspace, configuration: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """What a plan with this configuration does, by type of resource."""
    workspace.write(configuration)
    found = workspace.plan().actions()
    return {address.split(".")[0]: actions for address, actions in found.items() if actions != ("no-op",)}


def test_with_the_real_terraform(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A deployment goes with its pool, its flow and its block, also where their names stay; an update moves nothing.

    After each replacement all is as configured: another plan changes nothing, and the server has the references.
    """
    workspace = terraform(etl(), provider=False)
    workspace.apply()
    assert changed(workspace, etl(description="updated")) == {"prefect_work_pool": ("update",)}
    assert changed(workspace, etl(type_="kubernetes", follow=False)) == {"prefect_work_pool": REPLACED}
    whole = {"prefect_work_pool": REPLACED, "prefect_work_queue": REPLACED, "prefect_deployment": REPLACED}
    assert changed(workspace, etl(type_="kubernetes")) == whole
    workspace.apply()
    workspace.assert_no_changes()
    deployment = prefect_server.call("GET", "/deployments/name/followed-flow/followed")
    assert (deployment["work_pool_name"], deployment["work_queue_name"]) == (
        "followed-pool",
        "followed-queue",
    )
    renamed: dict[str, Any] = {"type_": "kubernetes", "block": "followed-two"}
    assert changed(workspace, etl(**renamed)) == {"prefect_block": REPLACED, "prefect_deployment": REPLACED}
    relabelled: dict[str, Any] = {"type_": "kubernetes", "team": "b"}
    assert changed(workspace, etl(**relabelled)) == {"prefect_flow": REPLACED, "prefect_deployment": REPLACED}
    workspace.write(etl(**renamed, team="b"))
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


def test_references() -> None:
    """The reasons are the ids of what was given as a construct; a name or an id that was given is none."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "p")
    queue = pc.WorkQueue(stack, "q", work_pool=pool)
    pc.Deployment(stack, "d", flow=pc.Flow(stack, "f"), work_pool=pool, work_queue=queue)
    assert reasons(stack) == {
        "replace_triggered_by": ["prefect_flow.f.id", "prefect_work_pool.p.id", "prefect_work_queue.q.id"]
    }
    assert reasons(stack, "prefect_work_queue") == {"replace_triggered_by": ["prefect_work_pool.p.id"]}
    named = new_stack()
    other = pc.WorkPool(named, "p")
    pc.Deployment(named, "d", flow=pc.Flow(named, "f").id, work_pool=other.name)
    assert reasons(named) is None


def test_merged_with_the_users() -> None:
    """The user's own lifecycle stays, constructs and references in it become what Terraform takes, once each."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "p")
    flow = pc.Flow(stack, "f")
    pc.Deployment(
        stack,
        "d",
        flow_name="f",
        work_pool=pool,
        lifecycle={
            "prevent_destroy": True,
            "replace_triggered_by": [flow, pool.id, "prefect_work_pool.p.type"],
        },
    )
    assert reasons(stack) == {
        "prevent_destroy": True,
        "replace_triggered_by": ["prefect_flow.f", "prefect_work_pool.p.id", "prefect_work_pool.p.type"],
    }


@pytest.mark.skipif(_runtime.RUNTIME == _runtime.NATIVE, reason="only the CDK writes HCL")
def test_in_hcl() -> None:
    """In HCL the references are bare, too: in quotes, Terraform takes them when it validates, and not to plan."""
    stack = new_stack()
    pc.WorkQueue(stack, "q", work_pool=pc.WorkPool(stack, "p"))
    assert "replace_triggered_by = [prefect_work_pool.p.id]" in _runtime.Testing.synth_hcl(stack)


def test_switched_off() -> None:
    """`follow_replacements=False` leaves the user's reasons alone."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "p")
    pc.Deployment(stack, "d", flow_name="f", work_pool=pool, follow_replacements=False)
    assert reasons(stack) is None
    users = new_stack()
    pc.Deployment(
        users,
        "d",
        flow_name="f",
        work_pool=pc.WorkPool(users, "p"),
        follow_replacements=False,
        lifecycle={"replace_triggered_by": ["prefect_work_pool.p.type"]},
    )
    assert reasons(users) == {"replace_triggered_by": ["prefect_work_pool.p.type"]}


@pytest.mark.parametrize("instances", [{"count": 2}, {"count": TerraformCount.of(2)}])
def test_several_instances(instances: dict[str, Any]) -> None:
    """What has several instances has no one id, so it is not followed."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "p", **instances)
    pc.Deployment(stack, "d", flow_name="f", work_pool=pool)
    assert reasons(stack) is None


def test_of_another_stack(tmp_path: Any) -> None:
    """Terraform cannot follow what another stack has, so the reference stays one of names."""
    app = new_app(tmp_path)
    first, second = TerraformStack(app, "first"), TerraformStack(app, "second")
    for one in (first, second):
        pc.PrefectProvider(one, "prefect")
    pc.Deployment(second, "d", flow_name="f", work_pool=pc.WorkPool(first, "p"))
    app.synth()
    text = (tmp_path / "stacks" / "second" / "cdk.tf.json").read_text(encoding="utf-8")
    assert "lifecycle" not in json.loads(text)["resource"]["prefect_deployment"]["d"]
