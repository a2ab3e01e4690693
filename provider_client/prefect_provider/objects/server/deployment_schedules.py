"""``data "prefect_deployment_schedules"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.server.deployment.named import (
    ONE_DEPLOYMENT,
    deployment_id,
    deployment_name,
    find_deployment,
)
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule, schedule_entries

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Values

__all__ = ["DeploymentSchedules"]


class DeploymentSchedules(ObjectList, of=DeploymentSchedule):
    """Lists the schedules of a deployment, whoever made them, ordered by slug."""

    ordered_by = "slug"
    rules = ONE_DEPLOYMENT

    deployment_id = deployment_id(filled_in=True)
    deployment = deployment_name()

    async def read(self, config: Values) -> Values:
        """All of them, out of the deployment's own answer; raises ProviderError if there is no such deployment."""
        schedule = self.resource(self.client, self.diagnostics)
        found = await find_deployment(self.client, self.diagnostics, schedule.scope(config), config)
        what, id_ = f"GET /deployments/{found['id']}", str(found["id"])
        entries = schedule_entries(what, found.get("schedules"), id_)
        # What it is called is shown as it is, also where the server has made it up.
        objects = [
            await schedule.described(what, entry, {"id": entry["id"], "slug": entry.get("slug")})
            for entry in entries
        ]
        given = config["deployment_id"]
        return self.listed(config | {"deployment_id": id_ if given is None else given}, objects)
