"""The construct of data prefect_block.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.block``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.block import BlockLookup as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyBlockType,
    )

__all__ = [
    "DataPrefectBlock",
]


class DataPrefectBlock(PrefectDataSource):
    """Looks up a block, by its id or by its type and its name.

    Its `data` is read in clear and stored in Terraform's state, as sensitive, unless `include_secrets` is
    false.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        include_secrets: Whether `data` is read, with its secrets; true when left out. If it is false, `data`
            is `None`.
        id: The block's id (UUID). Left out, the server decides.
        name: The block's name; needs `type_slug`. Left out, the server decides.
        type_slug: The type's slug; needs `name`. Left out, the server decides.
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
        include_secrets: Flag | None = None,
        id: Identifier | None = None,
        name: str | None = None,
        type_slug: AnyBlockType | str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "include_secrets": include_secrets,
            "id": id,
            "name": name,
            "type_slug": type_slug,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def include_secrets(self) -> IResolvable:
        """Whether `data` is read, with its secrets; true when left out. If it is false, `data` is `None`."""
        return self.get_boolean_attribute("include_secrets")

    @property
    def id(self) -> str:
        """The block's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The block's name; needs `type_slug`."""
        return self.get_string_attribute("name")

    @property
    def type_slug(self) -> str:
        """The type's slug; needs `name`."""
        return self.get_string_attribute("type_slug")

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
    def data(self) -> str:
        """The block's fields as a JSON object. `{"$ref": {"block_document_id": "..."}}` stands for another
        block. Of a block that exists, what it has is kept when both this and `data_wo` are left out.
        """
        return self.get_string_attribute("data")
