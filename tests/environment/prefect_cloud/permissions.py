"""Who may do what: roles in the account and in workspaces, and what requests need.

An actor has a role in the account, by name (``account_role``). In a workspace it has the roles that it was given there,
itself or as a member of a team: objects of the kind "workspace_access" with ``workspace_id``, ``accessor_type``
("USER", "SERVICE_ACCOUNT" or "TEAM"), ``accessor_id`` (a user's, bot's or team's id) and ``workspace_role_id``. Objects
of the kind "teams" have ``members``, each with an ``actor_id``. Owners and admins of the account own all workspaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.environment.prefect_cloud.store import Store

__all__ = [
    "ACCOUNT_ROLES",
    "SCOPES",
    "WORKSPACE_ROLES",
    "account_permissions",
    "needed",
    "seed",
    "workspace_scopes",
]

_SEEN_BY_ALL: Final = (
    "see_account",
    "see_account_members",
    "see_account_roles",
    "see_service_accounts",
    "see_teams",
    "see_workspace_roles",
    "see_workspaces",
)

_OF_ADMINS: Final = (
    *_SEEN_BY_ALL,
    "create_workspaces",
    "delete_workspaces",
    "manage_account",
    "manage_account_members",
    "manage_service_accounts",
    "manage_teams",
    "manage_workspace_roles",
    "manage_workspaces",
)

ACCOUNT_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "Admin": _OF_ADMINS,
    "Member": _SEEN_BY_ALL,
    "Owner": (*_OF_ADMINS, "bypass_sso", "delete_account"),
}
"""The built-in roles of an account, with their permissions."""

_VIEWED: Final = (
    "see_artifacts",
    "see_automations",
    "see_blocks",
    "see_concurrency_limits",
    "see_deployments",
    "see_events",
    "see_flows",
    "see_slas",
    "see_variables",
    "see_webhooks",
    "see_work_pools",
    "see_work_queues",
    "see_workers",
    "see_workspace",
)
_RUN: Final = (*_VIEWED, "run_deployments")
_DEVELOPED: Final = (
    *_RUN,
    "delete_deployments",
    "delete_flows",
    "delete_work_pools",
    "manage_artifacts",
    "manage_automations",
    "manage_blocks",
    "manage_concurrency_limits",
    "manage_deployments",
    "manage_events",
    "manage_flows",
    "manage_slas",
    "manage_variables",
    "manage_webhooks",
    "manage_work_pools",
    "manage_work_queues",
    "manage_workers",
    "see_workspace_settings",
)
_OWNED: Final = (
    *_DEVELOPED,
    "delete_workspace",
    "manage_access",
    "manage_workspace_settings",
    "manage_workspace_users",
    "see_workspace_users",
)

WORKSPACE_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "Developer": _DEVELOPED,
    "Owner": _OWNED,
    "Runner": _RUN,
    "Viewer": _VIEWED,
    "Worker": (
        "manage_events",
        "manage_flows",
        "manage_workers",
        "see_blocks",
        "see_deployments",
        "see_flows",
        "see_variables",
        "see_work_pools",
        "see_work_queues",
        "see_workers",
        "see_workspace",
    ),
}
"""The built-in roles of a workspace, with their scopes."""

SCOPES: Final = frozenset(_OWNED)
"""Every scope that a role of one's own may have."""

_NOUNS: Final[dict[str, str]] = {
    "artifacts": "artifacts",
    "automations": "automations",
    "block_capabilities": "blocks",
    "block_documents": "blocks",
    "block_schemas": "blocks",
    "block_types": "blocks",
    "concurrency_limits": "concurrency_limits",
    "deployments": "deployments",
    "events": "events",
    "flow_run_states": "flows",
    "flow_runs": "flows",
    "flows": "flows",
    "logs": "flows",
    "task_run_states": "flows",
    "task_runs": "flows",
    "templates": "automations",
    "v2": "concurrency_limits",
    "variables": "variables",
    "work_pools": "work_pools",
    "work_queues": "work_queues",
}
"""The objects of a workspace, by the first step of their paths, as scopes call them."""

_DELETABLE: Final = frozenset({"deployments", "flows", "work_pools"})
"""What has a scope of its own for deletions."""

_READS: Final = frozenset(
    {"count", "filter", "paginate", "get_scheduled_flow_runs", "history", "next", "validate"}
)
"""The last step of a path by which a POST only reads."""


def needed(method: str, path: str) -> str:
    """The scope that a request to a workspace's own server needs; ``path`` is below the workspace."""
    steps = [step for step in path.split("/") if step]
    noun = _NOUNS.get(steps[0] if steps else "", "")
    if not noun:
        return "see_workspace"
    if steps[-1] == "create_flow_run":
        return "run_deployments"
    if noun == "work_pools" and "queues" in steps:
        noun = "work_queues"
    if method == "GET" or (method == "POST" and (steps[-1] in _READS or steps[-2:-1] == ["filter"])):
        return f"see_{noun}"
    return f"delete_{noun}" if method == "DELETE" and noun in _DELETABLE else f"manage_{noun}"


def seed(store: Store) -> None:
    """The built-in roles."""
    for name, permissions in ACCOUNT_ROLES.items():
        store.put(
            "account_roles", name=name, permissions=sorted(permissions), account_id=None, is_system_role=True
        )
    for name, scopes in WORKSPACE_ROLES.items():
        store.put(
            "workspace_roles",
            name=name,
            description=f"The built-in role {name}",
            scopes=sorted(scopes),
            account_id=None,
            inherited_role_id=None,
        )


def account_permissions(store: Store, actor: Mapping[str, Any]) -> frozenset[str]:
    """What an actor may do in the account."""
    roles = store.actual("account_roles", lambda one: bool(one["name"] == actor["account_role"]))
    return frozenset(permission for role in roles for permission in role["permissions"])


def workspace_scopes(store: Store, actor: Mapping[str, Any], workspace_id: str) -> frozenset[str]:
    """What an actor may do in a workspace; nothing, if it has no role there."""
    if actor["account_role"] in ("Admin", "Owner"):
        return SCOPES
    accessors = {actor["id"], actor.get("user_id"), actor.get("bot_id")} - {None}
    accessors |= {team["id"] for team in store.actual("teams") if _is_member(actor, team)}
    roles = [
        access["workspace_role_id"]
        for access in store.actual("workspace_access")
        if access["workspace_id"] == workspace_id and access["accessor_id"] in accessors
    ]
    workspaces = store.actual("workspaces", lambda one: bool(one["id"] == workspace_id))
    roles += [one["default_workspace_role_id"] for one in workspaces if one["default_workspace_role_id"]]
    return frozenset(_scopes(store, roles))


def _is_member(actor: Mapping[str, Any], team: Mapping[str, Any]) -> bool:
    return any(member.get("actor_id") == actor["id"] for member in team.get("members") or ())


def _scopes(store: Store, role_ids: Iterable[str]) -> set[str]:
    """The scopes of roles, with what they inherit."""
    by_id = {role["id"]: role for role in store.actual("workspace_roles")}
    found: set[str] = set()
    for id_ in role_ids:
        role = by_id.get(id_)
        if role is not None:
            found |= set(role["scopes"])
            if role["inherited_role_id"]:
                found |= _scopes(store, [role["inherited_role_id"]])
    return found
