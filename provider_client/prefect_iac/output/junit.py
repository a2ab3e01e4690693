"""JUnit's XML: what the pages of build servers show as tests."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from prefect_iac.output.text import printable

if TYPE_CHECKING:
    from prefect_iac.output.report import Finding, Report

__all__ = ["render"]


def render(report: Report) -> str:
    """A test case for each subject: it fails with errors and warnings, notes are its output.

    A subject of which all findings are suppressed is skipped.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.subject].append(finding)
    cases = [
        _case(report.name, subject, found[subject]) for subject in dict.fromkeys([*report.subjects, *found])
    ]
    suite = Element("testsuite", name=f"prefect-iac {report.name}", tests=str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.extend(cases)
    SubElement(suite, "system-out").text = _clean(report.summary)
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode")


def _case(name: str, subject: str, findings: list[Finding]) -> Element:
    case = Element("testcase", classname=f"prefect-iac.{name}", name=_clean(subject))
    bad = [finding for finding in findings if finding.suppressed is None and finding.level != "note"]
    notes = [finding for finding in findings if finding.suppressed is None and finding.level == "note"]
    suppressed = [finding for finding in findings if finding.suppressed is not None]
    if bad:
        # Many readers take the first failure only.
        message = "; ".join(finding.message for finding in bad)
        failure = SubElement(case, "failure", type=_clean(bad[0].rule), message=_clean(message))
        failure.text = "\n".join(_text(finding) for finding in bad)
    elif suppressed and not notes:
        reasons = "; ".join(f"{finding.rule}: {finding.suppressed}" for finding in suppressed)
        SubElement(case, "skipped", message=_clean(reasons))
    if notes:
        SubElement(case, "system-out").text = "\n".join(_text(finding) for finding in notes)
    return case


def _text(finding: Finding) -> str:
    place = f" at {finding.location.text()}" if finding.location is not None else ""
    lines = [f"{finding.level} {finding.rule}{place}: {finding.subject} {finding.message}"]
    lines += (f"    {detail.place}: {detail.text}" for detail in finding.details)
    return "\n".join(_clean(line) for line in lines)


def _clean(text: str) -> str:
    """The text without characters that XML cannot say."""
    return printable(text)
