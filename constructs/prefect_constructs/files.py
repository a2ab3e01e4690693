"""Files that constructs are made of: one that cannot be read is refused, and what is wrong in one at its line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prefect_constructs.errors import refuse
from prefect_provider.project.source import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["reading"]


@contextmanager
def reading(where: Callable[[], str], file: Path) -> Iterator[str]:
    """The text of the argument ``file`` of a construct, for as long as it is understood.

    Raises:
        PrefectConstructError: there is no such text, or a ``ProjectError`` came of it.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise refuse(where, ("file",), f"{file} cannot be read: {said}") from error
    try:
        yield text
    except ProjectError as error:
        lines = "\n".join(f"{file}: {line}" for line in str(error).splitlines())
        # With a word before it, as a sentence begins with a capital, and the name of a file does not.
        raise refuse(where, (), f"in {lines}") from error
