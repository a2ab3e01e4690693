"""Which flow a deployment belongs to, when the configuration does not give its id.

The flow is the one that the entrypoint names: ``path/to/flow.py:decorated_fn`` is the flow ``decorated-fn``, unless the
code at hand gives the decorator another name. It is found on the server, or created there.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.server.flow_names import name_of_flow
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.values import UNKNOWN, Unknown
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.diagnostics import Diagnostics

__all__ = ["check_flow", "flow_name_of", "plan_flow"]

_log: Final = logging.getLogger("prefect_provider.objects")


def flow_name_of(entrypoint: str, path: str | None, diagnostics: Diagnostics) -> str:
    """The name of the flow at an entrypoint: from the code, where it is at hand, else from the function's name.

    Code that cannot be read decides nothing, with a warning: it may be for another version of Python than this one.

    Raises:
        ProviderError: the code is there, and has no such function.
    """
    from pathlib import Path

    from prefect_provider.flow_code.source import FlowSourceError, default_flow_name, read_flow_name

    default = default_flow_name(entrypoint)
    for base in (path, "."):
        try:
            name = read_flow_name(entrypoint, Path(base)) if base else None
        except FlowSourceError as error:
            if error.__cause__ is None:
                msg = "No such flow"
                raise ProviderError(msg, str(error), ("entrypoint",)) from error
            _warn_of_unreadable(str(error), default, diagnostics)
            return default
        except Exception as error:  # noqa: BLE001 - whatever somebody's code makes of the reader, a plan goes on
            _log.warning("cannot read the flow %s", entrypoint, exc_info=True)
            _warn_of_unreadable(
                f"cannot read the flow {entrypoint}: {type(error).__name__}", default, diagnostics
            )
            return default
        if name is not None:
            return name
    return default


def _warn_of_unreadable(why: str, name: str, diagnostics: Diagnostics) -> None:
    remedy = "Set `flow_name` if its decorator gives it another"
    diagnostics.warning(
        "Unreadable flow",
        say(f"{why.rstrip('.')}. Its name is taken to be {show(name)}", remedy=remedy),
        ("entrypoint",),
    )


def plan_flow(plan: Plan, diagnostics: Diagnostics) -> None:
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
        name = flow_name_of(config["entrypoint"], config["path"], diagnostics)
    planned["flow_name"] = name
    if not prior or name != prior.get("flow_name"):
        planned["flow_id"] = UNKNOWN


async def check_flow(resource: RemoteObject, plan: Plan) -> None:
    """Report a flow that is not there, and an id and a name that are not of one flow.

    A server that cannot be asked now is asked by the apply.
    """
    flow_id, name = plan.config["flow_id"], plan.config["flow_name"]
    if not isinstance(flow_id, str) or resource.client is None:
        return
    prior = plan.prior or {}
    if resource.attributes["flow_id"].same(flow_id, prior.get("flow_id")):
        actual = prior.get("flow_name")
    else:
        scope = resource.known_scope(plan.config)
        if scope is None:
            return
        try:
            actual = await name_of_flow(resource.client, scope, flow_id)
        except ApiError as error:
            _log.info("cannot look for the flow %s: %s", flow_id, error)
            return
        if actual is None:
            resource.diagnostics.error(
                "No such flow",
                f"No flow has the id {flow_id}. Refer to a `prefect_flow`, or set `flow_name` or `entrypoint` "
                "instead: then it is found or created.",
                ("flow_id",),
            )
            return
    if isinstance(name, str) and actual is not None and actual != name:
        resource.diagnostics.error(
            "Two flows for one deployment",
            f'The flow {flow_id} is named "{actual}", and `flow_name` says "{name}". Keep one of the two.',
            ("flow_name",),
        )
