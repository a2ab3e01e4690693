"""Reports that are made to fit."""

from __future__ import annotations

from hypothesis import given, settings

from prefect_iac.output.markdown import compose
from prefect_iac.output.report import Paragraph, Report, Section, Table
from prefect_iac.output.shortening import steps
from tests.output.reports import FULL, automations, reports
from tests.output.test_markdown import assert_whole


def test_the_first_step_is_the_report_itself() -> None:
    """Nothing is left out as long as there is room."""
    first = next(steps(FULL))
    assert (first.report, first.dropped) == (FULL, ())


def test_what_is_missed_least_goes_first() -> None:
    """Raw texts, suppressed findings, long texts, folds, details, rows, findings: in this order, and each is said."""
    last = list(steps(automations(500)))[-1]
    kinds = [text.lstrip("0123456789 ") for text in last.dropped]
    assert kinds == [
        "raw text",
        "suppressed findings",
        "raw text in sight",
        "the ends of long texts",
        "folded section",
        "details",
        "rows",
        "findings",
        "section",
    ]
    assert "800 details" in last.dropped
    assert "400 findings" in last.dropped


def test_the_worst_findings_stay_longest() -> None:
    """When there is room for some only, these are errors, and the others are counted by kind."""
    for shortened in steps(automations(500)):
        levels = [finding.level for finding in shortened.report.findings if finding.suppressed is None]
        if 0 < len(levels) <= 100:
            assert set(levels) == {"error"}
            (counts,) = shortened.report.sections[0].blocks
            assert isinstance(counts, Table)
            assert sum(int(row[-1]) for row in counts.rows) + len(levels) == 400


def test_what_leads_stays_as_long_as_anything() -> None:
    """When no finding is left, what leads still is; only the shortest form of all goes without."""
    leading = Section("What becomes of it", (Paragraph("it goes"),), leading=True)
    report = automations(500)
    *before, last = steps(report._replace(sections=(leading, *report.sections)))
    assert all(leading in one.report.sections for one in before)
    assert before[-1].report.findings == ()
    assert leading not in last.report.sections


def test_the_last_step_has_a_fixed_size() -> None:
    """However much was found, the shortest form is a few thousand characters."""
    assert len(compose(list(steps(automations(2000)))[-1].report)) < 4000


@given(reports)
@settings(max_examples=60, deadline=None)
def test_every_step_is_a_whole_report(report: Report) -> None:
    """Each closes what it opens, and none has more blocks than the one before."""
    for shortened in steps(report):
        assert_whole(compose(shortened.report))
        assert_whole(compose(shortened.report, folds=False))
