"""Values that Terraform works out, as texts, numbers, lists and mappings that can be passed around like any.

A token is an object with ``resolve``, which gives what is written for it. :class:`Token` makes of it what fits where a
text, a number, a list or a mapping goes: one with a marker in it, by which the token is found again at synthesis.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar, runtime_checkable

from prefect_constructs.native.failure import SynthesisError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_constructs.native.resolution import Context

__all__ = [
    "LEAST_NUMBER",
    "LIST_MARKER",
    "MAP_MARKER",
    "TEXT_MARKER",
    "UNDEFINED",
    "IResolvable",
    "Intrinsic",
    "Lazy",
    "Resolvable",
    "Token",
    "list_token",
    "map_token",
    "number_token",
    "text_token",
]

TEXT_MARKER: Final = re.compile(r"\$\{TfToken\[([a-zA-Z0-9:._-]+)\]\}")
LIST_MARKER: Final = re.compile(r"#\{TfToken\[([a-zA-Z0-9:._-]+)\]\}")
MAP_MARKER: Final = re.compile(r"&\{TfToken\[([a-zA-Z0-9:._-]+)\]\}")
LEAST_NUMBER: Final = -1e280
"""Numbers below may stand for tokens; no number that people mean is as small."""

_NUMBER: Final = 0xFDFF
_NUMBER_IN_LIST: Final = 0xFBFF
"""The first two bytes of a 64-bit float that is a token; the others are its number."""


class _Undefined:
    """Nothing at all: what is undefined is not written, while ``None`` is Terraform's null."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = _Undefined()


@runtime_checkable
class IResolvable(Protocol):
    """A value that is worked out at synthesis."""

    @property
    def creation_stack(self) -> list[str]:
        """Where it was made, for errors; may be empty."""

    def resolve(self, context: Any) -> Any:
        """What is written for it."""

    def to_string(self) -> str:
        """Its token as text."""


class Resolvable:
    """A value that is worked out at synthesis; as text it is its token."""

    __slots__ = ("__weakref__", "_list", "_map", "_number", "_number_list", "_text")

    @property
    def creation_stack(self) -> list[str]:
        """Where it was made; that is not kept."""
        return []

    def resolve(self, context: Any) -> Any:
        """What is written for it."""
        raise NotImplementedError

    def to_string(self) -> str:
        """Its token as text."""
        return Token.as_string(self)

    def __str__(self) -> str:
        return self.to_string()


class Intrinsic(Resolvable):
    """A value as it is, tokens inside of it excepted."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        """Wrap a value."""
        self.value: Final = value

    def resolve(self, context: Context) -> Any:
        """The value."""
        return self.value


_T = TypeVar("_T")


class _Lazy(Resolvable, Generic[_T]):
    __slots__ = ("_omit_empty", "_produce")

    def __init__(self, producer: Any, *, omit_empty: bool) -> None:
        self._produce: Callable[[Context], Any] = getattr(producer, "produce", producer)
        self._omit_empty = omit_empty

    def resolve(self, context: Context) -> Any:
        value = self._produce(context)
        if value is None or (self._omit_empty and isinstance(value, (list, tuple)) and not value):
            return UNDEFINED
        return value


class Lazy:
    """Values that are asked for when the stack is written: of an object with ``produce``, or a function."""

    @staticmethod
    def string_value(producer: Any) -> str:
        """A text that is known later; the producer is given the context."""
        return Token.as_string(_Lazy(producer, omit_empty=False))

    @staticmethod
    def number_value(producer: Any) -> float:
        """A number that is known later."""
        return Token.as_number(_Lazy(producer, omit_empty=False))

    @staticmethod
    def list_value(producer: Any, *, omit_empty: bool = False) -> list[str]:
        """A list of texts that is known later."""
        return Token.as_list(_Lazy(producer, omit_empty=omit_empty))

    @staticmethod
    def any_value(producer: Any, *, omit_empty_array: bool = False) -> Resolvable:
        """Any value that is known later; nothing is written where it is ``None``."""
        return _Lazy(producer, omit_empty=omit_empty_array)


class Token:
    """Tokens in the form that fits where they go."""

    @staticmethod
    def is_unresolved(obj: object) -> bool:
        """Whether the value itself is one that Terraform works out; what is inside of it is not looked at."""
        match obj:
            case str():
                return TEXT_MARKER.search(obj) is not None
            case float():
                return number_token(obj) is not None
            case list() | tuple():
                return len(obj) == 1 and _stands_for_list(obj[0])
            case dict():
                return map_token(obj) is not None
        return isinstance(obj, IResolvable) and not isinstance(obj, type)

    @staticmethod
    def as_any(value: Any) -> Resolvable:
        """A token of any value."""
        return value if isinstance(value, IResolvable) else Intrinsic(value)  # type: ignore[return-value]

    @staticmethod
    def as_string(value: Any) -> str:
        """A text that stands for the value."""
        if isinstance(value, str):
            return value
        token = Token.as_any(value)
        text: str = _kept(token, "_text", lambda: f"${{TfToken[{_noted(token)}]}}")
        return text

    @staticmethod
    def as_number(value: Any) -> float:
        """A number that stands for the value."""
        if isinstance(value, (int, float)):
            return value
        token = Token.as_any(value)
        number: float = _kept(token, "_number", lambda: _float(_noted(token), _NUMBER))
        return number

    @staticmethod
    def as_list(value: Any) -> list[str]:
        """A list that stands for the value."""
        if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
            return list(value)
        token = Token.as_any(value)
        items: list[str] = _kept(token, "_list", lambda: [f"#{{TfToken[{_noted(token)}]}}"])
        return items

    @staticmethod
    def as_number_list(value: Any) -> list[float]:
        """A list of numbers that stands for the value."""
        if isinstance(value, (list, tuple)) and all(isinstance(one, (int, float)) for one in value):
            return list(value)
        token = Token.as_any(value)
        items: list[float] = _kept(token, "_number_list", lambda: [_float(_noted(token), _NUMBER_IN_LIST)])
        return items

    @staticmethod
    def as_map(value: Any, map_value: Any = "Any Map Token Value") -> dict[str, Any]:
        """A mapping that stands for the value."""
        token = Token.as_any(value)
        key: str = _kept(token, "_map", lambda: f"&{{TfToken[{_noted(token)}]}}")
        return {key: map_value}

    @staticmethod
    def as_any_map(value: Any) -> dict[str, Any]:
        """A mapping that stands for the value."""
        return Token.as_map(value)

    @staticmethod
    def as_string_map(value: Any) -> dict[str, str]:
        """A mapping of texts that stands for the value."""
        return Token.as_map(value)

    @staticmethod
    def as_number_map(value: Any) -> dict[str, float]:
        """A mapping of numbers that stands for the value."""
        return Token.as_map(value)

    @staticmethod
    def as_boolean_map(value: Any) -> dict[str, bool]:
        """A mapping of truth values that stands for the value."""
        return Token.as_map(value)

    @staticmethod
    def null_value() -> Resolvable:
        """Terraform's null, which ``None`` is not: that means an argument that is not given."""
        return Intrinsic(None)


_TOKENS: Final[list[IResolvable]] = []
"""All tokens by their numbers, for as long as the process lives: nobody knows what holds a marker."""


def _noted(token: IResolvable) -> int:
    _TOKENS.append(token)
    return len(_TOKENS) - 1


def _kept(token: Any, name: str, make: Callable[[], Any]) -> Any:
    """What was made of a token before, so that the same token is the same marker."""
    if not isinstance(token, Resolvable):
        return make()
    try:
        return getattr(token, name)
    except AttributeError:
        made = make()
        setattr(token, name, made)
        return made


def _token(number: int, marker: object) -> IResolvable:
    try:
        return _TOKENS[number]
    except IndexError:
        msg = f"{marker!r} is no token of this program: tokens are not to be stored"
        raise SynthesisError(msg) from None


def text_token(key: str) -> IResolvable:
    """The token of a marker in a text, list or mapping."""
    if not key.isdecimal():
        msg = f"{key!r} is no token of this program: tokens are not to be stored"
        raise SynthesisError(msg)
    return _token(int(key), key)


def number_token(number: float, kind: int = _NUMBER) -> IResolvable | None:
    """The token that a number stands for, or ``None``."""
    if not number < LEAST_NUMBER:
        return None
    bits = int.from_bytes(struct.pack(">d", number), "big")
    return _token(bits & ((1 << 48) - 1), number) if bits >> 48 == kind else None


def list_token(items: list[Any] | tuple[Any, ...]) -> IResolvable | None:
    """The token that a list stands for, or ``None``.

    :raises SynthesisError: there is more in the list.
    """
    for item in items:
        found: IResolvable | None = None
        if type(item) is str:
            if "#{TfToken[" in item and (marker := LIST_MARKER.fullmatch(item)):
                found = text_token(marker[1])
        elif type(item) is float:
            found = number_token(item, _NUMBER_IN_LIST)
        if found is not None:
            if len(items) > 1:
                msg = (
                    "a list that Terraform works out cannot be a part of another one: use `Fn.concat([...])`"
                )
                raise SynthesisError(msg)
            return found
    return None


def map_token(mapping: dict[Any, Any]) -> IResolvable | None:
    """The token that a mapping stands for, or ``None``.

    :raises SynthesisError: there is more in the mapping.
    """
    for key in mapping:
        if type(key) is str and "&{TfToken[" in key and (marker := MAP_MARKER.fullmatch(key)):
            if len(mapping) > 1:
                msg = "a mapping that Terraform works out cannot be a part of another one: use `Fn.merge([...])`"
                raise SynthesisError(msg)
            return text_token(marker[1])
    return None


def _stands_for_list(item: object) -> bool:
    if isinstance(item, str):
        return LIST_MARKER.search(item) is not None
    return isinstance(item, float) and number_token(item, _NUMBER_IN_LIST) is not None


def _float(number: int, kind: int) -> float:
    value: float = struct.unpack(">d", ((kind << 48) | number).to_bytes(8, "big"))[0]
    return value
