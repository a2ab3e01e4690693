"""The construct of action prefect_change_flow_run_state.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.actions.change_flow_run_state``.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from prefect_constructs._runtime import IResolvable, Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
)
from prefect_constructs.stateless import PrefectAction
from prefect_provider.objects.server.actions.change_flow_run_state import ChangeFlowRunState as _Declaration

__all__ = [
    "ChangeFlowRunStateAction",
]


class ChangeFlowRunStateAction(PrefectAction):
    """Puts a flow run into another state.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        flow_run_id: The flow run (UUID).
        state: The type of the state. One of `SCHEDULED`, `PENDING`, `RUNNING`, `PAUSED`, `CANCELLING`,
            `CANCELLED`, `COMPLETED`, `FAILED`, `CRASHED`.
        name: The state's name; that of its type when left out.
        message: Why.
        force: Whether the state is set although Prefect's rules are against it.
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
        flow_run_id: Identifier,
        state: Literal["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING", "CANCELLED", "COMPLETED", "FAILED", "CRASHED"] | IResolvable,
        name: str | None = None,
        message: str | None = None,
        force: Flag | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "flow_run_id": flow_run_id,
            "state": state,
            "name": name,
            "message": message,
            "force": force,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, provider)
