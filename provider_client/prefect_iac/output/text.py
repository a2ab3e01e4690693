"""The format for people at a terminal, and in the log of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect_iac.output.report import Report

__all__ = ["printable", "render"]


def render(report: Report) -> str:
    """A line for each finding, its details indented below, and the summary at the end."""
    lines: list[str] = []
    for finding in report.findings:
        lines.append(f"{finding.subject} {finding.message}")
        lines += [f"    {detail.place}: {detail.text}" for detail in finding.details]
    if lines:
        lines.append("")
    return "\n".join(printable(line) for line in [*lines, report.summary])


def printable(line: str) -> str:
    """The text in one line, and without characters that command a terminal: names come from elsewhere."""
    if line.isprintable():
        return line
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in line
    )
