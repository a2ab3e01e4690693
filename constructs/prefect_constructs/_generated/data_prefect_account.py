"""The construct of data prefect_account.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.account``.
"""

from __future__ import annotations

from typing import ClassVar, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.account import AccountLookup as _Declaration

__all__ = [
    "DataPrefectAccount",
    "DataPrefectAccountSettings",
]


class DataPrefectAccountSettings(TypedDict, total=False):
    """What an account has to allow for the look-up to succeed."""

    allow_public_workspaces: Flag
    """Whether workspaces may be opened to everybody. Left out, the server decides."""

    ai_log_summaries: Flag
    """Whether logs are summed up by a language model. Left out, the server decides."""

    managed_execution: Flag
    """Whether managed work pools may be used. Left out, the server decides."""

    enforce_webhook_authentication: Flag
    """Whether every webhook needs a service account's key. Left out, the server decides."""


class DataPrefectAccount(PrefectDataSource):
    """Looks up an account: the one of an id, or the provider's.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        settings: What the account allows. What is set here, the account has to have. Left out, the server
            decides.
        id: The account's id (UUID). Left out, the server decides.
        handle: The account's handle. Left out, the server decides.
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
        settings: DataPrefectAccountSettings | IResolvable | None = None,
        id: Identifier | None = None,
        handle: str | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "settings": settings,
            "id": id,
            "handle": handle,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def settings(self) -> IResolvable:
        """What the account allows. What is set here, the account has to have."""
        return self.interpolation_for_attribute("settings")

    @property
    def id(self) -> str:
        """The account's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def handle(self) -> str:
        """The account's handle."""
        return self.get_string_attribute("handle")

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
    def name(self) -> str:
        """Name of the account."""
        return self.get_string_attribute("name")

    @property
    def location(self) -> str:
        """Where it is at home, such as `Berlin`."""
        return self.get_string_attribute("location")

    @property
    def link(self) -> str:
        """The address of a page about it."""
        return self.get_string_attribute("link")

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
