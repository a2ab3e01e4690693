"""What triggers never see, and what never stops, is said when terraform validates an automation."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.text.path import show_path
from tests.objects.automation_terraform import UUID, config
from tests.objects.terraform_core import configuration, explain

RUN = {"type": "run-deployment", "deployment_id": UUID}
FAILED = {"posture": "Reactive", "expect": ["prefect.flow-run.Failed"]}


def validate(event: dict[str, Any], **values: Any) -> list[tuple[str, str, str]]:
    """Severity, path and text of what is found in an automation with this event trigger."""
    given = configuration(Automation, config(trigger={"event": event}, **values))
    found = asyncio.run(lifecycle.validate_config(Automation, given, explain))
    return [(one.severity, show_path(one.path), f"{one.summary}\n{one.detail}") for one in found]


def test_names_that_prefect_never_uses_are_warnings() -> None:
    """Of events and of resources, each with the name that was meant."""
    event = {
        "posture": "Reactive",
        "match": json.dumps({"prefect.resource.id": "prefect.flow_run.*"}),
        "after": ["prefect.flow-run.completed"],
        "expect": ["prefect.flow-run.failed", "prefect.workpool.not_ready"],
        "within": 60,
    }
    found = validate(event)
    assert [severity for severity, _, _ in found] == ["warning"] * 4
    said = " ".join(text for _, _, text in found)
    for meant in ("flow-run.*", "flow-run.Completed", "flow-run.Failed", "work-pool.not-ready"):
        assert f'Did you mean "prefect.{meant}"?' in said


@pytest.mark.parametrize(
    ("event", "values", "path"),
    [
        ({"posture": "Reactive", "expect": ["prefect.flow-run.Completed"]}, {"actions": [RUN]}, "actions[0]"),
        (FAILED, {"actions": [{"type": "run-deployment", "source": "inferred"}]}, "actions[0]"),
        (FAILED, {"actions": [], "actions_on_trigger": [RUN]}, "actions_on_trigger[0]"),
        (
            {"posture": "Reactive", "expect": ["prefect.flow-run.Pending"]},
            {"actions": [], "actions_on_trigger": [RUN]},
            "actions_on_trigger[0]",
        ),
    ],
)
def test_a_run_that_starts_the_next_one_is_a_warning(
    event: dict[str, Any], values: dict[str, Any], path: str
) -> None:
    """At the action that runs the deployment, of those that follow the trigger; the server takes all of these."""
    [(severity, at, said)] = validate(event, **values)
    assert (severity, at) == ("warning", path)
    assert "starts the next one" in said
    assert validate(event, **values, enabled=False) == []


@pytest.mark.parametrize(
    ("event", "at"),
    [
        (
            {"posture": "Proactive", "expect": ["a"], "for_each": ["prefect.resource.id"]},
            "trigger.event.for_each",
        ),
        ({"posture": "Proactive", "expect": ["a"], "after": ["b"]}, "trigger.event.after"),
        ({"posture": "Reactive", "expect": ["a"], "after": ["b"]}, "trigger.event.within"),
        ({"posture": "Reactive", "expect": ["a"], "match": '{"k": ["!a", "!b"]}'}, "trigger.event.match"),
    ],
)
def test_triggers_that_fire_otherwise_than_they_read(event: dict[str, Any], at: str) -> None:
    """What can be told from a trigger's shape alone is one warning, at its attribute."""
    [(severity, place, _)] = validate(event)
    assert (severity, place) == ("warning", at)
