"""The deployment that an action or a data source means: by its id, or by its flow's name and its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import join_path
from prefect_provider.objects.addressed import get_or_none
from prefect_provider.objects.lookup import no_such
from prefect_provider.plugin.language.declaration import Attribute, ExactlyOneOf, optional
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.values import Values

__all__ = ["ONE_DEPLOYMENT", "deployment_id", "deployment_name", "find_deployment"]

_HOW: Final = "the flow's name and the deployment's, as `<flow>/<deployment>`"

ONE_DEPLOYMENT: Final = (ExactlyOneOf("deployment_id", "deployment"),)
"""The rules of a declaration with both attributes."""


def deployment_id(*, filled_in: bool = False) -> Attribute:
    """The attribute ``deployment_id``; ``filled_in`` where the configuration does not give it."""
    description = "The deployment (UUID); this or `deployment`."
    return optional(Uuid(), description, server_default=filled_in, source=None)


def deployment_name() -> Attribute:
    """The attribute ``deployment``."""
    kind = String(pattern="[^/%&><]+/[^/%&><]+", form=_HOW)
    return optional(kind, f"The deployment: {_HOW}.", source=None)


async def find_deployment(
    client: Any, diagnostics: Diagnostics, scope: Scope, config: Values
) -> dict[str, Any]:
    """The deployment, as the API has it; raises ProviderError if there is none, with the names that are near."""
    # Not for those that are only declared, or planned.
    from prefect_provider.objects.server.deployment.resource import Deployment

    deployment, id_ = Deployment(client, diagnostics), config["deployment_id"]
    if id_ is not None:
        path, what, key = join_path("deployments", id_), f"the id {show(id_)}", {}
        wanted = {"id": id_}
    else:
        flow, name = config["deployment"].split("/")
        path = join_path("deployments", "name", flow, name)
        what, key = f"the name {show(config['deployment'])}", {"flow_name": flow, "name": name}
        wanted = {"name": name}
    found = await get_or_none(scope, path)
    if found is None:
        raise await no_such(deployment, scope, what, key, at="deployment" if key else "deployment_id")
    deployment.check(f"GET {path}", found, **wanted)
    return found
