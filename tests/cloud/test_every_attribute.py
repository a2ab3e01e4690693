"""Null, empty and server default, on the simulator of Prefect Cloud: the table of `tests/cloud/cases`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.catalogue import CLOUD_RESOURCES
from tests.cloud.cases import CASES, ELSEWHERE
from tests.objects.attribute_life import (
    create_import_and_change_out_of_band,
    delete_out_of_band,
    each_attribute,
    each_object,
    lacking,
    set_change_and_remove,
)

if TYPE_CHECKING:
    from tests.objects.table import Case, Step
    from tests.objects.terraform_core import World


def test_the_table_has_every_resource() -> None:
    """No resource is left out of the table without a reason."""
    there = {*(case.resource.type_name for case in CASES), *ELSEWHERE}
    assert there == {kind.type_name for kind in CLOUD_RESOURCES}


@each_object(CASES)
def test_the_table_is_complete(case: Case) -> None:
    """Each attribute that can be configured is in the table, or has its reason for not being there."""
    assert lacking(case) == set()


@each_attribute(CASES)
def test_set_change_and_remove(cloud_world: World, step: Step) -> None:
    """Every apply is consistent and leaves an empty plan, and what is removed is as if it had never been set."""
    set_change_and_remove(cloud_world, step)


@each_attribute(CASES)
def test_created_imported_and_changed_out_of_band(cloud_world: World, step: Step) -> None:
    """An object that is made with a value has it, and so has its import; another's change is seen, and healed."""
    create_import_and_change_out_of_band(cloud_world, step)


@each_object([case for case in CASES if not case.stays])
def test_deleted_out_of_band(cloud_world: World, case: Case) -> None:
    """An object that somebody else deleted is gone from state after a refresh, and deleting it again is no error."""
    delete_out_of_band(cloud_world, case)
