"""The construct of data prefect_flow.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.flow``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.flow import FlowLookup as _Declaration

__all__ = [
    "DataPrefectFlow",
]


class DataPrefectFlow(PrefectDataSource):
    """Looks up a flow, by its id or its name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The flow's id (UUID). Left out, the server decides.
        name: The flow's name. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
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
        name: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The flow's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The flow's name."""
        return self.get_string_attribute("name")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

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
    def tags(self) -> list[str]:
        """Tags of the flow."""
        return self.get_list_attribute("tags")

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of the flow: names to values, for filtering and governance. Labels that Prefect adds are left
        alone. An open-source server cannot change the labels of a flow, so there a change replaces the flow,
        which deletes its deployments and runs; Prefect Cloud changes them in place.
        """
        return self.get_string_map_attribute("labels")
