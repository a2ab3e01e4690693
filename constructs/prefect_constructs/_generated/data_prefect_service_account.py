"""The construct of data prefect_service_account.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.service_account``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.service_account import ServiceAccountLookup as _Declaration

__all__ = [
    "DataPrefectServiceAccount",
]


class DataPrefectServiceAccount(PrefectDataSource):
    """Looks up a service account, by its id or its name. `api_key` is always null: Prefect shows a key only
    once.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The service account's id (UUID). Left out, the server decides.
        name: The service account's name. Left out, the server decides.
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
        name: str | None = None,
        account_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "account_id": account_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The service account's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The service account's name."""
        return self.get_string_attribute("name")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

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
        """The actor (UUID), by which access to blocks, deployments and pools is given."""
        return self.get_string_attribute("actor_id")

    @property
    def account_role_name(self) -> str:
        """Its role in the account: `Owner`, `Admin`, `Member`, or one of your own."""
        return self.get_string_attribute("account_role_name")

    @property
    def api_key_id(self) -> str:
        """Id of the key that is valid now."""
        return self.get_string_attribute("api_key_id")

    @property
    def api_key_name(self) -> str:
        """Name of that key."""
        return self.get_string_attribute("api_key_name")

    @property
    def api_key_created(self) -> str:
        """When that key was made (RFC 3339)."""
        return self.get_string_attribute("api_key_created")

    @property
    def api_key_expiration(self) -> str:
        """When the key expires (RFC 3339); `None` means never. A change makes a new key, so that a
        `time_rotating` here rotates it in time.
        """
        return self.get_string_attribute("api_key_expiration")

    @property
    def api_key(self) -> str:
        """The key. Null after an import, until it is rotated: Prefect shows a key only when it is made."""
        return self.get_string_attribute("api_key")
