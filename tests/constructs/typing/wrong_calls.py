"""Calls that a type checker has to refuse, and some that it has to take; nothing here is run.

Each `type: ignore` is checked in turn: one that hides no error is an error.
"""

from datetime import timedelta
from typing import assert_type

from prefect_constructs import (
    Automation,
    Block,
    CancelFlowRun,
    ChangeFlowRunState,
    CompoundTrigger,
    Cron,
    Deployment,
    EventTrigger,
    ExistingDeployment,
    MetricTrigger,
    PauseWorkPool,
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


def wrong(stack: TerraformStack, pool: WorkPool, block: Block) -> None:
    """What people mistype."""
    WorkPool(stack, "pool")  # type: ignore[call-arg]
    WorkPool(stack, "pool", name="p", pause=True)  # type: ignore[call-arg]
    WorkPool(stack, "pool", name="p", paused=3)  # type: ignore[arg-type]
    WorkPool(stack, "pool", name="p", lifecycle={"prevent_destruction": True})  # type: ignore[typeddict-unknown-key]
    WorkQueue(stack, "queue", name="q", work_pool_name=pool)  # type: ignore[arg-type]
    Deployment(stack, "d", schedules=["0 3 * * *"])  # type: ignore[list-item]
    Deployment(stack, "d", collision_strategy="WAIT")  # type: ignore[arg-type]
    Deployment(stack, "d", pull_steps=[{"repository": "x"}])  # type: ignore[typeddict-item]
    EventTrigger(expects="a")  # type: ignore[call-arg]
    EventTrigger(posture="reactive")  # type: ignore[arg-type]
    MetricTrigger(metric="latency", operator=">", threshold=1)  # type: ignore[arg-type]
    CompoundTrigger(triggers=[EventTrigger()], require="some")  # type: ignore[arg-type]
    ChangeFlowRunState("LOST")  # type: ignore[arg-type]
    SendNotification(block)  # type: ignore[call-arg]
    RunDeployment(5)  # type: ignore[arg-type]
    Automation(stack, "a", trigger=EventTrigger(), actions=[EventTrigger()])  # type: ignore[list-item]
    Automation(stack, "a", actions=[])  # type: ignore[call-arg]
    PrefectAutomation(
        stack,
        "b",
        name="b",
        trigger={"event": {"expect": ["x"]}},  # type: ignore[arg-type]
    )
