"""Keys, roles and permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_ROLES: Final = "docs.prefect.io, Manage account roles"


def _wrong_key(account: Checked) -> None:
    assert account.ask("GET", "A", key="pnu_of_nobody").status == 401


def _account_roles(account: Checked) -> None:
    found = account.ask("POST", "A/account_roles/filter", {}).data
    assert {"Admin", "Member", "Owner"} <= {role["name"] for role in found}


def _workspace_roles(account: Checked) -> None:
    found = account.ask("POST", "A/workspace_roles/filter", {}).data
    built_in = {role["name"] for role in found if role["account_id"] is None}
    assert {"Developer", "Owner", "Runner", "Viewer", "Worker"} <= built_in


FACTS: Final = (
    Fact(
        "key-wrong",
        "A request whose key is none is answered 401.",
        "Prefect's own client (`client/cloud.py`) takes 401 and 403 for a key that is refused",
        "client",
        _wrong_key,
    ),
    Fact(
        "key-no-permission",
        "A request that the key's role does not allow is answered 403; the text, `Forbidden`, is assumed.",
        "Prefect's own client (`client/cloud.py`), and the official provider's, which does not repeat it (`client.go`)",
        "client",
    ),
    Fact(
        "account-roles",
        "An account has the built-in roles Owner, Admin and Member.",
        _ROLES,
        "documented",
        _account_roles,
    ),
    Fact(
        "workspace-roles",
        "Workspaces have the built-in roles Viewer, Runner, Developer, Owner and Worker; their `account_id` is null.",
        f"{_ROLES}; the official provider's client (`workspace_roles.go`)",
        "documented",
        _workspace_roles,
    ),
    Fact(
        "owners-everywhere",
        "Owners and admins of the account are owners of every workspace.",
        _ROLES,
        "documented",
    ),
    Fact(
        "scopes-names",
        "Scopes are called `see_…`, `manage_…`, `run_…` and `delete_…` with the objects' name, such as `see_flows` "
        "and `manage_blocks`.",
        "the official provider's examples and tests name seven of them; the others follow the documented permissions",
        "assumed",
    ),
)
