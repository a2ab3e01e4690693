"""What can happen to an attribute of an object, and to an object: the steps that every one of them passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.plugin.language.declaration import UNSET
from tests.objects.terraform_core import Managed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.objects.table import Case, Step
    from tests.objects.terraform_core import World

__all__ = [
    "create_import_and_change_out_of_band",
    "delete_out_of_band",
    "each_attribute",
    "each_object",
    "lacking",
    "set_change_and_remove",
]


def each_attribute(cases: Sequence[Case]) -> pytest.MarkDecorator:
    """Run a test for every attribute of a table."""
    rows = [step for case in cases for step in case.steps()]
    return pytest.mark.parametrize(
        "step",
        [
            pytest.param(step, marks=step.marks, id=f"{step.case.resource.type_name}-{step.attribute}")
            for step in rows
        ],
    )


def each_object(cases: Sequence[Case]) -> pytest.MarkDecorator:
    """Run a test for every object of a table."""
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.resource.type_name)


def lacking(case: Case) -> set[str]:
    """The attributes that can be configured, and that neither are in the table nor have a reason not to be."""
    configurable = {name for name, attribute in case.resource.attributes.items() if attribute.configurable}
    return configurable ^ {*case.values, *case.alone}


def _given(base: dict[str, Any], step: Step, value: Any) -> dict[str, Any]:
    return base | dict(step.case.alongside.get(step.attribute, {})) | {step.attribute: value}


def _without(base: dict[str, Any], step: Step) -> dict[str, Any]:
    """The base without the attribute, or with the base's own value where it is required."""
    return base | dict(step.case.alongside.get(step.attribute, {}))


def set_change_and_remove(world: World, step: Step) -> None:
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


def create_import_and_change_out_of_band(world: World, step: Step) -> None:
    """An object that is made with a value has it, and so has its import; another's change is seen, and healed."""
    base = step.case.base(world)
    first, *others = step.case.values[step.attribute]
    for value in (first, *others):
        given = _given(base, step, value)
        managed = Managed(world, step.case.resource)
        managed.apply(given)
        if step.attribute != "version_info":  # Prefect does not return it
            assert (
                Managed.imported(world, step.case.resource, _import_id(step.case, managed)).changes(given)
                == []
            )
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
        somebody = Managed.imported(world, step.case.resource, _import_id(step.case, managed))
        somebody.apply(_given(base, step, other))
        managed.refresh()
        assert managed.changes(ours) == [step.attribute]
        managed.apply(ours)


def _import_id(case: Case, managed: Managed) -> str:
    return managed.id if case.import_id is None else case.import_id(managed.held)


def delete_out_of_band(world: World, case: Case) -> None:
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
