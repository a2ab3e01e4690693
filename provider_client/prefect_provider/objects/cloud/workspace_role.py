"""``prefect_workspace_role``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.placing import PlacedObject, own_account_id, placed_in
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.filters import filter_by_name
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import AccountObject
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import InAnyOrder, String, Uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["WorkspaceRole", "WorkspaceRoleLookup", "WorkspaceRoles"]


class WorkspaceRole(PlacedObject, SettlingObject, AccountObject):
    """A role of the account's own: what those who have it may do in a workspace.

    It is given to users, service accounts and teams with a `prefect_workspace_access`. Prefect's own roles (Viewer,
    Runner, Developer, Owner, Worker) cannot be changed: `data "prefect_workspace_role"` reads them.
    """

    type_name = "prefect_workspace_role"
    collection = "/workspace_roles"
    has_filter = False
    key = Key("name/{name}", "{name}")
    needed = ("id", "name")
    filters = (filter_by_name("workspace_roles"),)

    account_id = own_account_id()

    name = required(String(), "Name of the role, unique in the account.")
    description = optional(String(), "What the role is for.", null_is="", default="")
    scopes = optional(
        InAnyOrder(String()),
        "What it allows, in any order, such as `see_flows` and `manage_blocks`; Prefect lists the scopes at "
        "`GET /api/workspace_scopes`.",
        null_is=[],
    )
    inherited_role_id = optional(
        Uuid(),
        "One of Prefect's own roles (UUID), whose scopes this one has as well, with what Prefect adds to them.",
    )

    def is_listed(self, data: Mapping[str, Any]) -> bool:
        """Prefect's own are nobody's to manage."""
        return data.get("account_id") is not None

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """One of the account's own; raises ProviderError for one of Prefect's, which nobody can take over."""
        found = await super().look_up(scope, key)
        if found is not None:
            self._refuse_built_in(found, ("name",))
        return found

    async def imported(self, data: dict[str, Any], held: Values) -> Values:
        """One of the account's own; raises ProviderError for one of Prefect's."""
        self._refuse_built_in(data)
        return await super().imported(data, held)

    def _refuse_built_in(self, data: Mapping[str, Any], path: Path = ()) -> None:
        if not self.is_listed(data):
            msg = "The workspace role is one of Prefect's own"
            detail = say(
                f"the role {show(data['name'])} belongs to no account, and cannot be changed",
                remedy='Read it with `data "prefect_workspace_role"`',
            )
            raise ProviderError(msg, detail, path)

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With the account that it is in."""
        held = placed_in(held)
        own = held.get("account_id") or self.scope(held).account_id
        return super().values(data, held) | {"account_id": own}

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """An empty list where no scopes are set, as the API has it."""
        body = super().body(values, names)
        if "scopes" in body and body["scopes"] is None:
            body["scopes"] = []
        return body


class WorkspaceRoleLookup(Lookup, of=WorkspaceRole):
    """Looks up a workspace role, by its id or its name: one of Prefect's own, such as `Developer`, or the account's."""

    async def by_key(
        self, resource: RemoteObject, scope: Scope, key: Mapping[str, str], held: Values
    ) -> dict[str, Any] | None:
        """Prefect's own can be read."""
        return await resource.find_by_key(scope, key, held)


class WorkspaceRoles(ObjectList, of=WorkspaceRole):
    """Lists the workspace roles, Prefect's own and the account's, ordered by name."""
