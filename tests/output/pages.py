"""Data for pages: a review with a graph, firings and planned objects, and names that mean harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from prefect_iac.output.html import Firings, GraphEdge, GraphNode, PageData, PlannedObject, Timeline
from prefect_iac.output.report import Code, Detail, Finding, Location, Paragraph, Report, Section, Table
from tests.output.reports import NASTY

__all__ = ["DATA", "NASTY_DATA", "NASTY_REPORT", "REVIEW"]

_START: Final = datetime(2026, 11, 18, tzinfo=UTC)

REVIEW: Final = Report(
    "review",
    "2 errors, 1 warning. 1 flow destroyed with 14,203 runs.",
    (
        Finding(
            "lint/unseen-event",
            "warning",
            "prefect_automation.cancel_orders",
            "expects orders.cancelled, which did not occur in the last 7 days",
            location=Location("main.tf", 12),
        ),
        Finding(
            "lint/loop",
            "error",
            "prefect_automation.restart_crashed",
            "starts the deployment whose runs start it; nothing limits it",
            (
                Detail("trigger.expect[0]", "prefect.flow-run.Crashed"),
                Detail("actions[0]", "run deployment etl/nightly"),
            ),
            Location("automations.py", 41),
            "https://example.org/lint/loop",
        ),
        Finding(
            "impact/takes-along",
            "error",
            "prefect_flow.etl",
            "takes 3 deployments (2 not managed here) and 14,203 runs with it",
        ),
        Finding(
            "lint/short-memory",
            "note",
            "prefect_automation.both_done",
            "combines firings that are weeks apart",
            suppressed="runs once a month",
        ),
    ),
    ("prefect_automation.restart_crashed", "prefect_flow.etl", "prefect_automation.cancel_orders"),
    {"version": 1},
    (
        Section(
            "Next runs",
            (
                Paragraph("Of the schedules that the plan changes."),
                Table(
                    ("schedule", "now", "planned", "runs made again"),
                    (
                        ("nightly / daily", "26 Nov 03:00", "26 Nov 05:00", "31"),
                        ("weekly", "-", "29 Nov 06:00", "4"),
                    ),
                    frozenset({"runs made again"}),
                ),
            ),
        ),
        Section(
            "Plan as Terraform shows it",
            (
                Code(
                    '~ resource "prefect_deployment" "nightly" {\n    ~ cron = "0 3 * * *" -> "0 5 * * *"\n}',
                    "hcl",
                ),
            ),
            folded=True,
        ),
    ),
)


def _times(count: int, hours: float, offset: float = 0) -> tuple[datetime, ...]:
    return tuple(_START + timedelta(hours=offset + number * hours) for number in range(count))


DATA: Final = PageData(
    nodes=(
        GraphNode("e1", "event", "prefect.flow-run.Failed", note="148 in 7 d"),
        GraphNode("a1", "automation", "etl-failed-alert", "changed", note="148 → 12"),
        GraphNode("n1", "other", "notify #etl"),
        GraphNode("e2", "event", "prefect.flow-run.Crashed", note="31 in 7 d"),
        GraphNode("a2", "automation", "restart-crashed", "new", "error", "31 firings"),
        GraphNode("d1", "deployment", "etl/nightly", "changed"),
        GraphNode("e3", "event", "orders.received", note="9,120 in 7 d"),
        GraphNode("a3", "automation", "start-orders"),
        GraphNode("d2", "deployment", "orders/import"),
        GraphNode("e4", "event", "orders.imported", note="9,104 in 7 d"),
        GraphNode("a4", "automation", "stale-orders", "gone"),
        GraphNode("e5", "event", "orders.cancelled", note="nothing emits it"),
        GraphNode("a5", "automation", "cancel-orders", level="warning"),
    ),
    edges=(
        GraphEdge("e1", "a1", 148),
        GraphEdge("a1", "n1", 147),
        GraphEdge("e2", "a2", loop=True),
        GraphEdge("a2", "d1", loop=True),
        GraphEdge("d1", "e2", 29, loop=True),
        GraphEdge("d1", "e1", 12),
        GraphEdge("e3", "a3", 9120),
        GraphEdge("a3", "d2", 9118),
        GraphEdge("d2", "e4", 9104),
        GraphEdge("e4", "a4"),
        GraphEdge("e5", "a5"),
    ),
    timeline=Timeline(
        _START,
        _START + timedelta(days=7),
        (
            Firings(
                "etl-failed-alert", _times(148, 1.1) + (_START + timedelta(days=3),) * 20, _times(12, 13)
            ),
            Firings("restart-crashed", (), _times(31, 5, 4)),
            Firings("stale-orders", _times(5, 20, 60), _times(5, 20, 61)),
        ),
        _START + timedelta(hours=9),
    ),
    objects=(
        PlannedObject(
            "prefect_deployment.nightly",
            "prefect_deployment",
            "update",
            (
                Detail("schedules[0].cron", '"0 3 * * *" → "0 5 * * *"'),
                Detail("job_variables.env", "(sensitive)"),
            ),
            ("31 future runs are made again",),
        ),
        PlannedObject(
            "prefect_flow.etl",
            "prefect_flow",
            "destroy",
            notes=("takes 3 deployments and 14,203 runs with it",),
            level="error",
        ),
        PlannedObject("prefect_automation.restart_crashed", "prefect_automation", "create", level="error"),
        PlannedObject("prefect_automation.etl_failed", "prefect_automation", "update"),
    ),
    title="infra/prod",
)

NASTY_REPORT: Final = Report(
    NASTY[0],
    NASTY[1],
    tuple(
        Finding(
            name,
            "error",
            name,
            name,
            (Detail(name, name),),
            Location(name, 1),
            name,
            name if number % 2 else None,
        )
        for number, name in enumerate(NASTY)
    ),
    NASTY,
    {"version": 1},
    tuple(
        Section(name, (Paragraph(name), Table((name,), ((name,),)), Code(name, name)), False)
        for name in NASTY
    ),
)

NASTY_DATA: Final = PageData(
    nodes=tuple(
        GraphNode(f"{name}{number}", "automation", name, note=name) for number, name in enumerate(NASTY)
    ),
    edges=tuple(
        GraphEdge(f"{name}{number}", f"{NASTY[number - 1]}{(number - 1) % len(NASTY)}", number)
        for number, name in enumerate(NASTY)
    ),
    timeline=Timeline(
        _START, _START + timedelta(days=1), tuple(Firings(name, _times(3, 2), ()) for name in NASTY)
    ),
    objects=tuple(PlannedObject(name, name, "update", (Detail(name, name),), (name,)) for name in NASTY),
    title=NASTY[0],
)
