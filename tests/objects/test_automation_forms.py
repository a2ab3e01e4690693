"""Automations from the API to Terraform and back: nothing is lost, nothing that a server returns raises."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.objects.server.automation.actions import Action
from prefect_provider.objects.server.automation.forms import (
    action_to_api,
    actions_from_api,
    trigger_from_api,
    trigger_to_api,
)
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.automation.triggers import Trigger
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.types import NUMBER
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from prefect_provider.plugin.wire.codec import encode
from prefect_provider.rules.actions import ACTIONS
from tests.objects.automation_terraform import UUID
from tests.objects.terraform_core import configuration

EVENT: dict[str, Any] = {
    "type": "event",
    "match": {"a": ["v", "w"]},
    "match_related": [{"b": "x"}],
    "after": ["c"],
    "expect": ["d", "e"],
    "for_each": ["prefect.resource.id"],
    "posture": "Reactive",
    "threshold": 2,
    "within": 30.5,
}
METRIC: dict[str, Any] = {
    "type": "metric",
    "match": {},
    "match_related": {},
    "posture": "Metric",
    "metric": {"name": "successes", "operator": "<", "threshold": 0.9, "range": 300.0, "firing_for": 600.0},
}
TRIGGERS: list[dict[str, Any]] = [
    EVENT,
    METRIC,
    {"type": "compound", "triggers": [EVENT, METRIC], "require": "any", "within": None},
    {"type": "compound", "triggers": [EVENT, METRIC], "require": 2, "within": 60.0},
    {
        "type": "sequence",
        "triggers": [{"type": "compound", "triggers": [EVENT], "require": 1, "within": None}, EVENT],
        "within": 60.0,
    },
]


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda one: one["type"])
def test_trigger_survives_both_ways(trigger: dict[str, Any]) -> None:
    """A trigger read from the API and sent again is the same, ids aside."""
    strange: list[str] = []
    with_ids = trigger | {"id": UUID}
    values = trigger_from_api(with_ids, strange)
    assert not strange
    encode(values, Trigger.object_type())
    assert trigger_to_api(values) == trigger


def test_require_has_the_type_that_terraform_expects() -> None:
    """An outer `require` is a number where it is one; an inner one is text."""
    inner = {"type": "compound", "triggers": [EVENT], "require": 1, "within": None}
    values = trigger_from_api(inner | {"triggers": [inner]}, [])
    assert values["compound"]["require"] == Dynamic(NUMBER, 1)
    assert values["compound"]["triggers"][0]["compound"]["require"] == "1"


@pytest.mark.parametrize("type_", ACTIONS)
def test_action_survives_both_ways(type_: str) -> None:
    """An action with all its fields, read from the API and sent again, is the same."""
    samples: dict[str, Any] = {
        "source": "selected",
        "parameters": {"a": [1, {"b": "{{ event.id }}"}]},
        "job_variables": {"x": 1.5},
        "schedule_after": 60.0,
        "state": "FAILED",
        "force": True,
        "emails": ["a@b.example"],
    }
    action = {"type": type_} | {
        name: samples.get(name, UUID if name.endswith("_id") else f"some {name}")
        for name in ACTIONS[type_].fields
    }
    strange: list[str] = []
    [values] = actions_from_api([action], "actions", strange)
    assert not strange
    encode(values, Action.object_type())
    assert action_to_api(values) == action


def test_block_that_prefect_makes_is_not_sent_before_it_is_known() -> None:
    """An unknown block is left out of what is sent."""
    [values] = actions_from_api(
        [{"type": "send-email-notification", "emails": ["a@b.example"], "subject": "s", "body": "b"}],
        "actions",
        [],
    )
    assert "block_document_id" not in action_to_api(values | {"block_document_id": UNKNOWN})
    assert action_to_api(values | {"block_document_id": UUID})["block_document_id"] == UUID


STRANGE: list[tuple[dict[str, Any], str]] = [
    ({"trigger": {"type": "lunar", "phase": "full"}}, "a trigger of type 'lunar'"),
    ({"trigger": None}, "a trigger that is None"),
    ({"trigger": {"type": ["event"]}}, "a trigger of type ['event']"),
    ({"trigger": EVENT | {"within": "PT30S"}}, "`trigger.event.within`: 'PT30S'"),
    (
        {"trigger": METRIC | {"metric": METRIC["metric"] | {"range": "long"}}},
        "`trigger.metric.metric.range`: 'long'",
    ),
    ({"trigger": EVENT | {"threshold": True}}, "`trigger.event.threshold`: True"),
    ({"trigger": EVENT | {"expect": [1]}}, "`trigger.event.expect`: [1]"),
    ({"actions": [{"type": "sing", "song": "x", "body": "la"}]}, "an action of type 'sing'"),
    ({"actions": [{"type": {}}]}, "an action of type {}"),
    ({"actions": [{"type": "run-deployment", "deployment_id": 7}]}, "`actions[0].deployment_id`: 7"),
]


@pytest.mark.parametrize(("fields", "named"), STRANGE)
def test_what_is_not_known_is_named(fields: dict[str, Any], named: str) -> None:
    """What has no place in the declaration is left out with a warning that names it."""
    data = {
        "id": UUID,
        "name": "n",
        "description": "",
        "enabled": True,
        "tags": [],
        "trigger": EVENT,
        "actions": [],
    }
    diagnostics = Diagnostics()
    values = Automation(None, diagnostics).values(data | fields, {})
    encode(values, Automation.object_type())
    [warning] = diagnostics
    assert warning.severity == "warning"
    assert named in warning.detail


def test_new_field_of_a_newer_server_is_passed_over() -> None:
    """Fields that this version does not know are nothing to warn of: they may mean nothing."""
    strange: list[str] = []
    trigger_from_api(EVENT | {"novelty": 1}, strange)
    actions_from_api([{"type": "do-nothing", "novelty": 1}, {}], "actions", strange)
    assert not strange


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_kind = st.sampled_from(["event", "metric", "compound", "sequence", "lunar", None])
_fields = st.sampled_from(sorted({*EVENT, *METRIC, "require", "triggers", "name", "range"}))
_triggers = st.recursive(
    _json,
    lambda inner: st.builds(
        lambda kind, fields, children: {**fields, "type": kind, "triggers": children},
        _kind,
        st.dictionaries(_fields, inner, max_size=6),
        st.lists(inner, max_size=2),
    ),
    max_leaves=10,
)


@given(_triggers)
def test_no_trigger_crashes_a_read(data: Any) -> None:
    """Whatever stands in the place of a trigger, there are values of the declared type for it."""
    encode(trigger_from_api(data, []), Trigger.object_type())


@given(
    _json
    | st.lists(st.dictionaries(st.sampled_from(sorted(Action.attributes)), _json, max_size=6), max_size=3)
)
def test_no_actions_crash_a_read(data: Any) -> None:
    """Whatever stands in the place of the actions, there are values of the declared type for it."""
    for action in actions_from_api(data, "actions", []):
        encode(action, Action.object_type())


def test_every_field_is_sent() -> None:
    """The body names every field of the API, for PUT keeps those that are left out."""
    given_ = configuration(Automation, {"name": "n", "trigger": {"event": {"posture": "Reactive"}}})
    planned = asyncio.run(lifecycle.plan(Automation, None, None, given_, {}, lambda _: None)).state
    assert planned is not None
    body = Automation(None, Diagnostics()).body(planned)
    assert json.loads(json.dumps(body)) == {
        "name": "n",
        "description": "",
        "enabled": True,
        "tags": [],
        "trigger": {
            "type": "event",
            "match": {},
            "match_related": {},
            "after": [],
            "expect": [],
            "for_each": [],
            "posture": "Reactive",
            "threshold": 1,
            "within": 0.0,
        },
        "actions": [],
        "actions_on_trigger": [],
        "actions_on_resolve": [],
    }
