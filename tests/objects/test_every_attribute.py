"""Null, empty and server default: every attribute of every resource, through everything that can happen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.plugin.language.declaration import UNSET
from tests.objects.table import CASES, Case, Step, steps
from tests.objects.terraform_core import Managed

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

_STEPS = steps()
_NAMES = [f"{step.case.resource.type_name}-{step.attribute}" for step in _STEPS]
every_attribute = pytest.mark.parametrize("step", _STEPS, ids=_NAMES)


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
def test_create_with_each_value(world: World, step: Step) -> None:
    """An object that is created with the value, rather than changed to it, has it, and plans nothing more."""
    for value in step.case.values[step.attribute]:
        managed = Managed(world, step.case.resource)
        managed.apply(_given(step.case.base(world), step, value))
        managed.destroy()


@every_attribute
def test_changed_out_of_band(world: World, step: Step) -> None:
    """A value that somebody else changed is seen as exactly that change, and healed."""
    attribute = step.case.resource.attributes[step.attribute]
    if attribute.replace or step.attribute in ("labels", "name", "version_info"):
        pytest.skip("nobody can change it: it is part of what the object is")
    base = step.case.base(world)
    first, *others = step.case.values[step.attribute]
    ours = _given(base, step, first)
    managed = Managed(world, step.case.resource)
    managed.apply(ours)

    for other in others:
        if attribute.same(first, other):
            continue
        somebody = Managed.imported(world, step.case.resource, _import_id(managed))
        somebody.apply(_given(base, step, other))
        managed.refresh()
        assert managed.changes(ours) == [step.attribute]
        managed.apply(ours)
    managed.destroy()


@every_attribute
def test_imported(world: World, step: Step) -> None:
    """After an import, the configuration that made the object plans nothing."""
    if step.attribute == "version_info":
        pytest.skip("Prefect does not return it")
    base = step.case.base(world)
    for value in step.case.values[step.attribute]:
        given = _given(base, step, value)
        managed = Managed(world, step.case.resource)
        managed.apply(given)

        imported = Managed.imported(world, step.case.resource, _import_id(managed))

        assert imported.changes(given) == []
        managed.destroy()


def _import_id(managed: Managed) -> str:
    if managed.kind.type_name == "prefect_work_queue":
        return f"{managed.held['work_pool_name']},{managed.held['name']}"
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
