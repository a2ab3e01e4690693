"""``action "prefect_cancel_flow_runs"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import NotFound
from prefect_provider.objects.acting import WorkspaceAction
from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.server.flow_run_states import STATE_TYPES, set_state
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.kinds import SetOf, String, Uuid
from prefect_provider.plugin.language.values import Unknown
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["CancelFlowRuns"]

_SELECTING: Final = ("flow_run_ids", "deployment_id", "flow_name", "work_pool_name", "tags")
_STATES: Final = ("SCHEDULED", "PENDING", "RUNNING", "PAUSED")
_PAGE: Final = 200


class CancelFlowRuns(WorkspaceAction):
    """Cancels the flow runs that are selected, and have not ended.

    What is set selects together: a run has to meet all of it. A run that is under way is told to end, which the action
    does not wait for. Runs that end by themselves meanwhile are no error.
    """

    type_name = "prefect_cancel_flow_runs"

    flow_run_ids = optional(SetOf(Uuid()), "The runs (UUIDs).", source=None)
    deployment_id = optional(Uuid(), "Runs of this deployment (UUID).", source=None)
    flow_name = optional(String(), "Runs of the flow of this name.", source=None)
    work_pool_name = optional(String(), "Runs in this work pool.", source=None)
    tags = optional(SetOf(String()), "Runs that have all of these tags.", source=None)
    states = optional(
        SetOf(String(choices=STATE_TYPES)),
        f"Runs whose state is of one of these types; {names(_STATES, last='and')} when left out.",
        source=None,
    )
    message = optional(String(), "Why, as the runs' state will say.", source=None)

    async def validate(self, config: Values) -> None:
        """Something is selected: all runs of a server are not cancelled by an oversight."""
        given = [config.get(name) for name in _SELECTING]
        if not any(isinstance(value, Unknown) or value for value in given):
            self.diagnostics.error(
                "Which flow runs?", say(expected=f"one of {names(_SELECTING)}", got="none of them")
            )

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """Page by page; the ids are all read before the first is cancelled, for that moves the pages."""
        scope = self.scope(config)
        runs = await _selected(scope, config)
        if not runs:
            yield "No flow runs to cancel"
            return
        yield f"{len(runs)} flow runs to cancel" if len(runs) > 1 else "1 flow run to cancel"
        state = {"type": "CANCELLING", "name": "Cancelling", "message": config["message"] or "By Terraform."}
        kept = []
        for run in runs:
            try:
                refused = await set_state(scope, run["id"], state, force=False)
            except NotFound:
                refused = ""
            if refused:
                kept.append(f"{show(run['name'])} ({run['id']}): {refused}")
            else:
                yield f"Flow run {show(run['name'])} is cancelled"
        if kept:
            what = f"{len(kept)} of {len(runs)} flow runs were not cancelled"
            self.diagnostics.warning("Flow runs not cancelled", f"{say(what)}\n  " + "\n  ".join(kept))


def _filter(config: Values) -> dict[str, Any]:
    runs: dict[str, Any] = {"state": {"type": {"any_": sorted(config["states"] or _STATES)}}}
    if config["flow_run_ids"]:
        runs["id"] = {"any_": config["flow_run_ids"]}
    if config["deployment_id"]:
        runs["deployment_id"] = {"any_": [config["deployment_id"]]}
    if config["tags"]:
        runs["tags"] = {"all_": config["tags"]}
    found: dict[str, Any] = {"flow_runs": runs, "sort": "ID_DESC", "limit": _PAGE}
    if config["flow_name"]:
        found["flows"] = {"name": {"any_": [config["flow_name"]]}}
    if config["work_pool_name"]:
        found["work_pools"] = {"name": {"any_": [config["work_pool_name"]]}}
    return found


async def _selected(scope: Scope, config: Values) -> list[dict[str, Any]]:
    what, found = "/flow_runs/filter", _filter(config)
    runs: dict[str, dict[str, Any]] = {}
    while True:
        reply = await scope.post(what, {**found, "offset": len(runs)})
        page = objects_of(f"POST {what}", "flow run", reply.data, id=Uuid(), name=String())
        before = len(runs)
        runs |= {run["id"]: run for run in page}
        if len(page) < _PAGE or len(runs) == before:
            return list(runs.values())
