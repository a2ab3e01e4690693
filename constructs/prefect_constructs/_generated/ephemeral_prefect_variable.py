"""The construct of ephemeral prefect_variable.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.ephemeral.variable``.
"""

from __future__ import annotations

from typing import ClassVar

from prefect_constructs._runtime import IResolvable, Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Identifier,
)
from prefect_constructs.stateless import PrefectEphemeral
from prefect_provider.objects.server.ephemeral.variable import VariableReading as _Declaration

__all__ = [
    "EphemeralPrefectVariable",
]


class EphemeralPrefectVariable(PrefectEphemeral):
    """Reads a variable when it is used; its value is neither in the state nor in the plan.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        name: Name of the variable.
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
        name: str,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, provider)

    @property
    def name(self) -> str:
        """Name of the variable."""
        return self.text_attribute("name")

    @property
    def id(self) -> str:
        """The variable's id (UUID)."""
        return self.text_attribute("id")

    @property
    def value(self) -> IResolvable:
        """The value, of whatever type it is."""
        return self.any_attribute("value")

    @property
    def tags(self) -> IResolvable:
        """Tags of the variable."""
        return self.any_attribute("tags")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.text_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.text_attribute("workspace_id")
