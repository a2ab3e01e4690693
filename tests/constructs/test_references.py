"""Objects in the place of their ids and names, and only there."""

from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import TerraformStack
from prefect_constructs.testing import Template
from tests.constructs.stacks import attributes, new_stack


@pytest.fixture
def stack() -> TerraformStack:
    """A stack with one object of each kind: flow, pool, queue, block, deployment."""
    made = new_stack()
    pool = pc.WorkPool(made, "pool")
    pc.WorkQueue(made, "queue", work_pool=pool)
    pc.Flow(made, "flow")
    pc.Block(made, "block", type_slug="secret", data={"value": "x"})
    pc.Deployment(made, "deployment", flow_name="f")
    return made


def child(stack: TerraformStack, id_: str) -> Any:
    """One of its objects."""
    return stack.node.find_child(id_)


def test_names_are_the_ids(stack: TerraformStack) -> None:
    """Every kind of object is called as its construct, if nothing else is said."""
    pc.Variable(stack, "variable", value=1)
    pc.Automation(stack, "automation", trigger=pc.EventTrigger(expect="x"))
    pc.PrefectDeployment(stack, "mirror", flow_name="f")
    found = Template.from_stack(stack).document["resource"]
    names = {id_: one["name"] for kind in found.values() for id_, one in kind.items()}
    assert names == {id_: id_ for id_ in names}
    assert len(names) == 8


@pytest.mark.parametrize(
    ("make", "form"),
    [
        (lambda stack, id_: pc.Variable(stack, id_, value=1), "1 to 255 lowercase letters"),
        (lambda stack, id_: pc.Block(stack, id_, type_slug="secret", data={}), "lowercase letters, digits"),
        (pc.WorkPool, "a name of one or more characters other than /"),
        (pc.Flow, "a name of one or more characters other than /"),
        (lambda stack, id_: pc.Deployment(stack, id_, flow_name="f"), "a name of one or more characters"),
        (lambda stack, id_: pc.WorkQueue(stack, id_, work_pool="p"), "a name of one or more characters"),
    ],
)
def test_id_that_is_no_name(make: Any, form: str) -> None:
    """Where the id is not allowed as a name, the error says that nobody gave the name, and what to pass."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        make(new_stack(), "An Id/of% mine")
    text = str(caught.value)
    assert text.startswith(f"MyStack/An Id/of% mine: name: Expected {form}"), text
    assert "The name is that of the construct, as none was given: pass `name`." in text


def test_wherever_they_are_referred_to(stack: TerraformStack) -> None:
    """Arguments, Terraform's own names, nested mappings and documents of Prefect's form take the objects."""
    pool, queue, flow, block, deployment = (
        child(stack, id_) for id_ in ("pool", "queue", "flow", "block", "deployment")
    )
    pc.Deployment(
        stack,
        "d",
        flow=flow,
        work_pool=pool,
        work_queue=queue,
        storage_document_id=block,
        infrastructure_document_id=block,
    )
    pc.PrefectDeployment(stack, "mirror", flow_name=flow, work_pool_name=pool, work_queue_name=queue)
    pc.WorkQueue(stack, "q", work_pool_name=pool)
    pc.WorkPool(stack, "p", storage_configuration={"default_result_storage_block_id": block})
    pc.Automation(
        stack,
        "a",
        trigger=pc.EventTrigger(expect="x"),
        actions=[
            pc.PauseWorkPool(pool),
            pc.PauseWorkQueue(queue),
            pc.RunDeployment(deployment),
            pc.SendNotification(block, body="x"),
            {"type": "pause-deployment", "deployment_id": deployment},
        ],
    )
    pc.Automation(
        stack, "b", trigger=pc.EventTrigger(expect="x"), actions=pc.PauseAutomation(child(stack, "a"))
    )
    found = Template.from_stack(stack)
    block_id = "${prefect_block.block.id}"
    found.has_resource(
        "prefect_deployment",
        {
            "flow_id": "${prefect_flow.flow.id}",
            "work_pool_name": "${prefect_work_pool.pool.name}",
            "work_queue_name": "${prefect_work_queue.queue.name}",
            "storage_document_id": block_id,
            "infrastructure_document_id": block_id,
        },
    )
    found.has_resource(
        "prefect_deployment", {"name": "mirror", "flow_name": "${prefect_flow.flow.name}", "flow_id": None}
    )
    found.has_resource(
        "prefect_work_queue", {"name": "q", "work_pool_name": "${prefect_work_pool.pool.name}"}
    )
    found.has_resource(
        "prefect_work_pool", {"storage_configuration": {"default_result_storage_block_id": block_id}}
    )
    found.has_resource(
        "prefect_automation",
        {
            "actions": [
                {"work_pool_id": "${prefect_work_pool.pool.id}"},
                {"work_queue_id": "${prefect_work_queue.queue.id}"},
                {"deployment_id": "${prefect_deployment.deployment.id}"},
                {"block_document_id": block_id},
                {"deployment_id": "${prefect_deployment.deployment.id}"},
            ]
        },
    )
    found.has_resource("prefect_automation", {"actions": [{"automation_id": "${prefect_automation.a.id}"}]})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda stack, one: pc.WorkQueue(stack, "x", work_pool=one("deployment")),
            "MyStack/x: work_pool: Expected a work pool or its name, got the deployment MyStack/deployment.",
        ),
        (
            lambda stack, one: pc.WorkQueue(stack, "x", work_pool_name=one("queue")),
            "MyStack/x: work_pool_name: Expected a work pool or its name, got the work queue MyStack/queue.",
        ),
        (
            lambda stack, one: pc.Deployment(stack, "x", flow=one("pool")),
            "MyStack/x: flow: Expected a flow or its id, got the work pool MyStack/pool.",
        ),
        (
            lambda stack, one: pc.Deployment(
                stack, "x", flow_name="f", work_queue=one("pool"), work_pool="p"
            ),
            "MyStack/x: work_queue: Expected a work queue or its name, got the work pool MyStack/pool.",
        ),
        (
            lambda stack, one: pc.Automation(
                stack, "x", trigger=pc.EventTrigger(), actions=pc.PauseWorkPool(one("deployment"))
            ),
            "MyStack/x: actions[0].work_pool: Expected a work pool or its id, got the deployment",
        ),
        (
            lambda stack, one: pc.Automation(
                stack,
                "x",
                trigger=pc.EventTrigger(),
                actions={"type": "pause-work-pool", "work_pool_id": one("flow")},
            ),
            "MyStack/x: actions[0].work_pool_id: Expected a work pool or its id, got the flow MyStack/flow.",
        ),
        (
            lambda stack, one: pc.WorkPool(stack, "x", description=one("flow")),
            "MyStack/x: description: Expected a string, got the flow MyStack/flow. Pass its `.id`, `.name`",
        ),
        (
            lambda stack, one: pc.WorkPool(stack, "x", base_job_template={"variables": one("flow")}),
            "MyStack/x: base_job_template.variables: Expected text, a number",
        ),
    ],
)
def test_nowhere_else(stack: TerraformStack, make: Any, message: str) -> None:
    """An object of another kind is refused, by its kind and its path, under the name that was written."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        make(stack, lambda id_: child(stack, id_))
    assert str(caught.value).startswith(message), str(caught.value)


def test_looked_up_deployments(stack: TerraformStack) -> None:
    """A deployment that is looked up is a deployment."""
    found = pc.Deployment.from_name(stack, "elsewhere", child(stack, "flow"), "d")
    pc.Automation(stack, "a", trigger=pc.EventTrigger(expect="x"), actions=pc.RunDeployment(found))
    (action,) = attributes(stack, "prefect_automation")["actions"]
    assert action["deployment_id"] == "${data.prefect_deployment.elsewhere.id}"
    Template.from_stack(stack).has_data_source(
        "prefect_deployment", {"flow_name": "${prefect_flow.flow.name}"}
    )


def test_under_two_names(stack: TerraformStack) -> None:
    """An argument with two names is given under one of them."""
    with pytest.raises(
        pc.PrefectConstructError, match="work_pool: Give `work_pool` or `work_pool_name`, not both"
    ):
        pc.WorkQueue(stack, "x", work_pool="p", work_pool_name="p")
    deployment = child(stack, "deployment")
    action = pc.RunDeployment(deployment, deployment_id=deployment)
    with pytest.raises(pc.PrefectConstructError, match="Give `deployment` or `deployment_id`, not both"):
        pc.Automation(stack, "x", trigger=pc.EventTrigger(expect="x"), actions=action)


def test_missing_reference() -> None:
    """What has to be given is missed under the name that people write."""
    with pytest.raises(pc.PrefectConstructError, match=r"^MyStack/x: work_pool: Missing\."):
        pc.WorkQueue(new_stack(), "x")
