"""A graph as Mermaid, which GitHub, GitLab and others draw; texts of others are escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.graph.selection import select
from prefect_iac.output.graph.marks import edge_text, look_of, mark_of, shortened, times
from prefect_iac.output.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.graph.model import Edge, Graph, Node, NodeKind

__all__ = ["render"]

MOST: Final = 40
"""Nodes; more of them nobody reads."""

_LONGEST: Final = 60

_OPEN: Final = " .,:/_-+~()?=\u00d7\u00b1\u2026"
"""What means nothing to Mermaid, beside letters and digits."""

_SHAPES: Final[Mapping[NodeKind, tuple[str, str]]] = {
    "event": ("([", "])"),
    "automation": ("{{", "}}"),
    "deployment": ("[", "]"),
    "object": ("[(", ")]"),
    "effect": (">", "]"),
}

_CLASSES: Final = """\
  classDef loop fill:#fde2e1,stroke:#c62828,color:#5f1412,stroke-width:2px
  classDef dead fill:#eeeeee,stroke:#9e9e9e,color:#616161,stroke-dasharray:4 3
  classDef gone fill:#f5f5f5,stroke:#c62828,color:#616161,stroke-dasharray:4 3
  classDef new fill:#e3f4e5,stroke:#2e7d32,color:#1b4d1f
  classDef changed fill:#fff4d6,stroke:#b26a00,color:#5c3700
  classDef off fill:#f5f5f5,stroke:#9e9e9e,color:#616161
"""

_PLAIN: Final = ("event", "automation", "deployment", "object")


def render(graph: Graph) -> str:
    """The text of the picture, of at most :data:`MOST` nodes."""
    selection = select(graph, MOST)
    names = {node.id: f"n{index}" for index, node in enumerate(selection.nodes)}
    lines = ["flowchart LR"]
    lines += [f"  {names[node.id]}{_shape(node)}" for node in selection.nodes]
    lines += [f"  {names[edge.source]} {_arrow(edge)} {names[edge.target]}" for edge in selection.edges]
    if selection.left_out:
        lines.append(f'  rest["+ {selection.left_out} {selection.rest}"]:::off')
    classes: dict[str, list[str]] = {}
    for node in selection.nodes:
        look = look_of(node, selection)
        if look not in _PLAIN:
            classes.setdefault(look, []).append(names[node.id])
    lines += [f"  class {','.join(listed)} {look}" for look, listed in sorted(classes.items())]
    red = [
        str(index)
        for index, edge in enumerate(selection.edges)
        if edge.source in selection.looping and edge.target in selection.looping
    ]
    if red:
        lines.append(f"  linkStyle {','.join(red)} stroke:#c62828,stroke-width:2px")
    return "\n".join([*lines, _CLASSES.rstrip("\n")])


def _shape(node: Node) -> str:
    begin, end = _SHAPES[node.kind]
    text = _escaped(f"{shortened(node.label, _LONGEST)} {mark_of(node)}".strip())
    if node.detail:
        text += f"<br/>{_escaped(shortened(node.detail, _LONGEST))}"
    if node.seen is not None:
        text += f"<br/>{times(node.seen)}"
    return f'{begin}"{text}"{end}'


def _arrow(edge: Edge) -> str:
    text = edge_text(edge)
    arrow = "-->" if edge.configured else "-.->"
    return f'{arrow}|"{_escaped(text)}"|' if text else arrow


def _escaped(text: str) -> str:
    """The text without what Mermaid, Markdown or HTML would take for their own: as numbers of characters."""
    return "".join(
        character if character.isalnum() or character in _OPEN else f"#{ord(character)};"
        for character in printable(text)
    )
