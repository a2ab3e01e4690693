"""``yaml_deployments``: the deployments of a ``prefect.yaml`` in the provider's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.functions.documents import TEXT, VALUES, project_of, values_of
from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import DYNAMIC
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.values import Dynamic

__all__ = ["YamlDeployments", "deployment_attributes"]

_ELSEWHERE: Final = frozenset({"account_id", "workspace_id"})
_TEXTS: Final = frozenset({"parameters", "job_variables", "parameter_openapi_schema"})


class YamlDeployments(Function):
    """The deployments of a `prefect.yaml`, by name, each with the attributes of `prefect_deployment`.

    What the file does not say is null. Whatever cannot be taken over (build steps, placeholders whose values are not
    given, a key that is misspelt ...) is an error with its line and key; nothing is left out in silence. Schedules
    without a slug are called by their kind: `cron`, `cron-2`. With `directory`, what `prefect deploy` takes from the
    flow's code is there as well: the flow's name, its parameters' schema, its description and version, and the pull
    step of a deployment without one.
    """

    name = "yaml_deployments"
    summary = "Deployments of a prefect.yaml"
    parameters = (TEXT,)
    variadic = Parameter("values", DYNAMIC, f"An object, once: {VALUES}.")
    returns = DYNAMIC

    async def call(self, text: str, *values: Any) -> Dynamic:
        """Read and checked."""
        from prefect_provider.objects.mapping import dynamic_from_json, plain

        if len(values) > 1:
            raise ArgumentError(expectation("one object of values or none", f"{len(values)}"), 2)
        project = project_of(text, values_of(plain(values[0]), 1) if values else {})
        return dynamic_from_json(
            {name: deployment_attributes(one.fields) for name, one in project.deployments.items()}
        )


def deployment_attributes(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a deployment as attributes of `prefect_deployment`, documents as JSON; what is not set is null."""
    from prefect_provider.objects.mapping import plain
    from prefect_provider.objects.server.deployment.pull_steps import pull_steps_from_api
    from prefect_provider.objects.server.deployment.resource import Deployment
    from prefect_provider.plugin.language.kinds import Json

    values = {
        name: Json.dump(value) if name in _TEXTS else value
        for name, value in fields.items()
        if name in Deployment.attributes and name not in ("schedules", "pull_steps")
    }
    strategy = fields.get("collision_strategy")
    grace = fields.get("grace_period_seconds")
    if strategy is not None or grace is not None:
        values["concurrency_options"] = {"collision_strategy": strategy, "grace_period_seconds": grace}
    if "schedules" in fields:
        values["schedules"] = {slug: _schedule(one) for slug, one in fields["schedules"].items()}
    if "pull_steps" in fields:
        values["pull_steps"] = plain(pull_steps_from_api(fields["pull_steps"]))
    configurable = (
        name
        for name, attribute in Deployment.attributes.items()
        if attribute.configurable and name not in _ELSEWHERE
    )
    return {name: values.get(name) for name in configurable}


def _schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    from prefect_provider.plugin.language.kinds import Json
    from prefect_provider.rules.schedules import ENTRY_FIELDS, KIND_FIELDS

    names = sorted(ENTRY_FIELDS.union(*KIND_FIELDS.values()) - {"slug"})
    found = {name: schedule.get(name) for name in names}
    if found["parameters"] is not None:
        found["parameters"] = Json.dump(found["parameters"])
    return found
