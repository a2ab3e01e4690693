"""``prefect_work_queue``."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from prefect_provider.api import join_path
from prefect_provider.objects.remote import (
    NAME_FORM,
    NAME_PATTERN,
    RemoteObject,
    changed_names,
    delete_if_there,
    get_or_none,
    split_import_id,
)
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, Integer, String
from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["WorkQueue"]

DEFAULT: Final = "default"
"""The queue that comes with every pool."""


class _Ranks:
    """The priorities that this process has set in one pool.

    Prefect moves queues along when another takes their place, so the order in which Terraform happens to write would
    decide the result. After each write the ranks set so far are put back, lowest number first.
    """

    def __init__(self) -> None:
        self.wanted: dict[str, int] = {}
        self.lock = asyncio.Lock()

    async def restore(self, scope: Scope, pool: str) -> None:
        """Write each priority that is no longer as it was set."""
        for name, wanted in sorted(self.wanted.items(), key=lambda item: item[1]):
            body = {"work_queues": {"name": {"any_": [name]}}}
            reply = await scope.post(join_path("work_pools", pool, "queues", "filter"), body)
            if reply.data and reply.data[0]["priority"] != wanted:
                await scope.patch(_path(pool, name), {"priority": wanted})


_RANKS: WeakKeyDictionary[Client, defaultdict[str, _Ranks]] = WeakKeyDictionary()


def _path(pool: str, name: str) -> str:
    return join_path("work_pools", pool, "queues", name)


class WorkQueue(RemoteObject):
    """A queue: a named lane of a work pool; its priority decides which lane is served first.

    Every pool comes with a queue named `default`. Declaring it here takes it over; destroying the resource then
    leaves the queue in place, because Prefect cannot delete it.
    """

    type_name = "prefect_work_queue"
    import_form = (
        "`<work pool name>,<queue name>` or `<id>`, followed by `,<workspace id>` for another workspace"
    )

    work_pool_name = required(String(), "Name of the work pool that the queue belongs to.", replace=True)
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

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The pool is in the path."""
        body = super().body(values, names)
        body.pop("work_pool_name", None)
        return body

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """GET by pool and name; a queue that is not there may have been renamed, so then by id."""
        scope = self.scope(state)
        found = await get_or_none(scope, _path(state["work_pool_name"], state["name"]))
        if found is None and isinstance(state.get("id"), str):
            found = await get_or_none(scope, join_path("work_queues", state["id"]))
        return found

    async def create(self, planned: Values, config: Values) -> Values:
        """POST; the pool's default queue exists already and is changed instead."""
        scope = self.scope(planned)
        pool = planned["work_pool_name"]
        if planned["name"] == DEFAULT and await self.fetch(planned) is not None:
            body = self.body(planned)
            await scope.patch(_path(pool, DEFAULT), {k: v for k, v in body.items() if k != "name"})
        else:
            # No slash at the end: with one, an open-source server answers 307.
            reply = await scope.post(join_path("work_pools", pool, "queues"), self.body(planned))
            planned = planned | {"id": reply.data["id"]}
            self.hold(planned)
        return await self._rank(scope, planned, config)

    async def _rank(self, scope: Scope, planned: Values, config: Values) -> Values:
        await self._keep_ranks(scope, planned, config)
        return await self.read_back(planned)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH under the old name."""
        scope = self.scope(prior)
        body = self.body(planned, changed_names(type(self), prior, planned))
        if body:
            await scope.patch(_path(prior["work_pool_name"], prior["name"]), body)
        self._ranks(scope, prior["work_pool_name"]).wanted.pop(prior["name"], None)
        return await self._rank(scope, planned, config)

    def _ranks(self, scope: Scope, pool: str) -> _Ranks:
        return _RANKS.setdefault(self.client, defaultdict(_Ranks))[f"{scope.prefix}/{pool}"]

    async def _keep_ranks(self, scope: Scope, planned: Values, config: Values) -> None:
        if config.get("priority") is None:
            return
        pool = planned["work_pool_name"]
        ranks = self._ranks(scope, pool)
        name, priority = planned["name"], int(planned["priority"])
        async with ranks.lock:
            rivals = [other for other, wanted in ranks.wanted.items() if wanted == priority and other != name]
            ranks.wanted[name] = priority
            if rivals:
                self.diagnostics.warning(
                    "Two queues with one priority",
                    f'The queues "{name}" and "{rivals[0]}" of the work pool "{pool}" both have priority {priority}, '
                    "which Prefect gives to one of them only. The next plan will show the difference; give each "
                    "queue of a pool a priority of its own.",
                    ("priority",),
                )
            else:
                await ranks.restore(scope, pool)

    async def delete(self, prior: Values) -> None:
        """DELETE, except for the default queue, which Prefect answers with 500."""
        scope = self.scope(prior)
        pool = await get_or_none(scope, join_path("work_pools", prior["work_pool_name"]))
        if pool is None:
            return
        if pool["default_queue_id"] == prior["id"]:
            self.diagnostics.warning(
                "The default queue stays",
                f'The queue "{prior["name"]}" is the default queue of the work pool "{prior["work_pool_name"]}", which '
                "Prefect cannot delete. Terraform no longer manages it; it goes when its pool goes.",
            )
            return
        self._ranks(scope, prior["work_pool_name"]).wanted.pop(prior["name"], None)
        await delete_if_there(scope, _path(prior["work_pool_name"], prior["name"]))

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """``<pool>,<name>``, or an id."""
        pool, comma, name = text.partition(",")
        if comma:
            return await get_or_none(scope, _path(pool, name))
        return await get_or_none(scope, join_path("work_queues", text))

    async def import_state(self, id_: str) -> Values | None:
        """As for other objects, but a bare name says too little."""
        text, _ = split_import_id(self.type_name, id_, self.import_form)
        if "," not in text and not is_uuid(text):
            msg = "Wrong import id for prefect_work_queue"
            raise ProviderError(msg, f'Expected {self.import_form}, got "{text}".')
        return await super().import_state(id_)
