"""A real server takes the bodies that the rules make, and gives them back with the same meaning."""

from typing import Any

import pytest

from prefect_provider.rules import actions as action_rules
from prefect_provider.rules import schedules as schedule_rules
from prefect_provider.rules import trigger_forms as trigger_form
from tests.environment.prefect_server import PrefectServer

ID = "3F5A6c1e-0000-4000-8000-000000000000"

TRIGGERS: list[dict[str, Any]] = [
    {
        "expect": ["b.*", "a"],
        "after": ["c"],
        "for_each": ["related:flow:prefect.resource.id"],
        "threshold": 3,
        "within": 2.5,
    },
    {"posture": "Proactive", "match": {"x": "v", "y": ["a", "!b"]}, "match_related": [{"z": "w"}, {}]},
    {
        "require": 2,
        "within": None,
        "triggers": [
            {"expect": ["a"]},
            {"triggers": [{"expect": ["b"]}, {"require": "any", "triggers": [{}]}], "within": 9},
        ],
    },
]
ACTIONS: list[dict[str, Any]] = [
    *(
        {"type": name}
        for name in (
            "do-nothing",
            "cancel-flow-run",
            "suspend-flow-run",
            "resume-flow-run",
            "delete-flow-run",
        )
    ),
    {
        "type": "run-deployment",
        "deployment_id": ID,
        "parameters": {"a": ["{{ event }}"]},
        "schedule_after": 60,
    },
    *({"type": f"{verb}-deployment", "source": "inferred"} for verb in ("pause", "resume")),
    *({"type": f"{verb}-work-queue", "work_queue_id": ID} for verb in ("pause", "resume")),
    *({"type": f"{verb}-work-pool", "work_pool_id": ID} for verb in ("pause", "resume")),
    *({"type": f"{verb}-automation", "automation_id": ID} for verb in ("pause", "resume")),
    {"type": "change-flow-run-state", "state": "FAILED", "name": "Zombie", "force": True},
    {"type": "send-notification", "block_document_id": ID, "body": "{{ flow_run | ui_url }}"},
    {"type": "call-webhook", "block_document_id": ID, "payload": {"a": {"b": [1, 2.5, "ü"], "c": {}}}},
]
SCHEDULES: list[dict[str, Any]] = [
    {"cron": "0 6 * * mon-fri", "day_or": False, "slug": "cron", "parameters": {"a": 1}},
    {"interval": 90.5, "slug": "interval"},
    {
        "interval": 60,
        "anchor_date": "2024-01-01T02:00:00+02:00",
        "timezone": "Europe/Paris",
        "slug": "anchored",
    },
    {"rrule": "FREQ=DAILY;COUNT=3", "active": False, "slug": "daily", "max_scheduled_runs": 5},
    {"rrule": "FREQ=MINUTELY;INTERVAL=7", "timezone": "America/New_York", "slug": "minutely"},
    {"rrule": "DTSTART:20240101T000000\nRRULE:FREQ=WEEKLY", "slug": "started"},
]


@pytest.mark.parametrize("trigger", TRIGGERS, ids=str)
def test_triggers_come_back_with_the_same_meaning(
    prefect_server: PrefectServer, trigger: dict[str, Any]
) -> None:
    """The stored trigger equals the sent one in canonical form."""
    sent = trigger_form.to_api(trigger)
    body = {"name": "rules-trigger", "enabled": False, "trigger": sent, "actions": [{"type": "do-nothing"}]}
    stored = prefect_server.call("POST", "/automations/", body)["trigger"]
    assert trigger_form.canonical(stored) == trigger_form.canonical(sent)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action["type"])
def test_actions_come_back_as_sent(prefect_server: PrefectServer, action: dict[str, Any]) -> None:
    """The body is complete: the server adds nothing to it, and changes at most the case of ids."""
    sent = action_rules.to_api(action)
    body = {"name": "rules-action", "enabled": False, "trigger": trigger_form.to_api({}), "actions": [sent]}
    (stored,) = prefect_server.call("POST", "/automations/", body)["actions"]
    assert stored.keys() == sent.keys()
    assert action_rules.canonical(stored) == action_rules.canonical(sent)


def test_schedules_come_back_with_the_same_meaning(prefect_server: PrefectServer) -> None:
    """What the server fills in and rewrites is no difference, for every kind, and a change is one."""
    flow = prefect_server.call("POST", "/flows/", {"name": "rules-schedules"})["id"]
    deployment = prefect_server.call("POST", "/deployments/", {"name": "rules", "flow_id": flow})["id"]
    bodies = [schedule_rules.to_api(schedule) for schedule in SCHEDULES]
    prefect_server.call("POST", f"/deployments/{deployment}/schedules", bodies)
    stored = {one["slug"]: one for one in prefect_server.call("GET", f"/deployments/{deployment}/schedules")}
    for schedule in SCHEDULES:
        found = schedule_rules.flat(stored[schedule["slug"]])
        assert schedule_rules.same(schedule, found)
        assert not schedule_rules.same({**schedule, "timezone": "Asia/Tokyo"}, found)
