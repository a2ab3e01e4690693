"""When automations of an app fire, told without a server."""

from __future__ import annotations

from datetime import timedelta

import pytest

import prefect_constructs as pc
from prefect_constructs.testing import TriggerTest
from tests.constructs.stacks import new_stack

pytest_plugins = ["prefect_constructs.fixtures"]

UNPAID = pc.EventTrigger(
    posture="Proactive",
    after="order.created",
    expect="order.paid",
    for_each="prefect.resource.id",
    within=timedelta(minutes=30),
)


def test_fires_at() -> None:
    """An order that is not paid is found at the next tick after half an hour, whatever the phase of the ticks."""
    test = TriggerTest(UNPAID)
    test.at("0s", "order.created", resource="order.1").at(
        "10m", "order.created", resource={"prefect.resource.id": "order.2"}
    )
    test.at(timedelta(minutes=20), "order.paid", resource="order.1")
    test.fires_at("40m")
    test.fires_at("40m", phase="any")
    test.never_fires(until="39m", phase="any")
    with pytest.raises(AssertionError) as caught:
        test.fires_at("30m", phase=2)
    assert (
        str(caught.value) == "expected the automation to fire: 30m; it fires: 40m2s with the first tick at 2s"
    )


def test_a_fixture(trigger_test: type[TriggerTest]) -> None:
    """It is the class, and a trigger may be a document; the version of the server is heeded."""
    test = trigger_test(
        {"type": "event", "expect": ["a.*.c"], "threshold": 3, "within": 600}, version="3.6.23"
    )
    test.every("1m", "a.b.c", times=3, first="5m", related={"tag": ["x", "y"]})
    test.fires_at("7m")
    trigger_test({"type": "event", "expect": ["a.*.c"]}, version="3.6.22").at(1, "a.b.c").never_fires()


def test_an_automation_of_a_stack() -> None:
    """It is synthesized; what is known only after apply is given by its name in Terraform, and asked for."""
    stack = new_stack()
    nightly = pc.Deployment(stack, "nightly", flow_name="f")
    automation = pc.Automation(stack, "failures", trigger=nightly.when_failed(), actions=pc.DoNothing())
    with pytest.raises(ValueError, match=r"known only after apply") as caught:
        TriggerTest(automation)
    name = "prefect_deployment.nightly.id"
    assert f"got `{name}`" in str(caught.value)
    test = TriggerTest(automation, values={name: "1234"})
    for time, deployment in ((1, "1234"), (2, "5678")):
        test.at(time, "prefect.flow-run.Failed", related={"deployment": f"prefect.deployment.{deployment}"})
    test.fires_at(1)


def test_what_is_no_offset() -> None:
    """It is refused by name."""
    with pytest.raises(ValueError, match=r'This is no offset: expected .*, got "soon"'):
        TriggerTest(UNPAID).at("soon", "order.created")
