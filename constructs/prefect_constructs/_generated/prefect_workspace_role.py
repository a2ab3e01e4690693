"""The construct of resource prefect_workspace_role.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.workspace_role``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.workspace_role import WorkspaceRole as _Declaration

__all__ = [
    "PrefectWorkspaceRole",
    "WorkspaceRole",
]


class WorkspaceRole(PrefectResource):
    """A role of the account's own: what those who have it may do in a workspace.

    It is given to users, service accounts and teams with a `prefect_workspace_access`. Prefect's own roles
    (Viewer, Runner, Developer, Owner, Worker) cannot be changed: `data "prefect_workspace_role"` reads them.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
            Changing it makes a new object.
        name: Name of the role, unique in the account. Default: `id_`.
        description: What the role is for. Default: empty.
        scopes: What it allows, in any order, such as `see_flows` and `manage_blocks`; Prefect lists the
            scopes at `GET /api/workspace_scopes`.
        inherited_role_id: One of Prefect's own roles (UUID), whose scopes this one has as well, with what
            Prefect adds to them.
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
        account_id: Identifier | None = None,
        name: str | None = None,
        description: str | None = None,
        scopes: Texts | None = None,
        inherited_role_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "account_id": account_id,
            "name": name,
            "description": description,
            "scopes": scopes,
            "inherited_role_id": inherited_role_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def name(self) -> str:
        """Name of the role, unique in the account."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the role is for."""
        return self.get_string_attribute("description")

    @property
    def scopes(self) -> list[str]:
        """What it allows, in any order, such as `see_flows` and `manage_blocks`; Prefect lists the scopes at
        `GET /api/workspace_scopes`.
        """
        return self.get_list_attribute("scopes")

    @property
    def inherited_role_id(self) -> str:
        """One of Prefect's own roles (UUID), whose scopes this one has as well, with what Prefect adds to them.
        """
        return self.get_string_attribute("inherited_role_id")

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


PrefectWorkspaceRole = WorkspaceRole
