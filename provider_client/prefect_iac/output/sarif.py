"""SARIF 2.1.0 (OASIS): what code hosts show beside the lines of a change."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from prefect_iac.output.text import printable
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from prefect_iac.output.report import Finding, Report

__all__ = ["render"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

_ROOT: Final = "."
"""Where a finding is of which only the object is known: GitHub refuses results without a file."""


def render(report: Report) -> str:
    """One run of the tool, with a rule for each kind of finding and a result for each finding."""
    rules = {finding.rule: finding for finding in report.findings}
    numbers = {rule: number for number, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "prefect-iac",
                "semanticVersion": VERSION,
                "rules": [_rule(finding) for finding in rules.values()],
            }
        },
        "automationDetails": {"id": f"prefect-iac/{report.name}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, numbers[finding.rule], seen) for finding in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": finding.rule,
        "shortDescription": {"text": finding.rule.rpartition("/")[2].replace("-", " ").capitalize()},
        "defaultConfiguration": {"level": finding.level},
    }
    if finding.help is not None and "://" in finding.help:
        rule["helpUri"] = finding.help
    elif finding.help is not None:
        rule["help"] = {"text": finding.help}
    return rule


def _result(finding: Finding, rule: int, seen: Counter[str]) -> dict[str, Any]:
    lines = [f"{finding.subject} {finding.message}"]
    lines += (f"{detail.place}: {detail.text}" for detail in finding.details)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": finding.level,
        "message": {"text": "\n".join(lines)},
        "locations": [_location(finding)],
        "partialFingerprints": _fingerprints(finding, seen),
    }
    if finding.suppressed is not None:
        result["suppressions"] = [{"kind": "external", "justification": finding.suppressed}]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    place = finding.location
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(printable(place.file)) if place else _ROOT}}
    if place is not None and place.line is not None:
        physical["region"] = {"startLine": place.line}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": finding.subject, "kind": "resource"}],
    }


def _fingerprints(finding: Finding, seen: Counter[str]) -> dict[str, str]:
    """What tells that it is the same finding as last time, also when lines have moved and values have changed."""
    said = [finding.rule, finding.subject, *(detail.place for detail in finding.details)]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
    seen[digest] += 1
    fingerprint = f"{digest}:{seen[digest]}"
    # The first is the one by which GitHub tells; the second stays when a host has its own idea of the first.
    return {"primaryLocationLineHash": fingerprint, "prefectIac/v1": fingerprint}
