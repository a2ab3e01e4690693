"""Objects of Prefect's own SDK, and what its server exports, in the place of the constructs' own."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs.testing import Template
from tests.constructs.stacks import attributes, new_stack
from tests.rules.prefect_python import PREFECT_PYTHON

SOME_ID = "01234567-89ab-cdef-0123-456789abcdef"

PROGRAM = """
import json, sys, warnings
from datetime import timedelta
warnings.simplefilter("ignore")
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule
from prefect.events import actions, Posture
from prefect.events.schemas.automations import (
    AutomationCore, CompoundTrigger, EventTrigger, MetricTrigger, MetricTriggerQuery, SequenceTrigger)
from prefect.events.schemas.deployment_triggers import (
    DeploymentCompoundTrigger, DeploymentEventTrigger, DeploymentMetricTrigger, DeploymentSequenceTrigger)

ID = "01234567-89ab-cdef-0123-456789abcdef"
event = EventTrigger(
    expect={"a"}, match={"prefect.resource.id": "x"}, posture=Posture.Proactive, within=timedelta(minutes=5))
sdk = {
    "event": event,
    "metric": MetricTrigger(metric=MetricTriggerQuery(
        name="lateness", operator=">", threshold=60, range=timedelta(minutes=10))),
    "compound": CompoundTrigger(
        triggers=[event, SequenceTrigger(triggers=[event, event], within=timedelta(hours=1))],
        require="any", within=timedelta(hours=2)),
    "deployment event": DeploymentEventTrigger(
        expect={"a"}, name="by-sdk", description="why", enabled=False, parameters={"p": "{{ event }}"},
        job_variables={"image": "x"}, schedule_after=timedelta(hours=1)),
    "deployment compound": DeploymentCompoundTrigger(triggers=[event], require=1, within=None),
    "deployment sequence": DeploymentSequenceTrigger(
        triggers=[event, CompoundTrigger(triggers=[event, event], require="all", within=None)],
        within=timedelta(hours=1), name="in order", schedule_after=timedelta(minutes=1)),
    "deployment metric": DeploymentMetricTrigger(
        metric=MetricTriggerQuery(name="successes", operator="<", threshold=0.5), enabled=False,
        parameters={"p": "{{ metric.value }}"}),
    "run": actions.RunDeployment(deployment_id=ID, source="selected", schedule_after=timedelta(minutes=1)),
    "state": actions.ChangeFlowRunState(state="FAILED", message="m"),
    "notify": actions.SendNotification(block_document_id=ID, subject="s", body="b"),
    "automation": AutomationCore(name="core", trigger=event, actions=[actions.CancelFlowRun()], tags=["t"]),
    "cron": CronSchedule(cron="0 3 * * *", timezone="Europe/Berlin"),
    "interval": IntervalSchedule(interval=timedelta(hours=1)),
    "anchored": IntervalSchedule(interval=timedelta(hours=1), anchor_date="2030-01-01T00:00:00Z"),
    "rrule": RRuleSchedule(rrule="FREQ=DAILY"),
    "entry": DeploymentScheduleCreate(
        schedule=CronSchedule(cron="0 3 * * *"), slug="nightly", parameters={"a": 1}, max_scheduled_runs=3),
}
dumped = {
    name: {"document": one.model_dump(mode="json"), "set": sorted(one.model_fields_set)}
    for name, one in sdk.items()
}
json.dump(dumped, sys.stdout)
"""


class Dumped:
    """What stands for an object of the SDK here, where Prefect is not installed.

    Its document, and the fields that were set, are those that the real object has in Prefect's own environment.
    """

    def __init__(self, document: dict[str, Any], fields_set: list[str]) -> None:
        """Hold them."""
        self.document = document
        self.model_fields_set = frozenset(fields_set)

    def model_dump(self, *, mode: str = "python") -> dict[str, Any]:
        """As models of pydantic have it; only JSON is known of it."""
        assert mode == "json"
        return self.document

    def __getattr__(self, name: str) -> Any:
        """Its fields."""
        try:
            return self.document[name]
        except KeyError:
            raise AttributeError(name) from None


@pytest.fixture(scope="module")
def sdk() -> Callable[[str], Any]:
    """A function that gives an object of Prefect's SDK: `sdk("event")`."""
    if not PREFECT_PYTHON:
        pytest.skip("there is no Python with Prefect")
    done = subprocess.run([PREFECT_PYTHON, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    dumped = json.loads(done.stdout)
    return lambda name: Dumped(dumped[name]["document"], dumped[name]["set"])


def trigger_of(trigger: Any) -> Any:
    """The trigger of an automation as it is synthesized."""
    stack = new_stack()
    pc.Automation(stack, "a", trigger=trigger, actions=pc.DoNothing())
    return attributes(stack, "prefect_automation")["trigger"]


def test_triggers(sdk: Callable[[str], Any]) -> None:
    """Triggers of the SDK come to what the constructs' own come to, those inside of others too."""
    event = trigger_of(sdk("event"))
    assert event == {
        "event": {
            "posture": "Proactive",
            "expect": ["a"],
            "match": '{"prefect.resource.id":"x"}',
            "threshold": 1,
            "within": 300,
        }
    }
    assert trigger_of(sdk("metric"))["metric"]["metric"] == {
        "name": "lateness",
        "operator": ">",
        "threshold": 60,
        "range": 600,
        "firing_for": 300,
    }
    compound = trigger_of(sdk("compound"))["compound"]
    assert (compound["require"], compound["within"]) == ("any", 7200)
    assert compound["triggers"] == [event, {"sequence": {"triggers": [event, event], "within": 3600}}]
    mixed = pc.SequenceTrigger(triggers=[sdk("event"), pc.EventTrigger(expect="b")])
    assert trigger_of(mixed)["sequence"]["triggers"][0] == event


def test_metric_queries(sdk: Callable[[str], Any]) -> None:
    """The query of a metric trigger may be the SDK's, or the class that is called like it."""
    query = pc.MetricTriggerQuery(name="lateness", operator=">", threshold=60, range="PT10M")
    expected = trigger_of(sdk("metric"))
    assert trigger_of(pc.MetricTrigger(metric=query)) == expected
    assert trigger_of(pc.MetricTrigger(metric=sdk("metric").document["metric"])) == expected
    assert trigger_of(pc.MetricTrigger(metric="lateness", operator=">", threshold=60, range=600)) == expected


def test_actions(sdk: Callable[[str], Any]) -> None:
    """Actions of the SDK are taken as they are."""
    stack = new_stack()
    pc.Automation(
        stack, "a", trigger=sdk("event"), actions=[sdk("run"), sdk("state"), sdk("notify"), pc.DoNothing()]
    )
    run, state, notify, nothing = attributes(stack, "prefect_automation")["actions"]
    assert run == {
        "type": "run-deployment",
        "source": "selected",
        "deployment_id": SOME_ID,
        "schedule_after": 60,
    }
    assert (state["state"], state["message"]) == ("FAILED", "m")
    assert notify == {"type": "send-notification", "block_document_id": SOME_ID, "subject": "s", "body": "b"}
    assert nothing == {"type": "do-nothing"}


def test_whole_automations(sdk: Callable[[str], Any]) -> None:
    """An automation of the SDK is one."""
    stack = new_stack()
    pc.Automation.from_document(stack, "a", sdk("automation"))
    found = attributes(stack, "prefect_automation")
    assert (found["name"], found["tags"], found["actions"]) == ("core", ["t"], [{"type": "cancel-flow-run"}])
    assert found["trigger"] == trigger_of(sdk("event"))


@pytest.mark.parametrize("give", ["on", "triggers"])
def test_deployment_triggers(sdk: Callable[[str], Any], give: str) -> None:
    """What a deployment's trigger has besides the trigger belongs to the automation and its action."""
    stack = new_stack()
    triggers = [sdk("deployment event"), sdk("deployment compound")]
    if give == "triggers":
        pc.Deployment(stack, "d", flow_name="f", triggers=triggers)
    else:
        deployment = pc.Deployment(stack, "d", flow_name="f")
        for trigger in triggers:
            deployment.on(trigger)
    by_name = {
        one["name"]: one for one in Template.from_stack(stack).resources("prefect_automation").values()
    }
    assert set(by_name) == {"by-sdk", "d__automation_2"}
    found = by_name["by-sdk"]
    assert (found["description"], found["enabled"]) == ("why", False)
    assert found["actions"] == [
        {
            "type": "run-deployment",
            "deployment_id": "${prefect_deployment.d.id}",
            "parameters": '{"p":"{{ event }}"}',
            "job_variables": '{"image":"x"}',
            "schedule_after": 3600,
        }
    ]
    assert by_name["d__automation_2"]["trigger"]["compound"]["require"] == 1


def test_every_kind_of_deployment_trigger(sdk: Callable[[str], Any]) -> None:
    """Sequences, what is combined inside of them, and metrics come with what belongs to the automation."""
    stack = new_stack()
    given = [sdk(f"deployment {kind}") for kind in ("event", "compound", "sequence", "metric")]
    pc.Deployment(stack, "d", flow_name="f", triggers=given)
    by_name = {
        one["name"]: one for one in Template.from_stack(stack).resources("prefect_automation").values()
    }
    assert set(by_name) == {"by-sdk", "d__automation_2", "in order", "d__automation_4"}
    sequence = by_name["in order"]["trigger"]["sequence"]
    assert sequence["within"] == 3600
    assert sequence["triggers"][1]["compound"]["require"] == "all"
    assert len(sequence["triggers"][1]["compound"]["triggers"]) == 2
    assert by_name["in order"]["actions"][0]["schedule_after"] == 60
    metric = by_name["d__automation_4"]
    assert metric["enabled"] is False
    assert metric["actions"][0]["parameters"] == '{"p":"{{ metric.value }}"}'
    assert metric["trigger"]["metric"]["metric"] == {
        "name": "successes",
        "operator": "<",
        "threshold": 0.5,
        "range": 300,
        "firing_for": 300,
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cron", {"cron": {"cron": "0 3 * * *", "timezone": "Europe/Berlin", "day_or": True}}),
        ("interval", {"interval": {"interval": 3600, "timezone": "UTC"}}),
        (
            "anchored",
            {"interval": {"interval": 3600, "timezone": "UTC", "anchor_date": "2030-01-01T00:00:00Z"}},
        ),
        ("rrule", {"rrule": {"rrule": "FREQ=DAILY", "timezone": "UTC"}}),
        (
            "entry",
            {
                "nightly": {
                    "cron": "0 3 * * *",
                    "day_or": True,
                    "active": True,
                    "parameters": '{"a":1}',
                    "max_scheduled_runs": 3,
                }
            },
        ),
    ],
)
def test_schedules(sdk: Callable[[str], Any], name: str, expected: Any) -> None:
    """Schedules of the SDK; the anchor that it sets by itself, another each time, is left out."""
    stack = new_stack()
    pc.Deployment(stack, "d", flow_name="f", schedules=sdk(name))
    assert attributes(stack, "prefect_deployment")["schedules"] == expected


EXPORTED: dict[str, Any] = {
    "id": "6f8c06de-9205-4948-b115-5076dd2e32c5",
    "created": "2030-01-01T00:00:00Z",
    "updated": "2030-01-01T00:00:00Z",
    "name": "exported",
    "description": "",
    "enabled": True,
    "tags": [],
    "owner_resource": None,
    "trigger": {
        "type": "compound",
        "id": "6059c655-c1bf-4f18-b226-5cbc376bd2ad",
        "require": "all",
        "within": 60.0,
        "triggers": [
            {
                "type": "event",
                "id": "5059c655-c1bf-4f18-b226-5cbc376bd2ad",
                "match": {},
                "match_related": {},
                "after": [],
                "expect": ["prefect.flow-run.Failed"],
                "for_each": [],
                "posture": "Reactive",
                "threshold": 1,
                "within": 0.0,
            },
            {
                "type": "sequence",
                "id": "4059c655-c1bf-4f18-b226-5cbc376bd2ad",
                "within": None,
                "triggers": [{"type": "event", "id": "x", "expect": ["a"]}],
            },
        ],
    },
    "actions": [{"type": "do-nothing"}],
    "actions_on_trigger": [],
    "actions_on_resolve": [],
}


def test_exported_automations() -> None:
    """What the server answers is an automation; its ids, at any depth, its times and its owner are left out."""
    whole, splatted = new_stack(), new_stack()
    pc.Automation.from_document(whole, "a", EXPORTED)
    pc.Automation(splatted, "a", **EXPORTED)
    found = attributes(whole, "prefect_automation")
    assert found == attributes(splatted, "prefect_automation")
    assert "c1bf" not in json.dumps(found)
    assert [list(one) for one in found["trigger"]["compound"]["triggers"]] == [["event"], ["sequence"]]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({**EXPORTED, "descripton": "x"}, "MyStack/a: There is no `descripton`. Did you mean `description`?"),
        ({"name": "x"}, "MyStack/a: trigger: Expected a trigger"),
        (
            {**EXPORTED, "trigger": {"type": "event", "expct": ["x"]}},
            "MyStack/a: trigger.expct: An event trigger has no field `expct`. Did you mean `expect`?",
        ),
        ([EXPORTED], "MyStack/a: Expected the mapping of an automation, got ["),
    ],
)
def test_documents_lose_nothing(document: Any, message: str) -> None:
    """A key that is not known is an error, not dropped."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        pc.Automation.from_document(new_stack(), "a", document)
    assert str(caught.value).startswith(message), str(caught.value)


@pytest.mark.parametrize("within", ["PT10M", "00:10:00", 600, 600.0])
def test_durations_of_documents(within: Any) -> None:
    """Wherever Prefect reads a duration it may be text: in triggers at any depth, actions, metrics."""
    event = {"type": "event", "expect": ["a"], "within": within}
    found = trigger_of({"type": "sequence", "within": within, "triggers": [event, event]})["sequence"]
    assert found["within"] == 600
    assert found["triggers"][0]["event"]["within"] == 600
    metric = {"name": "duration", "operator": ">", "threshold": 1, "range": within, "firing_for": within}
    query = trigger_of({"type": "metric", "metric": metric})["metric"]["metric"]
    assert (query["range"], query["firing_for"]) == (600, 600)
    stack = new_stack()
    pc.Deployment(stack, "d", flow_name="f").on({"expect": ["a"], "schedule_after": within})
    (action,) = attributes(stack, "prefect_automation")["actions"]
    assert action["schedule_after"] == 600
