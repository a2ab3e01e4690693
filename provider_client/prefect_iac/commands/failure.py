"""What ends a command with one line instead of a result."""

from __future__ import annotations

__all__ = ["CommandError"]


class CommandError(Exception):
    """The command cannot do what was asked; the message says what is wrong, where, and how to mend it."""
