"""``prefect_workspace``: by handle, with what is in it, and with what is made in it in the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.auditing import audit
from prefect_provider.objects.cloud.workspace import Workspace, WorkspaceLookup, Workspaces
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.cloud.planned import destruction, errors_of_apply, first_plan, listed
from tests.objects.terraform_core import Managed, World, unique
from tests.objects.test_lookups import look_up, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace as Terraform


def made(world: World, **given: Any) -> Managed:
    """A workspace that is there."""
    name = unique("workspace")
    managed = Managed(world, Workspace)
    managed.apply({"name": name, "handle": name} | given)
    return managed


def test_import_by_handle_and_id(account_world: World) -> None:
    """As the official provider writes it, by the handle alone, and by the id; an unknown one names those like it."""
    managed = made(account_world, description="for tests")
    handle = managed.held["handle"]
    for id_ in (f"handle/{handle}", handle, managed.id):
        assert Managed.imported(account_world, Workspace, id_).held == managed.held
    [error] = account_world.import_state(Workspace, f"handle/{handle}x").diagnostics
    assert f"{handle}x" in error.detail


def test_the_account_at_the_resource(account_world: World) -> None:
    """It can be named there, and is part of the identity."""
    account_id = account_world.cloud.account_id
    managed = made(account_world, account_id=account_id)
    identity = managed.refresh().identity
    assert identity == {"id": managed.id, "account_id": account_id}


def test_a_handle_that_is_taken(account_world: World) -> None:
    """The plan refuses a new workspace of that handle, with the block that imports the one that is there."""
    managed = made(account_world)
    other = World(account_world.cloud)
    [error] = first_plan(Managed(other, Workspace), name="other", handle=managed.held["handle"])
    other.close()
    assert error.summary == "The workspace exists already"
    assert f'id = "{managed.id}"' in error.detail


def test_role_of_all_members(account_world: World) -> None:
    """It is kept as others set it, and reset when the configuration no longer has it."""
    [role] = account_world.cloud.store.actual("workspace_roles", lambda one: one["name"] == "Viewer")
    managed = made(account_world)
    given = {"name": managed.held["name"], "handle": managed.held["handle"]}
    account_world.call("PATCH", f"A/workspaces/{managed.id}", {"default_workspace_role_id": role["id"]})
    managed.refresh()
    managed.assert_settled(given)
    managed.apply(given | {"default_workspace_role_id": role["id"]})
    managed.apply(given)
    assert managed.held["default_workspace_role_id"] is None


def test_reads_that_lag(account_world: World) -> None:
    """A new workspace, and a change of it, are waited for."""
    account_world.cloud.store.lag = 2
    managed = made(account_world)
    given = {"name": managed.held["name"], "handle": managed.held["handle"]}
    managed.apply(given | {"description": "later"})
    assert managed.held["description"] == "later"


def test_what_goes_with_it(cloud_world: World) -> None:
    """The plan of its destruction counts what is in it, whoever made that."""
    managed = made(cloud_world)
    variable = Managed(cloud_world, Variable)
    variable.apply({"name": unique("inside"), "value": Dynamic(STRING, "x"), "workspace_id": managed.id})
    [warning] = destruction(managed)
    assert warning.summary == "Destroying the workspace loses more than the workspace"
    assert "variable" in warning.detail
    variable.destroy()
    managed.destroy()


def test_a_key_that_may_not_make_any(account_world: World) -> None:
    """The refusal is shown as one, with the request; nothing is in state, and looks may still be taken."""
    cloud = account_world.cloud
    cloud.store.change("actors", cloud.owner["actor_id"], "Actor", account_role="Member")
    managed = Managed(account_world, Workspace)
    [error] = errors_of_apply(managed, name="n", handle="n")
    assert error.summary == "Prefect does not allow this"
    assert f"POST /api/accounts/{cloud.account_id}/workspaces/" in error.detail
    assert look_up(account_world, Workspaces)["workspaces"] == []


def test_rate_limits(account_world: World) -> None:
    """A request that is refused because there were too many is sent again after the time that the answer names."""
    account_world.cloud.limit_once = [0.05, 0.05, 0.05]
    made(account_world)
    statuses = [status for *_, status in account_world.cloud.seen]
    assert statuses.count(429) == 3


def test_marks_in_the_events(cloud_world: World) -> None:
    """An account has no events; a mark of what belongs to it is left in the provider's workspace."""
    audit(cloud_world.client)
    cloud_world.cloud.seen.clear()
    managed = made(cloud_world)
    place = f"/accounts/{cloud_world.cloud.account_id}/workspaces/{cloud_world.cloud.workspace_id}"
    assert ("POST", f"{place}/events", 204) in cloud_world.cloud.seen
    managed.destroy()


def test_look_up_and_lists(account_world: World) -> None:
    """By handle and by id; lists have what the key may see, all or by handles."""
    managed = made(account_world)
    handle = managed.held["handle"]
    found = look_up(account_world, WorkspaceLookup, handle=handle)
    assert found["id"] == managed.id
    assert look_up(account_world, WorkspaceLookup, id=managed.id)["handle"] == handle
    names = [one["handle"] for one in look_up(account_world, Workspaces)["workspaces"]]
    assert names == sorted(["first", handle])
    chosen = look_up(account_world, Workspaces, handles=[handle])["workspaces"]
    assert [one["id"] for one in chosen] == [managed.id]
    assert sorted(listed(account_world, Workspace)) == sorted(["first", handle])
    error = refused(account_world, WorkspaceLookup, handle="frist")
    assert 'Did you mean "first"?' in error.detail.replace("`", '"')
    assert "prefect cloud workspace ls" in error.detail


CONFIGURATION = """
resource "prefect_workspace" "this" {{
  name   = "{name}"
  handle = "{name}"
}}

resource "prefect_flow" "this" {{
  workspace_id = prefect_workspace.this.id
  name         = "{name}"
}}

resource "prefect_deployment" "this" {{
  workspace_id = prefect_workspace.this.id
  name         = "{name}"
  flow_id      = prefect_flow.this.id
}}

resource "prefect_variable" "this" {{
  workspace_id = prefect_workspace.this.id
  name         = "{name}"
  value        = "x"
}}

data "prefect_variable" "this" {{
  workspace_id = prefect_workspace.this.id
  id           = prefect_variable.this.id
}}
"""


def test_a_workspace_and_what_is_in_it_in_one_run(
    terraform: Callable[..., Terraform], prefect_cloud: PrefectCloud
) -> None:
    """Made in one apply, though reads lag; then an empty plan; then destroyed, what is in it first."""
    name = unique("one-run")
    workspace = terraform(
        CONFIGURATION.format(name=name),
        # The provider is set to the account only: what is in a workspace says in which.
        api_url=f"{prefect_cloud.url}/accounts/{prefect_cloud.account_id}",
        env={"PREFECT_API_KEY": prefect_cloud.key},
    )
    prefect_cloud.store.lag = 1
    try:
        workspace.apply()
    finally:
        prefect_cloud.store.lag = 0
    workspace.assert_no_changes()
    [made_] = prefect_cloud.store.actual("workspaces", lambda one: one["handle"] == name)
    place = f"/workspaces/{made_['id']}/"
    assert any(place in path and path.endswith("/flows/") for _, path, _ in prefect_cloud.seen)
    found = prefect_cloud.call("GET", f"A{place}variables/name/{name}")
    assert found["value"] == "x"

    workspace.destroy()
    assert prefect_cloud.store.actual("workspaces", lambda one: one["handle"] == name) == []
