"""``prefect_flow``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import join_path
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

__all__ = ["Flow"]


class Flow(WorkspaceObject):
    """A flow: the entry of a workflow's code in Prefect, to which its deployments and runs belong.

    Deleting a flow deletes its deployments and its runs with it.
    """

    type_name = "prefect_flow"
    collection = "/flows"
    key = Key("{name}", path="/flows/name/{name}")
    needed = ("id", "name")

    name = required(String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the flow.", replace=True)
    tags = optional(SetOf(String()), "Tags of the flow.", default=[])
    labels = labels_attribute("flow")

    async def plan(self, plan: Plan) -> None:
        """A change of labels needs a new flow, except on Prefect Cloud."""
        plan_labels(plan, self.private, in_place=self.on_cloud is True)

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """Only our own labels count."""
        return super().values(data, held) | {"labels": own_labels(data.get("labels"), held.get("labels"))}

    async def create(self, planned: Values, config: Values) -> Values:
        """POST, which returns an existing flow of that name unchanged (200 instead of 201): then take it over."""
        scope = self.scope(planned)
        reply = await scope.post("/flows/", self.body(planned))
        if reply.status == 201:
            return self.values(reply.data, planned)
        flow_id = reply.data["id"]
        if not self.on_cloud:
            refuse_other_labels("flow", reply.data, planned["labels"])
        self.diagnostics.warning(
            "The flow existed already",
            f'The flow "{planned["name"]}" ({flow_id}) was there before, perhaps from a run or from `prefect deploy`. '
            "Terraform manages it from now on; deleting it will also delete its deployments and runs.",
            ("name",),
        )
        await scope.patch(
            f"/flows/{flow_id}", self.body(planned, ["tags", *(["labels"] if self.on_cloud else [])])
        )
        return await self.read_back(planned | {"id": flow_id})

    async def find_by_name(self, scope: Scope, name: str) -> dict[str, Any] | None:
        """GET by name."""
        return await get_or_none(scope, join_path("flows", "name", name))
