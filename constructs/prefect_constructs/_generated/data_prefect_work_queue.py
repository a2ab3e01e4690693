"""The construct of data prefect_work_queue.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.work_queue``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.work_queue import WorkQueueLookup as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyWorkPool,
    )

__all__ = [
    "DataPrefectWorkQueue",
]


class DataPrefectWorkQueue(PrefectDataSource):
    """Looks up a work queue, by its id or by its pool's name and its own.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The work queue's id (UUID). Left out, the server decides.
        name: The work queue's name; needs `work_pool_name`. Left out, the server decides.
        work_pool_name: The work pool's name; needs `name`. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        description: What the queue is for. If it is set here, the object has to have it.
        concurrency_limit: How many runs at once; `None` means no limit. If it is set here, the object has to
            have it.
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
        work_pool_name: AnyWorkPool | str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        description: str | None = None,
        concurrency_limit: Number | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "work_pool_name": work_pool_name,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "description": description,
            "concurrency_limit": concurrency_limit,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The work queue's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The work queue's name; needs `work_pool_name`."""
        return self.get_string_attribute("name")

    @property
    def work_pool_name(self) -> str:
        """The work pool's name; needs `name`."""
        return self.get_string_attribute("work_pool_name")

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
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def description(self) -> str:
        """What the queue is for. If it is set here, the object has to have it."""
        return self.get_string_attribute("description")

    @property
    def is_paused(self) -> IResolvable:
        """Whether the queue hands out no runs."""
        return self.get_boolean_attribute("is_paused")

    @property
    def concurrency_limit(self) -> float:
        """How many runs at once; `None` means no limit. If it is set here, the object has to have it."""
        return self.get_number_attribute("concurrency_limit")

    @property
    def priority(self) -> float:
        """Rank among the pool's queues, 1 first; no two queues share one. Left out, Prefect assigns it, and
        moves it when another queue takes its place. To keep an order, set it on all queues of the pool.
        """
        return self.get_number_attribute("priority")
