"""The construct of data prefect_user.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.user``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.user import UserLookup as _Declaration

__all__ = [
    "DataPrefectUser",
]


class DataPrefectUser(PrefectDataSource):
    """Looks up a user by id; Prefect Cloud shows a key's own user only. Others are members of the account.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The user's id (UUID). Left out, the server decides.
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
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The user's id (UUID)."""
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
    def actor_id(self) -> str:
        """The actor (UUID), by which access and membership of teams are given."""
        return self.get_string_attribute("actor_id")

    @property
    def handle(self) -> str:
        """Name by which the user is known, unique in Prefect Cloud: lowercase letters, digits and hyphens."""
        return self.get_string_attribute("handle")

    @property
    def first_name(self) -> str:
        """First name."""
        return self.get_string_attribute("first_name")

    @property
    def last_name(self) -> str:
        """Last name."""
        return self.get_string_attribute("last_name")

    @property
    def email(self) -> str:
        """E-mail address."""
        return self.get_string_attribute("email")
