"""Where something is, inside an object."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["Path", "show_path"]

Path: TypeAlias = tuple[str | int, ...]
"""Attribute names, list indexes and map keys, outermost first: ``("actions", 0, "type")``."""


def show_path(path: Path) -> str:
    """A path as a person writes it: ``actions[0].type``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text
