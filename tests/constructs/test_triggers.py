"""Triggers as Terraform has them."""

from datetime import timedelta
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs.triggers import Trigger
from tests.constructs.every_kind import triggers
from tests.constructs.stacks import attributes, new_stack

PINGED = pc.EventTrigger(
    match={"prefect.resource.id": "my.external.resource"}, expect=["external.resource.pinged"]
)
PINGED_WRITTEN = {
    "event": {
        "posture": "Reactive",
        "match": '{"prefect.resource.id":"my.external.resource"}',
        "expect": ["external.resource.pinged"],
    }
}


def written(trigger: Trigger) -> Any:
    """The trigger of an automation as it is synthesized."""
    stack = new_stack()
    pc.Automation(stack, "a", trigger=trigger, actions=pc.DoNothing())
    return attributes(stack, "prefect_automation")["trigger"]


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (PINGED, PINGED_WRITTEN),
        (
            pc.EventTrigger(expect="a", posture=pc.Posture.Proactive, within=timedelta(minutes=5)),
            {"event": {"posture": "Proactive", "expect": ["a"], "within": 300}},
        ),
        (
            pc.EventTrigger(
                expect={"b", "a"}, after=["c"], for_each=["d"], posture="Reactive", threshold=2, within=1.5
            ),
            {
                "event": {
                    "posture": "Reactive",
                    "expect": ["a", "b"],
                    "after": ["c"],
                    "for_each": ["d"],
                    "threshold": 2,
                    "within": 1.5,
                }
            },
        ),
        (
            pc.MetricTrigger(metric="lateness", operator=">", threshold=60, firing_for=600, match={"a": "b"}),
            {
                "metric": {
                    "match": '{"a":"b"}',
                    "metric": {
                        "name": "lateness",
                        "operator": ">",
                        "threshold": 60,
                        "range": 300,
                        "firing_for": 600,
                    },
                }
            },
        ),
        (
            pc.CompoundTrigger(triggers=[PINGED, PINGED], within=timedelta(hours=1)),
            {"compound": {"triggers": [PINGED_WRITTEN, PINGED_WRITTEN], "require": "all", "within": 3600}},
        ),
        (
            pc.SequenceTrigger(triggers=[pc.CompoundTrigger(triggers=[PINGED], require=1), PINGED]),
            {
                "sequence": {
                    "triggers": [{"compound": {"triggers": [PINGED_WRITTEN], "require": "1"}}, PINGED_WRITTEN]
                }
            },
        ),
    ],
)
def test_written(trigger: Trigger, expected: Any) -> None:
    """Each kind becomes the object that Terraform has for it; what is left out stays out."""
    assert written(trigger) == expected


def test_as_prefect_writes_them() -> None:
    """A trigger of the API's form, or of `prefect.yaml` is the same trigger."""
    fields: dict[str, Any] = {"match": PINGED.match, "expect": ["external.resource.pinged"]}
    assert written({"type": "event", **fields}) == PINGED_WRITTEN
    assert written(fields) == PINGED_WRITTEN
    assert written(PINGED_WRITTEN) == PINGED_WRITTEN
    combined = {"require": "any", "triggers": [fields, {"type": "event", **fields}], "within": None}
    assert written(combined) == written(pc.CompoundTrigger(triggers=[PINGED, PINGED], require="any"))


def test_metric_of_the_api() -> None:
    """The API nests what a metric trigger has flat here."""
    metric = {"name": "duration", "operator": ">=", "threshold": 5, "range": 400, "firing_for": 500}
    found = written({"type": "metric", "posture": "Metric", "metric": metric})
    assert found == {"metric": {"metric": metric}}


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        ({"type": "evnt"}, "MyStack/a: trigger.type: Expected one of event, metric, compound, sequence"),
        (
            {"expct": ["x"]},
            "MyStack/a: trigger.expct: An event trigger has no field `expct`. Did you mean `expect`?",
        ),
        (5, "MyStack/a: trigger: Expected a trigger, such as `EventTrigger(...)`, got 5."),
        (
            pc.CompoundTrigger(triggers=[PINGED, "PINGED"]),  # type: ignore[list-item]
            "MyStack/a: trigger.triggers[1]: Expected a trigger",
        ),
        (
            pc.CompoundTrigger(triggers=[PINGED], require=2),
            "MyStack/a: trigger.require: Expected 1, got",
        ),
        (
            pc.EventTrigger(posture="Proactive", within=5),
            "MyStack/a: trigger.within: A Proactive trigger waits",
        ),
    ],
)
def test_refused(trigger: Any, message: str) -> None:
    """The error names the automation, and the place in the trigger."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        written(trigger)
    assert str(caught.value).startswith(message), str(caught.value)


def test_too_deep() -> None:
    """Terraform's schema holds three levels of combined triggers, and the error says so."""
    trigger: Trigger = PINGED
    for _ in range(3):
        trigger = pc.SequenceTrigger(triggers=[trigger])
        written(trigger)
    with pytest.raises(pc.PrefectConstructError, match="combined 3 levels deep or less, got 4 levels"):
        written(pc.SequenceTrigger(triggers=[trigger]))


def test_every_kind_is_tested_on_both_runtimes() -> None:
    """The stack that both runtimes synthesize has every kind."""
    kinds = {type(trigger).__name__ for trigger in triggers(pc).values()}
    assert kinds == {"EventTrigger", "MetricTrigger", "CompoundTrigger", "SequenceTrigger", "dict"}
