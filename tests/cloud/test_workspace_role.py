"""``prefect_workspace_role``: scopes in any order, what it inherits, and Prefect's own roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.cloud.workspace_role import WorkspaceRole, WorkspaceRoleLookup, WorkspaceRoles
from tests.cloud.planned import errors_of_apply, first_plan, listed
from tests.objects.terraform_core import Managed, unique
from tests.objects.test_lookups import look_up, refused

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def built_in(world: World, name: str) -> str:
    """The id of one of Prefect's own roles."""
    [role] = world.cloud.store.actual("workspace_roles", lambda one: one["name"] == name)
    return str(role["id"])


def test_scopes_in_any_order(account_world: World) -> None:
    """Prefect keeps them in an order of its own, and the configuration's stays; another set is a change."""
    managed, name = Managed(account_world, WorkspaceRole), unique("role")
    scopes = ["see_flows", "manage_blocks", "see_blocks"]
    managed.apply({"name": name, "scopes": scopes})
    assert managed.held["scopes"] == scopes
    given = {"name": name, "scopes": [*reversed(scopes), "see_flows"]}
    assert managed.changes(given) == []
    account_world.call("PATCH", f"A/workspace_roles/{managed.id}", {"scopes": ["see_flows"]})
    managed.refresh()
    assert managed.changes(given) == ["scopes"]
    managed.apply(given)


def test_what_it_inherits(account_world: World) -> None:
    """It is set, changed and cleared; the account is shown as the official provider shows it."""
    managed, name = Managed(account_world, WorkspaceRole), unique("role")
    for role in ("Viewer", "Runner"):
        managed.apply({"name": name, "inherited_role_id": built_in(account_world, role)})
        assert managed.held["inherited_role_id"] == built_in(account_world, role)
    managed.apply({"name": name})
    assert managed.held["inherited_role_id"] is None
    assert managed.held["account_id"] == account_world.cloud.account_id


def test_import_and_names_that_are_taken(account_world: World) -> None:
    """By name and by id; one of Prefect's own is refused, with the data source that reads it."""
    managed, name = Managed(account_world, WorkspaceRole), unique("role")
    managed.apply({"name": name, "description": "for tests", "scopes": ["see_flows"]})
    for id_ in (f"name/{name}", name, managed.id):
        assert Managed.imported(account_world, WorkspaceRole, id_).held == managed.held
    [error] = account_world.import_state(WorkspaceRole, "Viewer").diagnostics
    assert error.summary == "The workspace role is one of Prefect's own"
    [error] = first_plan(Managed(account_world, WorkspaceRole), name="Viewer")
    assert error.summary == "The workspace role is one of Prefect's own"


def test_a_scope_that_there_is_not(account_world: World) -> None:
    """What Prefect refuses is shown at the attribute."""
    managed = Managed(account_world, WorkspaceRole)
    [error] = errors_of_apply(managed, name=unique("role"), scopes=["see_flow"])
    assert error.path[:1] == ("scopes",)
    assert "workspace scope" in error.detail


def test_look_up_and_lists(account_world: World) -> None:
    """Look-ups and data sources have Prefect's own as well; `terraform query` only what can be imported."""
    managed, name = Managed(account_world, WorkspaceRole), unique("role")
    managed.apply({"name": name, "scopes": ["see_flows"]})
    assert look_up(account_world, WorkspaceRoleLookup, name=name)["scopes"] == ["see_flows"]
    viewer = look_up(account_world, WorkspaceRoleLookup, name="Viewer")
    assert viewer["id"] == built_in(account_world, "Viewer")
    assert "see_flows" in viewer["scopes"]
    roles = look_up(account_world, WorkspaceRoles)["workspace_roles"]
    assert {"Developer", "Owner", "Runner", "Viewer", "Worker", name} == {one["name"] for one in roles}
    assert listed(account_world, WorkspaceRole) == [name]
    assert "Viewer" in refused(account_world, WorkspaceRoleLookup, name="Viewr").detail
