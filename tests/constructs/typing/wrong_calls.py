"""Calls that a type checker has to refuse, and some that it has to take; nothing here is run.

Each `type: ignore` is checked in turn: one that hides no error is an error.
"""

from datetime import timedelta
from typing import assert_type

from prefect_constructs import (
    Automation,
    Block,
    CallWebhook,
    CancelFlowRun,
    ChangeFlowRunState,
    CompoundTrigger,
    Cron,
    Deployment,
    EventTrigger,
    ExistingDeployment,
    Flow,
    MetricTrigger,
    PauseAutomation,
    PauseWorkPool,
    PauseWorkQueue,
    Posture,
    PrefectAutomation,
    RunDeployment,
    SendNotification,
    Variable,
    WorkPool,
    WorkQueue,
)
from prefect_constructs._runtime import TerraformStack


def right(stack: TerraformStack) -> None:
    """What people write."""
    pool = WorkPool(stack, "pool", name="pool", type="process", lifecycle={"prevent_destroy": True})
    queue = WorkQueue(stack, "queue", name="queue", work_pool_name=pool.name, priority=pool.concurrency_limit)
    deployment = Deployment(
        stack, "d", entrypoint="a.py:b", work_pool=pool, work_queue=queue, schedules=[Cron("0 3 * * *")]
    )
    automation = deployment.on(EventTrigger(expect="a", posture=Posture.Proactive), parameters={"a": 1})
    assert_type(deployment.id, str)
    assert_type(automation, Automation)
    assert_type(Deployment.from_name(stack, "e", "flow", "name"), ExistingDeployment)
    Automation(
        stack,
        "a",
        trigger=CompoundTrigger(triggers=[EventTrigger(), {"type": "event"}], within=timedelta(hours=1)),
        actions=[RunDeployment(deployment), PauseWorkPool(pool.id), CancelFlowRun(), {"type": "do-nothing"}],
        depends_on=[pool],
    )
    PrefectAutomation(
        stack,
        "b",
        name="b",
        trigger={"sequence": {"triggers": [{"event": {"posture": "Reactive"}}]}},
        actions=[{"type": "cancel-flow-run"}],
    )
    Variable(stack, "v", name="v", value=[1, {"a": None}])
    Variable(stack, "v", value=1)
    flow = Flow(stack, "f", follow_replacements=False)
    block = Block(stack, "b", type_slug="secret", data={})
    other = Deployment(
        stack,
        "o",
        flow=flow,
        work_queue=WorkQueue(stack, "w", work_pool=pool),
        storage_document_id=block,
        schedules="0 3 * * *",
        triggers=[EventTrigger(expect="a"), {"expect": ["b"]}],
    )
    other.on(deployment.when_completed(), name="after")
    Deployment.from_name(stack, "elsewhere", flow, "d").on(other.run_event("Late", threshold=3))
    Deployment(stack, "p", flow_name="f", schedules={"a": Cron("0 3 * * *"), "b": {"interval": "PT1H"}})
    Automation(
        stack,
        "c",
        trigger=other.when_failed(),
        actions=[
            RunDeployment(deployment_id=other.id),
            PauseAutomation(automation),
            PauseWorkQueue(source="inferred"),
            SendNotification(block_document_id=block, body="x"),
            CallWebhook(block, payload={"a": 1}),
        ],
    )


def wrong(
    stack: TerraformStack, pool: WorkPool, queue: WorkQueue, block: Block, flow: Flow, deployment: Deployment
) -> None:
    """What people mistype."""
    WorkPool("pool")  # type: ignore[call-arg, arg-type]
    WorkPool(stack, "pool", name="p", pause=True)  # type: ignore[call-arg]
    WorkPool(stack, "pool", name="p", paused=3)  # type: ignore[arg-type]
    WorkPool(stack, "pool", name="p", lifecycle={"prevent_destruction": True})  # type: ignore[typeddict-unknown-key]
    WorkQueue(stack, "queue", work_pool=block)  # type: ignore[arg-type]
    WorkQueue(stack, "queue", work_pool_name=deployment)  # type: ignore[arg-type]
    Deployment(stack, "d", work_pool=flow)  # type: ignore[arg-type]
    Deployment(stack, "d", work_queue=pool)  # type: ignore[arg-type]
    Deployment(stack, "d", flow=pool)  # type: ignore[arg-type]
    Deployment(stack, "d", storage_document_id=flow)  # type: ignore[arg-type]
    Deployment(stack, "d", schedules=[5])  # type: ignore[list-item]
    Deployment(stack, "d", triggers=[RunDeployment(deployment)])  # type: ignore[list-item]
    Deployment(stack, "d", collision_strategy="WAIT")  # type: ignore[arg-type]
    Deployment(stack, "d", pull_steps=[{"repository": "x"}])  # type: ignore[typeddict-item]
    EventTrigger(expects="a")  # type: ignore[call-arg]
    EventTrigger(posture="reactive")  # type: ignore[arg-type]
    MetricTrigger(metric="latency", operator=">", threshold=1)  # type: ignore[arg-type]
    CompoundTrigger(triggers=[EventTrigger()], require="some")  # type: ignore[arg-type]
    ChangeFlowRunState("LOST")  # type: ignore[arg-type]
    SendNotification(block)  # type: ignore[call-arg]
    SendNotification(deployment, body="x")  # type: ignore[arg-type]
    CallWebhook(pool)  # type: ignore[arg-type]
    PauseWorkPool(deployment)  # type: ignore[arg-type]
    PauseWorkPool(queue)  # type: ignore[arg-type]
    PauseWorkQueue(pool)  # type: ignore[arg-type]
    PauseAutomation(flow)  # type: ignore[arg-type]
    RunDeployment(pool)  # type: ignore[arg-type]
    RunDeployment(deployment_id=pool)  # type: ignore[arg-type]
    RunDeployment(deployment, source="given")  # type: ignore[arg-type]
    deployment.on(PauseWorkPool(pool))  # type: ignore[arg-type]
    deployment.when_failed(states=["Late"])  # type: ignore[call-arg]
    RunDeployment(5)  # type: ignore[arg-type]
    Automation(stack, "a", trigger=EventTrigger(), actions=[EventTrigger()])  # type: ignore[list-item]
    Automation(stack, "a", actions=[])  # type: ignore[call-arg]
    PrefectAutomation(
        stack,
        "b",
        name="b",
        trigger={"event": {"expect": ["x"]}},  # type: ignore[arg-type]
    )
