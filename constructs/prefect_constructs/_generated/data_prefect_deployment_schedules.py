"""The construct of data prefect_deployment_schedules.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.deployment_schedules``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.deployment_schedules import DeploymentSchedules as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyDeployment,
    )

__all__ = [
    "DataPrefectDeploymentSchedules",
]


class DataPrefectDeploymentSchedules(PrefectDataSource):
    """Lists the schedules of a deployment, whoever made them, ordered by slug.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        deployment_id: The deployment (UUID); this or `deployment`. Left out, the server decides.
        deployment: The deployment: the flow's name and the deployment's, as `<flow>/<deployment>`.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        max_results: How many there may be at most, 10,000 when left out; more are an error, because none is
            left out without a word.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        deployment_id: AnyDeployment | Identifier | None = None,
        deployment: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        max_results: Number | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "deployment_id": deployment_id,
            "deployment": deployment,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "max_results": max_results,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def deployment_id(self) -> str:
        """The deployment (UUID); this or `deployment`."""
        return self.get_string_attribute("deployment_id")

    @property
    def deployment(self) -> str:
        """The deployment: the flow's name and the deployment's, as `<flow>/<deployment>`."""
        return self.get_string_attribute("deployment")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def max_results(self) -> float:
        """How many there may be at most, 10,000 when left out; more are an error, because none is left out
        without a word.
        """
        return self.get_number_attribute("max_results")

    @property
    def deployment_schedules(self) -> IResolvable:
        """The deployment schedules that were found, by slug."""
        return self.interpolation_for_attribute("deployment_schedules")
