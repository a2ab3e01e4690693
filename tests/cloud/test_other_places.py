"""An object whose account or workspace changes is another object, in that place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.cloud.webhook import Webhook
from prefect_provider.objects.remote import RemoteObject
from tests.cloud.cases import CASES
from tests.cloud.cases.keys import TEMPLATE
from tests.objects.attribute_life import each_object
from tests.objects.table import CASES as SERVER_CASES
from tests.objects.terraform_core import Managed, configuration, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace
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


@each_object([one for one in (*CASES, *SERVER_CASES) if one.resource.located_by])
def test_the_providers_own_place_is_none_to_move_to(cloud_world: World, case: Case) -> None:
    """Who writes down the account and workspace that the provider has anyway, or leaves them out, moves nothing."""
    given, cloud = case.base(cloud_world), cloud_world.cloud
    managed = Managed(cloud_world, case.resource)
    managed.apply(given, warns=True)
    made = managed.id
    assert issubclass(case.resource, RemoteObject)
    own = {"account_id": cloud.account_id, "workspace_id": cloud.workspace_id}
    ids = {name: own[name] for name in case.resource.located_by}
    for there in (ids, {name: id_.upper() for name, id_ in ids.items()}, {}):
        planned = managed.plan(configuration(case.resource, given | there), prior=managed.state)
        assert planned.replace == []
        managed.apply(given | there, warns=True)
        assert managed.id == made
    managed.destroy()


def test_left_out_and_elsewhere(account_world: World) -> None:
    """A webhook keeps its place, and its address, when its workspace is left out; that it is elsewhere is said."""
    other = account_world.call("POST", "A/workspaces/", {"name": "other", "handle": "other"})["id"]
    given = {"name": unique("placed"), "template": TEMPLATE}
    managed = Managed(account_world, Webhook)
    managed.apply(given | {"workspace_id": other})
    planned = managed.plan(configuration(Webhook, given), prior=managed.state)
    [warning] = planned.diagnostics
    assert (warning.summary, warning.path) == (
        "The webhook is in another workspace than the provider's",
        ("workspace_id",),
    )
    assert (planned.replace, planned.state) == ([], managed.state)


PROVIDERS = """
provider "prefect" {{
  endpoint = "{first}"
}}

provider "prefect" {{
  alias    = "other"
  endpoint = "{other}"
}}

resource "prefect_workspace_access" "this" {{
  {alias}
  accessor_type       = "TEAM"
  accessor_id         = "{team}"
  workspace_role_name = "Viewer"
}}
"""


def test_another_provider_leaves_nothing_behind_unsaid(
    prefect_clouds: Callable[..., PrefectCloud], terraform: Callable[..., Workspace]
) -> None:
    """A resource that is given another provider is looked for in its workspace; that the object stays is said."""
    cloud = prefect_clouds()
    other = cloud.call("POST", "A/workspaces/", {"name": "other", "handle": "other"})["id"]
    team = cloud.call("POST", "A/teams", {"name": unique("moved")})["id"]
    given = {"first": cloud.api_url, "other": cloud.api_url_of(other), "team": team}
    workspace = terraform(
        PROVIDERS.format(alias="", **given), api_url=None, env={"PREFECT_API_KEY": cloud.key}
    )
    workspace.apply()
    assert workspace.plan().warnings == []
    workspace.write(PROVIDERS.format(alias="provider = prefect.other", **given))
    plan = workspace.plan()
    assert plan.actions() == {"prefect_workspace_access.this": ("create",)}
    [warning] = plan.warnings
    assert warning.summary == "The workspace access is looked for in another workspace"
    assert cloud.workspace_id in warning.detail
    assert other in warning.detail
    # What the warning says to do keeps it, without a change.
    workspace.write(
        PROVIDERS.format(alias="", **given).replace(
            "  accessor_type", f'  workspace_id = "{cloud.workspace_id}"\n  accessor_type'
        )
    )
    plan = workspace.plan()
    assert plan.actions() == {"prefect_workspace_access.this": ("update",)}
    assert plan.warnings == []
