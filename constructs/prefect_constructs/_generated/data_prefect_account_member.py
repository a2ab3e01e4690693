"""The construct of data prefect_account_member.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.account_member``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.account_member import AccountMemberLookup as _Declaration

__all__ = [
    "DataPrefectAccountMember",
]


class DataPrefectAccountMember(PrefectDataSource):
    """Looks up a member of the account, by their e-mail address or the id of the membership.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The account member's id (UUID). Left out, the server decides.
        email: The account member's email. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
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
        email: str | None = None,
        account_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "email": email,
            "account_id": account_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The account member's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def email(self) -> str:
        """The account member's email."""
        return self.get_string_attribute("email")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def account_role_id(self) -> str:
        """The member's role in the account (UUID)."""
        return self.get_string_attribute("account_role_id")

    @property
    def account_role_name(self) -> str:
        """The same role by its name, such as `Admin`; set one of the two."""
        return self.get_string_attribute("account_role_name")

    @property
    def actor_id(self) -> str:
        """The actor (UUID), by which access to objects is given."""
        return self.get_string_attribute("actor_id")

    @property
    def user_id(self) -> str:
        """The user (UUID)."""
        return self.get_string_attribute("user_id")

    @property
    def first_name(self) -> str:
        """First name."""
        return self.get_string_attribute("first_name")

    @property
    def last_name(self) -> str:
        """Last name."""
        return self.get_string_attribute("last_name")

    @property
    def handle(self) -> str:
        """The user's handle."""
        return self.get_string_attribute("handle")
