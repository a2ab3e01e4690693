"""Texts that a command is given: files, and what is piped into it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prefect_iac.commands.failure import CommandError

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["STANDARD_INPUT", "source_of", "text_of"]

STANDARD_INPUT = "-"
"""What stands for it where a file is named."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How files begin that Windows PowerShell writes what a command prints to."""


def source_of(name: str) -> str:
    """How a source is called in messages."""
    return "standard input" if name == STANDARD_INPUT else name


def text_of(name: str | PathLike[str], subject: str, hint: str = "") -> str:
    """The text of a file, or of standard input.

    ``subject`` goes on after ``cannot read``: ``the plan from plan.json``; ``hint`` after what is no text. Raises
    :class:`CommandError` for what cannot be read.
    """
    try:
        if name != STANDARD_INPUT:
            return _decoded(Path(name).read_bytes())
        if sys.stdin is None:
            msg = f"cannot read {subject}: it is closed"
            raise CommandError(msg)
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        msg = f"cannot read {subject}: expected text in UTF-8, got other bytes{hint}"
        raise CommandError(msg) from error
    except OSError as error:
        msg = f"cannot read {subject}: {error.strerror}"
        raise CommandError(msg) from error


def _decoded(data: bytes) -> str:
    """The text of a file, with the ends of lines and the mark at its beginning that any system writes."""
    text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")
