"""Problems that the models' rules find, as diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.diagnostics import Diagnostic, Diagnostics, Path, show_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.models.problems import Problem

__all__ = ["report"]


def report(problems: Iterable[Problem], diagnostics: Diagnostics, path: Path = ()) -> None:
    """Add each problem, found in the value at ``path``, with its place and remedy."""
    for problem in problems:
        at = (*path, *problem.path)
        summary = (
            f"Invalid `{show_path(at)}`" if problem.severity == "error" else f"Surprise in `{show_path(at)}`"
        )
        message = problem.message[:1].upper() + problem.message[1:]
        detail = f"{message}. {problem.remedy}".strip()
        diagnostics.add(Diagnostic(problem.severity, summary, detail, at))
