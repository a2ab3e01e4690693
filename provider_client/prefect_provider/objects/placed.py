"""Objects that have a place: in an account, or in a workspace, of Prefect Cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import Scope
from prefect_provider.objects.identity import split_workspace
from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.declaration import Attribute, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["AccountObject", "WorkspaceObject", "no_workspaces", "refuse_other_servers"]


def no_workspaces(client: Any) -> str:
    """Why this server has neither accounts nor workspaces; empty if it has, or is not known yet."""
    if client is None or client.settings.is_cloud or client.settings.endpoint.account_id:
        return ""
    return f"only Prefect Cloud has accounts and workspaces; this server, {client.settings.endpoint.url}, has none"


def refuse_other_servers(resource: RemoteObject) -> None:
    """Raise for an object of Prefect Cloud on a server that is none."""
    why = no_workspaces(resource.client)
    if why:
        msg = f"A {resource.type_name} exists on Prefect Cloud only"
        raise ProviderError(
            msg, say(why, remedy="Remove the resource, or set the provider's `endpoint` to Prefect Cloud")
        )


def _account_id() -> Attribute:
    return optional(
        Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", replace=True, source=None
    )


class AccountObject(RemoteObject):
    """An object that belongs to an account of Prefect Cloud."""

    cloud_only = True
    located_by = ("account_id",)

    account_id = _account_id()

    def place(self, values: Mapping[str, Value]) -> Scope:
        """The account: the object's, or the provider's."""
        refuse_other_servers(self)
        scope: Scope = self.client.account(values.get("account_id"))
        return scope

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With the account, which only Terraform knows."""
        return super().values(data, held) | {"account_id": held.get("account_id")}


class WorkspaceObject(RemoteObject):
    """An object that belongs to a workspace; a self-hosted server is one as a whole."""

    located_by = ("account_id", "workspace_id")

    account_id = _account_id()
    workspace_id = optional(
        Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", replace=True, source=None
    )

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        return f"{super().import_form()}, followed by `,<workspace id>` for another workspace"

    def place(self, values: Mapping[str, Value]) -> Scope:
        """The workspace: the object's, or the provider's."""
        account, workspace = values.get("account_id"), values.get("workspace_id")
        if self.cloud_only:
            refuse_other_servers(self)
        why = no_workspaces(self.client)
        if not why:
            scope: Scope = self.client.workspace(account, workspace)
            return scope
        for name, value in (("workspace_id", workspace), ("account_id", account)):
            if value is not None:
                msg = f"Invalid `{name}`"
                raise ProviderError(msg, say(why, remedy=f"Remove `{name}`"), (name,))
        return Scope(self.client, None, None)

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With account and workspace, which only Terraform knows."""
        return super().values(data, held) | {
            "account_id": held.get("account_id"),
            "workspace_id": held.get("workspace_id"),
        }

    async def import_state(self, id_: str) -> Values | None:
        """Find by key or by id, in the workspace named after a comma or the provider's."""
        text, workspace_id = split_workspace(id_)
        why = no_workspaces(self.client)
        if workspace_id and text and why:
            msg = f"Wrong import id for {self.type_name}"
            raise ProviderError(msg, say(why, remedy=f"Write {show(text)} without a workspace"))
        held = {**self.asked_by_import, "workspace_id": workspace_id}
        if not text:
            raise self.wrong_import_id(text)
        data = await self.find(self.scope(held), text)
        return None if data is None else await self.imported(data, held)
