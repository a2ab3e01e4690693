"""The construct of action prefect_pause_deployment.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.actions.pause_deployment``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from prefect_constructs._runtime import Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Identifier,
)
from prefect_constructs.stateless import PrefectAction
from prefect_provider.objects.server.actions.pause_deployment import PauseDeployment as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyDeployment,
    )

__all__ = [
    "PauseDeploymentAction",
]


class PauseDeploymentAction(PrefectAction):
    """Pauses the schedules of a deployment; runs that they have planned ahead are taken back.

    A `prefect_deployment` that says otherwise in `paused` shows a difference in the next plan, and resumes
    it.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        account_id: The Prefect Cloud account (UUID), if not the provider's.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's.
        deployment_id: The deployment (UUID); this or `deployment`.
        deployment: The deployment: the flow's name and the deployment's, as `<flow>/<deployment>`.
        provider: The provider that it uses, if not the one without an alias.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        deployment_id: AnyDeployment | Identifier | None = None,
        deployment: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "account_id": account_id,
            "workspace_id": workspace_id,
            "deployment_id": deployment_id,
            "deployment": deployment,
        }
        super().__init__(scope, id_, arguments, provider)
