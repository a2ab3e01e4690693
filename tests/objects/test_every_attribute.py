"""Null, empty and server default: every attribute of every resource, through everything that can happen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import RESOURCES
from prefect_provider.plugin.language.declaration import UNSET
from tests.objects.table import CASES, Case, Step, steps
from tests.objects.terraform_core import Managed

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

every_attribute = pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=step.marks, id=f"{step.case.resource.type_name}-{step.attribute}")
        for step in steps()
    ],
)


def test_the_table_has_every_resource() -> None:
    """No resource is left out of the table."""
    assert sorted(case.resource.type_name for case in CASES) == [kind.type_name for kind in RESOURCES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource.type_name)
def test_the_table_is_complete(case: Case) -> None:
    """Each attribute that can be configured is in the table, or has its reason for not being there."""
    configurable = {name for name, attribute in case.resource.attributes.items() if attribute.configurable}

    assert configurable == {*case.values, *case.alone}


def _given(base: dict[str, Any], step: Step, value: Any) -> dict[str, Any]:
    return base | dict(step.case.alongside.get(step.attribute, {})) | {step.attribute: value}


def _without(base: dict[str, Any], step: Step) -> dict[str, Any]:
    """The base without the attribute, or with the base's own value where it is required."""
    return base | dict(step.case.alongside.get(step.attribute, {}))


@every_attribute
def test_set_change_and_remove(world: World, step: Step) -> None:
    """Every apply is consistent and leaves an empty plan, and what is removed is as if it had never been set."""
    base = step.case.base(world)
    managed = Managed(world, step.case.resource)
    managed.apply(_without(base, step))
    never_set = managed.held[step.attribute]

    for value in step.case.values[step.attribute]:
        managed.apply(_given(base, step, value))
    managed.apply(_given(base, step, step.case.values[step.attribute][0]))
    managed.apply(_without(base, step))

    attribute = step.case.resource.attributes[step.attribute]
    if attribute.server_default and attribute.reset is UNSET:
        assert managed.held[step.attribute] is not None
    else:
        assert attribute.same(managed.held[step.attribute], never_set)
    managed.destroy()


@every_attribute
def test_created_imported_and_changed_out_of_band(world: World, step: Step) -> None:
    """An object that is made with a value has it, and so has its import; another's change is seen, and healed."""
    base = step.case.base(world)
    first, *others = step.case.values[step.attribute]
    for value in (first, *others):
        given = _given(base, step, value)
        managed = Managed(world, step.case.resource)
        managed.apply(given)
        if step.attribute != "version_info":  # Prefect does not return it
            assert Managed.imported(world, step.case.resource, _import_id(managed)).changes(given) == []
        if value is first and _others_can_change(step):
            _change_out_of_band(world, step, managed, base)
        managed.destroy()


def _others_can_change(step: Step) -> bool:
    """Whether it is not part of what the object is."""
    fixed = step.case.resource.attributes[step.attribute].replace
    return not fixed and step.attribute not in ("labels", "name", "version_info")


def _change_out_of_band(world: World, step: Step, managed: Managed, base: dict[str, Any]) -> None:
    first, *others = step.case.values[step.attribute]
    ours = _given(base, step, first)
    for other in others:
        if step.case.resource.attributes[step.attribute].same(first, other):
            continue
        somebody = Managed.imported(world, step.case.resource, _import_id(managed))
        somebody.apply(_given(base, step, other))
        managed.refresh()
        assert managed.changes(ours) == [step.attribute]
        managed.apply(ours)


def _import_id(managed: Managed) -> str:
    if managed.kind.type_name == "prefect_work_queue":
        return f"{managed.held['work_pool_name']},{managed.held['name']}"
    if managed.kind.type_name == "prefect_deployment_schedule":
        return f"{managed.held['deployment_id']},{managed.id}"
    return managed.id


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource.type_name)
def test_deleted_out_of_band(world: World, case: Case) -> None:
    """An object that somebody else deleted is gone from state after a refresh, and deleting it again is no error."""
    base = case.base(world)
    managed, somebody = Managed(world, case.resource), Managed(world, case.resource)
    managed.apply(base)
    somebody.state = managed.state
    somebody.destroy()

    managed.destroy()
    managed.apply(base)
    somebody.state = managed.state
    somebody.destroy()
    managed.refresh()

    assert managed.state is None
