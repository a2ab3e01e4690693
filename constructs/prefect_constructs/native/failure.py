"""What cannot be written for Terraform."""

from __future__ import annotations

__all__ = ["SynthesisError"]


class SynthesisError(RuntimeError):
    """A stack cannot be written; the text says what is wrong, where, and how to mend it."""
