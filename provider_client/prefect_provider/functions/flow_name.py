"""``flow_name``: read from the code, which is neither imported nor run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import STRING

__all__ = ["ENTRYPOINT", "FlowName", "check_entrypoint"]

ENTRYPOINT: Final = Parameter(
    "entrypoint",
    STRING,
    "Where the flow is: `path/to/file.py:function`, relative to Terraform's working directory.",
)


def check_entrypoint(entrypoint: str) -> None:
    """Raise ArgumentError for a text that is no entrypoint of a flow, as `prefect_deployment` refuses it."""
    from prefect_provider.rules.entrypoints import ENTRYPOINT_FORM, entrypoint_problem
    from prefect_provider.text.problem import say

    problem = entrypoint_problem(entrypoint)
    if problem is not None and problem.severity == "error":
        raise ArgumentError(str(problem), 0)
    if not entrypoint:
        raise ArgumentError(say(expected=ENTRYPOINT_FORM, got='""'), 0)


class FlowName(Function):
    """The name that Prefect gives the flow at an entrypoint.

    It is what the `@flow` decorator says, or the function's name with hyphens for underscores; the latter also where
    the file is not there.
    """

    name = "flow_name"
    summary = "Name of the flow at an entrypoint"
    parameters = (ENTRYPOINT,)
    returns = STRING

    async def call(self, entrypoint: str) -> str:
        """From the code, or from the entrypoint alone."""
        from prefect_provider.flow_code.source import FlowSourceError, default_flow_name, read_flow_name

        check_entrypoint(entrypoint)
        try:
            name = read_flow_name(entrypoint, Path())
        except FlowSourceError as error:
            raise ArgumentError(str(error), 0) from error
        return default_flow_name(entrypoint) if name is None else name
