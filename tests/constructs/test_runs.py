"""Triggers for what becomes of a deployment's runs."""

from datetime import timedelta
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import TerraformStack
from prefect_constructs.testing import Template, TriggerTest
from tests.constructs.stacks import attributes, new_stack

DEPLOYMENT = "01234567-0000-cdef-0123-456789abcde1"

RELATED = (
    '{"prefect.resource.id":${jsonencode(join("", ["prefect.deployment.", prefect_deployment.nightly.id]))},'
    '"prefect.resource.role":"deployment"}'
)


@pytest.fixture
def stack() -> TerraformStack:
    """A stack."""
    return new_stack()


@pytest.fixture
def nightly(stack: TerraformStack) -> pc.Deployment:
    """A deployment."""
    return pc.Deployment(stack, "nightly", flow_name="f")


def written(stack: TerraformStack, trigger: pc.EventTrigger) -> Any:
    """The trigger as it is synthesized."""
    pc.Automation(stack, "a", trigger=trigger, actions=pc.DoNothing())
    return attributes(stack, "prefect_automation")["trigger"]["event"]


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("when_completed", ["Completed"]),
        ("when_failed", ["Failed", "TimedOut", "Crashed"]),
        ("when_crashed", ["Crashed"]),
        ("when_cancelled", ["Cancelled"]),
        ("when_late", ["Late"]),
    ],
)
def test_states(stack: TerraformStack, nightly: pc.Deployment, name: str, states: list[str]) -> None:
    """Each expects the events of its states, of the runs of this deployment."""
    assert written(stack, getattr(nightly, name)()) == {
        "posture": "Reactive",
        "expect": [f"prefect.flow-run.{state}" for state in states],
        "match_related": RELATED,
    }


def test_run_event(stack: TerraformStack, nightly: pc.Deployment) -> None:
    """Any states, also by the names of their events; none means all. Several within a time are counted."""
    trigger = nightly.run_event("Paused", "prefect.flow-run.Mine", threshold=3, within=timedelta(hours=1))
    assert written(stack, trigger) == {
        "posture": "Reactive",
        "expect": ["prefect.flow-run.Paused", "prefect.flow-run.Mine"],
        "match_related": RELATED,
        "threshold": 3,
        "within": 3600,
    }
    assert nightly.run_event().expect == ["prefect.flow-run.*"]
    assert nightly.run_event("FAILED", "CRASHED").expect == [
        "prefect.flow-run.Failed",
        "prefect.flow-run.Crashed",
    ]


def test_running_longer_than(stack: TerraformStack, nightly: pc.Deployment) -> None:
    """It waits, for each run by itself, for the end of what has started."""
    found = written(stack, nightly.when_running_longer_than(timedelta(minutes=30)))
    assert found["posture"] == "Proactive"
    assert found["after"] == ["prefect.flow-run.Running"]
    assert found["for_each"] == ["prefect.resource.id"]
    assert found["within"] == 1800
    assert found["expect"] == ["prefect.flow-run.*"]


def test_running_longer_than_after_a_retry() -> None:
    """A run that is retried is waited for anew; one that ends in a state of its own name is not waited for."""
    deployment = pc.Deployment.from_id(new_stack(), "nightly", DEPLOYMENT)
    trigger = deployment.when_running_longer_than(timedelta(minutes=5))
    test = TriggerTest(trigger, values={deployment.id: DEPLOYMENT})
    runs = {name: f"prefect.flow-run.01234567-89ab-cdef-0123-45678{name:>07}" for name in ("1", "2", "3")}
    for when, run, name, type_ in (
        *(("10s", "1", "Running", "RUNNING"), ("60s", "1", "AwaitingRetry", "SCHEDULED")),
        ("70s", "1", "Running", "RUNNING"),
        *(("80s", "2", "Running", "RUNNING"), ("90s", "2", "Nothing to do", "COMPLETED")),
        *(("95s", "3", "Running", "RUNNING"), ("99s", "3", "heartbeat", "")),
    ):
        labels = {"prefect.resource.id": runs[run]} | ({"prefect.state-type": type_} if type_ else {})
        related = {
            "prefect.resource.id": f"prefect.deployment.{DEPLOYMENT}",
            "prefect.resource.role": "deployment",
        }
        test.at(when, f"prefect.flow-run.{name}", resource=labels, related=[related])
    test.fires_at("370s", "395s", until="20m", phase="any")


def test_of_what_is_looked_up(stack: TerraformStack) -> None:
    """A deployment that is made elsewhere has them as well."""
    found = written(stack, pc.Deployment.from_name(stack, "weekly", "f", "weekly").when_failed())
    assert '["prefect.deployment.", data.prefect_deployment.weekly.id]' in found["match_related"]


def test_chained(stack: TerraformStack, nightly: pc.Deployment) -> None:
    """One deployment runs when another has completed."""
    report = pc.Deployment(stack, "report", flow_name="g")
    report.on(nightly.when_completed(), name="after-nightly")
    Template.from_stack(stack).has_resource(
        "prefect_automation",
        {
            "trigger": {"event": {"match_related": RELATED}},
            "actions": [{"deployment_id": "${prefect_deployment.report.id}"}],
        },
    )


def test_forgotten_call(stack: TerraformStack, nightly: pc.Deployment) -> None:
    """The method itself is no trigger, and the error says to call it."""
    trigger: Any = nightly.when_failed
    with pytest.raises(
        pc.PrefectConstructError, match=r"got the method `when_failed`. Call it: `when_failed\(\)`"
    ):
        pc.Automation(stack, "a", trigger=trigger)
