"""A report made shorter, step by step, for where only so much fits.

What goes first is what is missed least: raw texts, then what was suppressed, long values, folded sections, details,
then the findings themselves, the worst of them last, and in the end what leads. Parts are left out as a whole, so that
what remains is a report, in whatever format.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.output.report import LEVELS, Code, Paragraph, Report, Section, Table
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.output.report import Block, Finding

__all__ = ["Shortened", "steps"]

_LONG: Final = 120
_ROWS: Final = 20


class Shortened(NamedTuple):
    """A report, and what is no longer in it, in words."""

    report: Report
    dropped: tuple[str, ...] = ()


def steps(report: Report) -> Iterator[Shortened]:
    """The report as it is, then ever shorter ones, down to one whose length does not depend on what was found."""
    now = Shortened(report)
    yield now
    for step in (
        _without_raw_text,
        _without_suppressed,
        _with_short_texts,
        _without_folded,
        _without_details,
        _with_few_rows,
    ):
        now = step(now)
        yield now
    count = len(now.report.findings)
    sections = now.report.sections
    kept = count
    while kept > _ROWS:
        kept = kept * 4 // 5
        yield _with_findings(now, kept, sections)
    leading = tuple(section for section in sections if section.leading)
    for kept in (min(count, _ROWS), 5, 0):
        yield _with_findings(now, kept, leading)
    yield _with_findings(now, 0, ())


def _without_raw_text(now: Shortened) -> Shortened:
    kept = [(one, _without_code(one) if one.folded else one) for one in now.report.sections]
    # A section that had nothing else goes with it.
    sections = tuple(shorter for section, shorter in kept if shorter.blocks or not section.blocks)
    count = _blocks(now.report.sections) - _blocks(sections)
    return _next(now, now.report._replace(sections=sections), _counted(count, "raw text"))


def _without_suppressed(now: Shortened) -> Shortened:
    findings = tuple(finding for finding in now.report.findings if finding.suppressed is None)
    count = len(now.report.findings) - len(findings)
    return _next(now, now.report._replace(findings=findings), _counted(count, "suppressed finding"))


def _with_short_texts(now: Shortened) -> Shortened:
    report = now.report
    shorter = report._replace(
        summary=_short(report.summary, 3 * _LONG),
        findings=tuple(
            finding._replace(
                subject=_short(finding.subject),
                message=_short(finding.message, 2 * _LONG),
                details=tuple(
                    detail._replace(place=_short(detail.place), text=_short(detail.text))
                    for detail in finding.details
                ),
            )
            for finding in report.findings
        ),
        sections=tuple(
            section._replace(
                title=_short(section.title),
                blocks=tuple(_short_block(block) for block in _without_code(section).blocks),
            )
            for section in report.sections
        ),
    )
    texts = _blocks(report.sections) - _blocks(shorter.sections)
    kept = report._replace(sections=tuple(_without_code(section) for section in report.sections))
    now = _next(now, shorter, _counted(texts, "raw text in sight", "raw texts in sight"))
    return _next(now, shorter, "the ends of long texts" if shorter != kept else "")


def _without_folded(now: Shortened) -> Shortened:
    sections = tuple(section for section in now.report.sections if not section.folded)
    count = len(now.report.sections) - len(sections)
    return _next(now, now.report._replace(sections=sections), _counted(count, "folded section"))


def _without_details(now: Shortened) -> Shortened:
    findings = tuple(finding._replace(details=(), help=None) for finding in now.report.findings)
    count = sum(len(finding.details) for finding in now.report.findings)
    return _next(now, now.report._replace(findings=findings), _counted(count, "detail"))


def _with_few_rows(now: Shortened) -> Shortened:
    sections = tuple(
        section._replace(blocks=tuple(_few_rows(block) for block in section.blocks[:_ROWS]))
        for section in now.report.sections[:_ROWS]
    )
    count = _rows(now.report.sections) - _rows(sections)
    return _next(now, now.report._replace(sections=sections), _counted(count, "row"))


def _with_findings(now: Shortened, kept: int, sections: tuple[Section, ...]) -> Shortened:
    worst = sorted(now.report.findings, key=lambda finding: LEVELS.index(finding.level))
    left_out = worst[kept:]
    counts = (_count_of_findings(left_out),) if left_out else ()
    gone = _counted(len(now.report.sections) - len(sections), "section")
    report = now.report._replace(findings=tuple(worst[:kept]), sections=(*counts, *sections))
    shorter = _next(now, report, _counted(len(left_out), "finding"))
    return _next(shorter, report, gone)


def _count_of_findings(findings: list[Finding]) -> Section:
    """How many of which kind are not shown one by one."""
    counts = Counter((finding.rule, finding.level) for finding in findings).most_common()
    rows: list[tuple[str, ...]] = [
        (_short(rule), level, str(count)) for (rule, level), count in counts[:_ROWS]
    ]
    if len(counts) > _ROWS:
        rows.append(("others", "", str(sum(count for _, count in counts[_ROWS:]))))
    table = Table(("findings not shown", "level", "count"), tuple(rows), frozenset({"count"}))
    return Section("Not shown one by one", (table,))


def _next(now: Shortened, report: Report, dropped: str) -> Shortened:
    return Shortened(report, (*now.dropped, dropped) if dropped else now.dropped)


def _short(text: str, length: int = _LONG) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _short_block(block: Block) -> Block:
    match block:
        case Paragraph(text):
            return Paragraph(_short(text, 5 * _LONG))
        case Table(header, rows, numbers):
            return Table(header, tuple(tuple(_short(cell) for cell in row) for row in rows), numbers)
    return block


def _few_rows(block: Block) -> Block:
    return block._replace(rows=block.rows[:_ROWS]) if isinstance(block, Table) else block


def _blocks(sections: tuple[Section, ...]) -> int:
    return sum(len(section.blocks) for section in sections)


def _rows(sections: tuple[Section, ...]) -> int:
    return sum(
        len(block.rows) for section in sections for block in section.blocks if isinstance(block, Table)
    )


def _without_code(section: Section) -> Section:
    return section._replace(blocks=tuple(block for block in section.blocks if not isinstance(block, Code)))


def _counted(count: int, one: str, many: str = "") -> str:
    return "" if not count else counted(count, one, many)
