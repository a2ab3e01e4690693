"""Flows on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.objects.server.flow import Flow
from prefect_provider.plugin.engine import lifecycle
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def test_existing_flow_is_not_adopted_silently(world: World) -> None:
    """A flow that was there before is taken over with a warning that names it, and gets the configured tags."""
    name = unique("flow")
    before = world.call("POST", "/flows/", {"name": name, "tags": ["old"]})
    managed = Managed(world, Flow)

    warnings = managed.apply({"name": name, "tags": ["new"]}, warns=True)

    assert [(one.summary, one.path) for one in warnings] == [("The flow existed already", ("name",))]
    assert before["id"] in warnings[0].detail
    assert managed.id == before["id"]
    assert world.call("GET", f"/flows/{managed.id}")["tags"] == ["new"]


def test_existing_flow_with_other_labels_is_left_alone(world: World) -> None:
    """A flow whose labels a server cannot change is refused rather than deleted and made anew by the next plan."""
    name = unique("flow")
    before = world.call("POST", "/flows/", {"name": name, "tags": ["old"], "labels": {"team": "data"}})
    managed = Managed(world, Flow)
    given = configuration(Flow, {"name": name, "labels": {"team": "ops"}})
    planned = managed.plan(given, prior=None)

    outcome = world.run(lifecycle.apply(Flow, world.client, None, planned.state, given, {}, explain))

    [error] = outcome.diagnostics
    assert error.severity == "error"
    assert error.path == ("labels",)
    assert before["id"] in error.detail
    assert outcome.state is None
    assert world.call("GET", f"/flows/{before['id']}")["tags"] == ["old"]


def test_existing_flow_with_the_same_labels_is_taken_over(world: World) -> None:
    """A flow that has the configured labels, among others, is taken over and stays as it is."""
    name = unique("flow")
    world.call("POST", "/flows/", {"name": name, "labels": {"team": "data", "tier": "1"}})
    managed = Managed(world, Flow)

    managed.apply({"name": name, "labels": {"team": "data"}}, warns=True)

    assert managed.held["labels"] == {"team": "data"}


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
