"""A drift report in the formats that there are."""

from __future__ import annotations

import json

from prefect_iac.drift.report import (
    Changed,
    DriftReport,
    Ignored,
    Missing,
    Undecided,
    Unreadable,
    ValueChange,
)
from prefect_iac.output import FORMATS
from prefect_iac.output.drift import drift_report

REPORT = DriftReport(
    checked=tuple(f"prefect_flow.{letter}" for letter in "abcde"),
    changed=(
        Changed(
            "prefect_flow.a",
            "prefect_flow",
            "1",
            (
                ValueChange(("tags",), "a", None, sensitive=False, how="removed"),
                ValueChange(("pull_steps", 1), None, {"type": "x"}, sensitive=False, how="added"),
                ValueChange(("data", "a-b"), "(sensitive)", "(sensitive)", sensitive=True),
                ValueChange(("name",), "ü", None, sensitive=False),
            ),
        ),
    ),
    missing=(Missing("prefect_flow.b", "prefect_flow", "2"),),
    unreadable=(
        Unreadable("prefect_flow.c", "prefect_flow", "3", "because\n  of this"),
        Unreadable("resources[3]", "", "", "no object"),
    ),
    undecided=(
        Undecided(
            "prefect_flow.d", "prefect_flow", "4", (ValueChange(("labels", "x"), "1", "2", sensitive=False),)
        ),
    ),
    ignored=(Ignored("prefect_flow.e", ("tags",), "*.*.tags"), Ignored("prefect_team.t", (), "prefect_team")),
)


def test_report_for_programs() -> None:
    """The JSON form has a version, the numbers, and each finding with its address, type, id and values."""
    change = {"sensitive": False, "change": "changed"}
    assert json.loads(FORMATS["json"](drift_report(REPORT))) == {
        "version": 1,
        "summary": {"checked": 5, "changed": 1, "missing": 1, "unreadable": 2},
        "changed": [
            {
                "address": "prefect_flow.a",
                "type": "prefect_flow",
                "id": "1",
                "changes": [
                    change | {"attribute": "tags", "was": "a", "is": None, "change": "removed"},
                    change
                    | {"attribute": "pull_steps[1]", "was": None, "is": {"type": "x"}, "change": "added"},
                    {
                        "attribute": 'data["a-b"]',
                        "was": "(sensitive)",
                        "is": "(sensitive)",
                        "sensitive": True,
                        "change": "changed",
                    },
                    change | {"attribute": "name", "was": "ü", "is": None},
                ],
            }
        ],
        "missing": [{"address": "prefect_flow.b", "type": "prefect_flow", "id": "2"}],
        "unreadable": [
            {"address": "prefect_flow.c", "type": "prefect_flow", "id": "3", "reason": "because\n  of this"},
            {"address": "resources[3]", "type": "", "id": "", "reason": "no object"},
        ],
        "undecided": [
            {
                "address": "prefect_flow.d",
                "type": "prefect_flow",
                "id": "4",
                "changes": [change | {"attribute": "labels.x", "was": "1", "is": "2"}],
            }
        ],
        "ignored": [
            {"address": "prefect_flow.e", "attribute": "tags", "pattern": "*.*.tags"},
            {"address": "prefect_team.t", "attribute": None, "pattern": "prefect_team"},
        ],
    }


def test_report_for_people() -> None:
    """The text form has a line for each finding, the changes below it, and a sentence that sums up."""
    assert FORMATS["text"](drift_report(REPORT)).splitlines() == [
        "prefect_flow.a has changed (1)",
        '    tags: removed "a"',
        '    pull_steps[1]: added {"type": "x"}',
        '    data["a-b"]: (sensitive) -> (sensitive)',
        '    name: "ü" -> null',
        "prefect_flow.b is missing (2)",
        "prefect_flow.c could not be read (3): because of this",
        "resources[3] could not be read: no object",
        "prefect_flow.d may have changed (4), if this is configured: the state does not say so, a saved plan does",
        '    labels.x: "1" -> "2"',
        "",
        "5 objects checked: 1 changed, 1 missing; 2 could not be read; 1 undecided; 2 ignored.",
    ]


def test_report_without_findings() -> None:
    """Where nothing was found, the sentence is all."""
    report = drift_report(DriftReport(checked=("prefect_flow.a",)))
    assert FORMATS["text"](report) == "1 object checked: no drift."
    assert (report.name, report.findings, report.subjects) == ("drift", (), ("prefect_flow.a",))


def test_findings_have_a_rule_and_a_level() -> None:
    """What is not certain is a note; everything else is an error, of a kind that programs can tell apart."""
    assert [(finding.rule, finding.level) for finding in drift_report(REPORT).findings] == [
        ("drift/changed", "error"),
        ("drift/missing", "error"),
        ("drift/unreadable", "error"),
        ("drift/unreadable", "error"),
        ("drift/undecided", "note"),
    ]


def test_exit_codes() -> None:
    """What could not be read counts before drift; what is undecided or ignored does not count."""
    assert REPORT.exit_code == 1
    assert REPORT._replace(unreadable=()).exit_code == 2
    assert REPORT._replace(unreadable=(), changed=(), missing=()).exit_code == 0
