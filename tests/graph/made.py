"""Workspaces made up for tests of graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_iac.graph.building import build_graph
from prefect_iac.workspace.content import Workspace
from prefect_iac.workspace.outlook import outlook_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_iac.graph.model import Graph

__all__ = ["DEPLOYMENTS", "automation", "event", "graph_of", "on", "run", "workspace"]

FLOW = "f0000000-0000-4000-8000-000000000001"
DEPLOYMENTS = {
    name: f"d0000000-0000-4000-8000-00000000000{index}" for index, name in enumerate(("a", "b", "c", "d"))
}


def on(*names: str, deployment: str = "", **fields: Any) -> dict[str, Any]:
    """A trigger on events, of the runs of a deployment if one is named."""
    related = {"prefect.resource.id": f"prefect.deployment.{DEPLOYMENTS[deployment]}"} if deployment else {}
    return {
        "type": "event",
        "posture": "Reactive",
        "expect": list(names),
        "after": [],
        "for_each": [],
        "match": {},
        "match_related": related,
        "threshold": 1,
        "within": 0,
    } | fields


def run(deployment: str = "") -> dict[str, Any]:
    """The action that runs a deployment; the one of the event without a name."""
    if not deployment:
        return {"type": "run-deployment", "source": "inferred"}
    return {"type": "run-deployment", "source": "selected", "deployment_id": DEPLOYMENTS[deployment]}


def automation(name: str, trigger: Mapping[str, Any], *actions: Any, **fields: Any) -> dict[str, Any]:
    """An automation; its id follows from its name."""
    return {
        "id": f"a-{name}",
        "name": name,
        "enabled": True,
        "trigger": dict(trigger),
        "actions": list(actions),
        "actions_on_trigger": [],
        "actions_on_resolve": [],
    } | fields


def workspace(*automations: dict[str, Any]) -> Workspace:
    """These automations, and four deployments of one flow."""
    deployments = {
        id_: {"id": id_, "name": name, "flow_id": FLOW, "tags": [f"tag-{name}"]}
        for name, id_ in DEPLOYMENTS.items()
    }
    return Workspace(
        {
            "prefect_flow": {FLOW: {"id": FLOW, "name": "etl"}},
            "prefect_deployment": deployments,
            "prefect_automation": {one["id"]: one for one in automations},
        }
    )


def graph_of(*automations: dict[str, Any], events: Iterable[Mapping[str, Any]] | None = None) -> Graph:
    """The graph of these automations on a server."""
    return build_graph(outlook_of(None, workspace(*automations)), events)


def event(
    name: str, *, of: str = "", run_id: str = "1", creator: str = "", **resource: str
) -> dict[str, Any]:
    """An event as the API gives it: of a run of a deployment, or of anything else."""
    related = [
        {"prefect.resource.id": "prefect.tag.x", "prefect.resource.role": "tag"},
    ]
    if of:
        deployment = f"prefect.deployment.{DEPLOYMENTS[of]}"
        related.append({"prefect.resource.id": deployment, "prefect.resource.role": "deployment"})
    if creator:
        by = f"prefect.automation.a-{creator}"
        related.append({"prefect.resource.id": by, "prefect.resource.role": "creator"})
    labels = {"prefect.resource.id": f"prefect.flow-run.{run_id}"} | {
        key.replace("_", "."): value for key, value in resource.items()
    }
    return {
        "id": f"{name}-{of}-{run_id}",
        "event": name,
        "occurred": "2026-11-20T10:00:00Z",
        "resource": labels,
        "related": related,
        "payload": {"token": "hunter2-hunter2"},
    }
