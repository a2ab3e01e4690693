"""The format for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect_iac.output.report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """The report's document."""
    return json.dumps(report.document, indent=2, ensure_ascii=False)
