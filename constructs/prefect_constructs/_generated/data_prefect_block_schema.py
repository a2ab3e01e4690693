"""The construct of data prefect_block_schema.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.block_schema``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.block_schema import BlockSchemaLookup as _Declaration

__all__ = [
    "DataPrefectBlockSchema",
]


class DataPrefectBlockSchema(PrefectDataSource):
    """Looks up a block schema, by its id or by its type's slug and its version.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        block_type: The slug of the block type; needs `version`. Left out, the server decides.
        id: The block schema's id (UUID). Left out, the server decides.
        version: The block schema's version; needs `block_type`. Left out, the server decides.
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
        block_type: str | None = None,
        id: Identifier | None = None,
        version: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "block_type": block_type,
            "id": id,
            "version": version,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def block_type(self) -> str:
        """The slug of the block type; needs `version`."""
        return self.get_string_attribute("block_type")

    @property
    def id(self) -> str:
        """The block schema's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def version(self) -> str:
        """The block schema's version; needs `block_type`."""
        return self.get_string_attribute("version")

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
    def block_type_id(self) -> str:
        """The block type (UUID)."""
        return self.get_string_attribute("block_type_id")

    @property
    def fields(self) -> str:
        """The fields, as the JSON schema of an object; `secret_fields` in it names those that are secret. Left
        out, the schema has none.
        """
        return self.get_string_attribute("fields")

    @property
    def capabilities(self) -> list[str]:
        """What blocks of the schema can do, such as `get-directory`. Left out, nothing that is known."""
        return self.get_list_attribute("capabilities")

    @property
    def checksum(self) -> str:
        """Checksum of the fields."""
        return self.get_string_attribute("checksum")
