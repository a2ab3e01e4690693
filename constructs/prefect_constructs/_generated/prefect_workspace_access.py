"""The construct of resource prefect_workspace_access.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.workspace_access``.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.workspace_access import WorkspaceAccess as _Declaration

__all__ = [
    "PrefectWorkspaceAccess",
    "WorkspaceAccess",
]


class WorkspaceAccess(PrefectResource):
    """The role that a user, a service account or a team has in a workspace of Prefect Cloud.

    There is one for each of them and workspace. Destroying it takes the workspace from them, unless they have
    it as members of a team, or as admins of the account. Another accessor, or another workspace, is another
    access: what the former one could do ends with the change.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        accessor_type: Whether the accessor is a user, a service account or a team. One of `USER`,
            `SERVICE_ACCOUNT`, `TEAM`. Changing it makes a new object.
        accessor_id: Who has access (UUID): the `user_id` of a user, not its actor's, or the `id` of a service
            account or team. Changing it makes a new object.
        workspace_role_id: The role (UUID). Either this or its name. Left out, the server decides.
        workspace_role_name: Name of the role: `Viewer`, `Runner`, `Developer`, `Owner`, `Worker`, or one of
            the account's own. Either this or `workspace_role_id`; of one that is made in the same run, its
            id. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
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
        accessor_type: Literal["USER", "SERVICE_ACCOUNT", "TEAM"] | IResolvable,
        accessor_id: Identifier,
        workspace_role_id: Identifier | None = None,
        workspace_role_name: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "accessor_type": accessor_type,
            "accessor_id": accessor_id,
            "workspace_role_id": workspace_role_id,
            "workspace_role_name": workspace_role_name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def accessor_type(self) -> str:
        """Whether the accessor is a user, a service account or a team."""
        return self.get_string_attribute("accessor_type")

    @property
    def accessor_id(self) -> str:
        """Who has access (UUID): the `user_id` of a user, not its actor's, or the `id` of a service account or
        team.
        """
        return self.get_string_attribute("accessor_id")

    @property
    def workspace_role_id(self) -> str:
        """The role (UUID). Either this or its name."""
        return self.get_string_attribute("workspace_role_id")

    @property
    def workspace_role_name(self) -> str:
        """Name of the role: `Viewer`, `Runner`, `Developer`, `Owner`, `Worker`, or one of the account's own.
        Either this or `workspace_role_id`; of one that is made in the same run, its id.
        """
        return self.get_string_attribute("workspace_role_name")

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")


PrefectWorkspaceAccess = WorkspaceAccess
