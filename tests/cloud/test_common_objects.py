"""What objects of every server have on Prefect Cloud only: actions of automations, and pools without workers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.worker_metadata import WorkerMetadata
from prefect_provider.rules.actions import ACTIONS
from tests.environment.prefect_server import CallError
from tests.objects.automation_terraform import config
from tests.objects.terraform_core import Managed, configuration, unique
from tests.objects.test_lookups import look_up

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

METRIC = {
    "match": json.dumps({"prefect.resource.id": "prefect.flow-run.*"}),
    "metric": {"name": "lateness", "operator": ">=", "threshold": 30, "range": 300, "firing_for": 600},
}

CLOUDS: list[dict[str, Any]] = [
    {"type": "declare-incident"},
    {"type": "pause-schedule-for-flow-run"},
    {"type": "resume-schedule-for-flow-run", "deployment_id": str(uuid4()), "schedule_id": str(uuid4())},
    {"type": "send-email-notification", "emails": ["a@b.example"], "subject": "s", "body": "{{ event.id }}"},
    {"type": "suspend-flow-run", "force": True},
]


def test_metric_triggers_and_actions(cloud_world: World) -> None:
    """Each is stored as it is written, changed and taken out again; the simulator refuses what is of another form."""
    assert {one["type"] for one in CLOUDS} >= {one.type for one in ACTIONS.values() if one.cloud_only}
    name = unique("cloud-forms")
    managed = Managed(cloud_world, Automation)
    managed.apply(config(name=name, trigger={"metric": METRIC}, actions=CLOUDS))
    stored = cloud_world.call("GET", f"/automations/{managed.id}")
    assert (stored["trigger"]["type"], stored["trigger"]["metric"]["threshold"]) == ("metric", 30)
    assert [one["type"] for one in stored["actions"]] == [one["type"] for one in CLOUDS]
    assert stored["actions"][-1]["force"] is True
    block = stored["actions"][3]["block_document_id"]

    within: dict[str, Any] = {"triggers": [{"metric": METRIC}, {"event": {"posture": "Reactive"}}]}
    managed.apply(config(name=name, trigger={"sequence": within}, actions=CLOUDS))
    stored = cloud_world.call("GET", f"/automations/{managed.id}")
    assert [one["type"] for one in stored["trigger"]["triggers"]] == ["metric", "event"]
    assert stored["actions"][3]["block_document_id"] == block
    assert [*managed.refresh().diagnostics] == []

    managed.apply(config(name=name, actions=[]))
    assert cloud_world.call("GET", f"/automations/{managed.id}")["trigger"]["type"] == "event"
    managed.destroy()
    for metric in ({"name": "speed"}, {"range": 60.0}, {"unit": "s"}):
        query = {"name": "lateness", "operator": ">", "threshold": 1.0} | metric
        trigger = {"type": "metric", "metric": query}
        with pytest.raises(CallError, match="422"):
            cloud_world.call("POST", "/automations/", {"name": name, "trigger": trigger, "actions": []})


def test_pools_without_workers(cloud_world: World) -> None:
    """They are made without a word; a misspelt type is a warning, for the workspace tells which types there are."""
    for type_ in ("prefect:managed", "ecs:push"):
        managed = Managed(cloud_world, WorkPool)
        managed.apply({"name": unique("pool"), "type": type_})
        managed.destroy()
    given = configuration(WorkPool, {"name": unique("pool"), "type": "modal:psh"})
    [warning] = Managed(cloud_world, WorkPool).plan(given, prior=None).diagnostics
    assert (warning.severity, warning.path) == ("warning", ("type",))
    assert "Did you mean `modal:push`?" in warning.detail

    found = look_up(cloud_world, WorkerMetadata)
    assert {"kubernetes", "prefect:managed"} <= set(found["base_job_templates"])
    assert found["base_job_configs"]["modal_push"] is not None
