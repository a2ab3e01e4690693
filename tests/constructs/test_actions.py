"""Actions as Terraform has them."""

from datetime import timedelta
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs.actions import Action
from prefect_provider.rules.actions import ACTIONS
from tests.constructs.every_kind import SOME_ID, cloud_actions, server_actions
from tests.constructs.stacks import attributes, new_stack


def written(action: Action) -> Any:
    """The action of an automation as it is synthesized."""
    stack = new_stack()
    pc.Automation(stack, "a", trigger=pc.EventTrigger(expect="x"), actions=action)
    (only,) = attributes(stack, "prefect_automation")["actions"]
    return only


def test_every_type_has_a_class() -> None:
    """Each type of action that exists has one, and the stack that both runtimes synthesize has them all."""
    targets = dict.fromkeys(("deployment", "pool", "queue", "block"), pc.Flow(new_stack(), "x", name="x"))
    made = [*server_actions(pc, targets), *cloud_actions(pc, targets)]
    assert {one.type for one in made if not isinstance(one, dict)} == set(ACTIONS)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (pc.DoNothing(), {"type": "do-nothing"}),
        (
            pc.RunDeployment(
                SOME_ID,
                parameters={"p": "{{ event }}"},
                job_variables={},
                schedule_after=timedelta(minutes=1),
            ),
            {
                "type": "run-deployment",
                "deployment_id": SOME_ID,
                "parameters": '{"p":"{{ event }}"}',
                "job_variables": "{}",
                "schedule_after": 60,
            },
        ),
        (pc.PauseWorkQueue(source="inferred"), {"type": "pause-work-queue", "source": "inferred"}),
        (
            pc.CallWebhook(SOME_ID, payload={"b": 1, "a": "{{ event.id }}"}),
            {"type": "call-webhook", "block_document_id": SOME_ID, "payload": '{"a":"{{ event.id }}","b":1}'},
        ),
        ({"type": "cancel-flow-run"}, {"type": "cancel-flow-run"}),
    ],
)
def test_written(action: Action, expected: Any) -> None:
    """Each becomes the object that Terraform has for it; what is left out stays out."""
    assert written(action) == expected


def test_on_constructs() -> None:
    """A construct stands for its id."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "p", name="p")
    trigger = pc.EventTrigger(expect="x")
    pc.Automation(stack, "a", trigger=trigger, actions=[pc.PauseWorkPool(pool)])
    (action,) = attributes(stack, "prefect_automation")["actions"]
    assert action == {"type": "pause-work-pool", "work_pool_id": "${prefect_work_pool.p.id}"}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (pc.RunDeployment(), "actions[0].deployment_id: The action run-deployment needs `deployment_id`"),
        (pc.RunDeployment("nightly"), "actions[0].deployment_id: Expected a UUID"),
        (
            pc.PauseDeployment(SOME_ID, source="inferred"),
            "actions[0].deployment_id: `deployment_id` is not allowed",
        ),
        (pc.ChangeFlowRunState("LOST"), "actions[0].state: Expected one of `SCHEDULED`"),  # type: ignore[arg-type]
        (
            pc.SendNotification(SOME_ID, body="{{ flow_run.name"),
            "actions[0].body: Not a valid Jinja template",
        ),
        ("cancel", "actions[0]: Expected an action, such as `RunDeployment(...)`"),
        ({"type": "cancel-flow-rum"}, "actions[0].type: Expected one of"),
    ],
)
def test_refused(action: Any, message: str) -> None:
    """The error names the automation, and the place in the action."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        written(action)
    assert str(caught.value).startswith(f"MyStack/a: {message}"), str(caught.value)
