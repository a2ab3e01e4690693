"""``prefect_resource_sla``."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import join_path
from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.existing import check_creation, take_over
from prefect_provider.objects.identity import Key
from prefect_provider.objects.mapping import number_from_json, to_api
from prefect_provider.objects.pages import PAGE
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.reporting import report
from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, Number, String
from prefect_provider.plugin.language.nested import NestedList
from prefect_provider.plugin.language.values import has_unknown, is_unknown
from prefect_provider.rules.slas import kind_of_sla, sla_problems
from prefect_provider.text import json

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["Agreements", "ResourceSla", "Sla"]

_TRIGGERS: Final = "triggers"
"""Under this name the private data has a mark of each SLA's trigger as it was after the last write."""

_FIELDS: Final = ("duration", "stale_after", "within", "expected_event", "resource_match")


class Sla(Nested):
    """One agreement, of exactly one kind.

    Time to completion has `duration`, frequency `stale_after`, lateness `within`, and freshness `within`,
    `expected_event` and `resource_match`.
    """

    name = required(String(max_length=5000), "Name of the SLA, unique among those of the resource.")
    severity = optional(
        String(choices=("minor", "low", "moderate", "high", "critical")),
        "How bad a violation is; `high` when left out.",
        null_is="high",
    )
    enabled = optional(Bool(), "Whether the SLA is watched.", null_is=True)
    owner_resource = optional(
        String(max_length=5000), "The resource that owns the SLA, if not the one that it is applied to."
    )
    duration = optional(Integer(minimum=1), "Time to completion: the most seconds that a flow run may take.")
    stale_after = optional(
        Number(minimum=0), "Frequency: the most seconds between one completed flow run and the next."
    )
    within = optional(
        Number(minimum=0),
        "Lateness: the most seconds after its scheduled time in which a flow run has to begin. Freshness: those in "
        "which the expected event has to come.",
    )
    expected_event = optional(String(max_length=5000), "Freshness: the event that is expected.")
    resource_match = optional(
        Json("object"), "Freshness: the labels of the resource of which it is expected, as JSON."
    )


class Agreements(NestedList):
    """SLAs; their order is of no account, and Terraform keeps the one that it holds."""

    whole = True

    def canonical(self, value: Value) -> Hashable:
        """In any order."""
        return frozenset(self.freeze_object(item) for item in value)


class ResourceSla(SettlingObject, WorkspaceObject, without=("created", "updated")):
    """The service level agreements (SLAs) of a resource, usually a deployment.

    When one is violated, Prefect Cloud emits the event `prefect.sla.violation`, which an automation can answer. These
    are all that the resource has: others are deleted. Destroying it deletes them all.
    """

    type_name = "prefect_resource_sla"
    cloud_only = True
    address = "/slas/by-owner/{resource_id}"
    read_by = "id"
    key = Key("{resource_id}")
    needed = ("id",)

    id = computed(String(), "The same as `resource_id`.", follows=("resource_id",), source=None)
    resource_id = required(
        String(
            pattern=r"prefect\.[a-z-]+\.[^\s/]+",
            form="a resource id such as prefect.deployment.<deployment id>",
        ),
        "What the SLAs are of: `prefect.deployment.<deployment id>`.",
        replace=True,
    )
    slas = required(Agreements(Sla), "The SLAs. Their order is of no account to Prefect.")

    async def validate(self, config: Values) -> None:
        """Each is of one kind, and none has the name of another."""
        slas = config.get("slas")
        if isinstance(slas, list):
            report(sla_problems(slas, is_unknown=is_unknown, path=("slas",)), self.diagnostics)

    # ------------------------------------------------------------------ plan

    async def check_existing(self, plan: Plan) -> None:
        """SLAs that are there already would be deleted, so they are refused or taken over as any object."""

        async def find(scope: Scope) -> Mapping[str, Any] | None:
            return await self._all(scope, str(plan.planned["resource_id"]))

        await check_creation(self, plan, find, key=("resource_id",))

    # ------------------------------------------------------------------ read

    async def _all(self, scope: Scope, resource_id: str) -> dict[str, Any] | None:
        """The SLAs that a resource has, as one object; ``None`` if it has none."""
        path = f"/slas/by-owner{join_path(resource_id)}"
        found: list[dict[str, Any]] = []
        while True:
            reply = await scope.post(path, {"limit": PAGE, "offset": len(found)}, retry="safe")
            page = objects_of(f"POST {path}", "SLA", reply.data, name=String(), type=String())
            found += page
            if len(page) < PAGE:
                break
        if not found:
            return None
        return {"id": resource_id, "name": resource_id, "resource_id": resource_id, "slas": found}

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """The SLAs of the resource; they are gone when others deleted them all, but not where there are to be none."""
        resource_id = str(state["resource_id"])
        found = await self._all(self.scope(state), resource_id)
        if found is None and state.get("slas") == []:
            return {"id": resource_id, "name": resource_id, "resource_id": resource_id, "slas": []}
        return found

    async def fetch_by_id(
        self, scope: Scope, object_id: str, held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The same, for an import."""
        return await self._all(scope, object_id)

    async def find_by_key(
        self, scope: Scope, key: Mapping[str, str], held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """By the resource."""
        return await self._all(scope, key["resource_id"])

    def problems(self, data: Any) -> list[str]:
        """Each was looked at when it was read."""
        return []

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The SLAs in the order in which Terraform holds them, and then the others.

        What an SLA says is in the trigger that Prefect made of it. As long as that is the one that was made of what
        Terraform holds, nobody has changed it; another is read as far as it can be.
        """
        known = held.get("slas")
        before = {
            one["name"]: one for one in (known if isinstance(known, list) else ()) if not has_unknown(one)
        }
        found = {str(one["name"]): self._sla(one, before.get(str(one["name"]))) for one in data["slas"]}
        order = [name for name in before if name in found]
        return {
            "id": data["resource_id"],
            "resource_id": data["resource_id"],
            "account_id": held.get("account_id"),
            "workspace_id": held.get("workspace_id"),
            "slas": [found[name] for name in (*order, *sorted(found.keys() - set(order)))],
        }

    def _sla(self, data: Mapping[str, Any], before: Mapping[str, Value] | None) -> Values:
        fields: Values = dict.fromkeys(_FIELDS)
        marks = self.private.get(_TRIGGERS) or {}
        kind = str(data["type"])
        if before and kind_of_sla(before) == kind and marks.get(data["name"]) == _mark(data.get("trigger")):
            fields = {name: before.get(name) for name in _FIELDS}
        else:
            fields |= _from_trigger(kind, data.get("trigger"))
        return fields | {
            "name": data["name"],
            "severity": data.get("severity"),
            "enabled": data.get("enabled"),
            "owner_resource": (before or {}).get("owner_resource"),
        }

    # ------------------------------------------------------------------ write

    async def create(self, planned: Values, config: Values) -> Values:
        """Replace what the resource has, which is nothing unless it is taken over."""
        scope = self.scope(planned)
        found = await self._all(scope, planned["resource_id"])
        if found is not None:
            take_over(self, found, planned, at=("resource_id",))
        return await self._write(scope, planned)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Replace them all."""
        return await self._write(self.scope(prior), planned)

    async def _write(self, scope: Scope, planned: Values) -> Values:
        body = [
            {name: value for name, value in to_api(Sla, one).items() if value is not None}
            for one in planned["slas"]
        ]
        path = f"/slas/apply-resource-slas{join_path(planned['resource_id'])}"
        await scope.post(path, body, retry="safe")
        written = planned | {"id": planned["resource_id"]}
        data = await self.await_sight(written)
        if data is None:
            # Of no SLAs at all there is nothing to read; what nobody may look at is as it was written.
            self.private.pop(_TRIGGERS, None)
            return written
        self.private[_TRIGGERS] = {one["name"]: _mark(one.get("trigger")) for one in data["slas"]}
        return self.understand(f"POST {path}", data, written)

    def is_settled(self, data: Mapping[str, Any], written: Values) -> bool:
        """Whether they are the ones that were written, by what each says outright."""
        shown = {
            str(one["name"]): _outright(one["type"], one.get("severity"), one.get("enabled"))
            for one in data["slas"]
        }
        return shown == {
            one["name"]: _outright(kind_of_sla(one), one["severity"], one["enabled"])
            for one in written["slas"]
        }

    async def remove(self, prior: Values) -> None:
        """Replace them by none."""
        path = f"/slas/apply-resource-slas{join_path(prior['resource_id'])}"
        await self.scope(prior).post(path, [], retry="safe")


def _outright(kind: Value, severity: Value, enabled: Value) -> tuple[Value, ...]:
    return kind, severity or "high", enabled is not False


def _mark(trigger: object) -> str:
    """What tells one trigger from another, whatever ids it was given."""
    return hashlib.sha256(json.write(_without_ids(trigger)).encode()).hexdigest()[:16]


def _without_ids(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: _without_ids(one) for name, one in document.items() if name != "id"}
    if isinstance(document, list):
        return [_without_ids(one) for one in document]
    return document


def _from_trigger(kind: str, trigger: Any) -> Values:
    """What an SLA of that kind says, as far as its trigger shows it."""
    if not isinstance(trigger, dict) or not isinstance(trigger.get("within"), int | float):
        return {}
    seconds = number_from_json(trigger["within"])
    match kind:
        case "TimeToCompletionSla":
            return {"duration": seconds}
        case "FrequencySla":
            return {"stale_after": seconds}
        case "LatenessSla":
            return {"within": seconds}
        case "FreshnessSla":
            expected = trigger.get("expect")
            event = expected[0] if isinstance(expected, list) and len(expected) == 1 else None
            matched = trigger.get("match")
            return {
                "within": seconds,
                "expected_event": event,
                "resource_match": Json.dump(matched) if isinstance(matched, dict) else None,
            }
    return {}
