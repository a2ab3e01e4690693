"""A creation on Prefect Cloud whose answer is lost: whatever was made of it is in state, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.objects.cloud.block_access import BlockAccess
from prefect_provider.objects.cloud.deployment_access import DeploymentAccess
from prefect_provider.objects.cloud.team_access import TeamAccess
from prefect_provider.objects.cloud.work_pool_access import WorkPoolAccess
from prefect_provider.objects.cloud.workspace_access import WorkspaceAccess
from tests.cloud.cases import CASES
from tests.objects.attribute_life import each_object
from tests.objects.connections import break_at
from tests.objects.terraform_core import Managed

if TYPE_CHECKING:
    from tests.objects.table import Case
    from tests.objects.terraform_core import World


PUT = (TeamAccess, WorkspaceAccess, BlockAccess, DeploymentAccess, WorkPoolAccess)
"""What is added to something that is there."""


KINDS = ("bots", "keys", "slas", "teams", "webhooks", "workspace_access", "workspace_roles", "workspaces")


def there(world: World) -> dict[str, set[str]]:
    """The ids of all that the account has."""
    return {kind: {one["id"] for one in world.cloud.store.actual(kind)} for kind in KINDS}


@pytest.mark.parametrize("heard", [True, False])
@each_object(CASES)
def test_object_is_made_once(cloud_world: World, case: Case, *, heard: bool) -> None:
    """What was made before the connection broke is found, kept or made to count; what was not is made anew."""
    given = case.base(cloud_world)
    before = there(cloud_world)
    method = "PUT" if case.resource in PUT else "POST"
    breaking = break_at(cloud_world, method, "^(?!.*(/filter|/by-owner/))", heard=heard)
    managed = Managed(cloud_world, case.resource)

    managed.apply(given)

    assert breaking.creations >= 1
    managed.assert_settled(given)
    managed.destroy()
    assert there(cloud_world) == before
