"""A graph of events, automations and what they act on, as plain data."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_iac.plan.changes import Action

__all__ = [
    "DeadEnd",
    "Edge",
    "EdgeKind",
    "Graph",
    "Leaf",
    "Needs",
    "Node",
    "NodeKind",
    "Observation",
]

NodeKind: TypeAlias = Literal["event", "automation", "deployment", "object", "effect"]
"""``event`` is a kind of event that some trigger looks for, or that was observed; ``object`` is a queue, pool, block
or automation that is acted on; ``effect`` is what is done to no object that lasts, such as to the run."""

EdgeKind: TypeAlias = Literal["triggers", "awaits", "acts", "emits"]
"""``triggers``: the event makes the automation fire, or opens its window; ``awaits``: its absence does."""


class Node(NamedTuple):
    """One thing in the graph."""

    id: str
    """Stable for one graph: ``automation:<its id>``."""
    kind: NodeKind
    label: str
    """What people call it; it may hold any character."""
    detail: str = ""
    """What narrows an event down, what an automation is about."""
    address: str = ""
    """Where the configuration has it; empty for what the plan does not manage."""
    action: Action = "no-op"
    """What the plan does to it."""
    enabled: bool = True
    """Whether an automation acts at all."""
    seen: int | None = None
    """How often an event, or a firing, was observed; ``None`` where nothing was looked at."""

    @property
    def is_changed(self) -> bool:
        """Whether the plan does something to it."""
        return self.action not in ("no-op", "read")


class Edge(NamedTuple):
    """One step from one node to another."""

    source: str
    target: str
    kind: EdgeKind
    label: str = ""
    """What is done: ``run``, ``pause``."""
    configured: bool = True
    """Whether it follows from the configuration; otherwise it was only observed."""
    seen: int | None = None
    """How often it was observed; ``None`` where nothing was looked at."""
    names: tuple[str, ...] = ()
    """The names of the events that are emitted, for ``emits``."""
    opening: tuple[str, ...] = ()
    """Those of them after which a trigger only begins to expect others."""


class Leaf(NamedTuple):
    """An event trigger: it fires on events of one node."""

    event: str
    threshold: int
    has_after: bool
    proactive: bool


class Needs(NamedTuple):
    """A composite trigger: so many of its parts have to fire."""

    number: int
    parts: tuple[Leaf | Needs, ...]


class DeadEnd(NamedTuple):
    """An event that leads nowhere, or comes from nowhere."""

    node: str
    kind: Literal["nothing emits", "nobody listens"]
    reason: str


class Observation(NamedTuple):
    """Which events were looked at."""

    events: int
    since: str
    """Of the oldest one (RFC 3339); empty where there was none."""
    until: str


class Graph:
    """Nodes and edges, each in an order that is the same each time."""

    def __init__(
        self,
        nodes: Iterable[Node],
        edges: Iterable[Edge],
        needs: Mapping[str, Leaf | Needs],
        dead_ends: Iterable[DeadEnd] = (),
        observation: Observation | None = None,
    ) -> None:
        """``needs``: of each automation's node, what makes it fire."""
        self.nodes: Final[Mapping[str, Node]] = {node.id: node for node in nodes}
        self.edges: Final = tuple(edges)
        self.needs: Final = needs
        self.dead_ends: Final = tuple(dead_ends)
        self.observation: Final = observation

    @cached_property
    def after(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that leave each node."""
        return _grouped(self.edges, "source")

    @cached_property
    def before(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that reach each node."""
        return _grouped(self.edges, "target")

    def of(self, kind: NodeKind) -> list[Node]:
        """The nodes of a kind."""
        return [node for node in self.nodes.values() if node.kind == kind]


def _grouped(edges: Iterable[Edge], end: Literal["source", "target"]) -> dict[str, tuple[Edge, ...]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        at: Any = getattr(edge, end)
        found.setdefault(at, []).append(edge)
    return {node: tuple(listed) for node, listed in found.items()}
