"""The construct of resource prefect_block.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.block``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    JsonObject,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.block import Block as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyBlockType,
    )

__all__ = [
    "Block",
    "PrefectBlock",
]


class Block(PrefectResource):
    """A block document: named settings or secrets of a block type, which flows and automations load by name.

    `data` is stored in Terraform's state, as sensitive. `data_wo` never is: it is sent when the block is
    created and whenever `data_wo_version` changes. Prefect deletes a deployment along with the block that is
    its storage or infrastructure, so such a block is not deleted while a deployment uses it.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        name: Name of the block. Changing it makes a new object. Default: `id_`.
        block_type: The block type, or its slug. Changing it makes a new object.
        type_slug: The same as `block_type`.
        data: The block's fields as a JSON object. `{"$ref": {"block_document_id": "..."}}` stands for another
            block. Of a block that exists, what it has is kept when both this and `data_wo` are left out.
            Sensitive: what is written here is readable in the synthesized configuration.
        data_wo: The block's fields as a JSON object, sent but never stored in plan or state. Sensitive: what
            is written here is readable in the synthesized configuration.
        data_wo_version: Change it to send `data_wo` again: Terraform cannot see that it changed.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"block_type": "type_slug"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        name: str | None = None,
        block_type: AnyBlockType | str | None = None,
        type_slug: AnyBlockType | str | None = None,
        data: JsonObject | None = None,
        data_wo: JsonObject | None = None,
        data_wo_version: Number | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "name": name,
            "block_type": block_type,
            "type_slug": type_slug,
            "data": data,
            "data_wo": data_wo,
            "data_wo_version": data_wo_version,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the block."""
        return self.get_string_attribute("name")

    @property
    def type_slug(self) -> str:
        """Slug of the block's type, such as `secret` or `slack-webhook`."""
        return self.get_string_attribute("type_slug")

    @property
    def data(self) -> str:
        """The block's fields as a JSON object. `{"$ref": {"block_document_id": "..."}}` stands for another
        block. Of a block that exists, what it has is kept when both this and `data_wo` are left out.
        """
        return self.get_string_attribute("data")

    @property
    def data_wo_version(self) -> float:
        """Change it to send `data_wo` again: Terraform cannot see that it changed."""
        return self.get_number_attribute("data_wo_version")

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


PrefectBlock = Block
