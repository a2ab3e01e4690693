"""``yaml_automations``: the automations of a file in the provider's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import DYNAMIC, STRING
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Dynamic
    from prefect_provider.project.automations import FileAutomation

__all__ = ["YamlAutomations", "file_attributes"]

_TEXT: Final = Parameter("text", STRING, 'The text of the file: `file("${path.module}/automations.yaml")`.')


class YamlAutomations(Function):
    """The automations of a file in YAML or JSON, by name, each with the attributes of `prefect_automation`.

    The file has one, a list, or a list below `automations`, as `prefect automation create --from-file` takes them. Each
    is as the REST API takes it, as an object of Prefect's SDK is written out (`model_dump_json()`), or as `prefect
    automation inspect` prints it with `--yaml` or `--json`; what only the server sets, such as `id` and
    `owner_resource`, is left out. What the file does not say is null. What cannot be taken over is an error with its
    line and key.
    """

    name = "yaml_automations"
    summary = "Automations of a file"
    parameters = (_TEXT,)
    returns = DYNAMIC

    async def call(self, text: str) -> Dynamic:
        """Read and checked."""
        from prefect_provider.objects.mapping import dynamic_from_json
        from prefect_provider.project.automations import read_automations
        from prefect_provider.project.source import ProjectError

        try:
            found = {name: file_attributes(one) for name, one in read_automations(text).items()}
        except ProjectError as error:
            raise ArgumentError(str(error), 0) from error
        return dynamic_from_json(found)


def file_attributes(given: FileAutomation) -> dict[str, Any]:
    """What `prefect_automation` takes of an automation; what is not said is null. Raises ProjectError."""
    from prefect_provider.objects.mapping import plain
    from prefect_provider.objects.server.automation.forms import actions_from_api, trigger_from_api
    from prefect_provider.rules import actions as action_rules
    from prefect_provider.rules import trigger_forms
    from prefect_provider.rules.actions import ACTION_LISTS

    strange: list[str] = []
    fields = given.fields
    values = {
        **{name: fields.get(name) for name in ("name", "description", "enabled", "tags")},
        "trigger": trigger_from_api(trigger_forms.to_api(fields["trigger"]), strange, ()),
        **{
            name: actions_from_api([action_rules.to_api(one) for one in fields[name]], name, strange)
            if name in fields
            else None
            for name in ACTION_LISTS
        },
    }
    given.source.refuse(
        [Problem((*given.path, "trigger"), f"this has no place in Terraform: {one}") for one in strange]
    )
    found: dict[str, Any] = plain(values)
    return found
