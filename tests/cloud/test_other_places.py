"""An object whose account or workspace changes is another object, in that place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.remote import RemoteObject
from tests.cloud.cases import CASES
from tests.objects.attribute_life import each_object
from tests.objects.terraform_core import Managed, configuration, shown

if TYPE_CHECKING:
    from tests.objects.table import Case
    from tests.objects.terraform_core import World

ELSEWHERE = "0198f3a4-9999-4222-8333-944455556666"


@each_object([one for one in CASES if issubclass(one.resource, RemoteObject) and one.resource.located_by])
def test_another_place_is_a_replacement(cloud_world: World, case: Case) -> None:
    """Ids of another place are planned as a replacement, also where the key may not see that place."""
    given = case.base(cloud_world)
    managed = Managed(cloud_world, case.resource)
    managed.apply(given)
    assert issubclass(case.resource, RemoteObject)
    # In another account there is no workspace of the provider's, so that both are named.
    for moved in {case.resource.located_by, case.resource.located_by[-1:]}:
        there = given | dict.fromkeys(moved, ELSEWHERE)
        planned = managed.plan(configuration(case.resource, there), prior=managed.state)
        assert not planned.diagnostics.has_errors, shown(planned.diagnostics)
        assert {path[0] for path in planned.replace} == {*moved}
    managed.destroy()
