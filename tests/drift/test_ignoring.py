"""Patterns of what to leave out of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_iac.drift.ignoring import PatternError, first_match, patterns_in, read_pattern

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

CASES: list[tuple[str, str, Path, bool]] = [
    ("prefect_work_queue.*.priority", "prefect_work_queue.low", ("priority",), True),
    ("prefect_work_queue.*.priority", "prefect_work_queue.low", ("name",), False),
    ("prefect_work_queue.*.priority", "prefect_work_queue.low", (), False),
    ("prefect_work_queue.*.priority", 'prefect_work_queue.low["a.b"]', ("priority",), True),
    (
        "prefect_work_queue.*.priority",
        'module.m["x"].module.n.prefect_work_queue.low[0]',
        ("priority",),
        True,
    ),
    ("prefect_work_queue.low.priority", "prefect_work_queue.lower", ("priority",), False),
    ("prefect_work_queue.l*.prio*", "prefect_work_queue.low", ("priority",), True),
    ("prefect_flow.this", "prefect_flow.this[1]", (), True),
    ("prefect_flow.this[0]", "prefect_flow.this[1]", (), False),
    ("prefect_flow.this[*].tags", "prefect_flow.this[1]", ("tags",), True),
    ('prefect_flow.this["a.b"].tags', 'prefect_flow.this["a.b"]', ("tags",), True),
    ("prefect_flow", "prefect_flow.this", (), True),
    ("prefect_flow", "prefect_flow_run.this", (), False),
    ("prefect_*.*.tags", "prefect_variable.v", ("tags",), True),
    ("*.*.tags", "prefect_variable.v", ("value", "tags"), False),
    ("**.tags", "module.m.prefect_variable.v", ("value", "tags"), True),
    ("prefect_deployment.d.job_variables", "prefect_deployment.d", ("job_variables", "env", "A"), True),
    (
        "prefect_deployment.d.job_variables.env.A",
        "prefect_deployment.d",
        ("job_variables", "env", "B"),
        False,
    ),
    ("prefect_deployment.d.job_variables.env.A", "prefect_deployment.d", ("job_variables",), False),
    ('prefect_deployment.d.labels["a-b"]', "prefect_deployment.d", ("labels", "a-b"), True),
    ("prefect_deployment.d.labels.a-b", "prefect_deployment.d", ("labels", "a-b"), True),
    ("prefect_deployment.d.pull_steps.script", "prefect_deployment.d", ("pull_steps", 3, "script"), True),
    ("prefect_deployment.d.pull_steps[3].script", "prefect_deployment.d", ("pull_steps", 3, "script"), True),
    ("prefect_deployment.d.pull_steps[2]", "prefect_deployment.d", ("pull_steps", 3, "script"), False),
    ("module.tests", 'module.tests["a"].module.b.prefect_flow.f', (), True),
    ("module.tests", "module.main.module.tests.prefect_flow.f", (), False),
    ("module.*.prefect_flow.f.tags", "module.a.prefect_flow.f", ("tags",), True),
    ("module.a.prefect_flow.f", "prefect_flow.f", (), False),
    ("tags", "prefect_flow.f", ("tags",), False),
]


@pytest.mark.parametrize(("pattern", "address", "path", "covered"), CASES, ids=lambda value: str(value)[:60])
def test_patterns(pattern: str, address: str, path: Path, covered: bool) -> None:
    """A pattern covers the place that it names and all below, in every module unless it names one."""
    assert (first_match([read_pattern(pattern)], address, path) is not None) is covered


def test_patterns_in_a_file() -> None:
    """A file has one pattern a line; comments and empty lines say nothing."""
    text = "# why\n\nprefect_flow.*.tags  # set by the catalogue\n  module.tests\n"
    assert [pattern.text for pattern in patterns_in(text)] == ["prefect_flow.*.tags", "module.tests"]


@pytest.mark.parametrize("text", ["", "  ", ".", "a..b", "a.", "[0]", "a[", 'a["x', "a]b", "a.[0]", "a[]"])
def test_what_is_no_pattern(text: str) -> None:
    """What is not made of steps is refused with an example of what is, in a file with the line."""
    with pytest.raises(PatternError, match="such as `prefect_work_queue"):
        read_pattern(text)
    if text.strip():
        with pytest.raises(PatternError, match="at line 2"):
            patterns_in(f"prefect_flow\n{text}\n")
