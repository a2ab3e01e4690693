"""What is wrong, in the words of those who write Python.

The rules speak of what Terraform has: attributes by their names there, objects, ``null``, ``jsonencode()``. Here
their problems come to name the arguments that were written, and Python's own values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.text.path import show_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.text.path import Path

__all__ = ["Wording"]


class Wording:
    """How the attributes of a construct are called in Python, where that differs.

    ``paths`` leads from a place in Terraform's attributes to the place in the arguments; what is inside of a place
    moves with it.
    """

    def __init__(self, paths: Mapping[Path, Path] | None = None) -> None:
        self._paths: Final = dict(paths or {})

    def with_paths(self, paths: Mapping[Path, Path]) -> Wording:
        """The same with further places, which count before those that are known."""
        return Wording({**self._paths, **paths})

    def place(self, path: Path) -> Path:
        """Where in the arguments something is."""
        for length in range(len(path), 0, -1):
            known = self._paths.get(path[:length])
            if known is not None:
                return (*known, *path[length:])
        return path

    def problem(self, problem: Diagnostic) -> Diagnostic:
        """A problem as Python says it."""
        names = self._names(problem.path)
        old, new = show_path(problem.path), show_path(self.place(problem.path))
        summary, detail = (
            _spoken(text.replace(f"`{old}`", f"`{new}`"), names) for text in (problem.summary, problem.detail)
        )
        return Diagnostic(problem.severity, summary, detail, self.place(problem.path))

    def _names(self, path: Path) -> dict[str, str]:
        """The attributes beside the path, and on it, which are called otherwise in Python."""
        return {
            str(old[-1]): str(new[-1])
            for old, new in self._paths.items()
            if old[:-1] == path[: len(old) - 1] and len(old) == len(new) and old[-1] != new[-1]
        }


_QUOTED: Final = re.compile(r'("[^"]*")')

_SPEECH: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"\s*Use `jsonencode\(\)`\.", ""),
        (r"\bWrap the value in `?jsonencode\(\)`?", "Give a mapping or a list"),
        (r"\bwrap the value in `?jsonencode\(\)`?", "give a mapping or a list"),
        (r"\b([Ee]xpected|got|[Gg]ive|text or) an object\b", r"\1 a mapping"),
        (r"\ban array of objects\b", "a list of mappings"),
        (r"\bor an object\b", "or a mapping"),
        (r"\bnull\b", "None"),
        (r"\btrue or false\b", "True or False"),
        (r"\bgot true\b", "got True"),
        (r"\bgot false\b", "got False"),
        (r"\b(\w+) = $", r"\1="),
        (r"\b(\w+) = (?=[\d.{\[])", r"\1="),
        (r"\bcombination of attributes\b", "combination of arguments"),
        (r"\b([Aa])ttribute\b", r"\1rgument"),
    )
)
"""How a phrase of the rules is said in Python. What is in quotes is the user's, and stays."""


_EXAMPLE: Final = re.compile(r"For example \{[^{}]*\}")


def _spoken(text: str, names: Mapping[str, str]) -> str:
    text = _EXAMPLE.sub(lambda found: re.sub(r"(\w+) = ", r'"\1": ', found[0]), text)
    parts = _QUOTED.split(text)
    for index in range(0, len(parts), 2):
        for pattern, said in _SPEECH:
            parts[index] = pattern.sub(said, parts[index])
        for name, said in names.items():
            parts[index] = parts[index].replace(f"`{name}`", f"`{said}`")
    return "".join(parts)
