"""A graph in the language of Graphviz: all of it, for whoever draws it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.graph.selection import select
from prefect_iac.output.graph.marks import edge_text, look_of, mark_of, times
from prefect_iac.output.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.graph.model import Graph, NodeKind
    from prefect_iac.output.graph.marks import Look

__all__ = ["render"]

_SHAPES: Final[Mapping[NodeKind, str]] = {
    "event": "ellipse",
    "automation": "hexagon",
    "deployment": "box",
    "object": "cylinder",
    "effect": "plaintext",
}

_COLOURS: Final[Mapping[Look, str]] = {
    "loop": "#c62828",
    "dead": "#9e9e9e",
    "gone": "#9e9e9e",
    "new": "#2e7d32",
    "changed": "#b26a00",
    "off": "#9e9e9e",
}


def render(graph: Graph) -> str:
    """The whole graph."""
    selection = select(graph, None)._replace(nodes=tuple(graph.nodes.values()), edges=graph.edges)
    lines = ["digraph prefect {", "  rankdir=LR;"]
    for node in selection.nodes:
        label = " ".join(part for part in (node.label, mark_of(node)) if part)
        label += f"\n{node.detail}" if node.detail else ""
        label += "" if node.seen is None else f"\n{times(node.seen)}"
        colour = _COLOURS.get(look_of(node, selection), "#424242")
        lines.append(
            f"  {_quoted(node.id)} [label={_quoted(label)}, shape={_SHAPES[node.kind]}, "
            f"color={_quoted(colour)}];"
        )
    for edge in selection.edges:
        style = "" if edge.configured else ", style=dashed"
        is_red = edge.source in selection.looping and edge.target in selection.looping
        style += ', color="#c62828"' if is_red else ""
        lines.append(
            f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={_quoted(edge_text(edge))}{style}];"
        )
    return "\n".join([*lines, "}"])


def _quoted(text: str) -> str:
    lines = [printable(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(lines) + '"'
