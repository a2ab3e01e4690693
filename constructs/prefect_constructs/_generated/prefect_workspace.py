"""The construct of resource prefect_workspace.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.workspace``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.workspace import Workspace as _Declaration

__all__ = [
    "PrefectWorkspace",
    "Workspace",
]


class Workspace(PrefectResource):
    """A workspace: a place of its own for flows, deployments and all that belongs to them.

    What belongs to it takes its id, also in the apply that makes it: `workspace_id =
    prefect_workspace.staging.id`. Deleting a workspace deletes everything in it; the plan says how much that
    is.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        handle: Its name in addresses, unique in the account: lowercase letters, digits and dashes.
        name: Name of the workspace, unique in the account. Default: `id_`.
        description: What the workspace is for.
        default_workspace_role_id: The workspace role (UUID) that every member of the account has in it; none,
            unless one is set. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        handle: str,
        name: str | None = None,
        description: str | None = None,
        default_workspace_role_id: Identifier | None = None,
        account_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "handle": handle,
            "name": name,
            "description": description,
            "default_workspace_role_id": default_workspace_role_id,
            "account_id": account_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the workspace, unique in the account."""
        return self.get_string_attribute("name")

    @property
    def handle(self) -> str:
        """Its name in addresses, unique in the account: lowercase letters, digits and dashes."""
        return self.get_string_attribute("handle")

    @property
    def description(self) -> str:
        """What the workspace is for."""
        return self.get_string_attribute("description")

    @property
    def default_workspace_role_id(self) -> str:
        """The workspace role (UUID) that every member of the account has in it; none, unless one is set."""
        return self.get_string_attribute("default_workspace_role_id")

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")


PrefectWorkspace = Workspace
