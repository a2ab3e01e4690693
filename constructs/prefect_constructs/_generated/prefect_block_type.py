"""The construct of resource prefect_block_type.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.block_type``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.block_type import BlockType as _Declaration

__all__ = [
    "BlockType",
    "PrefectBlockType",
]


class BlockType(PrefectResource):
    """A type of block; its blocks follow one of its schemas (`prefect_block_schema`).

    Deleting a type deletes its schemas and its blocks.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        slug: What blocks call their type: `type_slug` of a `prefect_block`. Changing it makes a new object.
        name: Name of the type. Names that start with `prefect` are reserved by Prefect. Changing it makes a
            new object. Default: `id_`.
        logo_url: URL of the type's logo.
        documentation_url: URL of the type's documentation.
        description: What blocks of the type are for.
        code_example: Code that shows a block of the type at work.
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
        slug: str,
        name: str | None = None,
        logo_url: str | None = None,
        documentation_url: str | None = None,
        description: str | None = None,
        code_example: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "slug": slug,
            "name": name,
            "logo_url": logo_url,
            "documentation_url": documentation_url,
            "description": description,
            "code_example": code_example,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the type. Names that start with `prefect` are reserved by Prefect."""
        return self.get_string_attribute("name")

    @property
    def slug(self) -> str:
        """What blocks call their type: `type_slug` of a `prefect_block`."""
        return self.get_string_attribute("slug")

    @property
    def logo_url(self) -> str:
        """URL of the type's logo."""
        return self.get_string_attribute("logo_url")

    @property
    def documentation_url(self) -> str:
        """URL of the type's documentation."""
        return self.get_string_attribute("documentation_url")

    @property
    def description(self) -> str:
        """What blocks of the type are for."""
        return self.get_string_attribute("description")

    @property
    def code_example(self) -> str:
        """Code that shows a block of the type at work."""
        return self.get_string_attribute("code_example")

    @property
    def is_protected(self) -> IResolvable:
        """Whether Prefect brought the type, and refuses to delete it."""
        return self.get_boolean_attribute("is_protected")

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


PrefectBlockType = BlockType
