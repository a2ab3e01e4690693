"""A stack with every kind of resource, trigger, action and schedule, and tokens in every place.

As a program it prints the stack in each of the forms that are named, as it is synthesized on a runtime: as JSON or HCL,
whole or without what Prefect Cloud does not have. `every_kind.py cdktf json cloud-hcl` prints a JSON object of them.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

__all__ = ["build", "cloud_actions", "server_actions", "triggers"]

SOME_ID = "01234567-89ab-cdef-0123-456789abcdef"


def build(stack: Any, *, cloud: bool = False) -> None:
    """Fill the stack; for `cloud` without what only other servers have."""
    import prefect_constructs as pc

    pc.PrefectProvider(stack, "prefect")
    other = pc.PrefectProvider(
        stack, "other", alias="other", endpoint="http://127.0.0.1:4201/api", max_retries=2
    )
    pool = pc.WorkPool(stack, "pool", name="pool", type="process", concurrency_limit=3)
    queue = pc.WorkQueue(stack, "queue", name="fast", work_pool=pool, priority=1)
    pc.WorkQueue(stack, "slow", work_pool_name=pool.name, follow_replacements=False)
    flow = pc.Flow(stack, "flow", name="etl", tags=["a"], provider=other, depends_on=[pool])
    slack = pc.Block(
        stack, "slack", name="slack", type_slug="slack-webhook", data={"url": "https://example.com"}
    )
    pc.Variable(stack, "plain", name="plain", value={"a": [1, 2.5, True, "x"]})
    pc.Variable(stack, "tokens", value={"pool": pool.id, "list": [queue.priority], "big": 2**60 + 1})
    deployment = pc.Deployment(
        stack,
        "nightly",
        entrypoint="no/such/file.py:etl",
        flow=flow,
        work_queue=queue,
        schedules=[
            pc.Cron("0 3 * * *", timezone="Europe/Berlin", day_or=False),
            pc.Interval(timedelta(hours=1), anchor_date=datetime(2030, 1, 1, tzinfo=UTC)),
            pc.RRule("FREQ=WEEKLY;BYDAY=MO", parameters={"full": True}, active=False),
            pc.Cron("0 4 * * *", slug="later", max_scheduled_runs=3),
        ],
        parameters={"pool": pool.id, "text": f'on {pool.name}, with "quotes"'},
        job_variables={"env": {"LIMIT": pool.concurrency_limit}},
        tags={"b", "a"},
        pull_steps=[
            {"type": "git_clone", "repository": "https://example.com/flows.git", "branch": "main"},
            {
                "type": "run_shell_script",
                "script": pc.literal("echo ${HOME}"),
                "directory": "{{ clone.directory }}",
            },
        ],
        concurrency_limit=2,
        collision_strategy="CANCEL_NEW",
        grace_period=timedelta(minutes=2),
        labels={"team": "data"},
        storage_document_id=slack,
        triggers=[{"expect": ["asked"], "name": "asked", "schedule_after": "PT1M"}],
        lifecycle={"ignore_changes": ["description"], "replace_triggered_by": [slack]},
    )
    deployment.on(deployment.run_event("Late", threshold=3, within=timedelta(hours=1)), name="late")
    pc.Automation(
        stack,
        "slow-runs",
        trigger=deployment.when_running_longer_than(timedelta(hours=1)),
        actions=pc.PauseDeployment(deployment_id=deployment.id),
    )
    pc.PrefectDeploymentSchedule(
        stack,
        "weekly",
        deployment=pc.Deployment(stack, "elsewhere", flow_name="elsewhere"),
        slug="weekly",
        interval=604800,
        anchor_date=datetime(2030, 1, 1, tzinfo=UTC),
        parameters={"full": True},
        active=False,
    )
    if not cloud:
        # Terraform looks it up when it plans, so there it has to exist.
        existing = pc.Deployment.from_name(stack, "existing", "etl", "weekly")
        existing.on(pc.EventTrigger(expect="order.created"), parameters={"order": "{{ event.payload }}"})
    for name, trigger in triggers(pc).items():
        deployment.on(trigger, name=name)
    targets = {"deployment": deployment, "pool": pool, "queue": queue, "block": slack}
    for index, action in enumerate([*server_actions(pc, targets), *cloud_actions(pc, targets)]):
        if cloud and isinstance(action, pc.DeleteFlowRun):
            continue
        pc.Automation(stack, f"action-{index}", trigger=pc.EventTrigger(expect="x"), actions=action)
    pc.Automation(
        stack,
        "each-list",
        trigger=pc.EventTrigger(expect="x", posture=pc.Posture.Proactive, within=timedelta(minutes=1)),
        actions=[pc.DoNothing()],
        actions_on_trigger=[pc.SendNotification(slack, body="It started.")],
        actions_on_resolve=[pc.SendNotification(slack.id, body="It ended.")],
        tags=["t"],
        description="d",
        enabled=False,
        lifecycle={"prevent_destroy": True},
    )


def triggers(pc: Any) -> dict[str, Any]:
    """Every kind of trigger, also as Prefect's own tools write them."""
    event = pc.EventTrigger(
        match={"prefect.resource.id": ["a.*", "!a.b"]},
        match_related=[{"prefect.resource.role": "flow"}, {"prefect.resource.id": "x"}],
        expect={"b", "a"},
        after="first",
        for_each=["prefect.resource.id"],
        threshold=3,
        within=timedelta(seconds=90),
    )
    metric = pc.MetricTrigger(metric="successes", operator="<", threshold=0.9, match={"a": "b"})
    return {
        "event": event,
        "metric": metric,
        "compound": pc.CompoundTrigger(
            triggers=[event, pc.SequenceTrigger(triggers=[event, metric], within=60)], require=1, within=600
        ),
        "sequence": pc.SequenceTrigger(
            triggers=[pc.CompoundTrigger(triggers=[event, event], require=2), event], within=60.5
        ),
        "yaml": {
            "type": "compound",
            "require": "all",
            "enabled": False,
            "parameters": {"param_1": "{{ event }}"},
            "triggers": [
                {"type": "event", "match": {"prefect.resource.id": "r"}, "expect": ["pinged"]},
                {"match": {"prefect.resource.id": "r"}, "expect": ["replied"]},
            ],
        },
    }


def server_actions(pc: Any, on: dict[str, Any]) -> list[Any]:
    """Every action that a server of one's own has."""
    return [
        pc.DoNothing(),
        pc.RunDeployment(
            on["deployment"], parameters={"p": "{{ event.id }}"}, schedule_after=timedelta(hours=1)
        ),
        pc.RunDeployment(source="inferred", job_variables={"image": "x"}),
        pc.PauseDeployment(on["deployment"]),
        pc.ResumeDeployment(SOME_ID),
        pc.PauseWorkPool(on["pool"]),
        pc.ResumeWorkPool(source="inferred"),
        pc.PauseWorkQueue(on["queue"]),
        pc.ResumeWorkQueue(on["queue"]),
        pc.PauseAutomation(SOME_ID),
        pc.ResumeAutomation(source="inferred"),
        pc.CancelFlowRun(),
        pc.SuspendFlowRun(),
        pc.ResumeFlowRun(),
        pc.DeleteFlowRun(),
        pc.ChangeFlowRunState("FAILED", name="Lost", message="No heartbeat.", force=True),
        pc.SendNotification(on["block"], subject="{{ flow.name }}", body="{{ flow_run.name }} failed"),
        pc.CallWebhook(on["block"], payload={"id": "{{ event.id }}", "pool": on["pool"].id}),
        {"type": "cancel-flow-run"},
    ]


def cloud_actions(pc: Any, on: dict[str, Any]) -> list[Any]:
    """Every action that only Prefect Cloud has."""
    return [
        pc.DeclareIncident(),
        pc.PauseScheduleForFlowRun(),
        pc.ResumeScheduleForFlowRun(on["deployment"], schedule_id=SOME_ID),
        pc.SendEmailNotification(emails=["a@example.com"], subject="s", body="b"),
        pc.CancelFlowRun(force=True),
    ]


def synthesize(cdk: Any, form: str) -> str:
    """The stack in one of the forms."""
    stack = cdk.TerraformStack(cdk.Testing.app(), "MyStack")
    build(stack, cloud=form.startswith("cloud-"))
    if form.endswith("hcl"):
        return str(cdk.Testing.synth_hcl(stack))
    return str(cdk.Testing.synth(stack, True))


if __name__ == "__main__":
    runtime, *forms = sys.argv[1:]
    library = import_module(runtime)
    json.dump({form: synthesize(library, form) for form in forms}, sys.stdout)
