"""Which flow a deployment belongs to, when the configuration does not give its id.

The flow is the one that the entrypoint names: ``path/to/flow.py:decorated_fn`` is the flow ``decorated-fn``, unless the
code at hand gives the decorator another name. It is found on the server, or created there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.values import UNKNOWN, Unknown

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["find_or_create_flow", "flow_name_of", "name_of_flow", "plan_flow"]


def flow_name_of(entrypoint: str, path: str | None) -> str:
    """The name of the flow at an entrypoint: from the code, where it is at hand, else from the function's name."""
    from prefect_provider.flow_code.source import (
        FlowSourceError,
        default_flow_name,
        read_flow,
    )

    for base in (path, "."):
        try:
            source = read_flow(entrypoint, Path(base)) if base else None
        except FlowSourceError as error:
            msg = "No such flow"
            raise ProviderError(msg, str(error), ("entrypoint",)) from error
        if source is not None:
            return source.name
    return default_flow_name(entrypoint)


def plan_flow(plan: Plan) -> None:
    """Plan ``flow_id`` and ``flow_name``, of which the configuration may give one, the other, or neither."""
    config, planned, prior = plan.config, plan.planned, plan.prior or {}
    if config["flow_id"] is not None:
        if config["flow_name"] is None and (not prior or plan.changes("flow_id")):
            planned["flow_name"] = UNKNOWN
        return
    if config["flow_name"] is not None:
        name = config["flow_name"]
    elif prior and not plan.changes("entrypoint"):
        # Not read from the code again: what a checkout holds must not decide whether a deployment is replaced.
        name = prior["flow_name"]
    elif isinstance(config["entrypoint"], Unknown) or isinstance(config["path"], Unknown):
        name = UNKNOWN
    else:
        name = flow_name_of(config["entrypoint"], config["path"])
    planned["flow_name"] = name
    if not prior or name != prior.get("flow_name"):
        planned["flow_id"] = UNKNOWN


async def name_of_flow(scope: Scope, flow_id: str) -> str | None:
    """The name of the flow with that id; ``None`` if there is none."""
    flow = await scope.collection("/flows").read(flow_id)
    return None if flow is None else str(flow["name"])


async def find_or_create_flow(scope: Scope, name: str) -> str:
    """The id of the flow of that name; POST returns an existing one unchanged."""
    reply = await scope.post("/flows/", {"name": name}, retry="safe")
    flow: dict[str, Any] = reply.data
    return str(flow["id"])
