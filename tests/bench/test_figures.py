"""Figures of the benchmark: as a table, and as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bench.chart import chart
from bench.commands import Run, RunError, run
from bench.figures import Figure, figure
from bench.table import table

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"

FIGURES = [
    Figure(
        world="mix", step=step, objects=size, without=without, seconds=seconds, cpu_seconds=1, requests=count
    )
    for size in (100, 1000)
    for step, without, seconds, count in (
        ("plan", "", size / 500, size // 50),
        ("plan", "coalescing off", size / 100, size),
        ("create", "", size / 50, size),
    )
]


def test_a_figure_is_the_median_of_its_runs_and_the_most_of_their_requests() -> None:
    """Of three runs."""
    runs = [
        Run(seconds, seconds * 2, None, peak) for seconds, peak in ((3.0, 50.0), (1.0, 60.0), (2.0, 55.0))
    ]

    made = figure("mix", "plan", 100, runs, [{"GET /a": 1}, {"GET /a": 1, "GET /b": 2}, {}])

    assert (made.seconds, made.cpu_seconds, made.peak_mb, made.runs) == (2.0, 4.0, 60.0, 3)
    assert (made.requests, made.requests_by_kind) == (3, {"GET /a": 1, "GET /b": 2})


def test_the_table_compares_with_what_was_left_out() -> None:
    """A plan has a ratio, to the plan of as many objects without; what is compared with nothing has none."""
    header, rule, *rows = table(FIGURES)
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in (header, *rows)]
    ratio = cells[0].index("ratio")

    assert [row[ratio] for row in cells[1:]] == ["0.20", "", "", "0.20", "", ""]
    assert [row[1:4] for row in cells[1:4]] == [
        ["plan", "100", "2"],
        ["plan, coalescing off", "100", "100"],
        ["create", "100", "100"],
    ]
    assert {len(line) for line in (header, rule, *rows)} == {len(header)}


def test_the_chart_has_a_line_for_each_step_and_a_point_for_each_figure() -> None:
    """In both panels; more time is further up."""
    drawn = ET.fromstring(chart(FIGURES))  # noqa: S314 - ours

    lines = [line.attrib["points"].split() for line in drawn.iter(f"{SVG}polyline")]
    assert [len(points) for points in lines] == [2] * 6
    assert len(list(drawn.iter(f"{SVG}circle"))) == 2 * len(FIGURES)
    for points in lines:
        [(left, lower), (right, upper)] = [tuple(map(float, point.split(","))) for point in points]
        assert left < right
        assert lower > upper
    labels = [text.text for text in drawn.iter(f"{SVG}text")]
    assert labels.count("plan, coalescing off") == 2


def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    """The bench does not go on as if it had been done."""
    with pytest.raises(RunError, match=r"status 3:\nit broke"):
        run(["sh", "-c", "echo it broke; exit 3"], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"})
