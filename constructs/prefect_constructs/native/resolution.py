"""What is written in the place of tokens, in texts, keys, lists and mappings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.numbers import in_text, spelled
from prefect_constructs.native.tokens import (
    LEAST_NUMBER,
    TEXT_MARKER,
    UNDEFINED,
    IResolvable,
    Resolvable,
    list_token,
    map_token,
    number_token,
    text_token,
)

if TYPE_CHECKING:
    from prefect_constructs.native.stack import TerraformStack

__all__ = ["Context", "resolve"]

_DEEPEST: Final = 200

_NUMBER: Final = re.compile(r"-\d\.\d+e\+2\d\d")
"""A number in a text that may be a token: all of them are beyond 1e280."""

_OPENING: Final = re.compile(r"\$\{(?!TfToken\[)")


class Context:
    """Where something is resolved.

    ``stack`` is the one that is written. ``bare`` says that it is inside of an expression, where references have no
    ``${ }`` around them; ``in_function``, that it is an argument of a function; ``in_for``, that it is a part of a
    `for`. ``preparing`` says that nothing is written yet, and what other stacks have to hand over is noted.
    """

    __slots__ = ("bare", "depth", "in_for", "in_function", "preparing", "stack")

    def __init__(self, stack: TerraformStack, *, preparing: bool = False) -> None:
        """The outermost one."""
        self.stack = stack
        self.preparing = preparing
        self.bare = False
        self.in_function = False
        self.in_for = False
        self.depth = 0

    @property
    def scope(self) -> TerraformStack:
        """The stack, by the CDK's name for it."""
        return self.stack

    @property
    def suppress_braces(self) -> bool:
        """Whether references have no ``${ }`` around them, by the CDK's name for it."""
        return self.bare

    @suppress_braces.setter
    def suppress_braces(self, value: bool) -> None:
        self.bare = value

    def inside(self) -> Context:
        """A copy for what is inside, which may go its own way."""
        copy = Context(self.stack, preparing=self.preparing)
        copy.bare = self.bare
        copy.in_function = self.in_function
        copy.in_for = self.in_for
        copy.depth = self.depth + 1
        if copy.depth > _DEEPEST:
            msg = "a value that Terraform works out is nested in itself"
            raise SynthesisError(msg)
        return copy

    def resolve(self, value: Any) -> Any:
        """What is written for a value inside of this."""
        return resolve(value, self)


def resolve(value: Any, context: Context) -> Any:
    """The value without tokens; what is undefined is left out of lists and mappings."""
    kind = type(value)
    if kind is str:
        if "{TfToken[" in value or "e+2" in value:
            return _text(value, context)
        return value
    if kind is dict:
        return _mapping(value, context)
    if kind is list or kind is tuple:
        return _list(value, context)
    if value is None or kind is bool or kind is int or value is UNDEFINED:
        return value
    if kind is float:
        if value < LEAST_NUMBER and (token := number_token(value)) is not None:
            return _token(token, context)
        return value
    return _rest(value, context)


def _rest(value: Any, context: Context) -> Any:
    if isinstance(value, Resolvable):
        return _token(value, context)
    if isinstance(value, IResolvable) and not isinstance(value, type):
        return _token(value, context)
    if isinstance(value, Mapping):
        return _mapping(dict(value), context)
    if isinstance(value, str):
        return resolve(str.__str__(value), context)
    number = spelled(value)
    if number is not None:
        return number
    msg = f"a {type(value).__name__} cannot be written for Terraform: {value!r}"
    raise SynthesisError(msg)


def _token(token: IResolvable, context: Context) -> Any:
    within = context.inside()
    return resolve(token.resolve(within), within)


def _list(items: list[Any] | tuple[Any, ...], context: Context) -> Any:
    token = list_token(items)
    if token is not None:
        return _token(token, context)
    found = [resolve(one, context) for one in items]
    return [one for one in found if one is not UNDEFINED] if UNDEFINED in found else found


def _mapping(mapping: dict[Any, Any], context: Context) -> Any:
    token = map_token(mapping)
    if token is not None:
        return _token(token, context)
    found: dict[str, Any] = {}
    for key, one in mapping.items():
        name = resolve(key, context)
        if type(name) is not str:
            msg = f"the key {key!r} comes to {name!r}, and keys are texts"
            raise SynthesisError(msg)
        item = resolve(one, context)
        if item is not UNDEFINED:
            found[name] = item
    return found


def _text(text: str, context: Context) -> Any:
    if TEXT_MARKER.search(text):
        value = _joined(text, context)
        if not isinstance(value, str):
            return value
        text = value
    if "#{TfToken[" in text:
        msg = f'a list that Terraform works out is used as a text: {text!r}. Make it one: `Fn.join(",", ...)`'
        raise SynthesisError(msg)
    return _with_numbers(text, context) if "e+2" in text else text


def _joined(text: str, context: Context) -> Any:
    """The text with what is written for the tokens in it; of a token alone it is that, whatever it is."""
    within = context.inside()
    around = within.bare
    parts: list[Any] = []
    end = 0
    for marker in TEXT_MARKER.finditer(text):
        _between(text[end : marker.start()], parts, within, around)
        token = text_token(marker[1])
        parts.append(resolve(token, within))
        end = marker.end()
    _between(text[end:], parts, within, around)
    if len(parts) == 1:
        return parts[0]
    return "".join(in_text(one) for one in parts if one is not UNDEFINED)


def _between(text: str, parts: list[Any], context: Context, around: bool) -> None:
    """A part of a text that has no tokens; it may begin or end expressions, in which references stand bare."""
    if not text:
        return
    parts.append(text)
    if context.in_function:
        return
    opening = [found.start() for found in _OPENING.finditer(text)]
    last = text.rfind("}")
    if opening and opening[-1] > last:
        context.bare = True
    elif last >= 0:
        context.bare = around


def _with_numbers(text: str, context: Context) -> Any:
    """The text with what is written for the numbers in it that are tokens."""
    parts: list[Any] = []
    end = 0
    for found in _NUMBER.finditer(text):
        token = number_token(float(found[0]))
        if token is None:
            continue
        if text[end : found.start()]:
            parts.append(text[end : found.start()])
        parts.append(resolve(token, context))
        end = found.end()
    if not parts:
        return text
    if text[end:]:
        parts.append(text[end:])
    if len(parts) == 1:
        return parts[0]
    return "".join(in_text(one) for one in parts if one is not UNDEFINED)
