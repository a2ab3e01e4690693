"""The construct of ephemeral prefect_user_api_key.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.ephemeral.user_api_key``.
"""

from __future__ import annotations

from typing import ClassVar

from prefect_constructs._runtime import IResolvable, Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Identifier,
    Number,
)
from prefect_constructs.stateless import PrefectEphemeral
from prefect_provider.objects.cloud.ephemeral.user_api_key import UserApiKeyForARun as _Declaration

__all__ = [
    "EphemeralPrefectUserApiKey",
]


class EphemeralPrefectUserApiKey(PrefectEphemeral):
    """An API key of a person for one run of Terraform: made when it is used, deleted when the run is over.

    It is neither in the state nor in the plan. Should the run be cut off, the key expires by itself after
    `lifetime`. Terraform opens it for a plan as well as for an apply, a key each.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        user_id: The user (UUID) whose key it is.
        name: Name of the key; `terraform` when left out.
        lifetime: Seconds after which the key expires if nobody deletes it before, a day at most; an hour when
            left out.
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
        user_id: Identifier,
        name: str | None = None,
        lifetime: Number | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "user_id": user_id,
            "name": name,
            "lifetime": lifetime,
        }
        super().__init__(scope, id_, arguments, provider)

    @property
    def user_id(self) -> str:
        """The user (UUID) whose key it is."""
        return self.text_attribute("user_id")

    @property
    def name(self) -> str:
        """Name of the key; `terraform` when left out."""
        return self.text_attribute("name")

    @property
    def lifetime(self) -> IResolvable:
        """Seconds after which the key expires if nobody deletes it before, a day at most; an hour when left out.
        """
        return self.any_attribute("lifetime")

    @property
    def id(self) -> str:
        """The key's id (UUID)."""
        return self.text_attribute("id")

    @property
    def expiration(self) -> str:
        """When the key expires (RFC 3339)."""
        return self.text_attribute("expiration")

    @property
    def key(self) -> str:
        """The key."""
        return self.text_attribute("key")
