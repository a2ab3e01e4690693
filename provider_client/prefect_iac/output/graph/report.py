"""A graph in the shape of all reports: loops and dead ends as findings, the table and the picture as a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_iac.graph.loops import loops
from prefect_iac.output.graph import document, mermaid, table
from prefect_iac.output.report import Code, Detail, Finding, Report, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.graph.model import Graph, Node

__all__ = ["graph_report", "graph_section"]


def graph_report(graph: Graph) -> Report:
    """The report; loops that never end by themselves are errors, others are warnings."""
    return Report(
        "graph",
        table.summary(graph),
        tuple(_findings(graph)),
        tuple(_subject(node) for node in graph.of("automation")),
        document.graph_document(graph),
        (graph_section(graph),),
    )


def graph_section(graph: Graph, title: str = "Event graph") -> Section:
    """The table and the picture, closed where they can be opened."""
    return Section(
        title, (Code(table.rows(graph)), Code(mermaid.render(graph), language="mermaid")), folded=True
    )


def _findings(graph: Graph) -> Iterator[Finding]:
    for loop in loops(graph):
        yield Finding(
            "graph/loop",
            "error" if loop.is_certain else "warning",
            _subject(loop.automations[0]),
            f"is in a {table.loop_sentence(loop)}",
            tuple(Detail(str(number), reason) for number, reason in enumerate(loop.reasons, start=1)),
        )
    for end in graph.dead_ends:
        node = graph.nodes[end.node]
        waiting = [graph.nodes[edge.target] for edge in graph.after.get(node.id, ())]
        if end.kind == "nothing emits":
            for automation in waiting:
                message = f"waits for {node.label}, which nothing emits: {end.reason}"
                yield Finding("graph/nothing-emits", "warning", _subject(automation), message)
        else:
            yield Finding("graph/nobody-listens", "note", node.label, f"is for nobody: {end.reason}")


def _subject(node: Node) -> str:
    return node.address or node.label
