"""Negated values of labels that hold more often than they read as if they did.

A label has one value, and holds if any of those that are listed for it matches; ``!`` negates one of the list, not the
list. A label of ``match_related`` holds if any related resource has it, so that a negation there asks for some other
resource (observed on Prefect's own evaluation, 3.8 and 3.9).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.values import IsUnknown, is_series
from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.text.path import Path

__all__ = ["always_holds", "negation_problem"]

_WILDCARDS: Final = "*?["
_ID: Final = "prefect.resource.id"
_ROLE: Final = "prefect.resource.role"

_ONE_OF_EACH: Final = frozenset(
    {"flow", "deployment", "work-queue", "work-pool", "creator", "flow-run", "task-run", "worker"}
)
"""The roles that at most one related resource of an event has, so that a negation means what it says."""


def always_holds(values: Sequence[object], path: Path) -> Problem | None:
    """Why a list of values holds for whatever value a label has, or ``None``."""
    listed = [value for value in values if isinstance(value, str)]
    negated = [value[1:] for value in listed if value.startswith("!")]
    for one, another in combinations(negated, 2):
        if _exclude_each_other(one, another):
            return Problem(
                path,
                f"a value matches if any of the list does, and every value is {show('!' + one)} or "
                f"{show('!' + another)}: this narrows nothing",
                "Negate one value only, or name those that count.",
                "warning",
                "always-true",
            )
    for one in negated:
        for other in listed:
            if not other.startswith("!") and _covers(other, one):
                return Problem(
                    path,
                    f"a value matches if any of the list does, and every value is {show('!' + one)} or "
                    f"{show(other)}: this narrows nothing",
                    f"Leave {show('!' + one)} out.",
                    "warning",
                    "always-true",
                )
    return None


def negation_problem(labels: Mapping[str, Any], path: Path, is_unknown: IsUnknown) -> Problem | None:
    """Why an object of ``match_related`` with a negation matches by some other resource, or ``None``."""
    if any(is_unknown(value) for value in labels.values()):
        return None
    role = _texts(labels.get(_ROLE))
    if role and all(one in _ONE_OF_EACH for one in role):
        return None
    if any(not value.startswith("!") for value in _texts(labels.get(_ID))):
        return None  # of one resource, or of one kind
    for label in (_ID, _ROLE):
        negated = [value for value in _texts(labels.get(label)) if value.startswith("!")]
        if not negated:
            continue
        kind = "tag" if role == ["tag"] else "related resource"
        return Problem(
            (*path, label),
            f"this holds if any {kind} is another than {show(negated[0][1:])}, also when that one is there too",
            "Prefect cannot ask that a related resource be absent: name those that count"
            + ("." if kind == "tag" or label == _ROLE else f', or add "{_ROLE}", such as "flow".'),
            "warning",
            "related-negation",
        )
    return None


def _texts(value: object) -> list[str]:
    listed = value if is_series(value) else [value]
    return [one for one in listed if isinstance(one, str)]


def _is_pattern(text: str) -> bool:
    return any(sign in text for sign in _WILDCARDS)


def _exclude_each_other(one: str, another: str) -> bool:
    """Whether no value matches both patterns, as far as that can be told."""
    if not _is_pattern(one):
        return not fnmatchcase(one, another)
    if not _is_pattern(another):
        return not fnmatchcase(another, one)
    ends = zip(
        *((_literal(text), _literal(text[::-1], reverse=True)) for text in (one, another)), strict=True
    )
    return any(not (mine.startswith(theirs) or theirs.startswith(mine)) for mine, theirs in ends)


def _literal(text: str, *, reverse: bool = False) -> str:
    """What stands for itself at the beginning of a pattern, or, of one that is reversed, at its end."""
    signs = "*?]" if reverse else _WILDCARDS
    return text[: min((text.find(sign) for sign in signs if sign in text), default=len(text))]


def _covers(pattern: str, narrower: str) -> bool:
    """Whether one pattern matches all that another does, as far as that can be told."""
    if not _is_pattern(narrower):
        return fnmatchcase(narrower, pattern)
    return pattern == narrower or _wide(pattern, narrower)


def _wide(pattern: str, narrower: str) -> bool:
    stem = pattern.rstrip("*")
    return pattern.endswith("*") and not _is_pattern(stem) and _literal(narrower).startswith(stem)
