"""Plans that show what changes and nothing else, for every object: unknown values, the order of sets, drift."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.block import Block
from prefect_provider.plugin.language.kinds import SetOf
from prefect_provider.plugin.language.values import UNKNOWN
from tests.objects.automation_terraform import EVENT, require
from tests.objects.table import CASES, Case
from tests.objects.terraform_core import Managed, configuration, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

WITH_SETS = [
    (case, name)
    for case in CASES
    for name in case.values
    if isinstance(case.resource.attributes[name].kind, SetOf)
]


def _changeable(case: Case) -> list[str]:
    """The attributes that are changed in place, and that no other one follows."""
    attributes = case.resource.attributes
    followed = {name for one in attributes.values() for name in one.follows}
    return [name for name in case.values if not attributes[name].replace and name not in {"name", *followed}]


IN_PLACE = [case for case in CASES if _changeable(case)]


@pytest.mark.parametrize("case", IN_PLACE, ids=lambda case: case.resource.type_name)
def test_update_makes_nothing_unknown_but_what_each_change_moves(world: World, case: Case) -> None:
    """An update keeps the id and the time of creation, so that nothing that refers to the object is replaced."""
    base = case.base(world)
    name = _changeable(case)[0]
    managed = Managed(world, case.resource)
    managed.apply(base)
    wanted = configuration(
        case.resource, base | dict(case.alongside.get(name, {})) | {name: case.values[name][0]}
    )

    planned = managed.plan(wanted, prior=managed.state)

    assert planned.replace == []
    assert planned.state is not None
    assert planned.state != managed.state
    unknown = {one for one, value in planned.state.items() if value == UNKNOWN}
    assert unknown == {one for one, attribute in case.resource.attributes.items() if attribute.volatile}
    assert unknown.isdisjoint({"id", "created"})
    managed.destroy()


@pytest.mark.parametrize(
    ("case", "name"), WITH_SETS, ids=[f"{case.resource.type_name}-{name}" for case, name in WITH_SETS]
)
def test_order_of_a_set_is_no_change(world: World, case: Case, name: str) -> None:
    """A set in another order, from the configuration or from the server, is no change."""
    base = case.base(world)
    value = case.values[name][0]
    assert len(value) > 1
    managed = Managed(world, case.resource)
    managed.apply(base | {name: value})
    assert managed.changes(base | {name: value[::-1]}) == []
    managed.destroy()


def test_drift_beside_a_reference_is_seen(world: World) -> None:
    """What somebody changes of a block that refers to another one is a difference, and is put back."""
    target, managed = Managed(world, Block), Managed(world, Block)
    target.apply({"name": unique("block"), "type_slug": "secret", "data": '{"value": "x"}'})
    reference = {"$ref": {"block_document_id": target.id}}
    given = {
        "name": unique("block"),
        "type_slug": "remote-file-system",
        "data": json.dumps({"settings": reference, "basepath": "s3://ours"}),
    }
    managed.apply(given)
    body = {"data": {"basepath": "s3://theirs"}, "merge_existing_data": True}
    world.call("PATCH", f"/block_documents/{managed.id}", body)

    managed.refresh()

    assert managed.changes(given) == ["data"]
    managed.apply(given)
    stored = world.call("GET", f"/block_documents/{managed.id}")
    assert stored["data"]["basepath"] == "s3://ours"
    assert stored["block_document_references"]["settings"]["block_document"]["id"] == target.id


@pytest.mark.parametrize("kind", ["compound", "sequence"])
def test_composite_trigger_needs_no_time(world: World, kind: str) -> None:
    """A composite trigger without `within`, a key that the server insists on, is made, read, imported and settled."""
    trigger: dict[str, Any] = {"triggers": [{"event": EVENT}, {"event": EVENT}]}
    if kind == "compound":
        trigger["require"] = require("all")
    given = {"name": unique("automation"), "trigger": {kind: trigger}}
    managed = Managed(world, Automation)
    managed.apply(given)

    imported = Managed.imported(world, Automation, managed.id)

    assert imported.changes(given) == []
    managed.destroy()


def test_require_that_somebody_changed_is_seen(world: World) -> None:
    """How many triggers a composite one requires is read back, and what somebody made of it is put right."""
    trigger = {"triggers": [{"event": EVENT}, {"event": EVENT}], "require": require("all"), "within": 60}
    given = {"name": unique("automation"), "trigger": {"compound": trigger}}
    managed = Managed(world, Automation)
    managed.apply(given)
    stored = world.call("GET", f"/automations/{managed.id}")
    stored["trigger"]["require"] = "any"
    fields = ("name", "description", "enabled", "trigger", "actions")
    world.call("PUT", f"/automations/{managed.id}", {name: stored[name] for name in fields})

    outcome = managed.refresh()

    assert shown(outcome.diagnostics) == []
    assert managed.changes(given) == ["trigger"]
    managed.apply(given)
    assert world.call("GET", f"/automations/{managed.id}")["trigger"]["require"] == "all"
    managed.destroy()
