"""The construct of resource prefect_account_member.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.account_member``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.account_member import AccountMember as _Declaration

__all__ = [
    "AccountMember",
    "PrefectAccountMember",
]


class AccountMember(PrefectResource):
    """A member of the account: a person, and the role that they have in it.

    Members are invited in Prefect Cloud, and become members when they accept. Import them by their e-mail
    address, or set the provider's `on_existing` to `adopt`, which takes them over by the `email` of the
    configuration. Destroying the resource is refused unless `deletion_protection` was turned off, because it
    takes the person out of the account.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        email: The person's e-mail address; another is another person. Left out, the server decides. Changing
            it makes a new object.
        account_role_id: The member's role in the account (UUID). Left out, the server decides.
        account_role_name: The same role by its name, such as `Admin`; set one of the two. Left out, the
            server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        deletion_protection: Whether destroying the resource is an error instead of a deletion, as it is
            unless this is false. To delete it, apply with `false` first; a `removed` block takes it out of
            the state and leaves it as it is.
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
        email: str | None = None,
        account_role_id: Identifier | None = None,
        account_role_name: str | None = None,
        account_id: Identifier | None = None,
        deletion_protection: Flag | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "email": email,
            "account_role_id": account_role_id,
            "account_role_name": account_role_name,
            "account_id": account_id,
            "deletion_protection": deletion_protection,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def email(self) -> str:
        """The person's e-mail address; another is another person."""
        return self.get_string_attribute("email")

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

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def deletion_protection(self) -> IResolvable:
        """Whether destroying the resource is an error instead of a deletion, as it is unless this is false. To
        delete it, apply with `false` first; a `removed` block takes it out of the state and leaves it as it
        is.
        """
        return self.get_boolean_attribute("deletion_protection")


PrefectAccountMember = AccountMember
