"""The construct of resource prefect_work_queue.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.work_queue``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.work_queue import WorkQueue as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyWorkPool,
    )

__all__ = [
    "PrefectWorkQueue",
    "WorkQueue",
]


class WorkQueue(PrefectResource):
    """A queue: a named lane of a work pool; its priority decides which lane is served first.

    Every pool comes with a queue named `default`. Declaring it here takes it over; destroying the resource
    then leaves the queue in place, because Prefect cannot delete it.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        work_pool: The work pool, or its name. Changing it makes a new object.
        work_pool_name: The same as `work_pool`.
        name: Name of the queue. Default: `id_`.
        description: What the queue is for. Default: empty.
        is_paused: Whether the queue hands out no runs. Default: `False`.
        concurrency_limit: How many runs at once; `None` means no limit.
        priority: Rank among the pool's queues, 1 first; no two queues share one. Left out, Prefect assigns
            it, and moves it when another queue takes its place. To keep an order, set it on all queues of the
            pool.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"work_pool": "work_pool_name"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        work_pool: AnyWorkPool | str | None = None,
        work_pool_name: AnyWorkPool | str | None = None,
        name: str | None = None,
        description: str | None = None,
        is_paused: Flag | None = None,
        concurrency_limit: Number | None = None,
        priority: Number | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "work_pool": work_pool,
            "work_pool_name": work_pool_name,
            "name": name,
            "description": description,
            "is_paused": is_paused,
            "concurrency_limit": concurrency_limit,
            "priority": priority,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def work_pool_name(self) -> str:
        """Name of the work pool that the queue belongs to."""
        return self.get_string_attribute("work_pool_name")

    @property
    def name(self) -> str:
        """Name of the queue."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the queue is for."""
        return self.get_string_attribute("description")

    @property
    def is_paused(self) -> IResolvable:
        """Whether the queue hands out no runs."""
        return self.get_boolean_attribute("is_paused")

    @property
    def concurrency_limit(self) -> float:
        """How many runs at once; `None` means no limit."""
        return self.get_number_attribute("concurrency_limit")

    @property
    def priority(self) -> float:
        """Rank among the pool's queues, 1 first; no two queues share one. Left out, Prefect assigns it, and
        moves it when another queue takes its place. To keep an order, set it on all queues of the pool.
        """
        return self.get_number_attribute("priority")

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


PrefectWorkQueue = WorkQueue
