"""What goes wrong between us and a code host."""

from __future__ import annotations

__all__ = ["HostError"]


class HostError(Exception):
    """The comment cannot be kept; the message says what is wrong, where, and how to mend it, without any token."""
