"""The construct of data prefect_workspace.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.workspace``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.workspace import WorkspaceLookup as _Declaration

__all__ = [
    "DataPrefectWorkspace",
]


class DataPrefectWorkspace(PrefectDataSource):
    """Looks up a workspace, by its id or its handle.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The workspace's id (UUID). Left out, the server decides.
        handle: The workspace's handle. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
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
        id: Identifier | None = None,
        handle: str | None = None,
        account_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "handle": handle,
            "account_id": account_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The workspace's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def handle(self) -> str:
        """The workspace's handle."""
        return self.get_string_attribute("handle")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

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
    def name(self) -> str:
        """Name of the workspace, unique in the account."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the workspace is for."""
        return self.get_string_attribute("description")

    @property
    def default_workspace_role_id(self) -> str:
        """The workspace role (UUID) that every member of the account has in it; none, unless one is set."""
        return self.get_string_attribute("default_workspace_role_id")
