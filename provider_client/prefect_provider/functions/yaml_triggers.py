"""``yaml_triggers``: the triggers of a ``prefect.yaml``, or of a file of triggers, in the provider's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.functions.documents import TEXT, Document
from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import DYNAMIC, STRING
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.values import Dynamic

__all__ = ["YamlTriggers"]

_TEXTS: Final = ("parameters", "job_variables")


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
        "deployment", STRING, "For a file of triggers: the name of the deployment that they run, once."
    )
    returns = DYNAMIC

    async def call(self, text: str, *deployment: str) -> Dynamic:
        """Read and checked."""
        from prefect_provider.objects.mapping import dynamic_from_json
        from prefect_provider.rules.prefect_yaml import automation_name

        if len(deployment) > 1:
            msg = expectation("one deployment or none", f"{len(deployment)}")
            raise ArgumentError(msg, 2)
        document = Document(text)
        listed: list[tuple[str, tuple[str | int, ...], Any]] = [
            (name, ("deployments", index, "triggers"), entry.get("triggers"))
            for name, (index, entry) in document.deployments.items()
        ]
        own = document.whole.get("triggers")
        if own is not None:
            if not deployment:
                remedy = "Give the name of the deployment as a second argument."
                document.refuse([Problem(("triggers",), "the triggers are those of no deployment", remedy)])
            listed.append((deployment[0], ("triggers",), own))
        elif deployment:
            expected, got = "a file of triggers where a deployment is named", "one without `triggers`"
            raise ArgumentError(expectation(expected, got), 1)
        found: dict[str, Any] = {}
        for name, path, triggers in listed:
            for position, (index, entry) in enumerate(document.entries(path, triggers), start=1):
                key = automation_name(name, position)
                found[key] = {"deployment": name, **_automation(document, (*path, index), entry, key)}
        return dynamic_from_json(found)


def _automation(
    document: Document, path: tuple[str | int, ...], entry: Mapping[str, Any], name: str
) -> dict[str, Any]:
    from prefect_provider.rules.actions import problems as action_problems
    from prefect_provider.rules.durations import with_seconds
    from prefect_provider.rules.prefect_yaml import AUTOMATION_FIELDS

    given = {key: value for key, value in with_seconds(entry).items() if value is not None}
    _check_types(document, given, path)
    action: dict[str, Any] = {
        key: given[key] for key in ("parameters", "job_variables", "schedule_after") if key in given
    }
    whole = {"type": "run-deployment", "source": "inferred", **action}
    document.refuse(action_problems(whole, path=path))
    trigger = {key: value for key, value in given.items() if key not in AUTOMATION_FIELDS}
    return {
        "name": given.get("name", name),
        "description": given.get("description"),
        "enabled": given.get("enabled"),
        "trigger": _trigger(document, path, trigger),
        "action": {
            "type": "run-deployment",
            "schedule_after": action.get("schedule_after"),
            "parameters": _json(action, "parameters"),
            "job_variables": _json(action, "job_variables"),
        },
    }


def _json(action: Mapping[str, Any], key: str) -> str | None:
    from prefect_provider.plugin.language.kinds import Json

    return Json.dump(action[key]) if key in action else None


def _check_types(document: Document, given: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
    from prefect_provider.rules.findings import Findings
    from prefect_provider.rules.values import nothing_unknown

    findings = Findings(nothing_unknown)
    for key in ("name", "description"):
        findings.text(given.get(key), (*path, key))
    findings.flag(given.get("enabled"), (*path, "enabled"))
    for key in _TEXTS:
        if key in given and not isinstance(given[key], dict):
            findings.error((*path, key), expectation("a mapping", show(given[key])))
    document.refuse(findings.problems)


def _trigger(document: Document, path: tuple[str | int, ...], trigger: Mapping[str, Any]) -> dict[str, Any]:
    from prefect_provider.objects.mapping import plain
    from prefect_provider.objects.server.automation.forms import trigger_from_api
    from prefect_provider.rules import trigger_forms, triggers

    document.refuse(triggers.problems(trigger, path=path))
    strange: list[str] = []
    values = trigger_from_api(trigger_forms.to_api(trigger), strange, path)
    document.refuse([Problem(path, f"this has no place in Terraform: {one}") for one in strange])
    found: dict[str, Any] = plain(values)
    return found
