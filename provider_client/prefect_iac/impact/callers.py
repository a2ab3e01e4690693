"""Who starts a deployment, and would fail with its changed parameter schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.impact.effect import Effect, subject_of
from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.workspace.content import name_of
from prefect_provider.rules.parameters import run_parameter_problems
from prefect_provider.text.path import show_path
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect_iac.impact.deployment_changes import DeploymentChange
    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.text.problem import Problem

__all__ = ["caller_effects"]

_DECIDE: Final = frozenset({"parameter_openapi_schema", "parameters", "enforce_parameter_schema"})
"""The attributes on which it depends whether the parameters of a run are accepted."""


def caller_effects(outlook: Outlook, changes: Sequence[DeploymentChange]) -> Iterator[Effect]:
    """The callers that pass parameters which fit now and do not fit then."""
    addresses = {one.id: one.address for one in outlook.prospects if one.type == "prefect_automation"}
    for change in changes:
        if not change.fields & _DECIDE:
            continue
        details: list[tuple[str, str]] = []
        for caller, parameters in _callers(outlook, change, addresses):
            before = {_told(one) for one in _problems(change.now, parameters)}
            new = [one for one in _problems(change.planned, parameters) if _told(one) not in before]
            details += [(caller, _told(one)) for one in new]
        if not details:
            continue
        broken = len({caller for caller, _ in details})
        enforced = change.planned.get("enforce_parameter_schema") is not False
        yield Effect(
            "callers-broken",
            "warning",
            subject_of(change.prospect, outlook.now),
            f"gets a parameter schema that {counted(broken, 'caller')} {'does' if broken == 1 else 'do'} not meet"
            + ("" if enforced else ", though the server does not enforce it"),
            tuple(details),
            {"callers": broken},
        )


def _callers(
    outlook: Outlook, change: DeploymentChange, addresses: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Those that start a deployment after the plan, each with its parameters."""
    for automation, target in outlook.planned.automations_on("prefect_deployment", change.prospect.id):
        if target.action.get("type") == "run-deployment" and not target.inferred:
            name = addresses.get(str(automation.get("id"))) or f"automation {name_of(automation)}"
            yield name, _mapping(target.action.get("parameters"))
    for schedule in change.planned.get("schedules") or ():
        yield f"schedule {name_of(schedule)}", _mapping(schedule.get("parameters"))


def _problems(deployment: Json, parameters: Mapping[str, Any]) -> list[Problem]:
    return run_parameter_problems(
        parameters,
        _mapping(deployment.get("parameter_openapi_schema")),
        defaults=_mapping(deployment.get("parameters")),
        is_unknown=is_placeholder,
        secret=True,
    )


def _told(problem: Problem) -> str:
    place = show_path(problem.path)
    return f"{place}: {problem.message}" if place and f"`{place}`" not in problem.message else problem.message


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
