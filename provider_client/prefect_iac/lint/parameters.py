"""What automations hand to the deployments that they run, held against what these take, now and after a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.lint.flaw import RULES, Flaw, Subject, subjects_of
from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.workspace.content import name_of
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.workspace.content import Json, Target, Workspace
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["parameter_flaws"]

_AUTOMATION: Final = "prefect_automation"
_DEPLOYMENT: Final = "prefect_deployment"


def parameter_flaws(outlook: Outlook) -> Iterator[Flaw]:
    """What the flows and the work pools of deployments that enabled automations run do not take."""
    subjects = subjects_of(outlook, _AUTOMATION)
    for id_, automation in outlook.planned.automations.items():
        if automation.get("enabled") is False:
            continue
        subject = subjects.get(id_) or Subject(_AUTOMATION, id_, name_of(automation))
        for target in outlook.planned.targets_of(automation):
            if target.action.get("type") != "run-deployment" or not target.id:
                continue
            deployment = outlook.planned.get(_DEPLOYMENT, target.id)
            if deployment is not None:
                yield from _parameters(outlook, subject, target, deployment)
                yield from _job_variables(outlook.planned, subject, target, deployment)


def _parameters(outlook: Outlook, subject: Subject, target: Target, deployment: Json) -> Iterator[Flaw]:
    path = (target.place, target.position, "parameters")
    found = _unfit(target.action, deployment, path)
    if not found:
        return
    called = show(outlook.planned.full_name(deployment))
    before = outlook.now.get(_DEPLOYMENT, target.id)
    known = set()
    if before is not None:
        known = {(one.path, one.message) for one in _unfit(target.action, before, path)}
    enforced = deployment.get("enforce_parameter_schema") is not False
    consequence = "Prefect refuses the run" if enforced else "the run fails, or ignores it"
    for one in found:
        level = "error" if enforced and one.severity == "error" else RULES["run-parameters"].level
        if before is not None and (one.path, one.message) not in known:
            message = (
                f"fits {called} now and not after this plan, by the schema of its parameters: {one.message}"
            )
            remedy = f"Change it together with the flow: otherwise {consequence}."
            yield Flaw("broken-caller", level, subject, message, one.path, remedy)
        else:
            message = f"does not fit {called}: {one.message}; {consequence}"
            yield Flaw("run-parameters", level, subject, message, one.path, one.remedy)


def _unfit(action: Json, deployment: Json, path: Path) -> list[Problem]:
    """What a deployment's schema does not accept; no problem repeats a value."""
    schema = deployment.get("parameter_openapi_schema")
    parameters = action.get("parameters") or {}
    known = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(known, Mapping) or not known:
        return []
    if (
        not isinstance(parameters, Mapping)
        or any(map(is_placeholder, known))
        or any(map(is_placeholder, parameters))
    ):
        return []
    from prefect_provider.rules.parameters import run_parameter_problems

    defaults = deployment.get("parameters")
    return run_parameter_problems(
        parameters,
        schema,
        defaults=defaults
        if isinstance(defaults, Mapping) and not any(map(is_placeholder, defaults))
        else None,
        is_unknown=is_placeholder,
        path=path,
        secret=True,
    )


def _job_variables(
    workspace: Workspace, subject: Subject, target: Target, deployment: Json
) -> Iterator[Flaw]:
    variables = target.action.get("job_variables")
    pool = workspace.pool_of(deployment)
    schema = _variables_of(pool)
    if not isinstance(variables, Mapping) or not variables or schema is None or pool is None:
        return
    if any(map(is_placeholder, variables)):
        return
    from prefect_provider.rules.json_schema import schema_problems, unknown_names

    path = (target.place, target.position, "job_variables")
    called = show(name_of(pool))
    for one in schema_problems(
        variables, schema, path=path, ignore_required=True, is_open=_is_open, secret=True
    ):
        message = f"does not fit the work pool {called}: {one.message}; Prefect refuses the run"
        yield Flaw("job-variables", "error", subject, message, one.path, one.remedy)
    for one in unknown_names(variables, schema, path=path, what="job variable"):
        message = f"does not reach a job of the work pool {called}: {one.message}"
        yield Flaw("job-variables", RULES["job-variables"].level, subject, message, one.path, one.remedy)


def _variables_of(pool: Json | None) -> Mapping[str, Any] | None:
    template = (pool or {}).get("base_job_template")
    schema = template.get("variables") if isinstance(template, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(schema.get("properties"), Mapping):
        return None
    return schema


def _is_open(value: object) -> bool:
    """Whether a value stands for another, which is put in its place when the run starts."""
    return is_placeholder(value) or (isinstance(value, str) and "{{" in value)
