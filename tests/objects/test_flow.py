"""Flows on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.existing import set_on_existing
from prefect_provider.objects.server.flow import Flow
from prefect_provider.plugin.engine import lifecycle
from tests.objects.connections import break_at_creation
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def existing(world: World, **body: Any) -> dict[str, Any]:
    """A flow that was made behind Terraform's back."""
    made: dict[str, Any] = world.call("POST", "/flows/", {"name": unique("flow"), "tags": ["old"], **body})
    return made


def create(world: World, given: dict[str, Any], planned: lifecycle.Outcome) -> lifecycle.Outcome:
    """Create what was planned."""
    config = configuration(Flow, given)
    return world.run(
        lifecycle.apply(Flow, world.client, None, planned.state, config, planned.private, explain)
    )


def test_existing_flow_is_refused_by_the_plan(world: World) -> None:
    """The plan of a flow that exists is an error at its name, with the block that imports it."""
    before = existing(world)
    given = configuration(Flow, {"name": before["name"], "tags": ["new"]})

    [error] = Managed(world, Flow).plan(given, prior=None).diagnostics

    assert (error.severity, error.path) == ("error", ("name",))
    assert f'  import {{\n    to = prefect_flow.<name>\n    id = "{before["id"]}"\n  }}' in error.detail


def test_flow_that_comes_into_being_after_the_plan_is_refused_by_the_creation(world: World) -> None:
    """Somebody who makes the flow between plan and apply keeps it: it is not changed, and not in state."""
    given = {"name": unique("flow"), "tags": ["new"]}
    planned = Managed(world, Flow).plan(configuration(Flow, given), prior=None)
    before = existing(world, name=given["name"])

    outcome = create(world, given, planned)

    [error] = outcome.diagnostics
    assert error.summary == "The flow exists already"
    assert before["id"] in error.detail
    assert outcome.state is None
    assert world.call("GET", f"/flows/{before['id']}") == before


def test_existing_flow_is_taken_over_where_the_provider_is_set_to_that(world: World) -> None:
    """With `adopt`, plan and creation warn of the flow that is taken over, and it gets the configured tags."""
    set_on_existing(world.client, "adopt")
    before = existing(world)
    managed = Managed(world, Flow)

    warnings = managed.apply({"name": before["name"], "tags": ["new"]}, warns=True)

    assert {(one.severity, one.summary, one.path) for one in warnings} == {
        ("warning", "The flow exists already and is taken over", ("name",))
    }
    assert len(warnings) == 2
    assert all(before["id"] in one.detail for one in warnings)
    assert managed.id == before["id"]
    assert world.call("GET", f"/flows/{managed.id}")["tags"] == ["new"]


def test_existing_flow_with_other_labels_is_left_alone(world: World) -> None:
    """A flow whose labels a server cannot change is refused rather than deleted and made anew by the next plan."""
    set_on_existing(world.client, "adopt")
    given = {"name": unique("flow"), "labels": {"team": "ops"}}
    early = Managed(world, Flow).plan(configuration(Flow, given), prior=None)
    before = existing(world, name=given["name"], labels={"team": "data"})

    planned = Managed(world, Flow).plan(configuration(Flow, given), prior=None)
    outcome = create(world, given, early)

    for diagnostics in (planned.diagnostics, outcome.diagnostics):
        [error] = [one for one in diagnostics if one.severity == "error"]
        assert error.path == ("labels",)
        assert before["id"] in error.detail
    assert outcome.state is None
    assert world.call("GET", f"/flows/{before['id']}")["tags"] == ["old"]


def test_existing_flow_with_the_same_labels_is_taken_over(world: World) -> None:
    """A flow that has the configured labels, among others, is taken over and stays as it is."""
    set_on_existing(world.client, "adopt")
    before = existing(world, labels={"team": "data", "tier": "1"})
    managed = Managed(world, Flow)

    managed.apply({"name": before["name"], "labels": {"team": "data"}}, warns=True)

    assert managed.held["labels"] == {"team": "data"}


@pytest.mark.parametrize("heard", [True, False])
def test_flow_whose_creation_was_not_answered(world: World, *, heard: bool) -> None:
    """A connection that breaks while the flow is made: it is ours either way, and not one that was there."""
    breaking = break_at_creation(world, "/flows/", heard=heard)
    managed = Managed(world, Flow)

    managed.apply({"name": unique("flow"), "tags": ["t"]})

    assert breaking.creations == (1 if heard else 2)


def test_replacement_is_not_refused_as_existing(world: World) -> None:
    """While the old flow is there, the plan of the one that replaces it is no creation of something that exists."""
    managed = Managed(world, Flow)
    name = unique("flow")
    managed.apply({"name": name, "labels": {"team": "a"}})
    given = configuration(Flow, {"name": name, "labels": {"team": "b"}})

    planned = managed.plan(given, prior=managed.state)

    assert planned.replace == [("labels",)]
    assert shown(managed.plan(given, prior=None).diagnostics) == []


def test_what_goes_with_a_flow_is_counted(world: World) -> None:
    """A replacement warns at its cause, and a deletion as a whole, of the deployments and runs that go too."""
    managed = Managed(world, Flow)
    given = {"name": unique("flow"), "labels": {"team": "a"}}
    managed.apply(given)
    wanted = configuration(Flow, given | {"labels": {"team": "b"}})
    assert shown(managed.plan(wanted, prior=managed.state).diagnostics) == []
    for name in ("b", "a"):
        world.call("POST", "/deployments/", {"name": name, "flow_id": managed.id})
    world.call("POST", "/flow_runs/", {"flow_id": managed.id})

    [replacing] = managed.plan(wanted, prior=managed.state).diagnostics
    [destroying] = world.run(
        lifecycle.plan(Flow, world.client, managed.state, None, managed.private, explain)
    ).diagnostics

    assert (replacing.severity, replacing.path) == ("warning", ("labels",))
    assert (destroying.severity, destroying.path) == ("warning", ())
    for one in (replacing, destroying):
        assert 'deletes its 2 deployments ("' in one.detail
        assert "and 1 run, also those that Terraform does not manage" in one.detail
    assert "replace_triggered_by" in replacing.detail
    assert "prevent_destroy" in destroying.detail


def test_only_the_time_of_change_is_unknown(world: World) -> None:
    """A change of tags shows the tags and the time of the change, and not the id or the time of creation."""
    managed = Managed(world, Flow)
    name = unique("flow")
    managed.apply({"name": name})

    assert managed.changes({"name": name, "tags": ["a"]}) == ["tags"]


@pytest.mark.parametrize("name", ["a flow of spaces", "Ström “ß” 流れ", "a.b,c:d?e#f", "äöü+=@!"])
def test_names_with_spaces_and_unicode(world: World, name: str) -> None:
    """Any name that Prefect allows works, also as an import id."""
    name = f"{name} {unique('x')}"
    managed = Managed(world, Flow)
    managed.apply({"name": name})
    managed.apply({"name": name, "tags": ["t"]})

    assert Managed.imported(world, Flow, name).id == managed.id
    managed.destroy()
    assert shown(world.import_state(Flow, name).diagnostics) == [
        f"""Diagnostic(error, '', 'No such object', {f'There is no prefect_flow "{name}". Check the import id.'!r})"""
    ]


@pytest.mark.parametrize("name", ["", "a/b", "100%", "a&b", "<a>"])
def test_names_that_prefect_refuses_are_refused_at_once(world: World, name: str) -> None:
    """A name that Prefect would refuse at apply is refused at validate, with what is allowed."""
    [error] = Managed(world, Flow).validate({"name": name})

    assert error.path == ("name",)
    assert "other than / % & > <" in error.detail


def test_import_by_id_and_by_name(world: World) -> None:
    """A flow is imported by its id, in upper case too, and by its name."""
    managed = Managed(world, Flow)
    given = {"name": unique("flow"), "tags": ["b", "a"], "labels": {"team": "data"}}
    managed.apply(given)

    for id_ in (managed.id, managed.id.upper(), given["name"]):
        imported = Managed.imported(world, Flow, str(id_))
        assert imported.held["id"] == managed.id
        imported.assert_settled(given)


def test_a_new_name_is_a_new_flow(world: World) -> None:
    """Prefect cannot rename a flow, so a plan says that a new name means a new flow."""
    managed = Managed(world, Flow)
    managed.apply({"name": unique("flow")})

    outcome = managed.plan(configuration(Flow, {"name": unique("flow")}), prior=managed.state)

    assert outcome.replace == [("name",)]
