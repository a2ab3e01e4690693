"""``prefect_flow``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Reply, join_path
from prefect_provider.objects.cascades import (
    Dependents,
    count_losses,
    report_destruction,
    report_replacement,
)
from prefect_provider.objects.existing import (
    adopts,
    check_creation,
    check_destruction,
    take_over,
    was_absent,
    was_taken_over,
)
from prefect_provider.objects.identity import Key
from prefect_provider.objects.labels import labels_attribute, own_labels, plan_labels, refuse_other_labels
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN, WorkspaceObject, get_or_none
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import SetOf, String

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["Flow"]

_AND_ALL: Final = " with its deployments and runs"
_OF_A_NEW_FLOW: Final = ("name", "labels", "account_id", "workspace_id")
"""What cannot be changed of a flow."""


class Flow(WorkspaceObject):
    """A flow: the entry of a workflow's code in Prefect, to which its deployments and runs belong.

    Deleting a flow deletes its deployments and its runs with it.
    """

    type_name = "prefect_flow"
    collection = "/flows"
    newest_first = "CREATED_DESC"
    key = Key("{name}", path="/flows/name/{name}")
    needed = ("id", "name")

    name = required(String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the flow.", replace=True)
    tags = optional(SetOf(String()), "Tags of the flow.", default=[])
    labels = labels_attribute("flow")

    async def plan(self, plan: Plan) -> None:
        """A change of labels needs a new flow, except on Prefect Cloud; and what goes with the old one is said."""
        plan_labels(plan, self.private, in_place=self.on_cloud is True)
        met = await check_creation(
            self, plan, lambda scope: self.find_by_name(scope, plan.planned["name"]), also=_AND_ALL
        )
        if met is not None and met.standing == "own":
            await self._warn_of_losses(met.data, ())
        elif met is not None and not self.on_cloud:
            refuse_other_labels("flow", met.data, plan.planned["labels"])
        if plan.prior is not None:
            changed = [name for name in _OF_A_NEW_FLOW if plan.changes(name)]
            if self.on_cloud:
                changed = [name for name in changed if name != "labels"]
            if changed:
                await self._warn_of_losses(plan.prior, (changed[0],))

    async def plan_destroy(self, prior: Values) -> None:
        """Prefect deletes a flow's deployments and runs with it."""
        check_destruction(self, prior)
        report_destruction(self, prior, await count_losses(self, prior, _dependents(prior)))

    async def _warn_of_losses(self, prior: Mapping[str, Any], path: Path) -> None:
        report_replacement(self, prior, await count_losses(self, prior, _dependents(prior)), path)

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """Only our own labels count."""
        return super().values(data, held) | {"labels": own_labels(data.get("labels"), held.get("labels"))}

    async def create(self, planned: Values, config: Values) -> Values:
        """POST, which returns an existing flow of that name unchanged (200 instead of 201)."""
        scope = self.scope(planned)
        name = planned["name"]
        existing = None if was_absent(self) else await self.find_by_name(scope, name)
        if existing is None:

            async def made_by_this_call() -> Reply | None:
                found = await self.find_by_name(scope, name)
                return None if found is None else Reply(201, found)

            reply = await scope.post("/flows/", self.body(planned), recover=made_by_this_call)
            if reply.status == 201:
                self.hold(planned | {"id": reply.data["id"]})
                return self.understand("POST /flows/", reply.data, planned)
            existing = reply.data
        if adopts(self.client) and not self.on_cloud:
            refuse_other_labels("flow", existing, planned["labels"])
        take_over(self, existing, planned, also=_AND_ALL)
        fields = ["tags", *(["labels"] if self.on_cloud else [])]
        await scope.patch(f"/flows/{existing['id']}", self.body(planned, fields))
        return await self.read_back(planned | {"id": existing["id"]})

    async def delete(self, prior: Values) -> None:
        """DELETE by id."""
        if not was_taken_over(self, prior):
            await super().delete(prior)

    async def find_by_name(self, scope: Scope, name: str) -> dict[str, Any] | None:
        """GET by name."""
        return await get_or_none(scope, join_path("flows", "name", name))


def _dependents(prior: Mapping[str, Any]) -> tuple[Dependents, ...]:
    of_the_flow = {"flows": {"id": {"any_": [prior["id"]]}}}
    return (
        Dependents(
            "deployments",
            "deletes",
            of_the_flow,
            "/deployments/count",
            "/deployments/filter",
            "prefect_deployment",
        ),
        Dependents("runs", "deletes", of_the_flow, "/flow_runs/count"),
    )
