"""Workspaces and their roles; account and members are nobody's to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.workspace import Workspace
from prefect_provider.objects.cloud.workspace_role import WorkspaceRole
from tests.objects.table import Case
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

__all__ = ["CASES", "ELSEWHERE"]


def _workspace(_world: World) -> dict[str, Any]:
    name = unique("table")
    return {"name": name, "handle": name}


CASES: tuple[Case, ...] = (
    Case(
        Workspace,
        _workspace,
        {
            "name": [unique("table"), "a workspace: with “unicode” / and %"],
            "handle": [unique("table"), unique("table")],
            "description": ["for tests", ""],
        },
        alone={
            "account_id": "the simulator has one; see test_workspace.py",
            "default_workspace_role_id": "needs a role; see test_workspace.py",
        },
    ),
    Case(
        WorkspaceRole,
        lambda _world: {"name": unique("table")},
        {
            "name": [unique("table role"), "a role: with “unicode” / and %"],
            "description": ["for tests", ""],
            "scopes": [["see_flows", "manage_blocks"], ["see_work_pools", "see_blocks", "see_flows"], []],
        },
        alone={
            "account_id": "the simulator has one; see test_workspace.py",
            "inherited_role_id": "needs a role; see test_workspace_role.py",
        },
    ),
)

ELSEWHERE = {
    "prefect_account": "nobody can make one; see test_account.py",
    "prefect_account_member": "nobody can make one; see test_account_member.py",
}
