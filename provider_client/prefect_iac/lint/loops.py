"""Automations that keep each other firing, and triggers on what is not there or did not occur."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.graph.loops import loops
from prefect_iac.lint.flaw import Flaw, Level, Subject, subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_iac.graph.loops import Loop
    from prefect_iac.graph.model import Graph, Node
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["graph_flaws"]

_AUTOMATION: Final = "prefect_automation"
_PREFIX: Final = "automation:"


def graph_flaws(graph: Graph, outlook: Outlook) -> Iterator[Flaw]:
    """The flaws that the graph of all automations shows."""
    subjects = subjects_of(outlook, _AUTOMATION)
    for loop in loops(graph):
        yield _loop(loop, _subject(loop.automations[0], subjects), subjects)
    for end in graph.dead_ends:
        if end.kind != "nothing emits":
            continue
        label = graph.nodes[end.node].label
        is_missing = end.reason.startswith("there is no")
        for edge in graph.after.get(end.node, ()):
            waiting = graph.nodes[edge.target]
            if waiting.kind == "automation" and waiting.enabled:
                yield _waiting(_subject(waiting, subjects), label, end.reason, is_missing=is_missing)


def _loop(loop: Loop, subject: Subject, subjects: Mapping[str, Subject]) -> Flaw:
    round_trip = [_subject(node, subjects).text() for node in (*loop.automations, loop.automations[0])]
    level: Level = "error" if loop.is_certain else "warning"
    count = "itself" if loop.length == 1 else f"{loop.length} automations"
    message = f"is in a loop through {count}: {' → '.join(round_trip)}"
    message += f", {_when(loop)}"
    if loop.seen:
        message += f"; it went round {loop.seen} times in the events that were looked at"
    remedy = "Narrow one of the triggers so that the events of this round do not match it."
    return Flaw("loop", level, subject, message, ("trigger",), remedy, loop.reasons)


def _when(loop: Loop) -> str:
    if loop.is_certain:
        return "which never stops"
    if any(edge.kind == "awaits" for edge in loop.edges):
        return "as long as what one of them waits for does not come"
    return "as long as runs do not complete"


def _waiting(subject: Subject, label: str, reason: str, *, is_missing: bool) -> Flaw:
    if is_missing:
        message = f"waits for {label}, which nothing emits: {reason}"
        remedy = "Refer to the object in the configuration, or look it up by its name with a data source."
        return Flaw("missing-source", "warning", subject, message, ("trigger",), remedy)
    message = f"waits for {label}: {reason}"
    return Flaw(
        "unseen-event", "note", subject, message, ("trigger",), "Check its spelling against what emits it."
    )


def _subject(node: Node, subjects: Mapping[str, Subject]) -> Subject:
    id_ = node.id.removeprefix(_PREFIX)
    return subjects.get(id_) or Subject(_AUTOMATION, id_, node.label, node.address)
