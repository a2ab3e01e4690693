"""Where in an app a construct was made, noted beside its resource for tools that point at lines.

The note is ``"//": {"source": "app.py:41"}`` in the synthesized JSON, which Terraform passes over. The path is relative
to the directory in which the app runs. A construct that is made in an installed library has the line of the app that
leads there, so that the same app gives the same text on every machine. ``PREFECT_CONSTRUCTS_SOURCES=0`` leaves all
notes out.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["VARIABLE", "origin"]

VARIABLE: Final = "PREFECT_CONSTRUCTS_SOURCES"

_OURS: Final = frozenset({"prefect_constructs", "jsii", "cdktf", "cdktn", "constructs"})


def origin() -> str | None:
    """The file and line of the app's innermost call, ``app.py:41``; ``None`` where none is below this directory."""
    if os.environ.get(VARIABLE, "").lower() in ("0", "false", "no"):
        return None
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - `inspect.stack` reads the source of every frame
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] not in _OURS:
            file = _relative(frame.f_code.co_filename, os.getcwd())  # noqa: PTH109 - each call counts
            if file is not None:
                return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return None


@cache
def _relative(file: str, directory: str) -> str | None:
    """A file's path from a directory, with slashes; ``None`` for one that is not below it, or is none."""
    if file.startswith("<"):
        return None
    path = os.path.relpath(file, directory) if os.path.isabs(file) else os.path.normpath(file)  # noqa: PTH117
    parts = path.split(os.sep)  # noqa: PTH206
    if os.pardir in parts or "site-packages" in parts or os.path.isabs(path):  # noqa: PTH117
        return None
    return "/".join(parts)
