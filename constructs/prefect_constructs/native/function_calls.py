"""Calls of Terraform's functions, with their arguments checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.native.expressions import FunctionCall
from prefect_constructs.native.tokens import TEXT_MARKER, IResolvable, Token
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_constructs.native.tokens import Resolvable

__all__ = [
    "ANY",
    "NUMBER",
    "TEXT",
    "ListOf",
    "Several",
    "any_call",
    "flag_call",
    "list_call",
    "number_call",
    "text_call",
]

_BARE_QUOTE: Final = re.compile(r'(^|[^\\])(\\{2})*"')


@dataclass(frozen=True, slots=True)
class Argument:
    """What an argument may be."""

    def read(self, value: Any) -> Any:
        """The value as it is written.

        :raises TypeError: it is of another type.
        :raises ValueError: Terraform would misread it.
        """
        return value


@dataclass(frozen=True, slots=True)
class _Text(Argument):
    def read(self, value: Any) -> Any:
        if isinstance(value, IResolvable) and not isinstance(value, type):
            return value
        if not isinstance(value, str):
            raise TypeError(_expected("text", value))
        if _BARE_QUOTE.search(value):
            raise ValueError(
                say(expected="text without quotes", got=show(value), remedy="Use `Fn.raw_string(...)`.")
            )
        return value


@dataclass(frozen=True, slots=True)
class _Number(Argument):
    def read(self, value: Any) -> Any:
        token = isinstance(value, IResolvable) and not isinstance(value, type)
        if not token and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise TypeError(_expected("a number", value))
        return value


@dataclass(frozen=True, slots=True)
class ListOf(Argument):
    """A list, with elements of a kind."""

    element: Argument

    def read(self, value: Any) -> Any:
        """The list as it is written: with quotes around its texts."""
        if not isinstance(value, (list, tuple)):
            return value
        return [self._element(one) for one in value if one is not None]

    def _element(self, one: Any) -> Any:
        if not isinstance(one, (str, int, float)) or Token.is_unresolved([one]):
            return one if isinstance(one, IResolvable) else self._checked(one)
        if isinstance(one, str) and TEXT_MARKER.fullmatch(one):
            return one
        self.element.read(one)
        return f'"{one}"' if isinstance(one, str) else one

    def _checked(self, one: Any) -> Any:
        if not isinstance(one, (list, tuple, dict)):
            self.element.read(one)
        return one


@dataclass(frozen=True, slots=True)
class Several(ListOf):
    """As many arguments as there are in a list."""


ANY: Final = Argument()
TEXT: Final = _Text()
NUMBER: Final = _Number()


def _expected(expected: str, value: object) -> str:
    return say(expected=f"{expected}, or a token of it", got=f"{show(value)} ({type(value).__name__})")


def _call(name: str, arguments: Iterable[tuple[Argument, Any]]) -> FunctionCall:
    read: list[Any] = []
    for index, (argument, value) in enumerate(arguments):
        try:
            found = argument.read(value)
        except (TypeError, ValueError) as error:
            msg = f"argument {index + 1} of `{name}`: {error}"
            raise type(error)(msg) from None
        if isinstance(argument, Several):
            read += found
        else:
            read.append(found)
    return FunctionCall(name, read)


def text_call(name: str, *arguments: tuple[Argument, Any]) -> str:
    """A call that comes to a text."""
    return Token.as_string(_call(name, arguments))


def number_call(name: str, *arguments: tuple[Argument, Any]) -> float:
    """A call that comes to a number."""
    return Token.as_number(_call(name, arguments))


def list_call(name: str, *arguments: tuple[Argument, Any]) -> list[Any]:
    """A call that comes to a list."""
    return Token.as_list(_call(name, arguments))


def flag_call(name: str, *arguments: tuple[Argument, Any]) -> Resolvable:
    """A call that comes to true or false."""
    return _call(name, arguments)


def any_call(name: str, *arguments: tuple[Argument, Any]) -> Any:
    """A call that comes to any value: as with the CDK, its token is a text."""
    return Token.as_string(_call(name, arguments))
