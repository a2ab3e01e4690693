"""What the page of a review draws: the graph, when automations fire, and the plan by object."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from prefect_iac.graph.selection import select
from prefect_iac.output.backtest import backtest_page
from prefect_iac.output.graph.marks import times
from prefect_iac.output.html.data import GraphEdge, GraphNode, PageData, PlannedObject
from prefect_iac.output.report import LEVELS
from prefect_iac.output.review.objects import details_of, notes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.graph.model import Graph, Node, NodeKind
    from prefect_iac.output.html.data import Action, Status
    from prefect_iac.output.html.data import NodeKind as Drawn
    from prefect_iac.output.report import Level, Report
    from prefect_iac.plan.changes import Action as PlanAction
    from prefect_iac.review.changes import Deed
    from prefect_iac.review.review import Review

__all__ = ["review_page"]

_MOST: Final = 400
"""Nodes of the graph that a page draws; it can be moved and searched."""

_KINDS: Final[Mapping[NodeKind, Drawn]] = MappingProxyType(
    {"event": "event", "automation": "automation", "deployment": "deployment"}
)
_STATUS: Final[Mapping[PlanAction, Status]] = MappingProxyType(
    {"create": "new", "update": "changed", "replace": "changed", "other": "changed", "delete": "gone"}
)
_ACTIONS: Final[Mapping[Deed, Action]] = MappingProxyType(
    {
        "destroy": "destroy",
        "replace": "replace",
        "update": "update",
        "create": "create",
        "import": "import",
        "move": "move",
        "forget": "forget",
    }
)


def review_page(review: Review, report: Report, title: str = "") -> PageData:
    """The data of the page; ``report`` tells what was found of what."""
    worst = _worst(report)
    nodes, edges = _graph(review.graph, worst)
    objects = tuple(
        PlannedObject(
            change.address,
            change.type,
            _ACTIONS.get(change.deed, "none"),
            details_of(change),
            notes_of(change),
            worst.get(change.address),
        )
        for change in review.changes
    )
    timeline = None if review.backtest is None else backtest_page(review.backtest).timeline
    return PageData(nodes, edges, timeline, objects, title)


def _worst(report: Report) -> dict[str, Level]:
    """The worst finding of each subject."""
    worst: dict[str, Level] = {}
    for finding in report.findings:
        if finding.suppressed is None:
            known = worst.get(finding.subject, finding.level)
            worst[finding.subject] = min(known, finding.level, key=LEVELS.index)
    return worst


def _graph(graph: Graph, worst: Mapping[str, Level]) -> tuple[tuple[GraphNode, ...], tuple[GraphEdge, ...]]:
    selection = select(graph, _MOST)
    nodes = tuple(
        GraphNode(
            node.id,
            _KINDS.get(node.kind, "other"),
            node.label,
            _STATUS.get(node.action, "same"),
            worst.get(node.address or node.label),
            _note(node),
        )
        for node in selection.nodes
    )
    edges = tuple(
        GraphEdge(
            edge.source,
            edge.target,
            edge.seen,
            edge.source in selection.looping and edge.target in selection.looping,
        )
        for edge in selection.edges
    )
    return nodes, edges


def _note(node: Node) -> str:
    parts = [node.detail, "" if node.enabled else "off", "" if node.seen is None else times(node.seen)]
    return ", ".join(part for part in parts if part)
