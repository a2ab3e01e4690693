"""Automations on a real server: whatever is applied is what the server has, and stays."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from tests.objects.automation_terraform import EVENT, TRIGGERS, UUID, config, no_leftovers
from tests.objects.automation_terraform import ManagedAutomation as Managed
from tests.objects.terraform_core import configuration, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.objects.terraform_core import World


@pytest.fixture(autouse=True)
def _no_leftovers(world: World) -> Iterator[None]:
    """Delete every automation that a test made."""
    with no_leftovers(world):
        yield


def test_least_automation_has_the_defaults(world: World) -> None:
    """An automation of a name and a trigger is created with the documented defaults, and stays as planned."""
    managed = Managed(world)
    given = config(name=unique("automation"))
    managed.apply(given)
    assert managed.held["description"] == ""
    assert managed.held["enabled"] is True
    assert managed.held["tags"] == managed.held["actions"] == managed.held["actions_on_resolve"] == []
    assert managed.held["trigger"]["event"] == {
        "posture": "Reactive",
        "match": "{}",
        "match_related": "{}",
        "after": [],
        "expect": ["a.b"],
        "for_each": [],
        "threshold": 1,
        "within": 0,
    }
    assert managed.held["trigger"]["compound"] is None


@pytest.mark.parametrize("name", TRIGGERS)
def test_every_trigger_lives(world: World, name: str) -> None:
    """Each kind of trigger is created, updated beside others, imported and removed without a difference."""
    managed = Managed(world)
    given = config(name=unique("automation"), trigger=TRIGGERS[name])
    managed.apply(given)
    managed.apply(given | {"description": "changed"})
    again = Managed.named(world, managed.id)
    again.assert_settled(given | {"description": "changed"})
    managed.destroy()
    assert not world.server.exists(f"/automations/{again.id}")


def test_trigger_of_every_kind_becomes_every_other(world: World) -> None:
    """A trigger can be changed into any other kind in place."""
    managed = Managed(world)
    name = unique("automation")
    managed.apply(config(name=name, trigger=TRIGGERS["event"]))
    id_ = managed.id
    for kind in ("compound all", "sequence", "nested", "proactive", "sequence without limit", "event full"):
        managed.apply(config(name=name, trigger=TRIGGERS[kind]))
        assert managed.id == id_


ACTIONS: list[dict[str, Any]] = [
    {"type": "do-nothing"},
    {"type": "run-deployment", "deployment_id": UUID},
    {"type": "run-deployment", "source": "selected", "deployment_id": UUID.upper()},
    {"type": "run-deployment", "source": "inferred"},
    {
        "type": "run-deployment",
        "deployment_id": UUID,
        "parameters": json.dumps({"a": "{{ event.id }}", "b": {"__prefect_kind": "json", "value": "1"}}),
        "schedule_after": 60,
    },
    {
        "type": "run-deployment",
        "source": "inferred",
        "job_variables": json.dumps({"env": {"X": "1"}}),
        "parameters": "{ }",
        "schedule_after": 0,
    },
    {"type": "pause-deployment", "deployment_id": UUID},
    {"type": "resume-deployment", "source": "inferred"},
    {"type": "pause-work-queue", "work_queue_id": UUID},
    {"type": "resume-work-queue", "source": "inferred"},
    {"type": "pause-work-pool", "source": "selected", "work_pool_id": UUID},
    {"type": "resume-work-pool", "source": "inferred"},
    {"type": "pause-automation", "source": "inferred"},
    {"type": "resume-automation", "automation_id": UUID},
    {"type": "cancel-flow-run"},
    {"type": "suspend-flow-run"},
    {"type": "resume-flow-run"},
    {"type": "delete-flow-run"},
    {"type": "change-flow-run-state", "state": "FAILED"},
    {"type": "change-flow-run-state", "state": "FAILED", "name": "N", "message": "M", "force": True},
    {"type": "change-flow-run-state", "state": "CRASHED", "name": "", "message": "", "force": False},
    {"type": "send-notification", "block_document_id": UUID, "body": "Run {{ flow_run.name }}"},
    {"type": "send-notification", "block_document_id": UUID, "subject": "S", "body": ""},
    {"type": "call-webhook", "block_document_id": UUID},
    {"type": "call-webhook", "block_document_id": UUID, "payload": ""},
    {"type": "call-webhook", "block_document_id": UUID, "payload": '{"id": "{{ event.id }}"}'},
]


def _title(action: dict[str, Any]) -> str:
    return "-".join([action["type"], *sorted(action.keys() - {"type"})])


def _row(action: dict[str, Any]) -> Any:
    """With the version that it is about, if not every server has it."""
    since = "3.7.2" if action["type"] == "delete-flow-run" else "3.6.11" if action.get("force") else ""
    return pytest.param(action, marks=[pytest.mark.since(since)] if since else [], id=_title(action))


@pytest.mark.parametrize("action", [_row(action) for action in ACTIONS])
def test_every_action_lives(world: World, action: dict[str, Any]) -> None:
    """Each type of action, in each list, is created, replaced, put back and imported without a difference."""
    managed = Managed(world)
    name = unique("automation")
    given = config(name=name, actions=[action], actions_on_trigger=[action], actions_on_resolve=[action])
    managed.apply(given)
    managed.apply(config(name=name, actions=[{"type": "do-nothing"}, action]))
    managed.apply(given)
    Managed.named(world, name).assert_settled(given)
    managed.apply(config(name=name))
    assert managed.remote["actions"] == []


SPELLED_OUT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "do-nothing"}, {"parameters": "{}", "job_variables": "{}"}),
    (
        {"type": "run-deployment", "deployment_id": UUID},
        {"source": "selected", "parameters": "{}", "job_variables": "{}", "schedule_after": 0},
    ),
    ({"type": "run-deployment", "deployment_id": UUID}, {"deployment_id": UUID.upper()}),
    ({"type": "pause-work-pool", "work_pool_id": UUID}, {"source": "selected"}),
    (
        {"type": "send-notification", "block_document_id": UUID, "body": "b"},
        {"subject": "Prefect automated notification"},
    ),
    ({"type": "call-webhook", "block_document_id": UUID}, {"payload": ""}),
    ({"type": "change-flow-run-state", "state": "FAILED"}, {"force": False}),
    ({"type": "cancel-flow-run"}, {"force": False}),
]


@pytest.mark.parametrize(("short", "extra"), SPELLED_OUT, ids=",".join)
def test_default_of_an_action_may_be_written_or_not(
    world: World, short: dict[str, Any], extra: dict[str, Any]
) -> None:
    """What an action says without need is accepted, changes nothing, and can be taken away again."""
    managed = Managed(world)
    name = unique("automation")
    managed.apply(config(name=name, actions=[short]))
    remote = managed.remote
    managed.apply(config(name=name, actions=[short | extra]))
    managed.apply(config(name=name, actions=[short]))
    assert managed.remote == remote


SPELLINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"match": '{"a":"v"}'}, {"match": '{ "a": ["v"] }'}),
    ({"match": '{"a":["v","w"],"b":"x"}'}, {"match": '{"b": "x", "a": ["w", "v"]}'}),
    ({"match_related": "{}"}, {"match_related": "[]"}),
    ({"match_related": "{}"}, {}),
    ({"match_related": '{"a":"v"}'}, {"match_related": '[{"a":["v"]}]'}),
    ({"match_related": '[{"a":"v"},{"b":"w"}]'}, {"match_related": '[{"b":"w"},{"a":"v"}]'}),
    ({"expect": ["a", "b"]}, {"expect": ["b", "a"]}),
    ({"within": 0, "threshold": 1, "after": [], "for_each": []}, {}),
    ({"posture": "Proactive", "within": 10}, {"posture": "Proactive"}),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_other_spelling_is_no_change(world: World, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two spellings of one trigger plan no change, whichever of them was applied."""
    for first, second in ((one, other), (other, one)):
        managed = Managed(world)
        name = unique("automation")
        managed.apply(config(name=name, trigger={"event": EVENT | first}))
        managed.assert_settled(config(name=name, trigger={"event": EVENT | second}))
        Managed.named(world, name).assert_settled(config(name=name, trigger={"event": EVENT | second}))


CHANGES: list[tuple[str, Any, Any, Any]] = [
    ("description", "one", "two", ""),
    ("enabled", False, True, True),
    ("tags", ["a", "b"], ["b", "c"], []),
    ("actions", [{"type": "do-nothing"}], [{"type": "resume-flow-run"}, {"type": "do-nothing"}], []),
    ("actions_on_trigger", [{"type": "do-nothing"}], [{"type": "resume-flow-run"}], []),
    ("actions_on_resolve", [{"type": "do-nothing"}], [{"type": "resume-flow-run"}], []),
]


@pytest.mark.parametrize(("name", "first", "second", "cleared"), CHANGES)
def test_attribute_is_set_changed_and_cleared(
    world: World, name: str, first: Any, second: Any, cleared: Any
) -> None:
    """Each attribute can be left out, set, changed, and removed, which brings its default back."""
    managed = Managed(world)
    title = unique("automation")
    for value in (None, first, second, None, first):
        managed.apply(config(name=title, **{name: value}))
    managed.apply(config(name=title))
    assert managed.remote[name] == cleared


EVENT_CHANGES: list[tuple[str, Any, Any, Any]] = [
    ("match", '{"a":"v"}', '{"a":"w"}', {}),
    ("match_related", '{"a":"v"}', '[{"a":"v"},{"b":"w"}]', {}),
    ("after", ["x"], ["y", "z"], []),
    ("expect", ["x"], ["y", "z"], []),
    ("for_each", ["prefect.resource.id"], ["prefect.resource.name"], []),
    ("threshold", 3, 1, 1),
    ("within", Decimal("10.5"), 20, 0),
]


@pytest.mark.parametrize(("name", "first", "second", "cleared"), EVENT_CHANGES)
def test_field_of_an_event_trigger_is_set_changed_and_cleared(
    world: World, name: str, first: Any, second: Any, cleared: Any
) -> None:
    """Each field of an event trigger, itself or in a composite, can be set, changed, and removed."""
    for wrap in (
        lambda event: {"event": event},
        lambda event: {"sequence": {"triggers": [{"event": event}]}},
    ):
        managed = Managed(world)
        title = unique("automation")
        for value in (None, first, second, first, None):
            event = {"posture": "Reactive", "match": '{"prefect.resource.id":"x"}', "within": 60} | {
                name: value
            }
            managed.apply(config(name=title, trigger=wrap(event)))
        trigger = managed.remote["trigger"]
        assert trigger.get("triggers", [trigger])[0][name] == cleared


def test_within_follows_the_posture(world: World) -> None:
    """A ``within`` that is left out is planned as what Prefect makes of it when the posture changes."""
    managed = Managed(world)
    name = unique("automation")
    for posture, seconds in (("Reactive", 0), ("Proactive", 10), ("Reactive", 0)):
        given = config(name=name, trigger={"event": {"posture": posture, "expect": ["a"]}})
        planned = managed.plan(configuration(Automation, given), prior=managed.state).state
        assert planned is not None
        assert planned["trigger"]["event"]["within"] == seconds
        managed.apply(given)
        assert managed.remote["trigger"]["within"] == seconds


def test_only_what_changes_is_planned(world: World) -> None:
    """A change of one field leaves everything else known and unchanged, but for the time of the update."""
    managed = Managed(world)
    actions = [
        {"type": "send-notification", "block_document_id": UUID, "body": "b"},
        {"type": "run-deployment", "source": "inferred"},
    ]
    given = config(name=unique("automation"), actions=actions)
    managed.apply(given)
    assert managed.changes(given | {"description": "new"}) == ["description"]


def test_enabling_does_not_touch_the_trigger(world: World) -> None:
    """Turning an automation off and on keeps its trigger's id, and with it the events counted so far."""
    managed = Managed(world)
    given = config(name=unique("automation"))
    managed.apply(given)
    trigger = managed.remote["trigger"]["id"]
    managed.apply(given | {"enabled": False})
    managed.apply(given)
    assert managed.remote["trigger"]["id"] == trigger
    managed.apply(given | {"description": "new", "enabled": False})
    assert managed.remote["trigger"]["id"] != trigger


def test_rename_keeps_the_automation(world: World) -> None:
    """The name changes in place."""
    managed = Managed(world)
    managed.apply(config(name=unique("automation")))
    id_, renamed = managed.id, unique("automation")
    managed.apply(config(name=renamed))
    assert managed.id == id_
    assert managed.remote["name"] == renamed


def test_tags_that_are_not_configured_are_left_alone(world: World) -> None:
    """Tags that somebody set stay, as with the official provider, until they are configured and removed again."""
    managed = Managed(world)
    given = config()
    managed.apply(given)
    managed.change(tags=["theirs"])

    managed.refresh()
    assert managed.changes(given) == []
    managed.apply(given | {"description": "changed"})
    assert managed.remote["tags"] == ["theirs"]

    managed.apply(given | {"tags": ["ours"]})
    managed.apply(given)
    assert managed.remote["tags"] == []


def test_parameters_that_the_flow_does_not_take_are_pointed_out(world: World) -> None:
    """By the deployment's schema, misspelt and mistyped parameters are warnings; templates are not checked."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})
    schema = {"type": "object", "properties": {"limit": {"type": "integer"}, "source": {"type": "string"}}}
    body = {"name": "d", "flow_id": flow["id"], "parameter_openapi_schema": schema}
    deployment = world.call("POST", "/deployments/", body)["id"]
    parameters = {"lmit": 5, "limit": "many", "source": "{{ event.resource.id }}"}
    given = config(name=unique("automation"), actions=[])
    given["actions"] = [
        {"type": "run-deployment", "deployment_id": deployment, "parameters": json.dumps(parameters)}
    ]

    found = Managed(world).apply(given, warns=True)

    assert [(one.severity, one.path) for one in found] == [("warning", ("actions", 0, "parameters"))] * 2
    assert "Did you mean `limit`?" in found[0].detail
    assert "xpected a whole number or null, got text" in found[1].detail
