"""Keys that may do a part of it: what their roles allow is done, and the rest is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.api.exchange.roles import remedy_of_refusal
from prefect_provider.objects.cloud.resource_sla import ResourceSla
from prefect_provider.objects.cloud.user_api_key import UserApiKey
from prefect_provider.objects.cloud.webhook import Webhook
from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.cloud.cases import CASES
from tests.cloud.planned import errors_of_apply
from tests.objects.attribute_life import each_object
from tests.objects.terraform_core import Managed, World, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.objects.table import Case


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


@each_object([one for one in CASES if one.resource not in (UserApiKey, Webhook, ResourceSla)])
def test_a_viewer_is_told_the_role(cloud_world: World, case: Case) -> None:
    """Who may see the workspace only makes none of the account's objects; each error names the role that it takes."""
    cloud = cloud_world.cloud
    user = cloud.add_user(f"{unique('viewer')}@example.com")
    [role] = cloud.store.actual("workspace_roles", lambda one: one["name"] == "Viewer")
    given = {"user_id": user["id"], "workspace_role_id": role["id"]}
    cloud.call("POST", "/user_access/", [given])
    wanted, owners = case.base(cloud_world), cloud.key
    cloud.key = cloud.add_key(user["actor_id"])
    try:
        world = World(cloud)
        [error] = errors_of_apply(Managed(world, case.resource), **wanted)
        world.close()
    finally:
        cloud.key = owners
    assert error.summary == "Prefect does not allow this"
    assert "it takes `" in error.detail
    assert cloud.key not in error.detail


@pytest.mark.parametrize(
    ("method", "path", "takes"),
    [
        ("POST", "bots/", "it takes `Admin` or `Owner` of the account"),
        ("PUT", "teams/t/members", "it takes `Admin` or `Owner` of the account"),
        ("POST", "workspaces/", "it takes `Admin` or `Owner` of the account"),
        ("DELETE", "workspaces/w", "it takes `Owner` of the workspace, or"),
        ("POST", "workspaces/w/user_access/filter", "“View information about workspace users” will do"),
        ("PUT", "workspaces/w/team_access/", "it takes `Owner` of the workspace, or"),
        ("PUT", "workspaces/w/deployments/d/access", "it takes `Owner` of the workspace, or"),
        ("PATCH", "workspaces/w/automations/a", "“Create, edit, and delete automations”"),
        ("DELETE", "workspaces/w/work_pools/p", "“Delete work pools”"),
        ("POST", "workspaces/w/deployments/d/create_flow_run", "`Runner` of the workspace"),
    ],
)
def test_the_role_that_a_request_takes(method: str, path: str, takes: str) -> None:
    """What the documentation of roles says is told."""
    assert takes in remedy_of_refusal(method, f"/accounts/a/{path}")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/accounts/a/teams/filter"),
        ("GET", "/accounts/a"),
        ("POST", "/accounts/a/workspaces/w/webhooks/"),
        ("POST", "/accounts/a/events/filter"),
        ("GET", "/me/"),
    ],
)
def test_no_role_is_made_up(method: str, path: str) -> None:
    """Where the documentation says nothing, neither does the error."""
    assert remedy_of_refusal(method, path).endswith("has the role for this in the account and workspace")


def test_only_a_user_of_their_own(account_world: World) -> None:
    """A key of another user is what a request about a user is refused for."""
    other = account_world.cloud.add_user(f"{unique('other')}@example.com")
    [error] = errors_of_apply(Managed(account_world, UserApiKey), user_id=other["id"], name="x")
    assert "Use an API key of that very user" in error.detail
