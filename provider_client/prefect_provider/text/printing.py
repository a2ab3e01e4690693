"""Texts of others, made fit for a terminal."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["printable"]

_UNSEEN: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # a whole command to the terminal, such as one that changes its colour
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # ... or its title
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text without what a terminal obeys instead of showing it, and without what turns its direction."""
    return _UNSEEN.sub("", text)
