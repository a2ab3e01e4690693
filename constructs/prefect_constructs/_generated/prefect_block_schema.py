"""The construct of resource prefect_block_schema.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.block_schema``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    JsonObject,
    MetaArguments,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.block_schema import BlockSchema as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyBlockType,
    )

__all__ = [
    "BlockSchema",
    "PrefectBlockSchema",
]


class BlockSchema(PrefectResource):
    """A schema of a block type: the fields of its blocks. The newest one of a type is that of new blocks.

    A schema cannot be changed: another one takes its place, and the blocks that followed the old one are
    deleted with it. Prefect keeps one schema of the same fields and version, whatever its type.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        block_type: The block type, or its id. Changing it makes a new object.
        block_type_id: The same as `block_type`.
        fields: The fields, as the JSON schema of an object; `secret_fields` in it names those that are
            secret. Left out, the schema has none. Changing it makes a new object.
        capabilities: What blocks of the schema can do, such as `get-directory`. Left out, nothing that is
            known. Changing it makes a new object.
        version: Version of the schema. Left out, it is `non-versioned`. Changing it makes a new object.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"block_type": "block_type_id"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        block_type: AnyBlockType | Identifier | None = None,
        block_type_id: AnyBlockType | Identifier | None = None,
        fields: JsonObject | None = None,
        capabilities: Texts | None = None,
        version: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "block_type": block_type,
            "block_type_id": block_type_id,
            "fields": fields,
            "capabilities": capabilities,
            "version": version,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def block_type_id(self) -> str:
        """The block type (UUID)."""
        return self.get_string_attribute("block_type_id")

    @property
    def block_type(self) -> str:
        """The block type's slug: as `type_slug` of a block, it has the block wait for the schema."""
        return self.get_string_attribute("block_type")

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
    def version(self) -> str:
        """Version of the schema. Left out, it is `non-versioned`."""
        return self.get_string_attribute("version")

    @property
    def checksum(self) -> str:
        """Checksum of the fields."""
        return self.get_string_attribute("checksum")

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

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")


PrefectBlockSchema = BlockSchema
