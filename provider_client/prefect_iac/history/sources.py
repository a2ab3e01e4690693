"""Where events are read from and written to: files, patterns of files, addresses."""

from __future__ import annotations

import os
import shutil
import tempfile
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.history.event import written
from prefect_iac.history.files import FileHistory
from prefect_iac.history.history import HistoryError
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_iac.history.event import Event
    from prefect_iac.history.history import History

__all__ = ["open_events", "save_events"]

_LINES: Final = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
_TABLE: Final = ".parquet"
_FORMS: Final = (*_LINES, _TABLE)

_TOO_LARGE: Final = 1 << 30
"""Bytes of lines that are no longer sorted in memory."""


def open_events(sources: Sequence[str]) -> History:
    """The history in files: paths, patterns such as ``events/*.ndjson.gz``, or addresses such as ``s3://b/*.parquet``.

    They are all of lines, or all Parquet. Raises :class:`HistoryError` for another name, and for no such file.
    """
    forms = {_form(source) for source in sources}
    if len(forms) != 1:
        msg = expectation("files of lines only, or Parquet only", "both")
        raise HistoryError(msg)
    if not any("://" in source for source in sources):
        paths = [path for source in sources for path in _matching(source)]
        if forms == {"lines"} and sum(path.stat().st_size for path in paths) < _TOO_LARGE:
            return FileHistory(paths)
        sources = [str(path) for path in paths]
    from prefect_iac.history.tables import TableHistory

    return TableHistory(sources, "parquet" if forms == {"parquet"} else "lines")


def save_events(events: Iterable[Event], target: str) -> int:
    """Write events to a file, as lines or as Parquet by its name, and return how many; an older file is replaced.

    Raises :class:`HistoryError` for another name, and where it cannot be written.
    """
    form = _form(target)
    path = Path(target)
    number = 0
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".events-") as directory:
            lines = Path(directory) / "events.ndjson"
            with lines.open("w", encoding="ascii") as file:
                for event in events:
                    file.write(f"{written(event)}\n")
                    number += 1
            made = lines
            if form == "parquet":
                from prefect_iac.history.tables import write_table

                made = Path(directory) / "events.parquet"
                write_table(lines, str(made))
            elif target.endswith(".gz"):
                made = Path(directory) / "events.gz"
                _compress(lines, made)
            os.replace(made, path)  # noqa: PTH105 - the same, in one step
    except OSError as error:
        msg = f"cannot write the events to {target}: {error.strerror}"
        raise HistoryError(msg) from error
    return number


def _compress(lines: Path, target: Path) -> None:
    import gzip

    with lines.open("rb") as file, gzip.open(target, "wb") as packed:
        shutil.copyfileobj(file, packed)


def _form(source: str) -> str:
    name = source.partition("?")[0] if "://" in source else source
    if name.endswith(_TABLE):
        return "parquet"
    if name.endswith(_LINES):
        return "lines"
    form = f"a name that ends in {names(_FORMS, last='or')}"
    msg = f"cannot tell the form of the events in {source}: {expectation(form, show(name))}"
    raise HistoryError(msg)


def _matching(source: str) -> list[Path]:
    if Path(source).is_file():
        return [Path(source)]
    found = sorted(Path(path) for path in glob(source, recursive=True))  # noqa: PTH207 - of any root
    if not found:
        msg = f"cannot read the events of {source}: there is no such file"
        raise HistoryError(msg)
    return found
