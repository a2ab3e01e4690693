"""Calls of the provider's functions: expressions that Terraform works out, and what they are given with them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs._runtime import IResolvable, Token, implements
from prefect_constructs.plain_values import plain_value

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["any_call", "number_call", "text_call"]

_OPENING: Final = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_ESCAPE: Final = re.compile(r"\\.")
_UNKNOWN: Final = {r"\b": r"\u0008", r"\f": r"\u000c"}


@implements(IResolvable)
class _Call:
    """A call; the arguments are written down when the CDK knows what their tokens stand for."""

    def __init__(self, name: str, arguments: tuple[Any, ...]) -> None:
        self._name = name
        self._arguments = [plain_value(one) for one in arguments]

    @property
    def creation_stack(self) -> list[str]:
        """Where it was made, which nobody asks for."""
        return []

    def resolve(self, context: Any) -> Any:
        """The expression, without its braces where it is a part of another one."""
        is_part = context.suppress_braces
        # By their braces the expressions in a text are told from the rest of it.
        context.suppress_braces = False
        given = ", ".join(_written(context.resolve(one)) for one in self._arguments)
        context.suppress_braces = is_part
        call = f"provider::prefect::{self._name}({given})"
        return call if is_part else f"${{{call}}}"

    def to_string(self) -> str:
        """A token in a text."""
        return Token.as_string(self)

    def to_json(self) -> Any:
        """A token as well."""
        return Token.as_any(self)


def _written(value: Any) -> str:
    """An argument inside of an expression; a text of one expression alone is that expression."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(key)} = {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    parts = list(_parts(value))
    if len(parts) == 1 and parts[0].startswith("${"):
        return parts[0][2:-1]
    return '"' + "".join(parts) + '"'


def _parts(text: str) -> Iterator[str]:
    """The expressions of a text as they are, and what is between them as in quotes."""
    end = 0
    for found in _OPENING.finditer(text):
        if found.start() < end:
            continue
        if found.start() > end:
            yield _quoted(text[end : found.start()])
        start, end = found.start(), _end(text, found.end())
        yield text[start:end]
    if end < len(text):
        yield _quoted(text[end:])


def _end(text: str, start: int) -> int:
    """Where an expression that begins there ends, behind its brace."""
    depth, quoted, escaped = 1, False, False
    for index in range(start, len(text)):
        character = text[index]
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = quoted
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                return index + 1
    return len(text)


def _quoted(text: str) -> str:
    # Of JSON's own escapes Terraform does not know two.
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return _ESCAPE.sub(lambda found: _UNKNOWN.get(found[0], found[0]), written)


def text_call(name: str, *arguments: Any) -> str:
    """A call whose result is text."""
    return Token.as_string(_Call(name, arguments))


def number_call(name: str, *arguments: Any) -> float:
    """A call whose result is a number."""
    return Token.as_number(_Call(name, arguments))


def any_call(name: str, *arguments: Any) -> IResolvable:
    """A call whose result is of any other type."""
    return Token.as_any(_Call(name, arguments))
