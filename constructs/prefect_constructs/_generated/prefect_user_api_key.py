"""The construct of resource prefect_user_api_key.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.user_api_key``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    Instant,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.user_api_key import UserApiKey as _Declaration

__all__ = [
    "PrefectUserApiKey",
    "UserApiKey",
]


class UserApiKey(PrefectResource):
    """An API key of a person.

    Prefect shows the key once, when it is made, so it is kept in Terraform's state, as sensitive. Any change
    makes a new key and deletes the old one. A key for one run only, which no state holds, is made by
    `ephemeral "prefect_user_api_key"`. Only the person's own API key may make others. After an import `key`
    is null: nobody can read it any more.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        user_id: The user (UUID) whose key it is. Changing it makes a new object.
        name: Name of the key. Changing it makes a new object. Default: `id_`.
        expiration: When the key expires (RFC 3339); `None` means never. Changing it makes a new object.
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
        user_id: Identifier,
        name: str | None = None,
        expiration: Instant | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "user_id": user_id,
            "name": name,
            "expiration": expiration,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def user_id(self) -> str:
        """The user (UUID) whose key it is."""
        return self.get_string_attribute("user_id")

    @property
    def name(self) -> str:
        """Name of the key."""
        return self.get_string_attribute("name")

    @property
    def expiration(self) -> str:
        """When the key expires (RFC 3339); `None` means never."""
        return self.get_string_attribute("expiration")

    @property
    def key(self) -> str:
        """The key. Null after an import: Prefect shows a key only when it is made."""
        return self.get_string_attribute("key")

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")


PrefectUserApiKey = UserApiKey
