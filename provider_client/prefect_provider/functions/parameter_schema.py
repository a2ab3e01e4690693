"""``parameter_schema``: read from the code, which is neither imported nor run."""

from __future__ import annotations

from pathlib import Path

from prefect_provider.functions.flow_name import ENTRYPOINT, check_entrypoint
from prefect_provider.plugin.language.function import ArgumentError, Function
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.plugin.language.types import STRING

__all__ = ["ParameterSchema"]


class ParameterSchema(Function):
    """The schema of a flow's parameters, as JSON for `parameter_openapi_schema` of `prefect_deployment`."""

    name = "parameter_schema"
    summary = "Schema of a flow's parameters"
    parameters = (ENTRYPOINT,)
    returns = STRING

    async def call(self, entrypoint: str) -> str:
        """From the code, which must be there."""
        from prefect_provider.flow_code.source import FlowSourceError, read_flow

        check_entrypoint(entrypoint)
        try:
            source = read_flow(entrypoint, Path())
        except FlowSourceError as error:
            raise ArgumentError(str(error), 0) from error
        if source is None:
            msg = f"there is no file {entrypoint.rpartition(':')[0]} in {Path.cwd()}"
            raise ArgumentError(msg, 0)
        return Json.dump(source.parameters_schema)
