"""The error of a construct whose arguments are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_constructs.wording import Wording
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.text.path import show_path
from prefect_provider.text.problem import say, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prefect_provider.text.path import Path

__all__ = ["PrefectConstructError", "describe", "refuse", "taken"]


class PrefectConstructError(ValueError):
    """A construct was given arguments that Terraform or Prefect would refuse.

    Its text names the construct by its path and lists everything that is wrong, each with the argument, what
    was expected, and what was found. ``path`` is the construct's, ``problems`` are the single errors.
    """

    def __init__(self, path: str, problems: Sequence[Diagnostic]) -> None:
        self.path: Final = path
        self.problems: Final = tuple(problems)
        lines = [describe(problem) for problem in problems]
        if len(lines) == 1:
            text = f"{path}: {lines[0]}"
        else:
            text = "\n  - ".join([f"{path}: {len(lines)} problems", *lines])
        super().__init__(text)


def refuse(
    where: Callable[[], str],
    path: Path,
    what: str = "",
    *,
    expected: str = "",
    got: str = "",
    remedy: str = "",
) -> PrefectConstructError:
    """The error that one argument, at ``path``, of the construct ``where()`` is wrong."""
    detail = say(what, expected=expected, got=got, remedy=remedy)
    return PrefectConstructError(where(), [Wording().problem(Diagnostic("error", "", detail, path))])


def taken(where: Callable[[], str]) -> Exception:
    """The error for an id that another construct has."""
    what = "another construct has this id"
    remedy = "Give one of them another id. Ids are names in Terraform's state, so rename the newer one."
    return refuse(where, (), what, remedy=remedy)


def describe(problem: Diagnostic) -> str:
    """A diagnostic in one line: ``actions[0].type: Expected ...``."""
    place = show_path(problem.path)
    text = problem.detail or problem.summary
    if place and (not problem.summary or f"`{place}`" in problem.summary):
        # The summary only says that this place is wrong.
        return f"{place}: {text}"
    summary = " ".join(sentence(part) for part in (problem.summary, problem.detail) if part)
    return f"{place}: {summary}" if place else summary
