"""Automations, events and work pools of Prefect Cloud.

What is said of events is that of the audit log and of a workspace's own.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.environment.prefect_cloud.collections import WITHOUT_WORKERS
from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Answered, Checked

__all__ = ["FACTS"]

_SDK: Final = "Prefect's own client"
_EVENTS: Final = "Prefect's documentation of events"
_LIMITS: Final = "Prefect's documentation of rate limits and retention"


def _times(days: float) -> dict[str, Any]:
    now = datetime.now(UTC)
    occurred = {"since": (now - timedelta(days=days)).isoformat(), "until": now.isoformat()}
    return {"filter": {"occurred": occurred, "order": "DESC"}, "limit": 10}


def _window(account: Checked) -> None:
    week = account.ask("POST", "P/events/filter", _times(7))
    assert week.status == 200, f"status {week.status} for 7 days"
    assert {"events", "next_page", "total"} <= week.data.keys(), f"an answer has {sorted(week.data)}"
    month = account.ask("POST", "P/events/filter", _times(30)).status
    assert month == 422, f"status {month} for 30 days"


def _pool_types(account: Checked) -> None:
    found = account.ask("GET", "P/collections/work_pool_types").data
    types = {type_ for package in found.values() for type_ in package}
    missing = {type_ for _, type_ in WITHOUT_WORKERS} - types
    assert not missing, f"there is no {', '.join(sorted(missing))}"


def _written(account: Checked, method: str, path: str, body: Any = None) -> Answered:
    """The answer to a write; 503, which the real server behind the simulator may give, means that nothing was done."""
    deadline = time.monotonic() + 10.0
    while (answer := account.ask(method, path, body)).status == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def _actors(account: Checked) -> None:
    body = {"name": f"prefect_iac_check_{uuid4().hex[:8]}", "value": "a"}
    made = _written(account, "POST", "P/variables/", body)
    assert made.status == 201, f"status {made.status}"
    path = f"P/variables/{made.data['id']}"
    try:
        _written(account, "PATCH", path, {"value": "b"})
        wanted = _times(1)
        del wanted["filter"]["occurred"]["until"]
        wanted["filter"]["resource"] = {"id": [f"prefect.variable.{made.data['id']}"]}
        wanted["filter"]["event"] = {"name": ["prefect.variable.updated"]}
        deadline = time.monotonic() + 15.0
        while not (events := account.ask("POST", "P/events/filter", wanted).data["events"]):
            if time.monotonic() > deadline:
                msg = "a change of a variable has made no event in 15 seconds"
                raise LookupError(msg)
            time.sleep(0.2)
    finally:
        _written(account, "DELETE", path)
    roles = {one.get("prefect.resource.role") for one in events[0]["related"]}
    assert "actor" in roles, f"the roles are {sorted(map(str, roles))}"


def _automation_life(account: Checked) -> None:
    metric = {"name": "duration", "operator": ">", "threshold": 60.0, "range": 300.0, "firing_for": 300.0}
    trigger = {"type": "metric", "posture": "Metric", "match": {}, "match_related": {}, "metric": metric}
    body = {
        "name": f"prefect-iac-check-{uuid4().hex[:8]}",
        "description": "",
        "enabled": False,
        "trigger": trigger,
        "actions": [{"type": "declare-incident"}],
    }
    made = _written(account, "POST", "P/automations/", body)
    assert made.status == 201, f"status {made.status}"
    path = f"P/automations/{made.data['id']}"
    try:
        held = account.ask("GET", path).data
        assert held["trigger"]["type"] == "metric", f"the trigger is {held['trigger']['type']}"
        assert held["trigger"]["metric"] == metric, f"the metric is {held['trigger']['metric']}"
        assert [one["type"] for one in held["actions"]] == ["declare-incident"], "other actions"
    finally:
        gone = _written(account, "DELETE", path).status
    assert gone == 204, f"status {gone} of the deletion"


FACTS: Final = (
    Fact(
        "automation-metric",
        "`P/automations/` takes triggers of the type `metric`, with the posture `Metric` and one query: `lateness`, "
        "`duration` or `successes`, an operator, a threshold, and `range` and `firing_for` of 300 seconds or more, as "
        "also their default is; and answers with all of it.",
        f"{_SDK} (prefect.events.schemas.automations)",
        "client",
        _automation_life,
        writes=True,
    ),
    Fact(
        "automation-metric-within",
        "A metric trigger may be one of those that a compound or a sequence trigger combines.",
        f"{_SDK} (prefect.events.schemas.automations)",
        "client",
    ),
    Fact(
        "automation-actions",
        "There are the actions `declare-incident` without fields, `send-email-notification` with `emails`, `subject` "
        "and `body`, `pause-schedule-for-flow-run` and `resume-schedule-for-flow-run` with `deployment_id` and "
        "`schedule_id`; `cancel-flow-run` and `suspend-flow-run` take `force`.",
        "Prefect's documentation of its API",
        "documented",
    ),
    Fact(
        "automation-email-block",
        "An email without a `block_document_id` gets one, which later answers have.",
        "nobody",
        "assumed",
    ),
    Fact(
        "event-window",
        "`P/events/filter` answers for 14 days at most, and 422 for more; without a beginning it takes the last 14 "
        "days.",
        _LIMITS,
        "documented",
        _window,
    ),
    Fact(
        "event-window-of-plans",
        "Where a plan keeps events for less than 14 days, a longer time is refused with 422; so is a time before that.",
        "nobody says how; that it is so limited, Prefect's documentation of retention",
        "assumed",
    ),
    Fact(
        "event-automation-names",
        "What an automation does is told as `prefect-cloud.automation.…`, and not as `prefect.automation.…`; changes "
        "of objects have the names that a self-hosted server gives them.",
        _EVENTS,
        "documented",
    ),
    Fact(
        "event-actor",
        "An event of a change has the one who made it as a related resource in the role `actor`: "
        "`prefect-cloud.actor.<id>`, with `prefect.resource.name` and perhaps `prefect-cloud.name`, "
        "`prefect-cloud.handle` and `prefect-cloud.email`.",
        f"{_EVENTS}, and tests of {_SDK}",
        "client",
        _actors,
        writes=True,
    ),
    Fact(
        "event-audit-log",
        "`A/events/filter` has the audit log, in the form of a workspace's events: "
        "`prefect-cloud.<kind>.created`, `.updated`, `.deleted` of `prefect-cloud.<kind>.<id>`; a key that may not "
        "manage the account is answered 403.",
        f"{_EVENTS}; the permission nobody says",
        "assumed",
    ),
    Fact(
        "pool-types",
        "`P/collections/work_pool_types` has what a self-hosted server has at "
        "`/collections/views/aggregate-worker-metadata`, and the types without workers: "
        + ", ".join(f"`{type_}`" for _, type_ in WITHOUT_WORKERS)
        + ".",
        f"{_SDK} (prefect.client.cloud); the types, Prefect's documentation of work pools",
        "client",
        _pool_types,
    ),
)
