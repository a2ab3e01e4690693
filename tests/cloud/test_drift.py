"""Drift on Prefect Cloud: what is compared, and what of an account is nobody's drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_iac.drift.detection import find_drift
from prefect_iac.drift.unmanaged import find_unmanaged
from prefect_iac.plan.stored_object import StoredObject
from prefect_provider.objects.cloud.workspace import Workspace
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.objects.terraform_core import Managed, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def test_a_workspace_that_somebody_changed(cloud_world: World) -> None:
    """It is compared as everything else is."""
    name = unique("drift")
    managed = Managed(cloud_world, Workspace)
    managed.apply({"name": name, "handle": name, "description": "ours"})
    attributes: dict[str, Any] = dict(managed.held)
    stored = StoredObject("prefect_workspace.x", "prefect_workspace", "", None, attributes, shown=False)
    stored = stored._replace(provider="registry.terraform.io/prefect-iac/prefect")
    assert cloud_world.run(find_drift([stored], cloud_world.client)).changed == ()
    cloud_world.call("PATCH", f"A/workspaces/{managed.id}", {"description": "theirs"})
    [changed] = cloud_world.run(find_drift([stored], cloud_world.client)).changed
    assert [one.path for one in changed.changes] == [("description",)]
    managed.destroy()


def test_what_no_state_knows(cloud_world: World) -> None:
    """It is what is in the workspace; who and what else is in the account is not told, e-mail addresses least."""
    variable = Managed(cloud_world, Variable)
    variable.apply({"name": unique("drift"), "value": Dynamic(STRING, "x")})
    unmanaged, _, _ = cloud_world.run(find_unmanaged([], cloud_world.client))
    addresses = [one.address for one in unmanaged]
    assert f'prefect_variable["{variable.held["name"]}"]' in addresses
    kinds = {one.type for one in unmanaged}
    assert not kinds & {"prefect_account_member", "prefect_workspace", "prefect_workspace_role"}
    assert not [address for address in addresses if "@" in address]
    variable.destroy()
