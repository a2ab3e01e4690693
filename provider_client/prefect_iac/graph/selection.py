"""Which part of a graph is worth a picture: what changes and what is near it, or what is odd; the rest is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.graph.loops import loops

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_iac.graph.model import Edge, Graph, Node

__all__ = ["Selection", "select"]

_DISTANCE: Final = 2


class Selection(NamedTuple):
    """The part that is shown, in the graph's order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int
    """Nodes that are not shown."""
    rest: str
    """What these are: ``unchanged``, or ``more``."""
    looping: frozenset[str]
    """The nodes that are on a loop."""
    dead: frozenset[str]
    """The nodes that are dead ends."""


def select(graph: Graph, most: int | None = 40) -> Selection:
    """At most so many nodes, or all that matter with ``None``.

    What the plan changes comes first, with what is up to two steps away; where nothing changes everything matters,
    loops first, and then dead ends.
    """
    found = [[node.id for node in loop.path] for loop in loops(graph)]
    dead = frozenset(end.node for end in graph.dead_ends)
    changed = [node.id for node in graph.nodes.values() if node.is_changed]
    near = _around(graph, changed, _DISTANCE)
    # What is cut off is to be whole stories, and not the ends of all.
    if changed:
        around = frozenset(near)
        wanted = [node for path in found if around.issuperset(path) for node in path]
        wanted += [one for node in changed for one in _around(graph, [node], 1)]
        wanted += near
    else:
        wanted = [node for path in found for node in path]
        wanted += _around(graph, wanted, 1)
        wanted += [one for node in graph.nodes if node in dead for one in _around(graph, [node], 1)]
        wanted += [one for node in graph.of("automation") for one in _around(graph, [node.id], 1)]
        wanted += graph.nodes
    kept = set(list(dict.fromkeys(wanted))[:most])
    return Selection(
        tuple(node for node in graph.nodes.values() if node.id in kept),
        tuple(edge for edge in graph.edges if edge.source in kept and edge.target in kept),
        len(graph.nodes) - len(kept),
        "unchanged" if changed else "more",
        frozenset(node for path in found for node in path),
        dead,
    )


def _around(graph: Graph, starts: Iterable[str], distance: int) -> list[str]:
    """The nodes up to so many steps away, in whichever direction, nearest first."""
    found = dict.fromkeys(starts)
    level = list(found)
    for _ in range(distance):
        following = [
            node
            for start in level
            for node in (
                *(edge.target for edge in graph.after.get(start, ())),
                *(edge.source for edge in graph.before.get(start, ())),
            )
        ]
        level = [node for node in dict.fromkeys(following) if node not in found]
        found |= dict.fromkeys(level)
    return list(found)
