"""A graph for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.graph.loops import loops

if TYPE_CHECKING:
    from prefect_iac.graph.loops import Loop
    from prefect_iac.graph.model import Edge, Graph, Node

__all__ = ["graph_document", "render"]

_VERSION: Final = 1
"""Of the document; it grows when the form changes in a way that breaks readers."""


def render(graph: Graph) -> str:
    """The document as text."""
    return json.dumps(graph_document(graph), indent=2, ensure_ascii=False)


def graph_document(graph: Graph) -> dict[str, Any]:
    """All nodes and edges, the loops, and the dead ends; ``seen`` is null where no events were looked at."""
    return {
        "version": _VERSION,
        "observed": None if graph.observation is None else graph.observation._asdict(),
        "nodes": [_node(node) for node in graph.nodes.values()],
        "edges": [_edge(edge) for edge in graph.edges],
        "loops": [_loop(loop) for loop in loops(graph)],
        "dead_ends": [end._asdict() for end in graph.dead_ends],
    }


def _node(node: Node) -> dict[str, Any]:
    return node._asdict()


def _edge(edge: Edge) -> dict[str, Any]:
    return {**edge._asdict(), "names": list(edge.names), "opening": list(edge.opening)}


def _loop(loop: Loop) -> dict[str, Any]:
    return {
        "length": loop.length,
        "certain": loop.is_certain,
        "path": [node.id for node in loop.path],
        "reasons": list(loop.reasons),
        "members": sorted(loop.members),
        "seen": loop.seen,
    }
