"""``action "prefect_resume_deployment"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.acting import DeploymentAction
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.language.values import Values

__all__ = ["ResumeDeployment"]


class ResumeDeployment(DeploymentAction):
    """Resumes the schedules of a deployment.

    A `prefect_deployment` that says otherwise in `paused` shows a difference in the next plan, and pauses it.
    """

    type_name = "prefect_resume_deployment"

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """POST; one that is not paused stays so."""
        scope = self.scope(config)
        deployment = await self.find(scope, config)
        await scope.post(f"/deployments/{deployment['id']}/resume_deployment", retry="safe")
        yield f"Deployment {show(deployment['name'])} is not paused"
