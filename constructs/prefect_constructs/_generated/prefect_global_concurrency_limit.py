"""The construct of resource prefect_global_concurrency_limit.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.global_concurrency_limit``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit as _Declaration

__all__ = [
    "GlobalConcurrencyLimit",
    "PrefectGlobalConcurrencyLimit",
]


class GlobalConcurrencyLimit(PrefectResource):
    """A global concurrency limit: how many tasks, runs or other users of a name may be at work at once.

    Deployments can share one (`global_concurrency_limit_id`), and it stays when one of them is destroyed.
    With `slot_decay_per_second` it limits a rate.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        limit: How many slots there are.
        name: Name of the limit. Default: `id_`.
        active: Whether the limit is kept to. Default: `True`.
        active_slots: How many slots are taken. Sent when the limit is created, and never again: whoever holds
            a slot gives it back. Kept as it is while nothing else of the limit differs. Left out, the server
            decides.
        slot_decay_per_second: How many slots become free by themselves in a second; 0 means that they are
            given back. Default: `0`.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
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
        limit: Number,
        name: str | None = None,
        active: Flag | None = None,
        active_slots: Number | None = None,
        slot_decay_per_second: Number | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "limit": limit,
            "name": name,
            "active": active,
            "active_slots": active_slots,
            "slot_decay_per_second": slot_decay_per_second,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the limit."""
        return self.get_string_attribute("name")

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
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")


PrefectGlobalConcurrencyLimit = GlobalConcurrencyLimit
