"""How a graph is shown: as a table in text, as Mermaid, SVG and DOT, and as a document for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.output.graph import document, dot, mermaid, svg, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_iac.graph.model import Graph

__all__ = ["GRAPH_FORMATS"]

GRAPH_FORMATS: Final[Mapping[str, Callable[[Graph], str]]] = {
    "text": table.render,
    "json": document.render,
    "mermaid": mermaid.render,
    "svg": svg.render,
    "dot": dot.render,
}
"""The formats by the names that ``--format`` takes; the first is the default."""
