"""Markdown, as code hosts read it: what others named is text in it, whatever it looks like.

Nothing in a name can end a table, a fence or a fold, mention a person (`@name`), link an issue (`#123`), or give an
order to the host (`/close` at the start of a line).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from prefect_iac.output.report import Code, Paragraph, Table
from prefect_iac.output.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect_iac.output.report import Block, Finding, Level, Report, Section

__all__ = ["code", "compose", "escape", "render"]

_SIGNS: Final[dict[Level, str]] = {
    "error": "⛔",
    "warning": "⚠️",
    "note": "💡",
}
_NOTHING: Final = "✅"

_URL: Final = re.compile(r"https?://[^\s<>|\\`\"'\x00-\x20]+[^\s<>|\\`\"'.,;:!?)\]}*_~]")
_MARKUP: Final = re.compile(r"[\\`*_\[\]|~]")
_REFERENCE: Final = re.compile(r"(?:[@#!%&$^~]|\bGH-)(?=[\w\"])")
"""What hosts make links of and send messages for: people, issues, merge requests, labels, milestones, snippets."""
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
"""Parts a sign from what follows it; a printable text has none of its own."""
_START: Final = re.compile(r"[-+#=:/]|\d+(?=[.)])|&gt;")
"""What begins something at the start of a line: a list, a heading, a quote, an order to the host."""


def render(report: Report) -> str:
    """The whole report: a verdict, the findings, the sections; what can be folded is folded."""
    return compose(report)


def compose(
    report: Report, *, folds: bool = True, before: Sequence[str] = (), after: Sequence[str] = ()
) -> str:
    """The report with lines of the host's own around it.

    Args:
        report: what to show.
        folds: whether the host knows ``<details>``; otherwise a folded section is one with a smaller title.
        before: Markdown between the verdict and the findings.
        after: Markdown at the end.
    """
    counted = [finding for finding in report.findings if finding.suppressed is None]
    suppressed = [finding for finding in report.findings if finding.suppressed is not None]
    parts = [f"### {_sign(counted)} {escape(report.summary)}", *before]
    parts += (_section(section, folds=folds) for section in report.sections if section.leading)
    if counted:
        parts.append("\n".join(line for finding in counted for line in _finding(finding)))
    parts += (_section(section, folds=folds) for section in report.sections if not section.leading)
    if suppressed:
        lines = [
            f"- {code(finding.rule)} {code(finding.subject)}: {escape(finding.suppressed or '')}"
            for finding in suppressed
        ]
        parts.append(_folded(f"{len(suppressed)} suppressed", "\n".join(lines), folds=folds))
    return "\n\n".join([*parts, *after])


def escape(text: str) -> str:
    """Text that shows as it is, in one line; addresses of the web become links."""
    text = " ".join(printable(piece) for piece in text.split())
    pieces, end = [], 0
    for url in _URL.finditer(text):
        pieces += [_escaped(text[end : url.start()]), f"<{url.group()}>"]
        end = url.end()
    return "".join([*pieces, _escaped(text[end:])])


def code(text: str) -> str:
    """A name as code, where hosts look for no markup and no references; not for the cells of a table."""
    text = printable(text)
    if not text.strip():
        return '""'
    fence = "`" * (_longest_run(text) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"


def _escaped(text: str) -> str:
    return _visible(_MARKUP.sub(r"\\\g<0>", _in_html(text)))


def _in_html(text: str) -> str:
    """The text with signs parted from what follows them, and without HTML."""
    return html.escape(_REFERENCE.sub(rf"\g<0>{_BREAK}", text), quote=False)


def _visible(text: str) -> str:
    return text.replace(_BREAK, f"&#{ord(_BREAK)};")


def _sign(findings: list[Finding]) -> str:
    levels = {finding.level for finding in findings}
    return next((sign for level, sign in _SIGNS.items() if level in levels), _NOTHING)


def _finding(finding: Finding) -> Iterator[str]:
    said = f"{_SIGNS[finding.level]} {code(finding.subject)} {escape(finding.message)}"
    place = f", {code(finding.location.text())}" if finding.location is not None else ""
    more = f", {escape(finding.help)}" if finding.help is not None else ""
    yield f"- {said} ({code(finding.rule)}{place}{more})"
    for detail in finding.details:
        yield f"  - {code(detail.place)}: {escape(detail.text)}"


def _section(section: Section, *, folds: bool) -> str:
    body = "\n\n".join(_block(block) for block in section.blocks)
    if section.folded:
        return _folded(section.title, body, folds=folds)
    return f"#### {escape(section.title)}\n\n{body}"


def _folded(title: str, body: str, *, folds: bool) -> str:
    if not folds:
        return f"##### {escape(title)}\n\n{body}"
    shown = _in_html(" ".join(printable(piece) for piece in title.split()))
    return f"<details><summary>{_visible(shown)}</summary>\n\n{body}\n\n</details>"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _START.sub(_begun, escape(text), count=1) if _START.match(escape(text)) else escape(text)
        case Code(text, language):
            fence = "`" * max(3, _longest_run(text) + 1)
            lines = (printable(line) for line in text.expandtabs(4).splitlines())
            return "\n".join([fence + re.sub(r"[^\w-]", "", language), *lines, fence])
        case Table(header, rows, numbers):
            ruler = ["---:" if name in numbers else "---" for name in header]
            return "\n".join([_row(header), f"| {' | '.join(ruler)} |", *(_row(row) for row in rows)])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(escape(cell) or ' ' for cell in cells)} |"


def _begun(start: re.Match[str]) -> str:
    text = start.group()
    return f"{text}&#8203;" if text[0].isdigit() or text == "&gt;" else f"&#{ord(text)};"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
