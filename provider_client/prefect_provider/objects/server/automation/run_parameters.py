"""The parameters of ``run-deployment`` actions, held against what the deployment's flow takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import ApiError
from prefect_provider.objects.server.run_targets import run_target
from prefect_provider.plugin.language.values import is_unknown
from prefect_provider.rules.parameters import run_parameter_problems
from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["run_problems"]


async def run_problems(
    client: Any, scope: Scope, actions: Iterable[tuple[Path, Mapping[str, Any]]]
) -> list[Problem]:
    """What the flows of the deployments that are run do not take, each at its place.

    Warnings, because the same apply may give the deployment another schema. One that is not known yet, or cannot be
    read, is not checked.
    """
    found: list[Problem] = []
    for path, action in actions:
        id_, parameters = action.get("deployment_id"), action.get("parameters")
        if action.get("type") != "run-deployment" or not isinstance(parameters, dict):
            continue
        if not isinstance(id_, str) or not is_uuid(id_):
            continue
        try:
            deployment = await run_target(client, scope, id_)
        except ApiError:
            # Whether it can be run shows when it is run; the plan is about the automation.
            continue
        schema = (deployment or {}).get("parameter_openapi_schema")
        if deployment is None or not isinstance(schema, dict) or not schema.get("properties"):
            continue
        found += run_parameter_problems(
            parameters,
            schema,
            defaults=deployment.get("parameters"),
            is_unknown=is_unknown,
            path=(*path, "parameters"),
            secret=True,
        )
    return [one._replace(severity="warning") for one in found]
