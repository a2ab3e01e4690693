"""The format for people, without colours: in the log of a job, in a file, through a pipe."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from prefect_iac.output.report import Code, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.output.report import Block, Finding, Report, Section

__all__ = ["printable", "readable", "render", "width_of"]


def render(report: Report) -> str:
    """A line for each finding, its details indented below, then the sections, and the summary at the end."""
    lines = list(_sections(section for section in report.sections if section.leading))
    found = list(_findings(finding for finding in report.findings if finding.suppressed is None))
    lines += ["", *found] if lines and found else found
    suppressed = [finding for finding in report.findings if finding.suppressed is not None]
    if suppressed:
        lines += ["", "Suppressed:"] if lines else ["Suppressed:"]
        lines += [_suppressed(finding) for finding in suppressed]
    rest = list(_sections(section for section in report.sections if not section.leading))
    lines += ["", *rest] if lines and rest else rest
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


def width_of(text: str) -> int:
    """How many columns of a terminal a printable text takes: wide characters two, marks upon others none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _findings(findings: Iterator[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.subject} {finding.message}"
        for detail in finding.details:
            yield f"    {detail.place}: {detail.text}"
        if finding.location is not None or finding.help is not None:
            place = f" at {finding.location.text()}" if finding.location is not None else ""
            more = f", explained at {finding.help}" if finding.help is not None else ""
            yield f"    {finding.level} {finding.rule}{place}{more}"


def _sections(sections: Iterator[Section]) -> Iterator[str]:
    shown = ((section, readable(section)) for section in sections)
    for place, (section, blocks) in enumerate(one for one in shown if one[1] or not one[0].blocks):
        if place:
            yield ""
        yield section.title
        for number, block in enumerate(blocks):
            if number:
                yield ""
            yield from (f"  {line}".rstrip() for line in _lines(block))


def readable(section: Section) -> list[Block]:
    """The blocks of a section that are meant to be read."""
    return [block for block in section.blocks if not (isinstance(block, Code) and block.is_picture)]


def _suppressed(finding: Finding) -> str:
    return f"  {finding.rule} {finding.subject}: {finding.suppressed}"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield " ".join(text.split())
        case Code(text):
            yield from text.expandtabs(4).splitlines()
        case Table():
            yield from _rows(block)


def _rows(table: Table) -> Iterator[str]:
    rows = [tuple(printable(cell) for cell in row) for row in (table.header, *table.rows)]
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(table.header))]
    for row in rows:
        cells = []
        for name, cell, width in zip(table.header, row, widths, strict=True):
            space = " " * (width - width_of(cell))
            cells.append(space + cell if name in table.numbers else cell + space)
        yield "  ".join(cells)
