"""A graph as one SVG: the same each time, dark where the reader's screen is; texts of others are escaped."""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from prefect_iac.graph.selection import select
from prefect_iac.output.graph.layout import lay_out
from prefect_iac.output.graph.marks import edge_text, look_of, mark_of, shortened, times
from prefect_iac.output.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_iac.graph.model import Edge, Graph, Node
    from prefect_iac.graph.selection import Selection
    from prefect_iac.output.graph.layout import Box, Layout, Point

__all__ = ["MOST", "render"]

MOST: Final = 100
"""Nodes; more of them nobody reads."""

_LONGEST: Final = 44
_PADDING: Final = 12.0
_LINE: Final = 16.0
_LETTER: Final = 6.9
"""Pixels of a letter, on the safe side: nobody knows the reader's font."""
_MARGIN: Final = 24.0

_ARROW: Final = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#8c959f"/></marker></defs>'
)

_STYLE: Final = """\
  svg { background: #ffffff; --ink: #1f2328; --soft: #656d76; --line: #8c959f; --red: #c62828; }
  text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
  .detail, .edge-text { fill: var(--soft); font-size: 11px; }
  .edge-text { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }
  .edge { fill: none; stroke: var(--line); stroke-width: 1.3; }
  .observed { stroke-dasharray: 5 4; }
  .edge.loop { stroke: var(--red); stroke-width: 2; }
  .box { fill: #f6f8fa; stroke: #8c959f; stroke-width: 1.2; }
  .event .box { fill: #ddf4ff; stroke: #0969da; }
  .automation .box { fill: #fbefff; stroke: #8250df; }
  .deployment .box { fill: #f6f8fa; stroke: #57606a; }
  .new .box { fill: #dafbe1; stroke: #1a7f37; }
  .changed .box { fill: #fff8c5; stroke: #9a6700; }
  .loop .box { fill: #ffebe9; stroke: var(--red); stroke-width: 2; }
  .dead .box, .off .box, .gone .box { fill: #f6f8fa; stroke: #afb8c1; stroke-dasharray: 4 3; }
  .dead text, .off text, .gone text { fill: var(--soft); }
  .gone .label { text-decoration: line-through; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; --ink: #e6edf3; --soft: #8d96a0; --line: #6e7681; --red: #ff7b72; }
    .edge-text { stroke: #0d1117; }
    .box, .deployment .box { fill: #161b22; stroke: #6e7681; }
    .event .box { fill: #0c2d6b; stroke: #388bfd; }
    .automation .box { fill: #3c1e70; stroke: #a371f7; }
    .new .box { fill: #033a16; stroke: #2ea043; }
    .changed .box { fill: #4b2900; stroke: #bb8009; }
    .loop .box { fill: #5d0f12; stroke: var(--red); }
    .dead .box, .off .box, .gone .box { fill: #161b22; stroke: #484f58; }
  }
"""


def render(graph: Graph) -> str:
    """The picture, of at most :data:`MOST` nodes; below it stands how many are left out."""
    selection = select(graph, MOST)
    # Where a circle has to be cut, it is cut in front of an event: one reads on from there.
    ordered = sorted(selection.nodes, key=lambda node: node.kind != "event")
    sizes = {node.id: _size(_lines(node)) for node in ordered}
    layout = lay_out(sizes, [(edge.source, edge.target) for edge in selection.edges])
    foot = f"+ {selection.left_out} {selection.rest}" if selection.left_out else ""
    return "\n".join([*_head(layout, foot), *_edges(selection, layout), *_nodes(selection, layout), "</svg>"])


def _head(layout: Layout, foot: str) -> list[str]:
    width = layout.width + 2 * _MARGIN
    height = layout.height + 2 * _MARGIN + (_LINE if foot else 0)
    box = f"{-_MARGIN:.0f} {-_MARGIN:.0f} {width:.0f} {height:.0f}"
    size = f'width="{width:.0f}" height="{height:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}" role="img">',
        "<title>Events, automations and deployments</title>",
        f"<style>\n{_STYLE}</style>",
        _ARROW,
    ]
    if foot:
        lines.append(f'<text class="detail" x="0" y="{layout.height + _MARGIN:.0f}">{escape(foot)}</text>')
    return lines


def _edges(selection: Selection, layout: Layout) -> list[str]:
    lines = []
    for edge, way in zip(selection.edges, layout.ways, strict=True):
        classes = ["edge"]
        if not edge.configured:
            classes.append("observed")
        if edge.source in selection.looping and edge.target in selection.looping:
            classes.append("loop")
        lines.append(f'<path class="{" ".join(classes)}" d="{_curve(way)}" marker-end="url(#arrow)"/>')
        lines += _edge_words(edge, way)
    return lines


def _edge_words(edge: Edge, way: Sequence[Point]) -> list[str]:
    text = edge_text(edge)
    if not text:
        return []
    (x, y), (to_x, to_y) = way[0], way[1]
    middle = f'x="{(x + to_x) / 2:.1f}" y="{(y + to_y) / 2 - 4:.1f}"'
    return [f'<text class="edge-text" {middle} text-anchor="middle">{_escaped(shortened(text, 30))}</text>']


def _nodes(selection: Selection, layout: Layout) -> list[str]:
    lines = []
    for node in selection.nodes:
        box = layout.boxes[node.id]
        full = " ".join(part for part in (node.label, node.detail, node.address) if part)
        lines.append(f'<g class="{node.kind} {look_of(node, selection)}"><title>{_escaped(full)}</title>')
        lines.append(_outline(node, box))
        at = box.y + (box.height - _LINE * len(_lines(node))) / 2 + 12
        for index, line in enumerate(_lines(node)):
            kind = "detail" if index else "label"
            lines.append(
                f'<text class="{kind}" x="{box.x + _PADDING:.1f}" y="{at + index * _LINE:.1f}">'
                f"{_escaped(line)}</text>"
            )
        lines.append("</g>")
    return lines


def _outline(node: Node, box: Box) -> str:
    radius = {"event": box.height / 2, "automation": 10.0}.get(node.kind, 3.0)
    return (
        f'<rect class="box" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{min(radius, 16.0):.1f}"/>'
    )


def _lines(node: Node) -> list[str]:
    label = shortened(f"{shortened(node.label, _LONGEST)} {mark_of(node)}", _LONGEST + 5)
    seen = "" if node.seen is None else times(node.seen)
    return [line for line in (label, shortened(node.detail, _LONGEST), seen) if line]


def _size(lines: Sequence[str]) -> tuple[float, float]:
    widest = max((_letters(line) for line in lines), default=0)
    return widest * _LETTER + 2 * _PADDING, len(lines) * _LINE + 12


def _letters(line: str) -> float:
    """How wide a text is, in letters: those of some scripts are two."""
    return sum(1.9 if unicodedata.east_asian_width(character) in "WF" else 1.0 for character in line)


def _curve(way: Sequence[Point]) -> str:
    """A smooth line that leaves and reaches each point level."""
    parts = [f"M{way[0][0]:.1f} {way[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(way):
        bend = (to_x - x) / 2 or 40.0
        parts.append(f"C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
    return " ".join(parts)


def _escaped(text: str) -> str:
    return escape(printable(text))
