"""``prefect_task_run_concurrency_limit``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Listing, NotFound, join_path
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN, get_or_none
from prefect_provider.objects.server.limit_names import OF_A_TAG, claim_limit
from prefect_provider.plugin.language.declaration import required
from prefect_provider.plugin.language.kinds import Integer, String

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Values

__all__ = ["TaskRunConcurrencyLimit", "TaskRunConcurrencyLimitLookup"]

_MOST: Final = 2**31 - 1
"""What the column of Prefect's database holds."""

_AMONG_GLOBAL_ONES: Final = Listing(
    "/v2/concurrency_limits", "v2/concurrency_limits", key=("name",), has_keys=False
)
"""Where several are listed: the pages of their own collection leave some out."""


class TaskRunConcurrencyLimit(WorkspaceObject):
    """A limit on how many task runs with a tag may be at work at once.

    Prefect keeps it as a global concurrency limit named `tag:<tag>` as well: manage it as one or the other.
    """

    type_name = "prefect_task_run_concurrency_limit"
    collection = "/concurrency_limits"
    command = "concurrency-limit"
    has_filter = False
    key = Key("{tag}", path="/concurrency_limits/tag/{tag}")
    returns_existing = True
    needed = ("id", "tag", "concurrency_limit")

    tag = required(
        String(pattern=NAME_PATTERN, form=NAME_FORM), "Tag of the task runs that are limited.", replace=True
    )
    concurrency_limit = required(
        Integer(minimum=0, maximum=_MOST), "How many of them at once; 0 lets none of them run."
    )

    async def plan(self, plan: Plan) -> None:
        """The limit is not managed as a global one as well."""
        await super().plan(plan)
        scope, tag = self.known_scope(plan.config), plan.planned["tag"]
        if scope is not None and isinstance(tag, str):
            twice = claim_limit(self.client, scope, self.type_name, f"{OF_A_TAG}{tag}", ("tag",))
            if twice is not None:
                self.diagnostics.add(twice)

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """By its tag."""
        return await self.find_by_key(scope, key, {})

    async def fetch_by_id(
        self, scope: Scope, object_id: str, held: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """By a GET: it has an own place."""
        return await get_or_none(scope, join_path("concurrency_limits", object_id))

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """By id, or among the global limits if several are asked for."""
        scope, path = self.scope(state), self.location(state)
        found = await scope.collection(_AMONG_GLOBAL_ONES).find(f"{OF_A_TAG}{state['tag']}", path=path)
        if isinstance(found, dict) and "tag" not in found and "name" in found:
            found = _of_a_tag(found)
            if found.get("id") != state["id"]:
                # Another one of that tag; this one may have another tag now.
                found = await get_or_none(scope, path)
        if found is not None:
            self.check(f"GET {path}", found, id=state["id"])
        return found

    async def create(self, planned: Values, config: Values) -> Values:
        """POST, which would change one that exists: so look for it before."""
        found = await self.find_taken(self.scope(planned), planned)
        if found is not None:
            return await self.adopt(found, planned, config)
        return await super().create(planned, config)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH it as the global limit that it is: a POST would make a new one if it were gone."""
        if prior["concurrency_limit"] != planned["concurrency_limit"]:
            scope, limit = self.scope(prior), int(planned["concurrency_limit"])
            try:
                await scope.patch(join_path("v2", "concurrency_limits", prior["id"]), {"limit": limit})
            except NotFound:
                # Older servers (Prefect 3.4) keep it apart, and change it by another POST only.
                await self.read_back(prior)
                body = {"tag": planned["tag"], "concurrency_limit": limit}
                await scope.post(self.new_path(planned), body, retry="safe")
        return await self.read_back(planned | {"id": prior["id"]})


def _of_a_tag(limit: Mapping[str, Any]) -> dict[str, Any]:
    """A global limit as the limit of a tag."""
    same = {name: limit[name] for name in ("id", "created", "updated") if name in limit}
    name = limit["name"]
    tag = name.removeprefix(OF_A_TAG) if isinstance(name, str) else name
    return same | {"tag": tag, "concurrency_limit": limit.get("limit")}


class TaskRunConcurrencyLimitLookup(Lookup, of=TaskRunConcurrencyLimit):
    """Looks up the limit on the task runs with a tag, by its id or its tag."""
