"""``action "prefect_pause_deployment"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.acting import DeploymentAction
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.language.values import Values

__all__ = ["PauseDeployment"]


class PauseDeployment(DeploymentAction):
    """Pauses the schedules of a deployment; runs that they have planned ahead are taken back.

    A `prefect_deployment` that says otherwise in `paused` shows a difference in the next plan, and resumes it.
    """

    type_name = "prefect_pause_deployment"

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """POST; one that is paused already stays so."""
        scope = self.scope(config)
        deployment = await self.find(scope, config)
        await scope.post(f"/deployments/{deployment['id']}/pause_deployment", retry="safe")
        yield f"Deployment {show(deployment['name'])} is paused"
