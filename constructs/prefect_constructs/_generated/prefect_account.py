"""The construct of resource prefect_account.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.account``.
"""

from __future__ import annotations

from typing import ClassVar, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    MetaArguments,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.account import Account as _Declaration

__all__ = [
    "Account",
    "AccountSettings",
    "PrefectAccount",
]


class AccountSettings(TypedDict, total=False):
    """What an account allows; what is left out stays as it is."""

    allow_public_workspaces: Flag
    """Whether workspaces may be opened to everybody. Left out, the server decides."""

    ai_log_summaries: Flag
    """Whether logs are summed up by a language model. Left out, the server decides."""

    managed_execution: Flag
    """Whether managed work pools may be used. Left out, the server decides."""

    enforce_webhook_authentication: Flag
    """Whether every webhook needs a service account's key. Left out, the server decides."""


class Account(PrefectResource):
    """An account of Prefect Cloud: its name, settings and domains.

    Nobody can make an account but Prefect: import it, or set the provider's `on_existing` to `adopt`, which
    takes over the account that the provider is set to. Destroying the resource is refused unless
    `deletion_protection` was turned off, because Prefect deletes an account with all its workspaces.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        handle: The account's name in addresses, unique on Prefect Cloud.
        name: Name of the account. Default: `id_`.
        location: Where it is at home, such as `Berlin`.
        link: The address of a page about it.
        settings: What the account allows; what is left out stays as it is.
        domain_names: The domains whose users sign on by way of the account (SSO), in any order. Left out,
            they stay as they are; an empty list removes all.
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
        handle: str,
        name: str | None = None,
        location: str | None = None,
        link: str | None = None,
        settings: AccountSettings | IResolvable | None = None,
        domain_names: Texts | None = None,
        deletion_protection: Flag | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "handle": handle,
            "name": name,
            "location": location,
            "link": link,
            "settings": settings,
            "domain_names": domain_names,
            "deletion_protection": deletion_protection,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the account."""
        return self.get_string_attribute("name")

    @property
    def handle(self) -> str:
        """The account's name in addresses, unique on Prefect Cloud."""
        return self.get_string_attribute("handle")

    @property
    def location(self) -> str:
        """Where it is at home, such as `Berlin`."""
        return self.get_string_attribute("location")

    @property
    def link(self) -> str:
        """The address of a page about it."""
        return self.get_string_attribute("link")

    @property
    def settings(self) -> IResolvable:
        """What the account allows; what is left out stays as it is."""
        return self.interpolation_for_attribute("settings")

    @property
    def domain_names(self) -> list[str]:
        """The domains whose users sign on by way of the account (SSO), in any order. Left out, they stay as they
        are; an empty list removes all.
        """
        return self.get_list_attribute("domain_names")

    @property
    def billing_email(self) -> str:
        """The address that invoices are sent to, as far as Prefect tells; `None` otherwise. It is kept by the
        payment service, and no API changes it.
        """
        return self.get_string_attribute("billing_email")

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
    def deletion_protection(self) -> IResolvable:
        """Whether destroying the resource is an error instead of a deletion, as it is unless this is false. To
        delete it, apply with `false` first; a `removed` block takes it out of the state and leaves it as it
        is.
        """
        return self.get_boolean_attribute("deletion_protection")


PrefectAccount = Account
