"""How what was found is shown: one file per format, and one per kind of report that puts it into words.

Every format takes the same :class:`~prefect_iac.output.report.Report`, so a new format serves all reports, and a new
report has all formats.
"""

from __future__ import annotations

from errno import EBADF
from importlib import import_module
from os import strerror
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_iac.output.report import Report

__all__ = ["FORMATS", "write"]


def _format(name: str) -> Callable[[Report], str]:
    """The format of that file; it is loaded when it is first used."""

    def render(report: Report) -> str:
        rendered: str = import_module(f"prefect_iac.output.{name}").render(report)
        return rendered

    return render


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    name: _format(name) for name in ("text", "json", "markdown", "sarif", "junit")
}
"""The formats by the names that ``--format`` takes; the first is the default."""


def write(report: Report, format: str, stream: IO[str] | None) -> None:  # noqa: A002 - what the option is called
    """Write a report to a stream: as text in colours where that is a terminal that shows them, else plain.

    Raises OSError where it cannot be written.
    """
    from prefect_iac.output.terminal import has_colours, print_report

    if stream is None:
        # Python has no standard output where the caller has closed it.
        raise OSError(EBADF, strerror(EBADF))
    if format == "text" and has_colours(stream):
        print_report(report, stream)
    else:
        print(FORMATS[format](report), file=stream)
