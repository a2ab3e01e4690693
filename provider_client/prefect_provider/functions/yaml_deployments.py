"""``yaml_deployments``: the deployments of a ``prefect.yaml`` in the provider's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.functions.documents import TEXT, Document
from prefect_provider.plugin.language.function import Function
from prefect_provider.plugin.language.types import DYNAMIC
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.values import Dynamic

__all__ = ["YamlDeployments"]

_ELSEWHERE: Final = frozenset({"account_id", "workspace_id"})
_TEXTS: Final = frozenset({"parameters", "job_variables"})


class YamlDeployments(Function):
    """The deployments of a `prefect.yaml`, by name, each with the attributes of `prefect_deployment`.

    What the file does not say is null. Whatever cannot be taken over (build steps, templates that `prefect deploy`
    renders, a key that is misspelt ...) is an error with its line and key; nothing is left out in silence. Schedules
    without a slug are called by their kind, as in `prefect_constructs`.
    """

    name = "yaml_deployments"
    summary = "Deployments of a prefect.yaml"
    parameters = (TEXT,)
    returns = DYNAMIC

    async def call(self, text: str) -> Dynamic:
        """Read and checked."""
        from prefect_provider.objects.mapping import dynamic_from_json

        document = Document(text)
        found = {
            name: _attributes(document, index, entry) for name, (index, entry) in document.deployments.items()
        }
        return dynamic_from_json(found)


def _attributes(document: Document, index: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    from prefect_provider.objects.mapping import plain
    from prefect_provider.objects.server.deployment.pull_steps import pull_steps_from_api
    from prefect_provider.objects.server.deployment.resource import Deployment
    from prefect_provider.plugin.language.kinds import Json
    from prefect_provider.rules.prefect_yaml import deployment_fields

    fields = deployment_fields({"pull": document.whole.get("pull"), **entry})
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
        single = "schedule" in entry and bool(entry["schedule"])
        path = ("deployments", index, "schedule" if single else "schedules")
        values["schedules"] = _schedules(document, path, fields["schedules"], single=single)
    if "pull_steps" in fields:
        _check_steps(document, index, entry)
        values["pull_steps"] = plain(pull_steps_from_api(fields["pull_steps"]))
    configurable = (
        name
        for name, attribute in Deployment.attributes.items()
        if attribute.configurable and name not in _ELSEWHERE
    )
    return {name: values.get(name) for name in configurable}


def _check_steps(document: Document, index: int, entry: Mapping[str, Any]) -> None:
    """Each step is a mapping of its path to its inputs, as Prefect runs it."""
    own = entry.get("pull") is not None
    path: tuple[str | int, ...] = ("deployments", index, "pull") if own else ("pull",)
    given = entry["pull"] if own else document.whole["pull"]
    for place, step in [((), given)] if isinstance(given, dict) else [((i,), s) for i, s in enumerate(given)]:
        fits = isinstance(step, dict) and len(step) == 1 and isinstance(next(iter(step.values())), dict)
        if step and not fits:
            expected = "a step with its inputs, such as `{my_package.steps.fetch: {depth: 3}}`"
            document.refuse([Problem((*path, *place), expectation(expected, show(step)))])


def _schedules(
    document: Document, path: tuple[str | int, ...], listed: list[Any], *, single: bool
) -> dict[str, Any]:
    from prefect_provider.plugin.language.kinds import Json
    from prefect_provider.rules import schedules as rules
    from prefect_provider.rules.durations import with_seconds

    found: dict[str, dict[str, Any]] = {}
    for index, given in enumerate(listed):
        here = path if single else (*path, index)
        if given is None:
            continue
        if not isinstance(given, dict):
            document.refuse([Problem(here, expectation("a mapping", show(given)))])
        schedule = with_seconds(given)
        document.refuse(rules.problems(schedule, path=here))
        kind = next(kind for kind in rules.KINDS if schedule.get(kind) is not None)
        slug = schedule.pop("slug", None) or kind
        if slug in found:
            what = f'two schedules have the slug "{slug}"'
            document.refuse([Problem(here, what, "Give each its own: `slug`.")])
        if schedule.get("anchor_date") is not None:
            schedule["anchor_date"] = rules.instant(schedule["anchor_date"]).isoformat()
        if schedule.get("parameters") is not None:
            schedule["parameters"] = Json.dump(schedule["parameters"])
        names = sorted(rules.ENTRY_FIELDS.union(*rules.KIND_FIELDS.values()) - {"slug"})
        found[slug] = {name: schedule.get(name) for name in names}
    return found
