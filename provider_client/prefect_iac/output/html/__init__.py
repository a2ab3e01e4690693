"""A report as a page: `data` is what it can show, `page` writes it."""

from __future__ import annotations

from prefect_iac.output.html.data import (
    Action,
    Firings,
    GraphEdge,
    GraphNode,
    NodeKind,
    PageData,
    PlannedObject,
    Status,
    Timeline,
)
from prefect_iac.output.html.page import render

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
    "render",
]
