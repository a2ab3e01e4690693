"""A work pool and the queues in it, by priority and with limits; as the Terraform module of this name makes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs._generated import WorkPool, WorkQueue
from prefect_constructs._runtime import Construct
from prefect_constructs.errors import refuse
from prefect_constructs.placement import place
from prefect_constructs.tokens import is_unresolved
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_constructs._runtime import Scope
    from prefect_constructs.argument_types import Flag, JsonObject, Number

__all__ = ["PoolQueue", "WorkPoolWithQueues"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolQueue:
    """A queue of a pool.

    ``priority`` is its rank among the queues: 1 is served first, and no two share one. ``concurrency_limit`` is how
    many runs it has at work at once, ``None`` for any number. ``paused``: whether it hands out no runs.
    """

    priority: Number | None = None
    concurrency_limit: Number | None = None
    description: str | None = None
    paused: Flag | None = None


class WorkPoolWithQueues(Construct):
    """A work pool with queues.

    For example::

        etl = WorkPoolWithQueues(
            self,
            "etl",
            type="process",
            queues={"urgent": PoolQueue(priority=1), "nightly": PoolQueue(priority=2, concurrency_limit=4)},
        )
        Deployment(self, "load", entrypoint="flows/orders.py:load_orders", work_queue=etl.queues["nightly"])

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows the objects by this name: keep it.
        type: The kind of worker that serves the pool: `process`, `docker`, `kubernetes`, `ecs` and so on.
        queues: The queues by name. Give either all of them a priority or none. The queue `default` is there always:
            naming it here sets what it has.
        name: Name of the pool. Default: `id_`.
        description: What the pool is for.
        paused: Whether the pool hands out no runs. Default: `False`.
        concurrency_limit: How many runs of the whole pool are at work at once; `None` means no limit.
        base_job_template: The template of a run's infrastructure. Default: what the worker brings.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        type: str,  # noqa: A002 - Prefect's word
        queues: Mapping[str, PoolQueue] | None = None,
        name: str | None = None,
        description: str | None = None,
        paused: Flag | None = None,
        concurrency_limit: Number | None = None,
        base_job_template: JsonObject | None = None,
    ) -> None:
        where = place(self.__class__.__name__, scope, id_)
        wanted = dict(queues or {})
        _check(wanted, where)
        outer: Any = scope
        super().__init__(outer, id_)
        self.pool: Final = WorkPool(
            self,
            "pool",
            name=name or id_,
            type=type,
            description=description,
            paused=paused,
            concurrency_limit=concurrency_limit,
            base_job_template=base_job_template,
        )
        """The pool."""
        self.queues: Final[dict[str, WorkQueue]] = {
            called: WorkQueue(
                self,
                f"queue-{called}",
                work_pool=self.pool,
                name=called,
                description=queue.description,
                priority=queue.priority,
                concurrency_limit=queue.concurrency_limit,
                is_paused=queue.paused,
            )
            for called, queue in wanted.items()
        }
        """The queues by name."""


def _check(queues: Mapping[str, Any], where: Callable[[], str]) -> None:
    """Refuse priorities that Prefect would move.

    :raises PrefectConstructError: two queues share one, or some have one and some have none.
    """
    for called, queue in queues.items():
        if not isinstance(queue, PoolQueue):
            expected = "queues, such as `PoolQueue(priority=1)`"
            raise refuse(where, ("queues", called), expected=expected, got=show(queue))
    ranked = {called: queue.priority for called, queue in queues.items() if queue.priority is not None}
    if ranked and len(ranked) < len(queues):
        what = (
            f"{names([one for one in queues if one not in ranked])} without a priority, which Prefect moves"
        )
        raise refuse(where, ("queues",), what, remedy="Give all of the queues a priority, or none.")
    counted = Counter(priority for priority in ranked.values() if not is_unresolved(priority))
    for priority, count in counted.items():
        if count > 1:
            both = names([called for called, given in ranked.items() if given == priority])
            what = f"{both} have the same priority, {show(priority)}; Prefect would move one of them"
            raise refuse(where, ("queues",), what, remedy="Give each a priority of its own.")
