"""A deployment as ``prefect.yaml`` has it, as arguments of :class:`~prefect_constructs.deployment.Deployment`.

All of it is taken, or refused by the name of its key; see :mod:`prefect_provider.rules.prefect_yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.errors import PrefectConstructError, refuse
from prefect_constructs.sdk import as_document, plain_keys
from prefect_constructs.wording import Wording
from prefect_provider.objects.server.deployment.pull_steps import pull_steps_from_api
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.rules.placeholders import NOTHING_KNOWN, fill
from prefect_provider.rules.prefect_yaml import deployment_fields, deployment_problems
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.problem import Problem

__all__ = ["as_arguments", "deployment_arguments"]

_ARGUMENTS: Final[Mapping[str, str]] = {
    "grace_period_seconds": "grace_period",
    "parameter_openapi_schema": "parameter_schema",
    "work_pool_name": "work_pool",
    "work_queue_name": "work_queue",
}
"""The arguments that have another name than Terraform's attributes."""


def deployment_arguments(document: Any, where: Callable[[], str]) -> dict[str, Any]:
    """The arguments for an entry of ``deployments`` in ``prefect.yaml``.

    :raises PrefectConstructError: a key of it cannot be taken; the error names the key and ``where()``.
    """
    whole = as_document(document)
    if whole is None:
        raise refuse(where, (), expected="the mapping of a deployment", got=show(document))
    given = plain_keys(whole)
    for key in ("concurrency_limit", "work_pool"):
        if isinstance(given.get(key), Mapping):
            given[key] = plain_keys(given[key])
    problems: list[Problem] = []
    given = {
        key: value if key in ("build", "push") else fill(value, (key,), NOTHING_KNOWN, problems)
        for key, value in given.items()
    }
    problems += deployment_problems(given)
    if problems:
        diagnostics = [
            Diagnostic("error", "", say(one.message, remedy=one.remedy), one.path) for one in problems
        ]
        raise PrefectConstructError(where(), [Wording().problem(one) for one in diagnostics])
    return as_arguments(deployment_fields(given))


def as_arguments(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by the names of Terraform, pull steps as Prefect has them, as arguments of a deployment."""
    arguments = {_ARGUMENTS.get(name, name): value for name, value in fields.items()}
    if "pull_steps" in fields:
        arguments["pull_steps"] = [
            {name: value for name, value in step.items() if value is not None}
            for step in pull_steps_from_api(fields["pull_steps"])
        ]
    return arguments
