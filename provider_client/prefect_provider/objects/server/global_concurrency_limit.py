"""``prefect_global_concurrency_limit``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.cascades import Dependents, Loss
from prefect_provider.objects.existing import going_ids
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN
from prefect_provider.objects.server.limit_names import OF_A_DEPLOYMENT, OF_A_TAG, claim_limit
from prefect_provider.objects.snapshots import everything
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import Bool, Float, Integer, String
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["GlobalConcurrencyLimit", "GlobalConcurrencyLimitLookup"]

_MOST: Final = 2**31 - 1
"""What the column of Prefect's database holds."""

_FRESH: Final = 10.0
"""Seconds for which a look at all deployments serves; it is a warning that depends on it."""

_USERS: Final = Dependents("deployments", "takes the limit from")


class GlobalConcurrencyLimit(WorkspaceObject):
    """A global concurrency limit: how many tasks, runs or other users of a name may be at work at once.

    Deployments can share one (`global_concurrency_limit_id`), and it stays when one of them is destroyed. With
    `slot_decay_per_second` it limits a rate.
    """

    type_name = "prefect_global_concurrency_limit"
    collection = "/v2/concurrency_limits"
    has_filter = False
    key = Key("{name}", path="/v2/concurrency_limits/{name}", has_filter=False)
    only_inserts = True
    needed = ("id", "name", "limit")

    name = required(String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the limit.")
    limit = required(Integer(minimum=0, maximum=_MOST), "How many slots there are.")
    active = optional(Bool(), "Whether the limit is kept to.", default=True)
    active_slots = optional(
        Integer(minimum=0, maximum=_MOST),
        "How many slots are taken. Sent when the limit is created, and never again: whoever holds a slot gives it "
        "back. Kept as it is while nothing else of the limit differs.",
        server_default=True,
        volatile=True,
    )
    slot_decay_per_second = optional(
        Float(minimum=0),
        "How many slots become free by themselves in a second; 0 means that they are given back.",
        default=0,
    )

    def is_listed(self, data: Mapping[str, Any]) -> bool:
        """Limits of tags and of deployments are those of other objects."""
        return not str(data.get("name")).startswith((OF_A_TAG, OF_A_DEPLOYMENT))

    async def plan(self, plan: Plan) -> None:
        """Slots are nobody's to plan; and some names are those of other objects."""
        if plan.prior is not None and plan.prior["active_slots"] is not None:
            plan.planned["active_slots"] = plan.prior["active_slots"]
        await super().plan(plan)
        scope, name = self.known_scope(plan.config), plan.planned["name"]
        if scope is None or not isinstance(name, str):
            return
        twice = None
        if name.startswith(OF_A_TAG):
            twice = claim_limit(self.client, scope, self.type_name, name, ("name",))
        if twice is not None:
            self.diagnostics.add(twice)
        elif plan.changes("name"):
            self._warn_of_name(name)

    def _warn_of_name(self, name: str) -> None:
        """A limit that Prefect takes for that of a tag or of a deployment."""
        owner, remedy = "", ""
        if name.startswith(OF_A_TAG):
            owner = f"the limit of the tag {show(name.removeprefix(OF_A_TAG))}"
            remedy = "Use a `prefect_task_run_concurrency_limit` for it, and not both"
        elif name.startswith(OF_A_DEPLOYMENT):
            owner = "a deployment's own limit, and deletes it along with the deployment"
            remedy = "Use the `concurrency_limit` of the `prefect_deployment` for it, or another name"
        if owner:
            detail = say(f"under the name {show(name)} Prefect keeps {owner}", remedy=remedy)
            self.diagnostics.warning("The limit has the name of another object", detail, ("name",))

    async def losses(self, prior: Values) -> list[Loss]:
        """The deployments that share the limit: they have none afterwards."""
        if self.client is None:
            return []
        try:
            found = await everything(self.client, self.scope(prior), "/deployments", fresh=_FRESH)
        except ApiError as error:
            return [Loss(_USERS, None, reason=str(error))]
        going = going_ids(self.client, "prefect_deployment")
        names = [
            str(one.get("name"))
            for one in (found.objects if found else ())
            if _limit_of(one) == str(prior["id"]).lower() and str(one["id"]).lower() not in going
        ]
        return [Loss(_USERS, len(names), tuple(names))] if names else []

    async def find_by_key(
        self, scope: Scope, key: Mapping[str, str], held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """By name; one that looks like an id is taken for one by the server, so that only its list shows it."""
        if not _looks_like_id(key["name"]):
            return await super().find_by_key(scope, key, held)
        listed = await everything(self.client, scope, self.collection, fresh=0)
        found = (
            next((one for one in listed.objects if one.get("name") == key["name"]), None) if listed else None
        )
        if found is not None:
            self.check(f"POST {self.collection}/filter", found)
        return found

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """Together with others, where the server can tell it by its name."""
        if _looks_like_id(key["name"]):
            return await self.find_by_key(scope, key, {})
        return await super().look_up(scope, key)

    def taken(self, found: dict[str, Any], planned: Values) -> Values:
        """What is taken over keeps its slots."""
        return super().taken(found, planned) | {"active_slots": planned["active_slots"]}

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed, but no slots; how many are taken by now the next refresh shows."""
        held = {**prior, "active_slots": planned["active_slots"]}
        actual = await super().update(held, planned, config)
        slots = planned["active_slots"]
        return actual | {"active_slots": slots} if isinstance(slots, int) else actual


def _limit_of(deployment: Mapping[str, Any]) -> str:
    limit = deployment.get("global_concurrency_limit")
    return str(limit.get("id")).lower() if isinstance(limit, dict) else ""


def _looks_like_id(name: str) -> bool:
    """Whether the server takes a name in a path for an id: 32 hexadecimal digits, however they are dressed."""
    digits = name.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")
    return len(digits) == 32 and all(digit in "0123456789abcdefABCDEF" for digit in digits)


class GlobalConcurrencyLimitLookup(Lookup, of=GlobalConcurrencyLimit, checked=("created", "updated")):
    """Looks up a global concurrency limit, by its id or its name."""
