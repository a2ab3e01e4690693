"""The construct of resource prefect_variable.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.variable``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    JsonValue,
    MetaArguments,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.variable import Variable as _Declaration

__all__ = [
    "PrefectVariable",
    "Variable",
]


class Variable(PrefectResource):
    """A variable: a named JSON value that flows read when they run.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        value: The value: a string, number, bool, list or object, at most 5,000 characters as JSON. Prefect
            stores whole numbers of up to 64 bits and other numbers as 64-bit floats.
        name: Name of the variable. Default: `id_`.
        tags: Tags of the variable. Default: `[]`.
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
        value: JsonValue,
        name: str | None = None,
        tags: Texts | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "value": value,
            "name": name,
            "tags": tags,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the variable."""
        return self.get_string_attribute("name")

    @property
    def value(self) -> IResolvable:
        """The value: a string, number, bool, list or object, at most 5,000 characters as JSON. Prefect stores
        whole numbers of up to 64 bits and other numbers as 64-bit floats.
        """
        return self.interpolation_for_attribute("value")

    @property
    def tags(self) -> list[str]:
        """Tags of the variable."""
        return self.get_list_attribute("tags")

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


PrefectVariable = Variable
