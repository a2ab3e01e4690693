"""The format for people at a terminal: colours, tables as wide as the window, and how far the work has come."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from prefect_iac.output.report import Code, Paragraph, Table
from prefect_iac.output.text import printable, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console, RenderableType

    from prefect_iac.output.report import Block, Finding, Level, Report, Section

__all__ = ["has_colours", "print_report", "progress"]

_STYLES: Final[dict[Level, str]] = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def has_colours(stream: IO[str]) -> bool:
    """Whether the stream is a terminal that shows colours, and nobody asked for none (`NO_COLOR`, `TERM=dumb`)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def print_report(report: Report, stream: IO[str]) -> None:
    """Print a report in colours, as wide as the terminal is."""
    from rich.text import Text

    console = _console(stream)
    leading = [section for section in report.sections if section.leading]
    _print_sections(leading, console)
    if leading and report.findings:
        console.print()
    for finding in report.findings:
        if finding.suppressed is None:
            console.print(_finding(finding))
    for finding in report.findings:
        if finding.suppressed is not None:
            text = Text(f"suppressed {printable(finding.rule)} {printable(finding.subject)}: ", style="dim")
            console.print(text.append(printable(finding.suppressed)))
    _print_sections([section for section in report.sections if not section.leading], console, after=True)
    if report.findings or report.sections:
        console.print()
    console.print(Text(printable(report.summary), style="bold"))


def _print_sections(sections: Sequence[Section], console: Console, *, after: bool = False) -> None:
    """Sections with a line between them; ``after``: and one before the first."""
    from rich.padding import Padding
    from rich.text import Text

    for number, section in enumerate(sections):
        if number or after:
            console.print()
        console.print(Text(printable(section.title), style="bold underline"))
        for block in readable(section):
            console.print(Padding(_shown(block), (0, 0, 0, 2)))


@contextmanager
def progress(what: str, stream: IO[str], total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show how far something has come, while it goes on; not at all where the stream is no terminal.

    What it gives is called with the number of steps that were made since the last call. Without ``total`` only that
    work goes on is shown.
    """
    if not has_colours(stream):
        yield lambda _: None
        return
    from rich.progress import Progress

    with Progress(console=_console(stream), transient=True) as shown:
        task = shown.add_task(printable(what), total=total)
        yield lambda steps: shown.advance(task, steps)


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _finding(finding: Finding) -> RenderableType:
    from rich.text import Text

    text = Text()
    text.append(f"{finding.level:<8}", style=_STYLES[finding.level])
    text.append(printable(finding.subject), style="bold").append(f" {printable(finding.message)}")
    for detail in finding.details:
        text.append(f"\n        {printable(detail.place)}: ", style="dim").append(printable(detail.text))
    text.append(f"\n        {printable(finding.rule)}", style="dim")
    if finding.location is not None:
        text.append(f" at {printable(finding.location.text())}", style="dim")
    if finding.help is not None:
        text.append(f" {printable(finding.help)}", style="dim")
    return text


def _shown(block: Block) -> RenderableType:
    from rich.table import Table as Grid
    from rich.text import Text

    match block:
        case Paragraph(text):
            return Text(printable(" ".join(text.split())))
        case Code(text):
            return Text("\n".join(printable(line) for line in text.expandtabs(4).splitlines()), style="dim")
        case Table():
            grid = Grid(box=None, pad_edge=False, header_style="bold")
            for name in block.header:
                right = name in block.numbers
                grid.add_column(
                    Text(printable(name)),
                    justify="right" if right else "left",
                    overflow="fold",
                    no_wrap=right,
                )
            for row in block.rows:
                grid.add_row(*(Text(printable(cell)) for cell in row))
            return grid
