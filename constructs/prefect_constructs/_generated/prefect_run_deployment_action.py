"""The construct of action prefect_run_deployment.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.actions.run_deployment``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from prefect_constructs._runtime import Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    Instant,
    JsonObject,
    Number,
    Texts,
)
from prefect_constructs.stateless import PrefectAction
from prefect_provider.objects.server.actions.run_deployment import RunDeployment as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyDeployment,
    )

__all__ = [
    "RunDeploymentAction",
]


class RunDeploymentAction(PrefectAction):
    """Runs a deployment, and waits until the run has ended.

    A run that does not end as completed is an error, which stops the apply. With `wait = false` the action is
    done once the run is scheduled. Whoever interrupts Terraform, or runs out of patience, leaves the run to
    itself.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        parameters: Parameters of the run, over the deployment's, as a JSON object.
        job_variables: Job variables of the run, over the deployment's, as a JSON object.
        name: Name of the run. Left out, Prefect makes one up.
        tags: Tags of the run, besides the deployment's.
        idempotency_key: A run with this key that is there already is not made again, but waited for. Left
            out, each invocation makes one run.
        scheduled_time: When the run is to start (RFC 3339). Left out, it is at once.
        wait: Whether to wait for the end of the run; true when left out.
        timeout: Seconds to wait for the end of the run; 3600 when left out. A run that takes longer is an
            error, and goes on.
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
        parameters: JsonObject | None = None,
        job_variables: JsonObject | None = None,
        name: str | None = None,
        tags: Texts | None = None,
        idempotency_key: str | None = None,
        scheduled_time: Instant | None = None,
        wait: Flag | None = None,
        timeout: Number | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        deployment_id: AnyDeployment | Identifier | None = None,
        deployment: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "parameters": parameters,
            "job_variables": job_variables,
            "name": name,
            "tags": tags,
            "idempotency_key": idempotency_key,
            "scheduled_time": scheduled_time,
            "wait": wait,
            "timeout": timeout,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "deployment_id": deployment_id,
            "deployment": deployment,
        }
        super().__init__(scope, id_, arguments, provider)
