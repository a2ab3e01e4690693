"""Loops: automations that keep each other firing, through any number of steps.

A loop is a strongly connected part of the graph in which every automation goes on firing by what the others do: of a
composite trigger as many parts as it requires, of a threshold as many events as it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.graph.emission import ALWAYS
from prefect_iac.graph.model import Edge, Graph, Leaf, Needs, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

__all__ = ["Loop", "loops"]

_OF_RUNS: Final = ("prefect.flow-run.", "prefect.task-run.")
_INSTEAD: Final = frozenset({"automation.resolved", "automation.action.failed"})
"""What an automation emits in the place of other events."""


class Loop(NamedTuple):
    """One way round."""

    path: tuple[Node, ...]
    """The nodes in order, beginning with an automation; the last one leads to the first."""
    edges: tuple[Edge, ...]
    """The edge that leaves each node of the path."""
    members: frozenset[str]
    """All nodes of the part of the graph that keeps itself going; several loops may share it."""
    is_certain: bool
    """Whether each turn makes the next one; otherwise only a turn that fails, or the like, does."""
    seen: int | None
    """How often its rarest step was observed; ``None`` where nothing was looked at."""

    @property
    def automations(self) -> tuple[Node, ...]:
        """The automations on the path."""
        return tuple(node for node in self.path if node.kind == "automation")

    @property
    def length(self) -> int:
        """Through how many automations it goes."""
        return len(self.automations)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each step in words."""
        return tuple(
            _step(node, edge, self.path[(index + 1) % len(self.path)])
            for index, (node, edge) in enumerate(zip(self.path, self.edges, strict=True))
        )


def loops(graph: Graph) -> list[Loop]:
    """The loops of a graph: of each part that keeps itself going, the shortest one through each automation."""
    found: list[Loop] = []
    for members in _parts(graph):
        seen: set[frozenset[str]] = set()
        for node in sorted(members):
            if graph.nodes[node].kind != "automation":
                continue
            edges = _shortest(graph, node, members)
            key = frozenset(edge.source for edge in edges)
            if edges and key not in seen:
                seen.add(key)
                path = tuple(graph.nodes[edge.source] for edge in edges)
                certain = all(map(_is_certain, edges))
                found.append(Loop(path, tuple(edges), members, certain, _rarest(edges)))
    return sorted(
        found, key=lambda loop: (not loop.is_certain, loop.length, [node.label for node in loop.path])
    )


def _leads(edge: Edge) -> bool:
    """Whether an edge can be a part of a loop: what is paused runs no more, and an absence is no event."""
    return edge.kind in ("triggers", "emits", "awaits") or (edge.kind == "acts" and edge.label == "run")


def _parts(graph: Graph) -> Iterator[frozenset[str]]:
    """The strongly connected parts in which every automation goes on firing."""
    alive = {node.id for node in graph.nodes.values() if node.kind != "automation" or node.id in graph.needs}
    pending = [frozenset(alive)]
    while pending:
        for members in _connected(graph, pending.pop()):
            edges = [
                edge
                for node in sorted(members)
                for edge in graph.after.get(node, ())
                if edge.target in members
            ]
            starved = {
                node
                for node in members
                if graph.nodes[node].kind == "automation" and not _is_fed(graph.needs[node], edges)
            }
            if not starved:
                yield members
            else:
                pending.append(members - starved)


def _connected(graph: Graph, among: Collection[str]) -> list[frozenset[str]]:
    """The strongly connected components with a cycle in them (Kosaraju: forth, then back in the order of leaving)."""
    forward: dict[str, list[str]] = {node: [] for node in sorted(among)}
    backward: dict[str, list[str]] = {node: [] for node in forward}
    for edge in graph.edges:
        if _leads(edge) and edge.source in forward and edge.target in forward:
            forward[edge.source].append(edge.target)
            backward[edge.target].append(edge.source)
    order: list[str] = []
    seen: set[str] = set()
    for root in forward:
        order += _left(root, forward, seen)
    found: list[frozenset[str]] = []
    seen.clear()
    for root in reversed(order):
        members = _left(root, backward, seen)
        # An edge leads from one kind of node to another, so that no node is a loop by itself.
        if len(members) > 1:
            found.append(frozenset(members))
    return found


def _left(root: str, following: Mapping[str, Sequence[str]], seen: set[str]) -> list[str]:
    """The nodes that are reached and were not seen, in the order in which a walk in depth leaves them."""
    if root in seen:
        return []
    seen.add(root)
    left: list[str] = []
    walk = [(root, iter(following[root]))]
    while walk:
        node, targets = walk[-1]
        target = next((one for one in targets if one not in seen), None)
        if target is None:
            walk.pop()
            left.append(node)
        else:
            seen.add(target)
            walk.append((target, iter(following[target])))
    return left


def _is_fed(needs: Leaf | Needs, edges: Iterable[Edge]) -> bool:
    """Whether what is emitted along these edges makes a trigger fire again and again."""
    if isinstance(needs, Needs):
        listed = list(edges)
        fed = sum(_is_fed(part, listed) for part in needs.parts)
        return bool(needs.parts) and fed >= max(1, needs.number)
    emitting = [edge for edge in edges if edge.kind == "emits" and edge.target == needs.event]
    opened = any(edge.opening for edge in emitting)
    if needs.proactive:
        # What opens its window lets it fire, unless the same event closes it again.
        return any(set(edge.opening) - set(edge.names) for edge in emitting)
    return (opened or not needs.has_after) and sum(map(_at_once, emitting)) >= max(1, needs.threshold)


def _at_once(edge: Edge) -> int:
    """How many of the events of an edge one turn makes: a run goes through its states, and ends in one way only."""
    ends = [name.rpartition(".")[2] for name in edge.names if name.startswith(_OF_RUNS)]
    others = {name.partition(".")[2] for name in edge.names if not name.startswith(_OF_RUNS)} - _INSTEAD
    surely = sum(state in ALWAYS for state in ends)
    return (surely or min(1, len(ends))) + len(others)


def _is_certain(edge: Edge) -> bool:
    """Whether an edge is gone along with every turn: by an event that always comes, and not by the absence of one."""
    if edge.kind != "emits":
        return edge.kind != "awaits"
    names = (*edge.names, *edge.opening)
    return any(name.rpartition(".")[2] in ALWAYS or not name.startswith(_OF_RUNS) for name in names)


def _shortest(graph: Graph, start: str, members: Collection[str]) -> list[Edge]:
    """The shortest way from a node back to itself."""
    came: dict[str, Edge] = {}
    level = [start]
    while level:
        following: list[str] = []
        for node in level:
            for edge in sorted(graph.after.get(node, ())):
                if not _leads(edge) or edge.target not in members:
                    continue
                if edge.target == start:
                    return _back(edge, came, start)
                if edge.target not in came:
                    came[edge.target] = edge
                    following.append(edge.target)
        level = following
    return []


def _back(last: Edge, came: Mapping[str, Edge], start: str) -> list[Edge]:
    path = [last]
    while path[-1].source != start:
        path.append(came[path[-1].source])
    return path[::-1]


def _rarest(edges: Iterable[Edge]) -> int | None:
    counts = [edge.seen for edge in edges if edge.seen is not None]
    return min(counts, default=None)


def _step(node: Node, edge: Edge, target: Node) -> str:
    match edge.kind:
        case "acts":
            return f"{node.label} runs {target.label}"
        case "emits":
            names = [name.removeprefix("prefect.") for name in (*edge.names, *edge.opening)]
            listed = ", ".join(dict.fromkeys(names[:3])) + (
                f" and {len(names) - 3} more" if len(names) > 3 else ""
            )
            return f"{node.label} emits {listed}"
        case "awaits":
            return f"{target.label} fires when nothing follows it"
    return f"{node.label} triggers {target.label}"
