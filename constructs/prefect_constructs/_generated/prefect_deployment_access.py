"""The construct of resource prefect_deployment_access.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.deployment_access``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.deployment_access import DeploymentAccess as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyDeployment,
    )

__all__ = [
    "DeploymentAccess",
    "PrefectDeploymentAccess",
]


class DeploymentAccess(PrefectResource):
    """Who may manage, run and see a deployment on Prefect Cloud: nobody else can, whatever their role in the
    workspace.

    The owners of the workspace and the account's admins always can; and a list of the deployment's work pool
    goes before this one. All who are named need a role in the workspace first (`prefect_workspace_access`).
    Destroying this resource puts back the list that was there before, for a deployment that nobody had
    narrowed everybody; the plan says so. An import knows of no list before: everybody is put back.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        deployment: The deployment, or its id. Changing it makes a new object.
        deployment_id: The same as `deployment`.
        manage_actor_ids: The actors (UUIDs: `actor_id` of users and service accounts) who may change and
            delete the deployment, in any order; `["*"]` stands for everybody whose role in the workspace
            allows it. Default: `[]`.
        run_actor_ids: The actors (UUIDs: `actor_id` of users and service accounts) who may run the
            deployment, in any order; `["*"]` stands for everybody whose role in the workspace allows it.
            Default: `[]`.
        view_actor_ids: The actors (UUIDs: `actor_id` of users and service accounts) who may see the
            deployment, in any order; `["*"]` stands for everybody whose role in the workspace allows it.
            Default: `[]`.
        manage_team_ids: The teams (UUIDs) whose members may change and delete the deployment, in any order.
            Default: `[]`.
        run_team_ids: The teams (UUIDs) whose members may run the deployment, in any order. Default: `[]`.
        view_team_ids: The teams (UUIDs) whose members may see the deployment, in any order. Default: `[]`.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        deployment: AnyDeployment | Identifier | None = None,
        deployment_id: AnyDeployment | Identifier | None = None,
        manage_actor_ids: Texts | None = None,
        run_actor_ids: Texts | None = None,
        view_actor_ids: Texts | None = None,
        manage_team_ids: Texts | None = None,
        run_team_ids: Texts | None = None,
        view_team_ids: Texts | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "deployment": deployment,
            "deployment_id": deployment_id,
            "manage_actor_ids": manage_actor_ids,
            "run_actor_ids": run_actor_ids,
            "view_actor_ids": view_actor_ids,
            "manage_team_ids": manage_team_ids,
            "run_team_ids": run_team_ids,
            "view_team_ids": view_team_ids,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def deployment_id(self) -> str:
        """The deployment (UUID)."""
        return self.get_string_attribute("deployment_id")

    @property
    def manage_actor_ids(self) -> list[str]:
        """The actors (UUIDs: `actor_id` of users and service accounts) who may change and delete the deployment,
        in any order; `["*"]` stands for everybody whose role in the workspace allows it.
        """
        return self.get_list_attribute("manage_actor_ids")

    @property
    def run_actor_ids(self) -> list[str]:
        """The actors (UUIDs: `actor_id` of users and service accounts) who may run the deployment, in any order;
        `["*"]` stands for everybody whose role in the workspace allows it.
        """
        return self.get_list_attribute("run_actor_ids")

    @property
    def view_actor_ids(self) -> list[str]:
        """The actors (UUIDs: `actor_id` of users and service accounts) who may see the deployment, in any order;
        `["*"]` stands for everybody whose role in the workspace allows it.
        """
        return self.get_list_attribute("view_actor_ids")

    @property
    def manage_team_ids(self) -> list[str]:
        """The teams (UUIDs) whose members may change and delete the deployment, in any order."""
        return self.get_list_attribute("manage_team_ids")

    @property
    def run_team_ids(self) -> list[str]:
        """The teams (UUIDs) whose members may run the deployment, in any order."""
        return self.get_list_attribute("run_team_ids")

    @property
    def view_team_ids(self) -> list[str]:
        """The teams (UUIDs) whose members may see the deployment, in any order."""
        return self.get_list_attribute("view_team_ids")

    @property
    def id(self) -> str:
        """The id of the object whose access it is (UUID)."""
        return self.get_string_attribute("id")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")


PrefectDeploymentAccess = DeploymentAccess
