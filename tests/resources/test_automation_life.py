"""Automations on a real server: whatever is applied stays, whatever is changed elsewhere shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.resources.automation import Automation
from tests.resources.automation_terraform import EVENT, OTHER, UUID, config, require
from tests.resources.automation_terraform import ManagedAutomation as Managed
from tests.resources.terraform_core import configuration, shown, unique

if TYPE_CHECKING:
    from tests.resources.terraform_core import World


@pytest.fixture(autouse=True)
def _no_leftovers(world: World) -> Iterator[None]:
    """Delete every automation that a test made."""
    before = {one["id"] for one in world.call("POST", "/automations/filter", {})}
    yield
    for one in world.call("POST", "/automations/filter", {}):
        if one["id"] not in before:
            world.call("DELETE", f"/automations/{one['id']}")


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


TRIGGERS: dict[str, dict[str, Any]] = {
    "event": {"event": EVENT},
    "event full": {
        "event": {
            "posture": "Reactive",
            "match": json.dumps({"prefect.resource.id": ["prefect.flow-run.*", "!prefect.flow-run.x"]}),
            "match_related": json.dumps({"prefect.resource.role": "flow"}),
            "after": ["x", "y"],
            "expect": ["c", "b", "a"],
            "for_each": ["prefect.resource.id", "related:flow:prefect.resource.id"],
            "threshold": 5,
            "within": 60,
        }
    },
    "event related list": {
        "event": EVENT
        | {"match_related": json.dumps([{"a": "1"}, {"b": ["2", "3"]}]), "within": Decimal("30.5")}
    },
    "proactive": {"event": {"posture": "Proactive", "expect": ["a.b"]}},
    "proactive within": {"event": {"posture": "Proactive", "expect": ["a.b"], "within": 10}},
    "compound any": {"compound": {"triggers": [{"event": EVENT}], "require": require("any")}},
    "compound all": {
        "compound": {
            "triggers": [{"event": EVENT}, {"event": EVENT | {"threshold": 2, "within": 5}}],
            "require": require("all"),
            "within": 3600,
        }
    },
    "compound number": {
        "compound": {"triggers": [{"event": EVENT}, {"event": EVENT}], "require": require(2), "within": 60}
    },
    "sequence": {"sequence": {"triggers": [{"event": EVENT}, {"event": EVENT}], "within": 60}},
    "sequence without limit": {"sequence": {"triggers": [{"event": EVENT}]}},
    "nested": {
        "compound": {
            "require": require("all"),
            "within": 60,
            "triggers": [
                {"event": {"posture": "Proactive", "expect": ["late"]}},
                {
                    "sequence": {
                        "within": 30,
                        "triggers": [
                            {"event": EVENT},
                            {
                                "compound": {
                                    "require": "2",
                                    "within": 20,
                                    "triggers": [{"event": EVENT}, {"event": EVENT | {"expect": ["c"]}}],
                                }
                            },
                        ],
                    }
                },
                {"compound": {"require": "any", "triggers": [{"event": EVENT}]}},
            ],
        }
    },
}


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


@pytest.mark.parametrize("action", ACTIONS, ids=_title)
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


@pytest.mark.parametrize(("short", "extra"), SPELLED_OUT, ids=lambda one: ",".join(one))
def test_default_of_an_action_may_be_written_or_not(
    world: World, short: dict[str, Any], extra: dict[str, Any]
) -> None:
    """What an action says without need is accepted, sends nothing to the server, and can be taken away again."""
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
    """A ``within`` that is left out is what Prefect makes of it, planned and not unknown, when the posture changes."""
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


DRIFT: list[tuple[str, Any]] = [
    ("name", "renamed elsewhere"),
    ("description", "changed elsewhere"),
    ("enabled", False),
    ("tags", ["x"]),
    ("actions", []),
    ("actions", [{"type": "resume-flow-run"}]),
    ("actions", [{"type": "run-deployment", "source": "inferred", "parameters": {"a": 1}}]),
    ("actions_on_trigger", [{"type": "do-nothing"}, {"type": "do-nothing"}]),
    ("actions_on_resolve", [{"type": "do-nothing"}]),
]


@pytest.mark.parametrize(("name", "value"), DRIFT)
def test_drift_shows_and_is_undone(world: World, name: str, value: Any) -> None:
    """Whatever is changed behind Terraform's back shows in the next plan, and the next apply undoes it."""
    managed = Managed(world)
    run = {"type": "run-deployment", "source": "inferred"}
    given = config(name=unique("automation"), description="d", tags=["t"], actions=[run])
    managed.apply(given)
    managed.change(**{name: value})
    assert shown(managed.refresh().diagnostics) == []
    assert managed.changes(given) == [name]
    managed.apply(given)
    assert managed.remote["tags"] == ["t"]


TRIGGER_DRIFT: list[tuple[str, dict[str, Any]]] = [
    *(
        ("event full", {field: value})
        for field, value in (
            ("match", {}),
            ("match_related", [{"a": "b"}]),
            ("after", []),
            ("expect", ["z"]),
            ("for_each", []),
            ("posture", "Proactive"),
            ("threshold", 6),
            ("threshold", 0),
            ("within", 61),
        )
    ),
    ("compound all", {"require": "any"}),
    ("compound all", {"require": 1}),
    ("compound number", {"require": "all"}),
    ("compound all", {"within": None}),
    ("sequence", {"within": 61}),
    ("sequence", {"triggers": []}),
]


@pytest.mark.parametrize(("name", "fields"), TRIGGER_DRIFT)
def test_drift_of_a_trigger_shows_and_is_undone(world: World, name: str, fields: dict[str, Any]) -> None:
    """A trigger's field that is changed behind Terraform's back shows in the next plan; ``require`` too."""
    managed = Managed(world)
    given = config(name=unique("automation"), trigger=TRIGGERS[name])
    managed.apply(given)
    managed.change(trigger=managed.remote["trigger"] | fields)
    assert shown(managed.refresh().diagnostics) == []
    assert managed.changes(given) == ["trigger"]
    managed.apply(given)


@pytest.mark.parametrize("kind", ["event", "compound all", "sequence", "nested"])
@pytest.mark.parametrize("other", ["event full", "compound any", "sequence without limit"])
def test_kind_of_trigger_changed_elsewhere(world: World, kind: str, other: str) -> None:
    """A trigger that became another kind behind Terraform's back is a difference like any other."""
    managed, changed = Managed(world), Managed(world)
    given = config(name=unique("automation"), trigger=TRIGGERS[kind])
    managed.apply(given)
    changed.apply(config(name=unique("automation"), trigger=TRIGGERS[other]))
    managed.change(trigger=changed.remote["trigger"])
    assert shown(managed.refresh().diagnostics) == []
    assert managed.changes(given) == ["trigger"]
    managed.apply(given)


def test_composite_deeper_than_the_schema_is_named_and_replaced(world: World) -> None:
    """A remote trigger nested deeper than Terraform can show gives a warning, and can be replaced."""
    managed = Managed(world)
    given = config(name=unique("automation"))
    managed.apply(given)
    trigger: dict[str, Any] = {"type": "event", "posture": "Reactive", "within": 0}
    for _ in range(5):
        trigger = {"type": "sequence", "triggers": [trigger], "within": None}
    managed.change(trigger=trigger)
    warnings = list(managed.refresh().diagnostics)
    assert [one.severity for one in warnings] == ["warning"]
    assert "more than three levels deep" in warnings[0].detail
    assert managed.changes(given) == ["trigger"]
    managed.apply(given)


def test_deleted_elsewhere_is_created_again(world: World) -> None:
    """An automation that is gone is planned as a creation, and deleting it twice is no error."""
    managed = Managed(world)
    given = config(name=unique("automation"))
    managed.apply(given)
    gone = Managed(world, managed.state)
    world.call("DELETE", f"/automations/{managed.id}")
    managed.refresh()
    assert managed.state is None
    gone.destroy()
    managed.apply(given)


def test_import_by_an_ambiguous_name_lists_the_ids(world: World) -> None:
    """Two automations may share a name; then only the id imports, and the error tells the ids."""
    name = unique("automation")
    first, second = Managed(world), Managed(world)
    first.apply(config(name=name))
    second.apply(config(name=name))
    outcome = world.import_state(Automation, name)
    assert outcome.state is None
    [error] = outcome.diagnostics
    assert first.id in error.detail
    assert second.id in error.detail
    assert Managed.named(world, first.id).id == first.id


def test_import_of_what_is_not_there(world: World) -> None:
    """An id or a name of nothing is an error, not a crash."""
    for id_ in (UUID, unique("automation")):
        outcome = world.import_state(Automation, id_)
        assert outcome.state is None
        assert outcome.diagnostics.has_errors


def test_import_of_an_automation_made_by_other_means(world: World) -> None:
    """An automation that the API made with as little as it accepts imports, and an equal configuration fits."""
    name = unique("automation")
    made = world.call(
        "POST",
        "/automations/",
        {
            "name": name,
            "trigger": {
                "type": "compound",
                "require": 1,
                "within": None,
                "triggers": [{"posture": "Proactive", "match": {"a": "v"}}],
            },
            "actions": [{}, {"type": "call-webhook", "block_document_id": OTHER, "payload": {"a": [1]}}],
        },
    )
    given = config(
        name=name,
        trigger={
            "compound": {
                "require": require(1),
                "triggers": [{"event": {"posture": "Proactive", "match": '{"a":["v"]}'}}],
            }
        },
        actions=[
            {"type": "do-nothing"},
            {"type": "call-webhook", "block_document_id": OTHER, "payload": '{"a":[1]}'},
        ],
    )
    Managed.named(world, made["id"]).assert_settled(given)


def test_state_of_the_official_provider_is_taken_over(world: World) -> None:
    """A state that spells out empty parameters on every action, as the official provider does, plans no change."""
    managed = Managed(world)
    actions = [
        {"type": "run-deployment", "source": "selected", "deployment_id": UUID},
        {"type": "call-webhook", "block_document_id": UUID, "payload": "p"},
        {"type": "do-nothing"},
    ]
    given = config(
        name=unique("automation"), actions=actions, trigger={"event": EVENT | {"within": 0, "threshold": 1}}
    )
    managed.apply(given)
    for action in managed.held["actions"]:
        action |= {"parameters": "{}", "job_variables": "{}"}
    managed.assert_settled(given)
    empty = [action | {"parameters": "{}", "job_variables": "{}"} for action in actions]
    managed.assert_settled(given | {"actions": empty})
