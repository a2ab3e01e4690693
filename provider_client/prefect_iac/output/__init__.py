"""How what was found is shown: one file per format, and one per kind of report that puts it into words.

Every format takes the same :class:`~prefect_iac.output.report.Report`, so a new format serves all reports, and a new
report has all formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.output import json, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_iac.output.report import Report

__all__ = ["FORMATS"]

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {"text": text.render, "json": json.render}
"""The formats by the names that ``--format`` takes; the first is the default."""
