"""Automations before apply: what is planned without a server, and which mistakes are found, where."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Values, has_unknown
from prefect_provider.text.path import show_path
from tests.objects.automation_terraform import EVENT, OTHER, UUID, config, require
from tests.objects.terraform_core import assert_plan_valid, configuration, explain, shown

OSS = "http://127.0.0.1:4200/api"
CLOUD = f"https://api.prefect.cloud/api/accounts/{UUID}/workspaces/{OTHER}"


def validate(**values: Any) -> list[tuple[str, str, str]]:
    """Severity, path and text of everything found in a configuration."""
    given = configuration(Automation, config(**values))
    found = asyncio.run(lifecycle.validate_config(Automation, given, explain))
    return [(one.severity, show_path(one.path), f"{one.summary}\n{one.detail}") for one in found]


def plan(
    given: dict[str, Any], prior: Values | None = None, *, endpoint: str | None = None
) -> lifecycle.Outcome:
    """Plan, with a client of that server or with none."""
    whole = configuration(Automation, given)
    client = endpoint and Client(resolve({"endpoint": endpoint, "api_key": "k"}, {"PATH": os.defpath}))
    outcome = asyncio.run(lifecycle.plan(Automation, client or None, prior, whole, {}, explain))
    if not outcome.diagnostics.has_errors:
        assert outcome.state is not None
        assert_plan_valid(Automation, prior, whole, outcome.state)
    return outcome


def planned(given: dict[str, Any], prior: Values | None = None) -> Values:
    """What is planned."""
    outcome = plan(given, prior)
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    return outcome.state


EMAIL = {"type": "send-email-notification", "emails": ["a@b.example"], "subject": "s", "body": "b"}
NOTE = {"type": "send-notification", "block_document_id": UUID, "body": "b"}
RUN = {"type": "run-deployment", "deployment_id": UUID}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"trigger": {}}, "trigger", "got none of them"),
    (
        {"trigger": {"event": EVENT, "sequence": {"triggers": [{"event": EVENT}]}}},
        "trigger.sequence",
        "exactly one",
    ),
    ({"trigger": {"sequence": {"triggers": []}}}, "trigger.sequence.triggers", "needs triggers"),
    ({"trigger": {"sequence": {"triggers": [{}]}}}, "trigger.sequence.triggers[0]", "got none of them"),
    ({"trigger": {"event": {"posture": "reactive"}}}, "trigger.event.posture", "`Reactive`"),
    ({"trigger": {"event": EVENT | {"threshold": 0}}}, "trigger.event.threshold", "not below 1"),
    ({"trigger": {"event": EVENT | {"within": -1}}}, "trigger.event.within", "not below 0"),
    ({"trigger": {"event": EVENT | {"expect": [""]}}}, "trigger.event.expect", "empty event name"),
    (
        {"trigger": {"event": EVENT | {"for_each": ["related:flow"]}}},
        "trigger.event.for_each",
        "related:<role>",
    ),
    ({"trigger": {"event": EVENT | {"match": "x"}}}, "trigger.event.match", "jsonencode()"),
    ({"trigger": {"event": EVENT | {"match": "[]"}}}, "trigger.event.match", "a JSON object"),
    ({"trigger": {"event": EVENT | {"match": '{"a":1}'}}}, "trigger.event.match", "at `a` of the JSON"),
    (
        {"trigger": {"event": EVENT | {"match_related": '[{"a.b":["x",2]}]'}}},
        "trigger.event.match_related",
        'at `[0]["a.b"][1]` of the JSON',
    ),
    (
        {"trigger": {"event": {"posture": "Proactive", "within": 5}}},
        "trigger.event.within",
        "10 seconds or more",
    ),
    (
        {"trigger": {"event": {"posture": "Proactive", "within": 0}}},
        "trigger.event.within",
        "turns into 10. Write 10",
    ),
    (
        {
            "trigger": {
                "sequence": {"triggers": [{"event": EVENT}, {"event": {"posture": "Proactive", "within": 0}}]}
            }
        },
        "trigger.sequence.triggers[1].event.within",
        "turns into 10",
    ),
    (
        {"trigger": {"compound": {"triggers": [{"event": EVENT}], "require": require(2)}}},
        "trigger.compound.require",
        "Expected 1, got",
    ),
    (
        {"trigger": {"compound": {"triggers": [{"event": EVENT}], "require": require("two")}}},
        "trigger.compound.require",
        '"any", "all"',
    ),
    (
        {
            "trigger": {
                "sequence": {"triggers": [{"compound": {"triggers": [{"event": EVENT}], "require": "3"}}]}
            }
        },
        "trigger.sequence.triggers[0].compound.require",
        "Expected 1, got",
    ),
    (
        {
            "trigger": {
                "metric": {
                    "metric": {
                        "name": "volume",
                        "operator": "<",
                        "threshold": 1,
                        "range": 5,
                        "firing_for": 300,
                    }
                }
            }
        },
        "trigger.metric.metric.range",
        "not below 300",
    ),
    ({"actions": [{"type": "run-deployments"}]}, "actions[0].type", "`run-deployment`"),
    (
        {"actions": [{"type": "do-nothing"}, {"type": "run-deployment"}]},
        "actions[1].deployment_id",
        "inferred",
    ),
    ({"actions": [RUN | {"source": "inferred"}]}, "actions[0].deployment_id", "not allowed"),
    ({"actions": [RUN | {"body": "x"}]}, "actions[0].body", "has no field"),
    ({"actions": [RUN | {"deployment_id": "my-deployment"}]}, "actions[0].deployment_id", "a UUID"),
    ({"actions": [RUN | {"parameters": "[]"}]}, "actions[0].parameters", "a JSON object"),
    ({"actions": [RUN | {"parameters": '{"a":"{{ event"}'}]}, "actions[0].parameters", "at `a` of the JSON"),
    (
        {"actions": [RUN | {"parameters": '{"a":["{% if"]}'}]},
        "actions[0].parameters",
        "at `a[0]` of the JSON",
    ),
    ({"actions_on_trigger": [NOTE | {"body": None}]}, "actions_on_trigger[0].body", "needs `body`"),
    ({"actions_on_resolve": [NOTE | {"subject": "{{"}]}, "actions_on_resolve[0].subject", "Jinja"),
    ({"actions": [{"type": "call-webhook"}]}, "actions[0].block_document_id", "needs `block_document_id`"),
    ({"actions": [EMAIL | {"emails": ["x"]}]}, "actions[0].emails[0]", "email address"),
    ({"actions": [{"type": "change-flow-run-state"}]}, "actions[0].state", "needs `state`"),
    (
        {
            "trigger": {"event": {"posture": "Reactive", "expect": ["prefect.flow-run.Pending"]}},
            "actions": [{"type": "do-nothing"}, {"type": "run-deployment", "source": "inferred"}],
        },
        "actions[1]",
        "never ends",
    ),
]


@pytest.mark.parametrize(
    ("values", "path", "text"), WRONG, ids=lambda one: one if isinstance(one, str) else ""
)
def test_mistake_is_found_before_apply(values: dict[str, Any], path: str, text: str) -> None:
    """A mistake that the server would answer with 422, or misread, is one error with its place and remedy."""
    [(severity, at, said)] = validate(**values)
    assert (severity, at) == ("error", path)
    assert text in said


SURPRISING: list[tuple[dict[str, Any], str, str]] = [
    ({"trigger": {"event": {"posture": "Reactive"}}}, "trigger.event", "never stops"),
    ({"trigger": {"event": EVENT | {"threshold": 3}}}, "trigger.event.within", "time window"),
    ({"trigger": {"event": EVENT | {"expect": ["a.?"]}}}, "trigger.event.expect", "wildcard"),
    (
        {"trigger": {"sequence": {"triggers": [{"event": EVENT | {"for_each": ["x"]}}]}}},
        "trigger.sequence.triggers[0]",
        "for_each",
    ),
    ({"actions": [NOTE | {"body": "{{ flowrun.name }}"}]}, "actions[0].body", "flowrun"),
]


@pytest.mark.parametrize(
    ("values", "path", "text"), SURPRISING, ids=lambda one: one if isinstance(one, str) else ""
)
def test_surprise_is_a_warning(values: dict[str, Any], path: str, text: str) -> None:
    """What the server accepts and treats otherwise than it reads is a warning."""
    [(severity, at, said)] = validate(**values)
    assert (severity, at) == ("warning", path)
    assert text in said


def test_disabled_automation_may_loop() -> None:
    """A trigger that fires itself is no matter while the automation does not act."""
    assert validate(trigger={"event": {"posture": "Reactive"}}, enabled=False) == []
    assert validate(trigger={"event": {"posture": "Reactive"}}, enabled=UNKNOWN) == []


UNSURE: list[dict[str, Any]] = [
    {"name": UNKNOWN},
    {"trigger": UNKNOWN},
    {"trigger": {"event": UNKNOWN}},
    {
        "trigger": {
            "event": dict.fromkeys((*EVENT, "match", "match_related", "after", "for_each", "within"), UNKNOWN)
        }
    },
    {"trigger": {"event": EVENT | {"expect": ["a", UNKNOWN]}}},
    {"trigger": {"sequence": {"triggers": UNKNOWN, "within": UNKNOWN}}},
    {"trigger": {"sequence": {"triggers": [UNKNOWN, {"event": UNKNOWN}]}}},
    {"trigger": {"compound": {"triggers": [{"event": EVENT}], "require": Dynamic(STRING, UNKNOWN)}}},
    {"trigger": {"compound": {"triggers": [{"event": EVENT}], "require": UNKNOWN}}},
    {"actions": UNKNOWN, "actions_on_trigger": [UNKNOWN]},
    {"actions": [{"type": UNKNOWN}]},
    {"actions": [{"type": "run-deployment", "source": UNKNOWN}, RUN | {"parameters": UNKNOWN}]},
    {"actions": [{"type": "run-deployment", "deployment_id": UNKNOWN}]},
    {
        "actions": [
            {
                name: UNKNOWN if name != "type" else "call-webhook"
                for name in ("type", "block_document_id", "payload")
            }
        ]
    },
    {"actions": [EMAIL | {"emails": ["a@b.example", UNKNOWN]}, EMAIL | {"emails": UNKNOWN}]},
]


@pytest.mark.parametrize("values", UNSURE)
def test_what_is_not_known_yet_is_not_refused(values: dict[str, Any]) -> None:
    """An unknown value, wherever it stands, is no mistake and no reason to crash, validated or planned."""
    assert validate(**values) == []
    for endpoint in (None, CLOUD):
        for prior in (None, _made(config())):
            assert shown(plan(config(**values), prior, endpoint=endpoint).diagnostics) == []


def _made(given: dict[str, Any]) -> Values:
    """The state after the plan was applied."""
    state = planned(given)
    return state | {"id": UUID, "created": "2030-01-01T00:00:00Z", "updated": "2030-01-01T00:00:00Z"}


@pytest.mark.parametrize(("posture", "seconds"), [("Reactive", 0), ("Proactive", 10)])
def test_within_is_known_when_planned(posture: str, seconds: int) -> None:
    """A `within` that is left out is planned as the server's, at any depth, never as known after apply."""
    event = {"event": {"posture": posture, "expect": ["a"]}}
    inner = {"compound": {"require": "all", "triggers": [event, {"event": EVENT | {"within": 7}}]}}
    made = planned(config(trigger={"sequence": {"triggers": [event, inner]}}))
    first, second = made["trigger"]["sequence"]["triggers"]
    assert not has_unknown(made["trigger"])
    assert first["event"]["within"] == seconds
    assert [one["event"]["within"] for one in second["compound"]["triggers"]] == [seconds, 7]


def test_within_is_unknown_only_with_the_posture() -> None:
    """While the posture is not known, neither is `within`; also when it was known before."""
    unsure = config(trigger={"event": {"posture": UNKNOWN, "expect": ["a"]}})
    for prior in (None, _made(config())):
        assert planned(unsure, prior)["trigger"]["event"]["within"] == UNKNOWN


def test_block_is_unknown_only_where_prefect_makes_it() -> None:
    """Of all actions, only a new email's block is known after apply, and it is kept from then on."""
    given = config(actions=[RUN, EMAIL, NOTE, {"type": "do-nothing"}])
    new = planned(given)
    assert [action["block_document_id"] for action in new["actions"]] == [None, UNKNOWN, UUID, None]
    assert [name for name, value in new.items() if has_unknown(value)] == [
        "id",
        "created",
        "updated",
        "actions",
    ]
    state = _made(given)
    state["actions"][1]["block_document_id"] = OTHER
    assert planned(given, state) == state
    swapped = planned(given | {"actions": [EMAIL, NOTE, EMAIL, {"type": "do-nothing"}]}, state)
    assert [action["block_document_id"] for action in swapped["actions"]] == [UNKNOWN, UUID, UNKNOWN, None]
    unsure = planned(given | {"actions": [RUN, EMAIL | {"type": UNKNOWN}]}, state)
    assert [action["block_document_id"] for action in unsure["actions"]] == [None, UNKNOWN]


METRIC = {"metric": {"name": "successes", "operator": "<", "threshold": 1, "range": 300, "firing_for": 300}}

ELSEWHERE: list[tuple[str, dict[str, Any], str, str]] = [
    (OSS, {"trigger": {"metric": METRIC}}, "trigger.metric", "Use an event trigger"),
    (
        OSS,
        {"trigger": {"sequence": {"triggers": [{"metric": METRIC}]}}},
        "trigger.sequence.triggers[0].metric",
        "Cloud",
    ),
    (OSS, {"actions": [EMAIL]}, "actions[0].type", "Use `send-notification`"),
    (
        OSS,
        {"actions": [RUN], "actions_on_resolve": [{"type": "declare-incident"}]},
        "actions_on_resolve[0].type",
        "Use",
    ),
    (
        OSS,
        {"actions": [{"type": "pause-schedule-for-flow-run"}]},
        "actions[0].type",
        "Use `pause-deployment`",
    ),
    (OSS, {"actions": [{"type": "cancel-flow-run", "force": True}]}, "actions[0].force", "Leave it out"),
    (CLOUD, {"actions": [{"type": "delete-flow-run"}]}, "actions[0].type", "Use `cancel-flow-run`"),
]


@pytest.mark.parametrize(("endpoint", "values", "path", "text"), ELSEWHERE)
def test_what_this_kind_of_server_lacks_is_found_when_planned(
    endpoint: str, values: dict[str, Any], path: str, text: str
) -> None:
    """What only the other kind of server has is an error at plan time that names a way out."""
    assert validate(**values) == []
    assert shown(plan(config(**values)).diagnostics) == []
    [error] = [
        one for one in plan(config(**values), endpoint=endpoint).diagnostics if one.severity == "error"
    ]
    assert (error.severity, show_path(error.path)) == ("error", path)
    assert text in error.detail
    other = CLOUD if endpoint == OSS else OSS
    assert shown(plan(config(**values), endpoint=other).diagnostics) == []


def test_actions_that_are_never_done() -> None:
    """A server of one's own never tells that a trigger no longer holds; the plan says so, on Cloud there is nothing."""
    given = config(actions=[RUN], actions_on_resolve=[RUN])
    assert validate(actions=[RUN], actions_on_resolve=[RUN]) == []
    assert shown(plan(given, endpoint=CLOUD).diagnostics) == []
    [warning] = plan(given, endpoint=OSS).diagnostics
    assert (warning.severity, show_path(warning.path)) == ("warning", "actions_on_resolve")
    assert "never done" in warning.detail


def test_removing_everything_optional_plans_the_defaults() -> None:
    """What is taken out of a configuration is planned as its default, not left as it was.

    Tags are left alone, unless it is known that Terraform set them: the official provider does not know them.
    """
    event = {"posture": "Reactive", "expect": ["a"], "after": ["b"], "for_each": ["c"], "match": '{"d":"e"}'}
    full = config(
        description="d",
        enabled=False,
        tags=["t"],
        trigger={"event": event | {"match_related": '{"f":"g"}', "threshold": 2, "within": 3}},
        actions=[RUN | {"parameters": json.dumps({"a": 1}), "job_variables": '{"b":2}', "schedule_after": 9}],
    )
    bare = config(name=full["name"], trigger={"event": {"posture": "Reactive"}}, actions=[RUN])
    assert planned(bare, _made(full)) == planned(bare) | {
        name: value for name, value in _made(full).items() if name in ("id", "created", "tags")
    }
