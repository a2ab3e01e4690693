"""A graph as a table: what happens, which automation fires, what it does, and how often that was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.graph.loops import loops
from prefect_iac.graph.selection import select
from prefect_iac.output.graph.marks import mark_of, shortened, times
from prefect_iac.output.text import printable
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect_iac.graph.loops import Loop
    from prefect_iac.graph.model import Edge, Graph, Node

__all__ = ["loop_sentence", "render", "rows", "summary"]

_ARROW: Final = "──▶"
_WIDEST: Final = (56, 36, 40)
"""Characters of the columns for the event, the automation and what it does."""


class _Row(NamedTuple):
    event: str
    automation: str
    does: str
    seen: str


def render(graph: Graph) -> str:
    """The table, the loops and the dead ends; of a plan what changes and what is near it."""
    found = loops(graph)
    lines = rows(graph).splitlines()
    if found or graph.dead_ends:
        lines.append("")
    for loop in found:
        lines.append(f"✖ {loop_sentence(loop)}")
        lines += [f"    {reason}" for reason in loop.reasons]
    lines += [
        f"{end.kind}: {shortened(graph.nodes[end.node].label, _WIDEST[0])}   ({end.reason})"
        for end in graph.dead_ends
    ]
    return "\n".join(printable(line.rstrip()) for line in [*lines, "", summary(graph)])


def rows(graph: Graph) -> str:
    """The table alone."""
    selection = select(graph, None)
    lines = [*_table([row for node in selection.nodes for row in _rows(graph, node)], graph)]
    left_out = len(graph.of("automation")) - sum(node.kind == "automation" for node in selection.nodes)
    if left_out:
        lines.append(f"+ {left_out} unchanged")
    return "\n".join(printable(line.rstrip()) for line in lines)


def loop_sentence(loop: Loop) -> str:
    """A loop in a line."""
    names = [*(node.label for node in loop.automations), loop.automations[0].label]
    kind = "loop" if loop.is_certain else "loop when it fails"
    through = "1 automation" if loop.length == 1 else f"{loop.length} automations"
    return f"{kind} through {through}: {' → '.join(shortened(name, _WIDEST[1]) for name in names)}"


def summary(graph: Graph) -> str:
    """All of it in a sentence or two."""
    automations = counted(len(graph.of("automation")), "automation")
    deployments = counted(len(graph.of("deployment")), "deployment")
    found = f"{counted(len(loops(graph)), 'loop')}, {counted(len(graph.dead_ends), 'dead end')}"
    parts = [f"{automations}, {deployments} that they act on or wait for: {found}."]
    if graph.observation is not None:
        seen = graph.observation
        span = f" from {seen.since} to {seen.until}" if seen.since else ""
        parts.append(f"{counted(seen.events, 'event')}{span} looked at.")
    return " ".join(parts)


def _rows(graph: Graph, node: Node) -> Iterator[_Row]:
    """The rows of an automation: its events on the left, what it does on the right."""
    if node.kind != "automation":
        return
    events = [text for edge in graph.before.get(node.id, ()) for text in _events(graph, edge)]
    does = [_does(graph, edge) for edge in graph.after.get(node.id, ()) if edge.kind == "acts"]
    name = " ".join(part for part in (shortened(node.label, _WIDEST[1] - 4), mark_of(node)) if part)
    seen = "" if node.seen is None else f"{node.seen:,}"
    for index in range(max(len(events), len(does), 1)):
        yield _Row(
            events[index] if index < len(events) else "",
            name if index == 0 else "",
            does[index] if index < len(does) else "",
            seen if index == 0 else "",
        )


def _events(graph: Graph, edge: Edge) -> Iterator[str]:
    if edge.kind not in ("triggers", "awaits"):
        return
    node = graph.nodes[edge.source]
    count = "" if node.seen is None else f" {times(node.seen)}"
    absence = "no " if edge.kind == "awaits" else ""
    yield shortened(f"{absence}{node.label}", _WIDEST[0] - len(count)) + count
    if node.detail:
        yield f"  {shortened(node.detail, _WIDEST[0] - 2)}"
    for emission in graph.before.get(node.id, ()):
        if emission.kind == "emits":
            number = "" if emission.seen is None else f" {times(emission.seen)}"
            yield f"  └ from {shortened(graph.nodes[emission.source].label, _WIDEST[0] - 12)}{number}"


def _does(graph: Graph, edge: Edge) -> str:
    node = graph.nodes[edge.target]
    count = "" if edge.seen is None else f" {times(edge.seen)}"
    target = "" if node.label == "nothing" else node.label
    text = " ".join(part for part in (edge.label, target, mark_of(node)) if part) or "nothing"
    return shortened(text, _WIDEST[2] - len(count)) + count


def _table(rows: Sequence[_Row], graph: Graph) -> Iterator[str]:
    if not rows:
        yield "There are no automations."
        return
    header = _Row("event", "automation", "does", "" if graph.observation is None else "fired")
    listed = [header, *rows]
    widths = [max(len(row[column]) for row in listed) for column in range(3)]
    for row in listed:
        is_header = row is header
        first = _ARROW if row.automation and not is_header else "   "
        second = _ARROW if row.does and not is_header else "   "
        yield (
            f"{row.event:<{widths[0]}}  {first}  {row.automation:<{widths[1]}}  {second}  "
            f"{row.does:<{widths[2]}}  {row.seen:>7}"
        )
