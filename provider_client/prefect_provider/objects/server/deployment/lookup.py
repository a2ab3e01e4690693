"""``data "prefect_deployment"``."""

from __future__ import annotations

from prefect_provider.objects.lookup import mirrors
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.flow_names import name_of_flow
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.plugin.language.resource import DataSource
from prefect_provider.plugin.language.values import Unknown, Values

__all__ = ["DeploymentLookup"]

_HOW = "Set `id`, or `name` together with `flow_name`."


@mirrors(Deployment)
class DeploymentLookup(DataSource):
    """Looks up a deployment, by its id or by its flow's name and its own."""

    type_name = "prefect_deployment"

    id = optional(Uuid(), "The deployment's id (UUID).", server_default=True)
    name = optional(String(), "The deployment's name; needs `flow_name`.", server_default=True)
    flow_name = optional(String(), "The flow's name; needs `name`.", server_default=True, source=None)
    account_id = optional(
        Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", server_default=True, source=None
    )
    workspace_id = optional(
        Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", server_default=True, source=None
    )

    async def validate(self, config: Values) -> None:
        """It is clear which deployment is meant."""
        by_id, name, flow = (config.get(key) for key in ("id", "name", "flow_name"))
        if isinstance(by_id, Unknown) or isinstance(name, Unknown) or isinstance(flow, Unknown):
            return
        if by_id is None and (name is None or flow is None):
            given = "`name` alone" if name else "`flow_name` alone" if flow else "none of them"
            self.diagnostics.error("Which deployment?", f"{_HOW} Got {given}.")
        elif by_id is not None and (name is not None or flow is not None):
            self.diagnostics.error("Which deployment?", f"{_HOW} Got both.", ("id",))

    async def read(self, config: Values) -> Values:
        """GET by id or by names."""
        resource = Deployment(self.client, self.diagnostics)
        scope = resource.scope(config)
        if config["id"] is not None:
            what = f'the id "{config["id"]}"'
            data = await resource.fetch(config)
        else:
            what = f'the name "{config["flow_name"]}/{config["name"]}"'
            data = await resource.find_same(scope, config | {"flow_id": None})
        if data is None:
            msg = "No such deployment"
            raise ProviderError(
                msg, f"Prefect has no deployment with {what}. `prefect deployment ls` lists them."
            )
        values = resource.understand(f"the look for the deployment with {what}", data, config)
        if config["flow_name"] is None:
            values["flow_name"] = await name_of_flow(self.client, scope, data["flow_id"])
        return values
