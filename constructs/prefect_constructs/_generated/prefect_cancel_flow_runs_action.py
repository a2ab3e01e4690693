"""The construct of action prefect_cancel_flow_runs.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.actions.cancel_flow_runs``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from prefect_constructs._runtime import Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Identifier,
    Texts,
)
from prefect_constructs.stateless import PrefectAction
from prefect_provider.objects.server.actions.cancel_flow_runs import CancelFlowRuns as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyDeployment,
        AnyFlow,
        AnyWorkPool,
    )

__all__ = [
    "CancelFlowRunsAction",
]


class CancelFlowRunsAction(PrefectAction):
    """Cancels the flow runs that are selected, and have not ended.

    What is set selects together: a run has to meet all of it. A run that is under way is told to end, which
    the action does not wait for. Runs that end by themselves meanwhile are no error.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        flow_run_ids: The runs (UUIDs).
        deployment_id: Runs of this deployment (UUID).
        flow_name: Runs of the flow of this name.
        work_pool_name: Runs in this work pool.
        tags: Runs that have all of these tags.
        states: Runs whose state is of one of these types; `SCHEDULED`, `PENDING`, `RUNNING` and `PAUSED` when
            left out.
        message: Why, as the runs' state will say.
        account_id: The Prefect Cloud account (UUID), if not the provider's.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's.
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
        flow_run_ids: Texts | None = None,
        deployment_id: AnyDeployment | Identifier | None = None,
        flow_name: AnyFlow | str | None = None,
        work_pool_name: AnyWorkPool | str | None = None,
        tags: Texts | None = None,
        states: Texts | None = None,
        message: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "flow_run_ids": flow_run_ids,
            "deployment_id": deployment_id,
            "flow_name": flow_name,
            "work_pool_name": work_pool_name,
            "tags": tags,
            "states": states,
            "message": message,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, provider)
