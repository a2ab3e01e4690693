"""Every report in every format: the whole of it, valid, and whatever the names are."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from prefect_iac.output import FORMATS
from prefect_iac.output.report import Detail, Finding, Location, Paragraph, Report, Section
from prefect_iac.output.text import printable
from tests.output.reports import FULL, automations, reports

# The schema of OASIS (2.1.0, errata of rtm.5), as the npm package @microsoft/jest-sarif has it.
SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def sarif(report: Report) -> Any:
    """The run of a report in SARIF, which is valid by the standard's schema."""
    document = json.loads(FORMATS["sarif"](report))
    jsonschema.validators.validator_for(SARIF)(SARIF).validate(document)
    (run,) = document["runs"]
    return run


def junit(report: Report) -> ET.Element:
    """The suite of a report in JUnit's XML."""
    (suite,) = ET.fromstring(FORMATS["junit"](report))  # noqa: S314 - written by ourselves
    return suite


def test_text_has_everything_in_order() -> None:
    """Findings, what is suppressed apart from them, the sections but for pictures, and the summary at the end."""
    assert FORMATS["text"](FULL).splitlines() == [
        'prefect_automation.each["a.b"] starts itself',
        "    trigger.expect[0]: prefect.flow-run.Crashed",
        "    actions[0]: run etl/nightly",
        "    error lint/loop at infra/auto mations.py:41, explained at https://example.org/rules/loop",
        "prefect_automation.orders expects orders.cancelled",
        "prefect_automation.both has no within",
        "",
        "Suppressed:",
        "  lint/always-true prefect_automation.quiet: wanted so",
        "",
        "Firings",
        "  What would have fired.",
        "",
        "  automation  now  planned",
        "  etl-failed  148       12",
        "  名前          -       31",
        "",
        "3 objects looked at: 1 error, 1 warning, 1 suppressed.",
    ]


@pytest.mark.parametrize("format_", ["text", "markdown"])
def test_what_leads_is_before_what_was_found(format_: str) -> None:
    """A section that leads comes first, and the others last."""
    leading = Section("What becomes of it", (Paragraph("it goes"),), leading=True)
    shown = FORMATS[format_](FULL._replace(sections=(*FULL.sections, leading)))
    places = [shown.index(text) for text in ("What becomes of it", "it goes", "starts itself", "Firings")]
    assert places == sorted(places)


@given(reports)
@settings(max_examples=150, deadline=None)
def test_text_is_printable(report: Report) -> None:
    """No name can command a terminal, in no part of a report."""
    assert all(line.isprintable() for line in FORMATS["text"](report).split("\n"))


def test_sarif_has_rules_results_places_and_suppressions() -> None:
    """A rule for each kind, results that point at it, lines of sources, and the reason for looking away."""
    run = sarif(FULL)

    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        "lint/loop",
        "lint/unseen-event",
        "lint/short-memory",
        "lint/always-true",
    ]
    assert rules[0]["helpUri"] == "https://example.org/rules/loop"
    loop, unseen, _, quiet = run["results"]
    assert (loop["ruleIndex"], loop["level"]) == (0, "error")
    assert loop["message"]["text"].splitlines() == [
        'prefect_automation.each["a.b"] starts itself',
        "trigger.expect[0]: prefect.flow-run.Crashed",
        "actions[0]: run etl/nightly",
    ]
    assert loop["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/auto%20mations.py"},
        "region": {"startLine": 41},
    }
    assert unseen["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "prefect_automation.orders"
    # GitHub refuses results without a file.
    assert unseen["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "."
    assert quiet["suppressions"] == [{"kind": "external", "justification": "wanted so"}]
    assert "suppressions" not in loop


def test_sarif_knows_a_finding_again() -> None:
    """Neither another line nor another value makes a finding a new one; another object, place or kind does."""
    first = Finding("r/a", "error", "x.y", "is 1", (Detail("p", "1"),), Location("m.py", 1))

    def fingerprint(*findings: Finding) -> list[str]:
        results = sarif(Report("lint", "s", findings, (), {}))["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    (known,) = fingerprint(first)
    moved = first._replace(location=Location("m.py", 99), message="is 2", details=(Detail("p", "2"),))
    assert fingerprint(moved) == [known]
    others = (
        first._replace(subject="x.z"),
        first._replace(rule="r/b"),
        first._replace(details=(Detail("q", "1"),)),
    )
    assert known not in fingerprint(*others)
    assert len(set(fingerprint(first, first))) == 2


def test_junit_has_a_case_for_each_subject() -> None:
    """What was looked at passes, fails with its findings, or is skipped where they are suppressed."""
    suite = junit(FULL)

    assert suite.attrib == {
        "name": "prefect-iac lint",
        "tests": "5",
        "failures": "2",
        "errors": "0",
        "skipped": "1",
    }
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    failure = cases['prefect_automation.each["a.b"]'].find("failure")
    assert failure is not None
    assert failure.get("type") == "lint/loop"
    assert "actions[0]: run etl/nightly" in (failure.text or "")
    skipped = cases["prefect_automation.quiet"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "lint/always-true: wanted so"
    assert list(cases["prefect_flow.a"]) == []
    # A note about something fails nothing.
    assert [part.tag for part in cases["prefect_automation.both"]] == ["system-out"]


@given(reports)
@settings(max_examples=150, deadline=None)
def test_formats_for_programs_are_valid_whatever_the_names(report: Report) -> None:
    """SARIF keeps to its schema and XML can be read, and both have every finding."""
    assert len(sarif(report)["results"]) == len(report.findings)
    names = {printable(case.get("name") or "") for case in junit(report).iter("testcase")}
    # Line ends in attributes are written as references, so they come back.
    assert {printable(name) for name in [*report.subjects, *(f.subject for f in report.findings)]} == names


def test_many_findings_are_shown_in_every_format() -> None:
    """Five hundred automations with nasty names, in each format but the document, which a command makes itself."""
    report = automations(500)
    for name, render in FORMATS.items():
        rendered = render(report)
        rendered.encode() if name != "json" else None
        assert name == "json" or len(rendered) > 50_000
