"""``flow_name``: read from the code, which is neither imported nor run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import STRING

__all__ = ["ENTRYPOINT", "FlowName"]

ENTRYPOINT: Final = Parameter(
    "entrypoint",
    STRING,
    "Where the flow is: `path/to/file.py:function`, relative to Terraform's working directory.",
)


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

        try:
            name = read_flow_name(entrypoint, Path())
        except FlowSourceError as error:
            raise ArgumentError(str(error), 0) from error
        return default_flow_name(entrypoint) if name is None else name
