"""Problems that the rules find, as diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
from prefect_provider.plugin.language.kinds import ListOf
from prefect_provider.plugin.language.nested import NestedKind, NestedList
from prefect_provider.text.path import Path, show_path
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.problem import Problem

__all__ = ["placed", "report"]


def report(problems: Iterable[Problem], diagnostics: Diagnostics, path: Path = ()) -> None:
    """Add each problem, found in the value at ``path``, with its place and remedy."""
    for problem in problems:
        at = (*path, *problem.path)
        summary = (
            f"Invalid `{show_path(at)}`" if problem.severity == "error" else f"Surprise in `{show_path(at)}`"
        )
        detail = say(problem.message, remedy=problem.remedy)
        diagnostics.add(Diagnostic(problem.severity, summary, detail, at))


def placed(declaration: type[Declaration], problem: Problem) -> Problem:
    """The problem at a place that Terraform can point to; what is inside JSON is named in words."""
    place = _place(declaration, problem.path)
    inside = problem.path[len(place) :]
    if not inside:
        return problem
    message = f"{problem.message.rstrip('.')}; at `{show_path(inside)}` of the JSON"
    return problem._replace(path=place, message=message)


def _place(declaration: type[Declaration], path: Path) -> Path:
    """The longest beginning of a path that ends at a declared attribute or list element."""
    if not path or path[0] not in declaration.attributes:
        return ()
    kind = declaration.attributes[str(path[0])].kind
    steps = 2 if isinstance(kind, (NestedList, ListOf)) else 1
    if isinstance(kind, NestedKind) and len(path) >= steps:
        return (*path[:steps], *_place(kind.nested, path[steps:]))
    return path[:steps]
