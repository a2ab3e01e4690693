"""Files of an export in a directory, which another export may write anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MARK", "FilesError", "file_of", "write_files"]

MARK: Final = "Written by `prefect-iac export`."
"""What the first line of each file says."""


class FilesError(Exception):
    """The files cannot be written; the message says why, and what to do."""


def file_of(type_: str) -> str:
    """What the file with the objects of a type is called, without its suffix: ``flows``."""
    return f"{type_.removeprefix('prefect_')}s"


def write_files(directory: str, files: Mapping[str, str]) -> list[str]:
    """Write the files, and delete those of an earlier export that are none of them; the names of the deleted.

    Raises :class:`FilesError` before anything is written if it would replace what somebody else wrote.
    """
    place = Path(directory)
    try:
        place.mkdir(parents=True, exist_ok=True)
        present = {
            path.name: path for path in place.iterdir() if path.suffix in (".py", ".tf") and path.is_file()
        }
        ours = {name for name, path in present.items() if MARK in _first_line(path)}
        foreign = sorted(files.keys() & present.keys() - ours)
        if foreign:
            what = f"{names(foreign)} in {show(directory)} would be replaced, which no export has written"
            raise FilesError(say(what, remedy="Name another directory, or move them away"))
        gone = sorted(ours - files.keys())
        for name in gone:
            present[name].unlink()
        for name, text in files.items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        msg = f"cannot write into {show(directory)}: {error.strerror}"
        raise FilesError(msg) from error
    return gone


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline()
