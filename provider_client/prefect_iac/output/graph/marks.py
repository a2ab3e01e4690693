"""How nodes and edges are told apart, whatever the format: marks in text, classes in pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.graph.model import Edge, Node
    from prefect_iac.graph.selection import Selection
    from prefect_iac.plan.changes import Action

__all__ = ["Look", "edge_text", "look_of", "mark_of", "shortened", "times"]

Look: TypeAlias = Literal[
    "loop", "dead", "gone", "new", "changed", "off", "event", "automation", "deployment", "object"
]

_MARKS: Final[Mapping[Action, str]] = {
    "create": "(+)",
    "update": "(~)",
    "replace": "(±)",
    "delete": "(-)",
    "forget": "(forgotten)",
    "other": "(?)",
}

_LOOKS: Final[Mapping[Action, Look]] = {
    "create": "new",
    "update": "changed",
    "replace": "changed",
    "delete": "gone",
    "other": "changed",
}


def mark_of(node: Node) -> str:
    """What the plan does to a node, as a mark behind its name; empty where it does nothing."""
    return _MARKS.get(node.action, "" if node.enabled else "(off)")


def look_of(node: Node, selection: Selection) -> Look:
    """The class of a node in a picture; a loop matters more than a change."""
    if node.id in selection.looping:
        return "loop"
    if node.id in selection.dead:
        return "dead"
    if node.action in _LOOKS:
        return _LOOKS[node.action]
    if not node.enabled:
        return "off"
    return "object" if node.kind == "effect" else node.kind


def edge_text(edge: Edge) -> str:
    """What is written at an edge: what is done, the states of the runs, how often it was observed."""
    parts = [edge.label]
    if edge.kind == "awaits":
        parts = ["if none follows"]
    elif edge.kind == "emits" and edge.names:
        states = [name.rpartition(".")[2] for name in dict.fromkeys((*edge.names, *edge.opening))]
        parts = [", ".join(states[:3]) + (f" +{len(states) - 3}" if len(states) > 3 else "")]
    if edge.seen is not None:
        parts.append(times(edge.seen))
    return " ".join(part for part in parts if part)


def shortened(text: str, length: int) -> str:
    """A text of at most so many characters, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def times(number: int) -> str:
    """How often something was observed, as it stands behind a name."""
    return f"\u00d7{number:,}"
