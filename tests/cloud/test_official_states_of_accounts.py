"""States of the official provider with an account and what belongs to it: the first plan after the switch is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.objects.terraform_core import unique
from tests.terraform.official_states import ADDRESS, OURS, Instance, state_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace


def stored(answer: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What the official provider stores of an answer: times at second precision, an empty text for null."""
    times = {name: f"{answer[name][:19]}Z" for name in ("created", "updated") if name in names}
    return times | {name: answer[name] for name in names if name not in times}


def test_accounts_members_workspaces_and_roles(
    prefect_clouds: Callable[..., PrefectCloud], terraform: Callable[..., Workspace]
) -> None:
    """Each object is taken over as it is; destroying all of them leaves the account and the member alone."""
    cloud, name = prefect_clouds(), unique("switch")
    cloud.add_user("marvin@example.com")
    cloud.call("PATCH", "A/domains", {"domain_names": ["b.example.com", "a.example.com"]})
    account = cloud.call("GET", "A")
    [member] = cloud.store.actual("memberships", lambda one: one["email"] == "marvin@example.com")
    bare = cloud.call("POST", "A/workspaces/", {"name": name, "handle": name})
    whole = {"name": f"{name}-2", "handle": f"{name}-2", "description": "for tests"}
    made = cloud.call("POST", "A/workspaces/", whole)
    scopes = ["see_flows", "manage_blocks"]
    role = cloud.call("POST", "A/workspace_roles/", {"name": name, "description": "", "scopes": scopes})

    given: dict[str, dict[str, dict[str, Any]]] = {
        "prefect_account": {"x": {"name": account["name"], "handle": account["handle"]}},
        "prefect_account_member": {"x": {"account_role_id": member["account_role_id"]}},
        "prefect_workspace": {"bare": {"name": name, "handle": name}, "whole": whole},
        "prefect_workspace_role": {"x": {"name": name, "scopes": scopes}},
    }
    fields = ("id", "created", "updated", "name", "handle")
    instances = [
        Instance(
            "prefect_account",
            "x",
            stored(account, *fields)
            | {"settings": account["settings"], "domain_names": ["b.example.com", "a.example.com"]},
        ),
        Instance(
            "prefect_account_member",
            "x",
            stored(
                member,
                *("id", "actor_id", "user_id", "first_name", "last_name", "handle", "email"),
                *("account_role_id", "account_role_name"),
            ),
        ),
        Instance("prefect_workspace", "bare", stored(bare, *fields)),
        Instance("prefect_workspace", "whole", stored(made, *fields, "description")),
        Instance(
            "prefect_workspace_role",
            "x",
            stored(role, "id", "created", "updated", "name", "account_id")
            | {"description": "", "scopes": scopes},
        ),
    ]
    workspace = terraform({"resource": given}, api_url=cloud.api_url, env={"PREFECT_API_KEY": cloud.key})
    workspace.write_json(state_file(instances), "terraform.tfstate")
    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)

    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    workspace.apply()
    workspace.assert_no_changes()

    refused = workspace.run("destroy", "-json", "-input=false", "-auto-approve")
    assert refused.exit_code == 1
    assert {one.summary for one in refused.errors} == {
        "The account is protected from deletion",
        "The account member is protected from deletion",
    }
    assert cloud.store.actual("workspaces", lambda one: one["handle"] == name)
    assert cloud.call("GET", "A")["id"] == account["id"]
