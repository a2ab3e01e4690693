"""The construct of ephemeral prefect_block.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.ephemeral.block``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from prefect_constructs._runtime import Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Identifier,
)
from prefect_constructs.stateless import PrefectEphemeral
from prefect_provider.objects.server.ephemeral.block import BlockReading as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyBlockType,
    )

__all__ = [
    "EphemeralPrefectBlock",
]


class EphemeralPrefectBlock(PrefectEphemeral):
    """Reads a block with its secrets when it is used; they are neither in the state nor in the plan.

    `jsondecode(ephemeral.prefect_block.<name>.data)` has the fields; of a block that the block refers to, the
    fields are inside.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        id: The block's id (UUID); this, or `type_slug` and `name`. Left out, the server decides.
        type_slug: Slug of the block's type, such as `secret`. Left out, the server decides.
        name: Name of the block; needs `type_slug`. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's.
        provider: The provider that it uses, if not the one without an alias.

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
        type_slug: AnyBlockType | str | None = None,
        name: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "id": id,
            "type_slug": type_slug,
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, provider)

    @property
    def id(self) -> str:
        """The block's id (UUID); this, or `type_slug` and `name`."""
        return self.text_attribute("id")

    @property
    def type_slug(self) -> str:
        """Slug of the block's type, such as `secret`."""
        return self.text_attribute("type_slug")

    @property
    def name(self) -> str:
        """Name of the block; needs `type_slug`."""
        return self.text_attribute("name")

    @property
    def data(self) -> str:
        """The block's fields in clear, as a JSON object."""
        return self.text_attribute("data")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.text_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.text_attribute("workspace_id")
