"""``prefect_work_queue``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from prefect_provider.api import NotFound, ServerFault, join_path
from prefect_provider.objects.cascades import Dependents
from prefect_provider.objects.filters import Filter, filter_by_id, filter_by_name
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup, no_such
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import (
    NAME_FORM,
    NAME_PATTERN,
    changed_names,
    delete_if_there,
    get_or_none,
)
from prefect_provider.objects.server.queue_ranks import DEFAULT_QUEUE, Ranks, ranks_of
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import Bool, Integer, SetOf, String
from prefect_provider.plugin.language.nested import NestedSet
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["WorkQueue", "WorkQueueLookup", "WorkQueues"]


class WorkQueue(WorkspaceObject):
    """A queue: a named lane of a work pool; its priority decides which lane is served first.

    Every pool comes with a queue named `default`. Declaring it here takes it over; destroying the resource then
    leaves the queue in place, because Prefect cannot delete it.
    """

    type_name = "prefect_work_queue"
    address = "/work_pools/{work_pool_name}/queues/{name}"
    by_id = "/work_queues/{id}"
    key = Key("{work_pool_name},{name:queue name}", path=address, listed="/work_queues")
    needed = ("id", "name", "work_pool_name", "priority")
    filters = (
        filter_by_id("work_queues"),
        Filter("work_pool_name", String(), "Only those of the work pool of this name.", ""),
        filter_by_name("work_queues"),
        Filter(
            "name_starts_with",
            SetOf(String()),
            "Only those whose names start with one of these texts, in upper or lower case.",
            "work_queues.name.startswith_",
        ),
    )

    work_pool_name = required(
        String(pattern=NAME_PATTERN, form=NAME_FORM),
        "Name of the work pool that the queue belongs to.",
        replace=True,
    )
    name = required(String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the queue.")
    description = optional(String(), "What the queue is for.", default="", null_is="")
    is_paused = optional(Bool(), "Whether the queue hands out no runs.", default=False)
    concurrency_limit = optional(Integer(minimum=0), "How many runs at once; null means no limit.")
    priority = optional(
        Integer(minimum=1),
        "Rank among the pool's queues, 1 first; no two queues share one. Left out, Prefect assigns it, and moves "
        "it when another queue takes its place. To keep an order, set it on all queues of the pool.",
        server_default=True,
    )

    @classmethod
    def generated(cls, config: Values) -> Values:
        """Without the rank: two queues that both insist on theirs would fight over it."""
        return config | {"priority": None}

    def listed_at(self, given: Mapping[str, Value] = MappingProxyType({})) -> str:
        """Below its pool, or together with those of all pools."""
        pool = given.get("work_pool_name")
        return super().listed_at() if pool is None else join_path("work_pools", str(pool), "queues")

    async def check_existing(self, plan: Plan) -> None:
        """The queue that every pool has is there, and is taken over without a word."""
        if plan.prior is not None or plan.planned["name"] != DEFAULT_QUEUE:
            await super().check_existing(plan)

    def dependents(self, prior: Values) -> tuple[Dependents, ...]:
        """Prefect takes the queue, and the pool with it, from the deployments that use it."""
        of_the_queue = {
            "work_pools": {"name": {"any_": [prior["work_pool_name"]]}},
            "deployments": {"work_queue_name": {"any_": [prior["name"]]}},
        }
        return (
            Dependents(
                "deployments",
                "takes the pool from",
                "/deployments",
                owner={"work_pool_name": prior["work_pool_name"], "work_queue_name": prior["name"]},
                filter=of_the_queue,
                type_name="prefect_deployment",
            ),
        )

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The pool is in the path."""
        body = super().body(values, names)
        body.pop("work_pool_name", None)
        return body

    def new_path(self, planned: Values) -> str:
        """Below the pool; with a slash at its end, an open-source server answers 307."""
        return join_path("work_pools", planned["work_pool_name"], "queues")

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """By id, also when it was renamed; a queue that is not there may have been made anew under its name."""
        if isinstance(state.get("id"), str):
            found = await super().fetch(state)
            if found is not None:
                return found
        path = self.location(state)
        found = await get_or_none(self.scope(state), path)
        if found is not None:
            self.check(f"GET {path}", found, name=state["name"])
        return found

    async def create(self, planned: Values, config: Values) -> Values:
        """POST; the pool's default queue exists already and is changed instead."""
        scope = self.scope(planned)
        if planned["name"] == DEFAULT_QUEUE:
            found = await self.find_taken(scope, planned)
            if found is not None:
                return await self.update(self.values(found, planned), planned | {"id": found["id"]}, config)
        return await super().create(planned, config)

    async def make(
        self, scope: Scope, planned: Values, body: dict[str, Any], *, conceal: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """At its rank, if that is configured."""
        made: list[dict[str, Any]] = []

        async def post() -> int:
            made.append(await super(WorkQueue, self).make(scope, planned, body, conceal=conceal))
            return int(made[0]["priority"])

        ranked = "priority" in body
        await self._at_rank(scope, planned, ranked, post)
        if not ranked:
            self._ranks(scope, planned).note(planned["name"], made[0]["priority"])
        return made[0]

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH under the old name."""
        scope = self.scope(prior)
        body = self.body(planned, changed_names(type(self), prior, planned))
        if prior["name"] != planned["name"]:
            self._ranks(scope, prior).forget(prior["name"])

        async def patch() -> None:
            if body:
                await scope.patch(self.location(prior), body)

        await self._at_rank(scope, planned, config.get("priority") is not None, patch, now=prior["name"])
        return await self.read_back(planned | {"id": prior["id"]})

    async def _at_rank(
        self,
        scope: Scope,
        planned: Values,
        ranked: bool,
        write: Callable[[], Awaitable[int | None]],
        *,
        now: str = "",
    ) -> None:
        if not ranked:
            await write()
            return
        name, pool, priority = planned["name"], planned["work_pool_name"], int(planned["priority"])
        rival = await self._ranks(scope, planned).put(scope, pool, name, priority, write, now=now or name)
        if rival is not None:
            self.diagnostics.warning(
                "Two queues with one priority",
                f'The queues "{name}" and "{rival}" of the work pool "{pool}" both have priority {priority}, '
                "which Prefect gives to one of them only. The next plan will show the difference; give each "
                "queue of a pool a priority of its own.",
                ("priority",),
            )

    def _ranks(self, scope: Scope, values: Values) -> Ranks:
        return ranks_of(self.client, scope, values["work_pool_name"])

    async def remove(self, prior: Values) -> None:
        """DELETE, except for the default queue, which Prefect answers with 500."""
        scope = self.scope(prior)
        if prior["name"] == DEFAULT_QUEUE and await self._is_default(scope, prior):
            self._warn_that_it_stays(prior)
            return
        self._ranks(scope, prior).forget(prior["name"])
        try:
            await delete_if_there(scope, self.location(prior))
        except ServerFault:
            # The default queue can have another name.
            if not await self._is_default(scope, prior):
                raise
            self._warn_that_it_stays(prior)

    @staticmethod
    async def _is_default(scope: Scope, prior: Values) -> bool:
        pool = await get_or_none(scope, join_path("work_pools", prior["work_pool_name"]))
        return pool is not None and pool.get("default_queue_id") == prior["id"]

    def _warn_that_it_stays(self, prior: Values) -> None:
        self.diagnostics.warning(
            "The default queue stays",
            f'The queue "{prior["name"]}" is the default queue of the work pool "{prior["work_pool_name"]}", which '
            "Prefect cannot delete. Terraform no longer manages it; it goes when its pool goes.",
        )


class WorkQueueLookup(Lookup, of=WorkQueue, checked=("concurrency_limit", "description")):
    """Looks up a work queue, by its id or by its pool's name and its own."""


class WorkQueues(ObjectList, of=WorkQueue, kind=NestedSet):
    """Lists work queues: those of all pools, or those that meet every condition."""

    async def read(self, config: Values) -> Values:
        """A pool that is not there is an error, and not one without queues."""
        try:
            return await super().read(config)
        except NotFound:
            pool, name = WorkPool(self.client, self.diagnostics), config["work_pool_name"]
            if name is None:
                raise
            error = await no_such(pool, pool.scope(config), f"the name {show(name)}", {"name": name})
        raise error
