"""The file ``.env``: variables that count as if they were set in the environment, though the environment wins.

Prefect reads it with python-dotenv, whose rules these are: ``export`` may stand before a name; a value in single or
double quotes may go over several lines; what follows `` #`` is a comment; ``${NAME}`` and ``${NAME:-default}`` are
replaced, by variables of the file first and then by those of the environment; a line that is none of this is
passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["parse_dotenv"]

_GAP: Final = re.compile(r"(?:\s+|#[^\r\n]*)*")
_EXPORT: Final = re.compile(r"(?:export[^\S\r\n]+)?")
_NAME: Final = re.compile(r"'([^']+)'|([^=#\s'][^=#\s]*)")
_EQUALS: Final = re.compile(r"[^\S\r\n]*(=?)[^\S\r\n]*")
_SINGLE: Final = re.compile(r"'((?:[^'\\]|\\[\s\S])*)'")
_DOUBLE: Final = re.compile(r'"((?:[^"\\]|\\[\s\S])*)"')
_PLAIN: Final = re.compile(r"[^\r\n]*")
_REST: Final = re.compile(r"[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")

_REFERENCE: Final = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")
_ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def parse_dotenv(text: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a ``.env`` file; one without ``=`` is none, also when it was one before."""
    found: dict[str, str | None] = {}

    def referred(reference: re.Match[str]) -> str:
        name, default = reference.groups()
        return (found[name] if name in found else environ.get(name, default)) or ""

    for name, value in _Reader(text.removeprefix("\ufeff")).bindings():
        found[name] = None if value is None else _REFERENCE.sub(referred, value)
    return {name: value for name, value in found.items() if value is not None}


class _Reader:
    """Takes a text apart from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def bindings(self) -> list[tuple[str, str | None]]:
        """Each name with its value, references not yet replaced."""
        found = []
        self._take(_GAP)
        while self._position < len(self._text):
            binding = self._binding()
            # What is wrong costs the line in which it shows.
            if binding is None or self._take(_REST) is None:
                self._take(_LINE)
            else:
                found.append(binding)
            self._take(_GAP)
        return found

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._position)
        if match is not None:
            self._position = match.end()
        return match

    def _binding(self) -> tuple[str, str | None] | None:
        self._take(_EXPORT)
        name = self._take(_NAME)
        equals = self._take(_EQUALS)
        if name is None or equals is None:
            return None
        if not equals[1]:
            return name[1] or name[2], None
        value = self._value(spaced=equals[0][-1:].isspace())
        return None if value is None else (name[1] or name[2], value)

    def _value(self, *, spaced: bool) -> str | None:
        first = self._text[self._position : self._position + 1]
        if first == "'":
            single = self._take(_SINGLE)
            return single and re.sub(r"\\([\\'])", r"\1", single[1])
        if first == '"':
            double = self._take(_DOUBLE)
            return double and re.sub(
                r"\\([\\'\"abfnrtv])", lambda escape: _ESCAPES.get(escape[1], escape[1]), double[1]
            )
        plain = self._take(_PLAIN)
        text = plain[0] if plain else ""
        return re.sub(r"\s+#.*", "", f" {text}" if spaced else text).strip()
