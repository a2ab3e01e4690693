"""The roles that an account's workspaces have, by name and by id: read once for all who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.cloud.looks import read_all
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names as listed
from prefect_provider.text.spelling import near_names, show

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["role_id", "role_name"]


async def _roles(client: Client, account: Scope) -> list[dict[str, Any]]:
    found = await read_all(client, account, "/workspace_roles")
    return objects_of("POST /workspace_roles/filter", "workspace role", found, id=Uuid(), name=String())


async def role_id(client: Client, account: Scope, name: str) -> str:
    """The id of the role of a name; raises ProviderError if there is none, with those that were probably meant."""
    roles: dict[str, str] = {one["name"]: one["id"] for one in await _roles(client, account)}
    if name in roles:
        return roles[name]
    near = near_names(name, roles) or sorted(roles)
    msg = "No such workspace role"
    remedy = f"Did you mean {listed(near, last='or')}? Of a role that is made in the same run, set `workspace_role_id`"
    raise ProviderError(
        msg, say(f"the account has no workspace role {show(name)}", remedy=remedy), ("workspace_role_name",)
    )


async def role_name(client: Client, account: Scope, id_: str) -> str | None:
    """The name of the role of an id; ``None`` if there is none."""
    for one in await _roles(client, account):
        if one["id"].lower() == id_.lower():
            return str(one["name"])
    return None
