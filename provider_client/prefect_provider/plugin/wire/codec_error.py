"""The error of a value that is not of its type, without the value."""

from __future__ import annotations

from prefect_provider.plugin.language.values import Unknown
from prefect_provider.text.path import Path, show_path

__all__ = ["CodecError", "mismatch", "too_deep"]


class CodecError(Exception):
    """A value or a form that is not of its type.

    The message names types and the place, never a value, which may be a secret. ``path`` is the place as a
    diagnostic can name it (it ends at a set); the message shows the whole of it.
    """

    def __init__(self, *, expected: str, got: str) -> None:
        super().__init__(expected, got)
        self.expected = expected
        self.got = got
        self.path: Path = ()
        self._place: Path = ()

    def __str__(self) -> str:
        place = show_path(self._place)
        root = "$" if not place or place.startswith("[") else "$."
        return f"Expected {self.expected}, got {self.got} - at `{root}{place}`"

    def inside(self, step: str | int, *, of_set: bool = False) -> None:
        """Put the place inside this attribute, index or key."""
        self.path = () if of_set else (step, *self.path)
        self._place = (step, *self._place)


def mismatch(got: object, expected: str) -> CodecError:
    """The error for something that is not of the named type."""
    if got is None:
        return CodecError(expected=f"`{expected}`", got="null")
    if isinstance(got, Unknown):
        return CodecError(expected=f"`{expected}`", got="an unknown value")
    return CodecError(expected=f"`{expected}`", got=f"`{type(got).__name__}`")


def too_deep() -> CodecError:
    """The error for a value that would exhaust the stack."""
    return CodecError(expected="fewer levels", got="a value nested hundreds of levels deep")
