"""``prefect_deployment_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.cloud.access_lists import AccessList, actors, teams
from prefect_provider.objects.identity import Key
from prefect_provider.plugin.language.declaration import required
from prefect_provider.plugin.language.kinds import Uuid

if TYPE_CHECKING:
    from prefect_provider.objects.placed import WorkspaceObject

__all__ = ["DeploymentAccess"]


class DeploymentAccess(AccessList):
    """Who may manage, run and see a deployment on Prefect Cloud: nobody else can, whatever their role in the workspace.

    The owners of the workspace and the account's admins always can; and a list of the deployment's work pool goes
    before this one. All who are named need a role in the workspace first (`prefect_workspace_access`). Destroying this
    resource puts back the list that was there before, for a deployment that nobody had narrowed everybody; the plan
    says so. An import knows of no list before: everybody is put back.
    """

    type_name = "prefect_deployment_access"
    address = "/deployments/{deployment_id}/access"
    of = "deployment_id"
    key = Key("{deployment_id}")
    identified_by = ("deployment_id",)

    deployment_id = required(Uuid(), "The deployment (UUID).", replace=True)
    manage_actor_ids = actors("change and delete the deployment")
    run_actor_ids = actors("run the deployment")
    view_actor_ids = actors("see the deployment")
    manage_team_ids = teams("change and delete the deployment")
    run_team_ids = teams("run the deployment")
    view_team_ids = teams("see the deployment")

    @classmethod
    def owner(cls) -> type[WorkspaceObject]:
        """Deployments."""
        from prefect_provider.objects.server.deployment.resource import Deployment

        return Deployment
