"""Actions on one deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from prefect_provider.objects.acting import WorkspaceAction
from prefect_provider.objects.server.deployment.named import (
    ONE_DEPLOYMENT,
    deployment_id,
    deployment_name,
    find_deployment,
)
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["DeploymentAction", "DeploymentSwitch"]


class DeploymentAction(WorkspaceAction):
    """An action on a deployment, which is there already."""

    rules = ONE_DEPLOYMENT

    deployment_id = deployment_id()
    deployment = deployment_name()

    async def find(self, scope: Scope, config: Values) -> dict[str, Any]:
        """The deployment, as the API has it; raises ProviderError if there is none."""
        return await find_deployment(self.client, self.diagnostics, scope, config)


class DeploymentSwitch(DeploymentAction):
    """Puts a deployment into a state in which it stays, also where it is in it already."""

    step: ClassVar[str]
    """The last part of the path that is posted to."""

    becomes: ClassVar[str]
    """What the deployment is afterwards."""

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """POST."""
        scope = self.scope(config)
        deployment = await self.find(scope, config)
        await scope.post(f"/deployments/{deployment['id']}/{self.step}", retry="safe")
        yield f"Deployment {show(deployment['name'])} is {self.becomes}"
