"""What all actions share: where they act, how errors of the API read, and which deployment is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import NotFound, join_path
from prefect_provider.objects.answers import object_of, objects_of
from prefect_provider.objects.explanation import explain_at_attribute
from prefect_provider.objects.remote import WorkspaceObject
from prefect_provider.plugin.language.action import Action
from prefect_provider.plugin.language.declaration import ExactlyOneOf, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names, show

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.values import Values

__all__ = ["DeploymentAction", "WorkspaceAction", "run_link"]

_HOW: Final = "the flow's name and the deployment's, as `<flow>/<deployment>`"


class WorkspaceAction(Action):
    """An action on a workspace; a self-hosted server is one as a whole."""

    account_id = optional(Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", source=None)
    workspace_id = optional(Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", source=None)

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a field is shown at its attribute."""
        return explain_at_attribute(type(self), error)

    def scope(self, config: Values) -> Scope:
        """The workspace; raises ProviderError for one that the server does not have."""
        return WorkspaceObject(self.client, self.diagnostics).scope(config)

    def known_scope(self, config: Values) -> Scope | None:
        """The same at plan: ``None`` while the provider is not configured, or an id of the place is not known."""
        return WorkspaceObject(self.client, self.diagnostics).known_scope(config)


class DeploymentAction(WorkspaceAction):
    """An action on one deployment."""

    deployment_id = optional(Uuid(), "The deployment (UUID); this or `deployment`.", source=None)
    deployment = optional(
        String(pattern="[^/%&><]+/[^/%&><]+", form=_HOW), f"The deployment: {_HOW}.", source=None
    )

    rules = (ExactlyOneOf("deployment_id", "deployment"),)

    async def find(self, scope: Scope, config: Values) -> dict[str, Any]:
        """The deployment, as the API has it; raises ProviderError if there is none."""
        object_id, name = config["deployment_id"], config["deployment"]
        path = (
            join_path("deployments", object_id)
            if object_id is not None
            else join_path("deployments", "name", *name.split("/"))
        )
        try:
            reply = await scope.get(path)
        except NotFound as error:
            msg = "No such deployment"
            if object_id is not None:
                what = f"there is no deployment with the id {object_id}"
                raise ProviderError(msg, say(what), ("deployment_id",)) from error
            remedy = await self._nearest(scope, name)
            what = f"there is no deployment {show(name)}"
            raise ProviderError(msg, say(what, remedy=remedy), ("deployment",)) from error
        return object_of(f"GET {path}", "deployment", reply.data, id=Uuid(), name=String())

    async def _nearest(self, scope: Scope, name: str) -> str:
        """Which of the deployments may be meant; of two hundred, as the server lists them."""
        what = "POST /deployments/filter"
        deployments = objects_of(
            what,
            "deployment",
            (await scope.post("/deployments/filter", {})).data,
            name=String(),
            flow_id=Uuid(),
        )
        flows = objects_of(
            "POST /flows/filter",
            "flow",
            (
                await scope.post(
                    "/flows/filter",
                    {"flows": {"id": {"any_": sorted({one["flow_id"] for one in deployments})}}},
                )
            ).data,
            id=Uuid(),
            name=String(),
        )
        flow_names = {flow["id"]: flow["name"] for flow in flows}
        there = [f"{flow_names.get(one['flow_id'])}/{one['name']}" for one in deployments]
        near = near_names(name, there)
        return f"Did you mean {names(near, last='or')}?" if near else "`prefect deployment ls` lists them"


def run_link(client: Any, run_id: str) -> str:
    """Where a person sees a flow run, as Prefect's own command line says it."""
    settings = client.settings
    if settings.is_cloud:
        place = f"account/{settings.account_id}/workspace/{settings.workspace_id}"
        return f"https://app.prefect.cloud/{place}/runs/flow-run/{run_id}"
    return f"{settings.endpoint.url.removesuffix('/api')}/runs/flow-run/{run_id}"
