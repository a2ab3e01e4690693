"""``yaml_triggers``: the triggers of a ``prefect.yaml``, or of a file of triggers, in the provider's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.functions.documents import TEXT, VALUES, project_of, values_of
from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import DYNAMIC
from prefect_provider.text.problem import Problem, expectation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.values import Dynamic
    from prefect_provider.project.triggers import ProjectTrigger

__all__ = ["YamlTriggers", "automation_attributes"]


class YamlTriggers(Function):
    """The triggers of a `prefect.yaml`, or of a file for `prefect deploy --trigger`, by the automation's name.

    The name is the one that `prefect deploy` gives: `<deployment>__automation_<position>`. Each has what
    `prefect_automation` takes: `name`, `description`, `enabled` and `trigger`, and `action`, which runs the deployment
    once it is merged with its id: `actions = [merge(each.value.action, { deployment_id = ... })]`. `deployment` is the
    deployment's name. What cannot be taken over is an error with its line and key.
    """

    name = "yaml_triggers"
    summary = "Triggers of a prefect.yaml or of a file of triggers"
    parameters = (TEXT,)
    variadic = Parameter(
        "deployment_or_values",
        DYNAMIC,
        f"For a trigger, or a file of triggers, in YAML or JSON: the name of the deployment that they run. For a "
        f"`prefect.yaml`: an object, {VALUES}.",
    )
    returns = DYNAMIC

    async def call(self, text: str, *more: Any) -> Dynamic:
        """Read and checked."""
        from prefect_provider.objects.mapping import dynamic_from_json, plain

        if len(more) > 1:
            raise ArgumentError(expectation("one deployment, or one object of values", f"{len(more)}"), 2)
        given = plain(more[0]) if more else None
        listed = _of_one(text, given) if isinstance(given, str) else _of_all(text, given)
        return dynamic_from_json(
            {key: {"deployment": deployment, **automation_attributes(one)} for deployment, key, one in listed}
        )


def _of_one(text: str, deployment: str) -> list[tuple[str, str, ProjectTrigger]]:
    """The triggers of a text that has no deployments."""
    from prefect_provider.project.source import ProjectError
    from prefect_provider.project.triggers import read_triggers
    from prefect_provider.rules.values import nothing_unknown

    try:
        found = read_triggers([(text, "")], deployment, nothing_unknown)
    except ProjectError as error:
        raise ArgumentError(str(error), 0) from error
    if not found:
        expected = "a file of triggers where a deployment is named"
        raise ArgumentError(expectation(expected, "one without `triggers`"), 1)
    return _keyed(deployment, found)


def _of_all(text: str, given: Any) -> list[tuple[str, str, ProjectTrigger]]:
    """The triggers of all deployments of a file."""
    from prefect_provider.project.source import ProjectError

    project = project_of(text, values_of(given, 1) if given is not None else {})
    if project.own_triggers is not None:
        remedy = "Give the name of the deployment as a second argument."
        try:
            project.source.refuse([Problem(("triggers",), "the triggers are those of no deployment", remedy)])
        except ProjectError as error:
            raise ArgumentError(str(error), 0) from error
    return [found for name, one in project.deployments.items() for found in _keyed(name, one.triggers)]


def _keyed(deployment: str, found: list[ProjectTrigger]) -> list[tuple[str, str, ProjectTrigger]]:
    from prefect_provider.rules.prefect_yaml import automation_name

    return [
        (deployment, automation_name(deployment, position), one)
        for position, one in enumerate(found, start=1)
    ]


def automation_attributes(given: ProjectTrigger) -> dict[str, Any]:
    """What `prefect_automation` takes of a trigger, and the `action`, which has no deployment yet."""
    return {
        "name": given.name,
        "description": given.description,
        "enabled": given.enabled,
        "trigger": _trigger(given),
        "action": {
            "type": "run-deployment",
            "schedule_after": given.action.get("schedule_after"),
            "parameters": _json(given.action, "parameters"),
            "job_variables": _json(given.action, "job_variables"),
        },
    }


def _json(action: Mapping[str, Any], key: str) -> str | None:
    from prefect_provider.plugin.language.kinds import Json

    return Json.dump(action[key]) if key in action else None


def _trigger(given: ProjectTrigger) -> dict[str, Any]:
    from prefect_provider.objects.mapping import plain
    from prefect_provider.objects.server.automation.forms import trigger_from_api
    from prefect_provider.project.source import ProjectError
    from prefect_provider.rules import trigger_forms

    strange: list[str] = []
    values = trigger_from_api(trigger_forms.to_api(given.trigger), strange, given.path)
    try:
        given.source.refuse(
            [Problem(given.path, f"this has no place in Terraform: {one}") for one in strange]
        )
    except ProjectError as error:
        raise ArgumentError(str(error), 0) from error
    found: dict[str, Any] = plain(values)
    return found
