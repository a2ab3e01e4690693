"""Options of commands that lint: where the configuration is, and what somebody has decided to look away from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.inputs import text_of

if TYPE_CHECKING:
    import argparse

    from prefect_iac.lint.sources import Sources
    from prefect_iac.lint.suppression import Entry

__all__ = ["add_sources", "entries_of", "sources_of"]

_CONFIGURATION: Final = ".prefect-iac.toml"


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the configuration and the suppressions are."""
    parser.add_argument(
        "--sources",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="directory of the plan's configuration, for lines and comments (this one)",
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help=f"file with suppressions (by default {_CONFIGURATION}, here or in the directory of the sources)",
    )


def entries_of(arguments: argparse.Namespace) -> list[Entry]:
    """The suppressions of the file that the options mean. Raises :class:`CommandError`."""
    from prefect_iac.lint.suppression import SuppressionError, read_entries

    beside = [Path(_CONFIGURATION), arguments.sources / _CONFIGURATION]
    file = arguments.config or next((one for one in beside if one.is_file()), None)
    if file is None:
        return []
    text = text_of(file, str(file))
    try:
        return read_entries(text)
    except SuppressionError as error:
        msg = f"cannot read the suppressions in {file}: {error}"
        raise CommandError(msg) from error


def sources_of(arguments: argparse.Namespace) -> Sources:
    """What the directory that the options mean says of lines, and its comments. Raises :class:`CommandError`."""
    from prefect_iac.lint.sources import SourcesError, read_sources

    directory: Path = arguments.sources
    if not directory.is_dir():
        msg = f"--sources: expected a directory, got {directory}"
        raise CommandError(msg)
    try:
        return read_sources(directory, _top(directory))
    except SourcesError as error:
        raise CommandError(str(error)) from error


def _top(directory: Path) -> Path:
    """Where files are named from, as a code host does: the top of the working copy, else the current directory."""
    here = Path(os.path.normpath(directory.absolute()))
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), Path.cwd())
