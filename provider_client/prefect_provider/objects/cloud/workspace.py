"""``prefect_workspace``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.objects.cascades import Dependents, Loss, count_losses
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.filters import Filter
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import AccountObject, WorkspaceObject
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import SetOf, String, Uuid

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Values

__all__ = ["Workspace", "WorkspaceLookup", "Workspaces"]

_CONTENTS: Final = tuple(
    Dependents(what, "deletes", collection, type_name=type_name)
    for what, collection, type_name in (
        ("flows", "/flows", "prefect_flow"),
        ("deployments", "/deployments", "prefect_deployment"),
        ("work pools", "/work_pools", "prefect_work_pool"),
        ("automations", "/automations", "prefect_automation"),
        ("variables", "/variables", "prefect_variable"),
    )
)
"""Of what a workspace keeps, what people would miss."""


class Workspace(SettlingObject, AccountObject):
    """A workspace: a place of its own for flows, deployments and all that belongs to them.

    What belongs to it takes its id, also in the apply that makes it: `workspace_id = prefect_workspace.staging.id`.
    Deleting a workspace deletes everything in it; the plan says how much that is.
    """

    type_name = "prefect_workspace"
    command = "cloud workspace"
    collection = "/workspaces"
    has_filter = False
    key = Key("handle/{handle}", "{handle}")
    needed = ("id", "name", "handle")
    filters = (
        Filter("handles", SetOf(String()), "Only those with one of these handles.", "workspaces.handle.any_"),
    )

    name = required(String(), "Name of the workspace, unique in the account.")
    handle = required(
        String(), "Its name in addresses, unique in the account: lowercase letters, digits and dashes."
    )
    description = optional(String(), "What the workspace is for.", null_is="")
    default_workspace_role_id = optional(
        Uuid(),
        "The workspace role (UUID) that every member of the account has in it; none, unless one is set.",
        server_default=True,
        reset=None,
    )

    async def losses(self, prior: Values) -> list[Loss]:
        """What is in it."""
        inside = WorkspaceObject(self.client, self.diagnostics)
        return await count_losses(
            inside, {"account_id": prior.get("account_id"), "workspace_id": prior["id"]}, _CONTENTS
        )


class WorkspaceLookup(Lookup, of=Workspace):
    """Looks up a workspace, by its id or its handle."""


class Workspaces(ObjectList, of=Workspace):
    """Lists the workspaces that the API key may see, ordered by name."""
