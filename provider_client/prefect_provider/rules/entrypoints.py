"""The rules of entrypoints: where a worker finds the function of a flow.

Prefect (3.8) loads ``path/to/file.py:function`` from a file, ``package.module:function`` and
``package.module.function`` from a package; for the function there may be ``Class.method``. The server stores any
text, and the run fails.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING, Final

from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["ENTRYPOINT_FORM", "entrypoint_parts", "entrypoint_problem"]

ENTRYPOINT_FORM: Final = "`path/to/file.py:function` or `package.module.function`"

_LOCAL: Final = "<locals>"


def entrypoint_parts(entrypoint: str) -> tuple[str, str]:
    """Where the code is, and the dotted name in it.

    The last colon counts, for another may be a drive's; without one it is the last dot.
    """
    place, colon, name = entrypoint.rpartition(":")
    if not colon:
        place, _, name = entrypoint.rpartition(".")
    return place, name


def entrypoint_problem(entrypoint: str, path: Path = ()) -> Problem | None:
    """Why no flow can be loaded from an entrypoint, or ``None``; an empty text is no entrypoint, and no problem.

    Whether the file and the function are there is not looked at. A function inside a function is a warning: it runs
    where it is served, and no worker can load it.
    """
    if not entrypoint:
        return None
    if entrypoint != entrypoint.strip() or not entrypoint.isprintable():
        return _problem(entrypoint, path, f"Write `{''.join(filter(str.isprintable, entrypoint)).strip()}`.")
    place, name = entrypoint_parts(entrypoint)
    if _is_file(entrypoint):
        # A whole path, maybe with the colon of a drive: what follows is part of the path.
        file = entrypoint.rstrip(":")
        file += "" if file.endswith(".py") else ".py"
        return _problem(entrypoint, path, f"It names no function: write `{file}:function`.")
    if not place:
        what = "It names no file" if ":" in entrypoint else "It is one name"
        return _problem(entrypoint, path, f"{what}: write `path/to/file.py:{name or 'function'}`.")
    if not name:
        return _problem(entrypoint, path, f"It names no function: write `{place}:function`.")
    if "/" in place or "\\" in place:
        if not place.endswith(".py"):
            return _problem(entrypoint, path, f"A path ends with .py: write `{place}.py:{name}`.")
    elif not place.endswith(".py") and not all(step.strip() == step != "" for step in place.split(".")):
        return _problem(entrypoint, path)
    return _function_problem(entrypoint, place, name, path)


def _function_problem(entrypoint: str, place: str, name: str, path: Path) -> Problem | None:
    steps = name.split(".")
    if _LOCAL in steps:
        return Problem(
            path,
            f"no worker can load a function inside a function, got {show(entrypoint)}",
            "Move the flow to the level of its module.",
            "warning",
        )
    if all(step.isidentifier() and not iskeyword(step) for step in steps):
        return None
    mended = name.removesuffix("()").replace("-", "_").replace(" ", "_")
    if not all(step.isidentifier() and not iskeyword(step) for step in mended.split(".")):
        return _problem(entrypoint, path)
    colon = ":" if ":" in entrypoint else "."
    return _problem(entrypoint, path, f"Name the function, not the flow: `{place}{colon}{mended}`.")


def _is_file(entrypoint: str) -> bool:
    """Whether the text is a path and nothing else: ``flows/etl.py``, or one with a drive."""
    tail = entrypoint.rstrip(":").rpartition(":")[2]
    return tail.endswith(".py") or "/" in tail or "\\" in tail


def _problem(entrypoint: str, path: Path, remedy: str = "") -> Problem:
    return Problem(path, expectation(ENTRYPOINT_FORM, show(entrypoint)), remedy)
