"""``prefect_flow``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
)
from prefect_provider.objects.filters import filter_by_id, filter_by_name, filter_by_name_like, filter_by_tags
from prefect_provider.objects.labels import labels_attribute, own_labels, plan_labels, refuse_other_labels
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.made_here import was_made_along
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN
from prefect_provider.objects.server.flow_names import FLOW_KEY, find_flow, forget_flow, note_flow
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import SetOf, String

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["Flow", "FlowLookup", "Flows"]

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
    key = FLOW_KEY
    returns_existing = True
    only_inserts = True
    needed = ("id", "name")
    filters = (
        filter_by_id("flows"),
        filter_by_name("flows"),
        filter_by_name_like("flows"),
        filter_by_tags("flows"),
    )

    name = required(String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the flow.", replace=True)
    tags = optional(SetOf(String()), "Tags of the flow.", default=[])
    labels = labels_attribute("flow")

    async def plan(self, plan: Plan) -> None:
        """A change of labels needs a new flow, except on Prefect Cloud; and what goes with the old one is said."""
        self.planned_scope(plan)
        plan_labels(plan, self.private, in_place=self.on_cloud is True)
        met = await check_creation(
            self, plan, lambda scope: find_flow(scope, plan.planned["name"]), also=_AND_ALL
        )
        if met is not None and met.standing == "own":
            await self._warn_of_losses(met.data, ())
        elif met is not None and not self.on_cloud:
            refuse_other_labels("flow", met.data, plan.planned["labels"])
        if plan.prior is not None:
            changed = [name for name in _OF_A_NEW_FLOW if plan.renews(name)]
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

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """What belongs to the new flow need not ask for its name."""
        note_flow(self.client, scope, data["id"], data["name"])
        return await super().complete(scope, data, planned, config)

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """By id; its name is remembered for its deployments."""
        data = await super().fetch(state)
        if data is not None:
            note_flow(self.client, self.scope(state), data["id"], data["name"])
        return data

    async def adopt(self, found: dict[str, Any], planned: Values, config: Values) -> Values:
        """Take over a flow that exists, if its labels need not change where they cannot."""
        if (adopts(self.client) or was_made_along(self.client, found["id"])) and not self.on_cloud:
            refuse_other_labels("flow", found, planned["labels"])
        take_over(self, found, planned, also=_AND_ALL)
        scope = self.scope(planned)
        fields = ["tags", *(["labels"] if self.on_cloud else [])]
        await scope.patch(f"/flows/{found['id']}", self.body(planned, fields))
        return await self.read_back(planned | {"id": found["id"]})

    async def remove(self, prior: Values) -> None:
        """DELETE by id."""
        forget_flow(self.client, self.scope(prior), prior["id"], prior["name"])
        await super().remove(prior)


def _dependents(prior: Mapping[str, Any]) -> tuple[Dependents, ...]:
    of_the_flow = {"flows": {"id": {"any_": [prior["id"]]}}}
    return (
        Dependents(
            "deployments",
            "deletes",
            "/deployments",
            owner={"flow_id": prior["id"]},
            filter=of_the_flow,
            type_name="prefect_deployment",
        ),
        Dependents(
            "runs", "deletes", "/flow_runs", owner={"flow_id": prior["id"]}, filter=of_the_flow, named=False
        ),
    )


class FlowLookup(Lookup, of=Flow):
    """Looks up a flow, by its id or its name."""


class Flows(ObjectList, of=Flow):
    """Lists flows, all of them or those that meet every condition, ordered by name."""
