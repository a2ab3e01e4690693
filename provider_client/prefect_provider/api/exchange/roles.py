"""What a request that Prefect Cloud does not allow takes: the role, as far as its documentation of roles says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["remedy_of_refusal"]

_ADMIN: Final = "`Admin` or `Owner` of the account"
_OWNER: Final = "`Owner` of the workspace, or `Admin` or `Owner` of the account"

_READS: Final = frozenset({"filter", "count", "paginate", "history"})
"""The last step of a path by which a POST only reads."""

_OF_ADMINS: Final = frozenset(
    {"account_memberships", "bots", "settings", "teams", "workspace_roles", "workspaces"}
)
"""What of an account its admins and owners change."""

_SEEN: Final = {
    "bot_access": "; to see it, the permission “View information about workspace service accounts” will do",
    "team_access": "",
    "user_access": "; to see it, the permission “View information about workspace users” will do",
}
"""Who has which role in a workspace, with what lets see it."""

_PERMISSIONS: Final = {
    "automations": "Create, edit, and delete automations",
    "block_documents": "Create, edit, and delete blocks",
    "deployments": "Create and edit deployments",
    "work_pools": "Create, edit, and pause work pools",
}
"""What changes an object, as the permission of a role of one's own is called; the role `Developer` has all of these."""

_DELETIONS: Final = {"deployments": "Delete deployments", "work_pools": "Delete work pools"}
"""The same for what has a permission of its own for deletions."""


def remedy_of_refusal(method: str, path: str) -> str:
    """What to do when a request to a path of Prefect Cloud's, such as ``/accounts/<id>/teams``, is answered 403."""
    first, *steps = [step for step in path.split("/") if step] or [""]
    if first == "users":
        return (
            "Use an API key of that very user: Prefect lets each user's keys see and change that user alone"
        )
    checked = "Check that the API key's owner has the role for this in the account and workspace"
    role = _needed_role(method, steps) if first == "accounts" and steps else ""
    return f"{checked}: it takes {role}" if role else checked


def _needed_role(method: str, steps: Sequence[str]) -> str:
    """The role, in words; empty where nobody says. ``steps`` are those of the path, from the account's id on."""
    reads = method == "GET" or (method == "POST" and steps[-1] in _READS)
    if steps[1:2] != ["workspaces"] or len(steps) < 4:
        return _in_account(steps[1:], reads=reads)
    return _in_workspace(method, steps[3:], reads=reads)


def _in_account(steps: Sequence[str], *, reads: bool) -> str:
    if reads or not steps:
        return ""
    if steps[0] == "workspaces" and len(steps) == 2 and steps[1]:
        return _OWNER
    return _ADMIN if steps[0] in _OF_ADMINS else ""


def _in_workspace(method: str, steps: Sequence[str], *, reads: bool) -> str:
    noun = steps[0]
    if noun in _SEEN:
        return f"{_OWNER}{_SEEN[noun]}" if reads else _OWNER
    if steps[-1] == "access":
        return "" if reads else _OWNER
    if reads or noun not in _PERMISSIONS or "queues" in steps:
        return ""
    if steps[-1] == "create_flow_run":
        return "`Runner` of the workspace, or a role with the permission “Run deployments”"
    permission = _DELETIONS.get(noun, _PERMISSIONS[noun]) if method == "DELETE" else _PERMISSIONS[noun]
    return f"`Developer` of the workspace, or a role with the permission “{permission}”"
