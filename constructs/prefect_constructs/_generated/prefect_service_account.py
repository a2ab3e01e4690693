"""The construct of resource prefect_service_account.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.service_account``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    Instant,
    MetaArguments,
    Number,
    TextMap,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.service_account import ServiceAccount as _Declaration

__all__ = [
    "PrefectServiceAccount",
    "ServiceAccount",
]


class ServiceAccount(PrefectResource):
    """A service account: an API key for programs, such as workers, that is no person's.

    Prefect shows the key once, when it is made, so it is kept in Terraform's state, as sensitive. No later
    change loses it, and a new one is made only when `api_key_expiration` or `api_key_keepers` changes; the
    old one then ends at once, or after `old_key_expires_in_seconds`. Encrypt the state. Where a key is needed
    for one run only, take one of a user that no state holds: `ephemeral "prefect_user_api_key"`. For the key
    of a service account there is nothing of the kind: Terraform opens ephemeral resources for each plan as
    well, and each time Prefect would have to make a new key.

    After an import the key is not known (`api_key` is null) until it is rotated. Where somebody else has
    rotated it, every refresh says so until Terraform rotates it again.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
            Changing it makes a new object.
        name: Name of the service account, unique in the account. Default: `id_`.
        account_role_name: Its role in the account: `Owner`, `Admin`, `Member`, or one of your own. Default:
            `Member`.
        api_key_expiration: When the key expires (RFC 3339); `None` means never. A change makes a new key, so
            that a `time_rotating` here rotates it in time.
        api_key_keepers: Values that go with the key: when one of them changes, a new key is made. The account
            itself stays.
        old_key_expires_in_seconds: For how long the old key stays valid after a rotation, two days at most; 0
            ends it at once. Default: `0`.
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
        account_id: Identifier | None = None,
        name: str | None = None,
        account_role_name: str | None = None,
        api_key_expiration: Instant | None = None,
        api_key_keepers: TextMap | None = None,
        old_key_expires_in_seconds: Number | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "account_id": account_id,
            "name": name,
            "account_role_name": account_role_name,
            "api_key_expiration": api_key_expiration,
            "api_key_keepers": api_key_keepers,
            "old_key_expires_in_seconds": old_key_expires_in_seconds,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def name(self) -> str:
        """Name of the service account, unique in the account."""
        return self.get_string_attribute("name")

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
    def api_key_keepers(self) -> Mapping[str, str]:
        """Values that go with the key: when one of them changes, a new key is made. The account itself stays.
        """
        return self.get_string_map_attribute("api_key_keepers")

    @property
    def old_key_expires_in_seconds(self) -> float:
        """For how long the old key stays valid after a rotation, two days at most; 0 ends it at once."""
        return self.get_number_attribute("old_key_expires_in_seconds")

    @property
    def api_key(self) -> str:
        """The key. Null after an import, until it is rotated: Prefect shows a key only when it is made."""
        return self.get_string_attribute("api_key")

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


PrefectServiceAccount = ServiceAccount
