"""Names of people in reports: how they are called, and never an address of e-mail."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["first_name", "is_address"]

_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def is_address(text: str) -> bool:
    """Whether there is an address of e-mail in a text."""
    return _ADDRESS.search(text) is not None


def first_name(*names: Any) -> str:
    """The first text that holds no address; empty if there is none."""
    return next((name for name in names if isinstance(name, str) and name and not is_address(name)), "")
