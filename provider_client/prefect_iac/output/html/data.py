"""What a page shows beside a report: a graph, firings over time, and the plan by object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from prefect_iac.output.report import Detail, Level

__all__ = [
    "Action",
    "Firings",
    "GraphEdge",
    "GraphNode",
    "NodeKind",
    "PageData",
    "PlannedObject",
    "Status",
    "Timeline",
]

NodeKind: TypeAlias = Literal["event", "automation", "deployment", "other"]
Status: TypeAlias = Literal["new", "changed", "gone", "same"]
Action: TypeAlias = Literal["create", "update", "replace", "destroy", "move", "import", "forget", "none"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """Something in the graph; its place is found by the page, from left to right along the edges."""

    id: str
    kind: NodeKind
    label: str
    status: Status = "same"
    level: Level | None = None
    """The worst finding about it."""
    note: str = ""
    """More about it, such as how often an event was seen."""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """From what happens to what comes of it; both ends are ids of nodes."""

    source: str
    target: str
    observed: int | None = None
    """How often it was seen to happen; None where it is only configured."""
    loop: bool = False
    """Whether it is part of a loop."""


@dataclass(frozen=True, slots=True)
class Firings:
    """When an automation fired, or would have."""

    automation: str
    now: tuple[datetime, ...] = ()
    """As it is on the server; times with a zone."""
    planned: tuple[datetime, ...] = ()
    """As the plan will have it."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Firings of automations in a span of time."""

    start: datetime
    end: datetime
    rows: tuple[Firings, ...]
    covered_from: datetime | None = None
    """Since when the history has events, where that is later than the start."""


@dataclass(frozen=True, slots=True)
class PlannedObject:
    """What the plan does with one object."""

    address: str
    type: str
    action: Action
    changes: tuple[Detail, ...] = ()
    """Attributes, with what they were and will be; without secrets."""
    notes: tuple[str, ...] = ()
    """What goes with it on the server, why it is replaced, and the like."""
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class PageData:
    """All that a page can show beside the report; each part may be missing."""

    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    timeline: Timeline | None = None
    objects: tuple[PlannedObject, ...] = ()
    title: str = ""
    """Such as the root module and its workspace."""
