"""Who can be given access on Prefect Cloud: users, service accounts and teams, by what people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.cloud.looks import read_all
from prefect_provider.plugin.language.kinds import String, Uuid

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["Accessor", "accessors"]


class _Kind(NamedTuple):
    collection: str
    id: str
    """The field with the id by which it is given access."""
    name: str


_KINDS: Final = {
    "USER": _Kind("/account_memberships", "user_id", "email"),
    "SERVICE_ACCOUNT": _Kind("/bots", "id", "name"),
    "TEAM": _Kind("/teams", "id", "name"),
}


class Accessor(NamedTuple):
    """One of them."""

    id: str
    actor_id: str
    """Empty for a team, which is no actor."""
    name: str
    """The name, or the e-mail address of a user."""


async def accessors(client: Client, account: Scope, type_: str) -> list[Accessor]:
    """All of a type (``USER``, ``SERVICE_ACCOUNT`` or ``TEAM``), read once for all who ask; raises ApiError."""
    kind = _KINDS[type_]
    fields: dict[str, Any] = {kind.id: Uuid(), kind.name: String()}
    if type_ != "TEAM":
        fields["actor_id"] = Uuid()
    found = await read_all(client, account, kind.collection)
    listed = objects_of(f"POST {kind.collection}/filter", "accessor", found, **fields)
    return [Accessor(one[kind.id], str(one.get("actor_id") or ""), one[kind.name]) for one in listed]
