"""Actions as Terraform has them."""

import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import prefect_constructs as pc
from prefect_constructs.actions import Action
from prefect_provider.rules.actions import ACTIONS, ActionSpec
from tests.constructs.every_kind import SOME_ID, cloud_actions, server_actions
from tests.constructs.stacks import attributes, new_stack


def written(action: Action) -> Any:
    """The action of an automation as it is synthesized."""
    stack = new_stack()
    pc.Automation(stack, "a", trigger=pc.EventTrigger(expect="x"), actions=action)
    (only,) = attributes(stack, "prefect_automation")["actions"]
    return only


@pytest.mark.parametrize("spec", ACTIONS.values(), ids=lambda spec: spec.type)
def test_classes_are_those_of_the_table(spec: ActionSpec) -> None:
    """A class has every field that a user can write, under one name or two, and the table's type."""
    made: Any = getattr(pc, "".join(part.capitalize() for part in spec.type.split("-")))
    fields = {one.name for one in dataclasses.fields(made)}
    assert made.type == spec.type
    assert fields - set(made.aliases) == set(spec.order)
    assert set(made.aliases.values()) <= fields


def test_every_type_has_a_class() -> None:
    """Each type of action that exists has one, and the stack that both runtimes synthesize has them all."""
    targets = dict.fromkeys(("deployment", "pool", "queue", "block"), pc.WorkPool(new_stack(), "x"))
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
        (
            {
                "type": "run-deployment",
                "deployment_id": SOME_ID,
                "parameters": None,
                "schedule_after": "PT2H",
            },
            {"type": "run-deployment", "deployment_id": SOME_ID, "schedule_after": 7200},
        ),
        (
            pc.RunDeployment(deployment_id=UUID(SOME_ID), schedule_after="P1D"),
            {"type": "run-deployment", "deployment_id": SOME_ID, "schedule_after": 86400},
        ),
        (
            pc.SendNotification(block_document_id=SOME_ID, body="b"),
            {"type": "send-notification", "block_document_id": SOME_ID, "body": "b"},
        ),
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
        (pc.RunDeployment(), "actions[0].deployment: The action run-deployment needs `deployment`"),
        (pc.RunDeployment("nightly"), "actions[0].deployment: Expected a UUID"),
        (
            pc.PauseDeployment(SOME_ID, source="inferred"),
            "actions[0].deployment: `deployment` is not allowed",
        ),
        (pc.ChangeFlowRunState("LOST"), "actions[0].state: Expected one of `SCHEDULED`"),  # type: ignore[arg-type]
        (
            pc.SendNotification(SOME_ID, body="{{ flow_run.name"),
            "actions[0].body: Not a valid Jinja template",
        ),
        ("cancel", "actions[0]: Expected an action, such as `RunDeployment(...)`"),
        (
            pc.DoNothing,
            "actions[0]: Expected an action, such as `RunDeployment(...)`, got the class `DoNothing`.",
        ),
        (pc.SendNotification(body="x"), "actions[0].block: The action send-notification needs `block`."),
        (pc.CallWebhook(SOME_ID, payload={"a": {1}}), "actions[0].payload.a: Expected text, a number"),
        (
            pc.RunDeployment(SOME_ID, schedule_after="2h"),
            "actions[0].schedule_after: Expected a number of seconds",
        ),
        ({"type": "cancel-flow-rum"}, "actions[0].type: Expected one of"),
    ],
)
def test_refused(action: Any, message: str) -> None:
    """The error names the automation, and the place in the action."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        written(action)
    assert str(caught.value).startswith(f"MyStack/a: {message}"), str(caught.value)
