"""Keys that may do a part of it: what their roles allow is done, and the rest is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.cloud.planned import errors_of_apply
from tests.objects.terraform_core import Managed, World, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_cloud import PrefectCloud


@pytest.fixture
def world(prefect_clouds: Callable[..., PrefectCloud]) -> Iterator[World]:
    """The client of a member whose role in the workspace allows flows, and nothing else."""
    cloud = prefect_clouds()
    role = cloud.call("POST", "A/workspace_roles/", {"name": "f", "scopes": ["see_flows", "manage_flows"]})
    given = {"default_workspace_role_id": role["id"]}
    cloud.call("PATCH", f"A/workspaces/{cloud.workspace_id}", given)
    cloud.key = cloud.add_key(cloud.add_user("member@example.com")["actor_id"])
    world = World(cloud)
    yield world
    world.close()


def test_a_role_with_few_scopes(world: World) -> None:
    """The first question of a provider does not need more than the role allows, and flows are made and changed."""
    assert world.run(world.client.check()) is None
    managed = Managed(world, Flow)
    name = unique("permitted")
    managed.apply({"name": name})
    managed.apply({"name": name, "tags": ["a"]})

    [error] = errors_of_apply(Managed(world, Variable), name=unique("refused"), value=Dynamic(STRING, "x"))
    assert error.summary == "Prefect does not allow this"
    assert "Check that the API key's owner has the role for this in the account and workspace" in error.detail
    # Flows have a scope of their own for that.
    deleted = errors_of_apply(managed)
    assert [one.summary for one in deleted] == ["Prefect does not allow this"]
    [key] = world.cloud.store.actual("keys", lambda one: one["actor_id"] == world.cloud.owner["actor_id"])
    world.cloud.call("DELETE", f"/flows/{managed.id}", key=key["key"])
