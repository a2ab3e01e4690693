"""The construct of data prefect_global_concurrency_limit.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.global_concurrency_limit``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    Instant,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimitLookup as _Declaration

__all__ = [
    "DataPrefectGlobalConcurrencyLimit",
]


class DataPrefectGlobalConcurrencyLimit(PrefectDataSource):
    """Looks up a global concurrency limit, by its id or its name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The global concurrency limit's id (UUID). Left out, the server decides.
        name: The global concurrency limit's name. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        created: When the object was created (RFC 3339). If it is set here, the object has to have it.
        updated: When the object was last changed (RFC 3339). Kept as it is while nothing else of the object
            differs. If it is set here, the object has to have it.
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
        workspace_id: Identifier | None = None,
        created: Instant | None = None,
        updated: Instant | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "created": created,
            "updated": updated,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The global concurrency limit's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The global concurrency limit's name."""
        return self.get_string_attribute("name")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339). If it is set here, the object has to have it."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        If it is set here, the object has to have it.
        """
        return self.get_string_attribute("updated")

    @property
    def limit(self) -> float:
        """How many slots there are."""
        return self.get_number_attribute("limit")

    @property
    def active(self) -> IResolvable:
        """Whether the limit is kept to."""
        return self.get_boolean_attribute("active")

    @property
    def active_slots(self) -> float:
        """How many slots are taken. Sent when the limit is created, and never again: whoever holds a slot gives
        it back. Kept as it is while nothing else of the limit differs.
        """
        return self.get_number_attribute("active_slots")

    @property
    def slot_decay_per_second(self) -> float:
        """How many slots become free by themselves in a second; 0 means that they are given back."""
        return self.get_number_attribute("slot_decay_per_second")
