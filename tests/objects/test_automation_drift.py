"""Automations that somebody else changed, deleted or made: it shows, and can be undone or taken over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.plugin.wire.state_json import from_json, to_json
from tests.objects.automation_terraform import OTHER, TRIGGERS, UUID, config, no_leftovers, require
from tests.objects.automation_terraform import ManagedAutomation as Managed
from tests.objects.terraform_core import shown, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.objects.terraform_core import World


@pytest.fixture(autouse=True)
def _no_leftovers(world: World) -> Iterator[None]:
    """Delete every automation that a test made."""
    with no_leftovers(world):
        yield


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
    """An automation made with as little as the API accepts is imported, and an equal configuration fits."""
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


@pytest.mark.parametrize("trigger", ["event full", "compound number", "sequence"])
def test_state_of_the_official_provider_is_taken_over(world: World, trigger: str) -> None:
    """A state as the official provider writes it, without what only we have, plans no change once read."""
    managed = Managed(world)
    actions = [
        {"type": "run-deployment", "source": "selected", "deployment_id": UUID},
        {"type": "call-webhook", "block_document_id": UUID, "payload": "p"},
        {"type": "do-nothing"},
    ]
    given = config(actions=actions, trigger=TRIGGERS[trigger])
    managed.apply(given)
    theirs = json.loads(to_json(managed.held, Automation.object_type()))
    del theirs["tags"]
    for action in theirs["actions"]:
        del action["schedule_after"], action["force"]
        action |= {"parameters": "{}", "job_variables": "{}"}
    for kind in ("compound", "sequence"):
        for child in (theirs["trigger"][kind] or {}).get("triggers", []):
            del child["compound"], child["sequence"]
    type_ = Automation.object_type()
    managed.state = from_json(json.dumps(theirs).encode(), type_, ignore_extra=True)
    managed.refresh()
    managed.assert_settled(given)
    spelled_out = [action | {"parameters": "{}", "job_variables": "{}"} for action in actions]
    managed.assert_settled(given | {"actions": spelled_out})
