"""Problems that the rules find, as diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
from prefect_provider.text.path import Path, show_path
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.text.problem import Problem

__all__ = ["report"]


def report(problems: Iterable[Problem], diagnostics: Diagnostics, path: Path = ()) -> None:
    """Add each problem, found in the value at ``path``, with its place and remedy."""
    for problem in problems:
        at = (*path, *problem.path)
        summary = (
            f"Invalid `{show_path(at)}`" if problem.severity == "error" else f"Surprise in `{show_path(at)}`"
        )
        detail = say(problem.message, remedy=problem.remedy)
        diagnostics.add(Diagnostic(problem.severity, summary, detail, at))
