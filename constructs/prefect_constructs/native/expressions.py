"""Expressions of Terraform: references, calls of functions, access to parts, conditions, `for`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from prefect_constructs.native.construct import Construct
from prefect_constructs.native.numbers import in_text
from prefect_constructs.native.tokens import TEXT_MARKER, UNDEFINED, Intrinsic, IResolvable, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_constructs.native.resolution import Context
    from prefect_constructs.native.stack import TerraformStack

__all__ = [
    "EACH_KEY",
    "EACH_VALUE",
    "Conditional",
    "Dependable",
    "ForExpression",
    "FunctionCall",
    "ITerraformDependable",
    "Operation",
    "PropertyAccess",
    "RawText",
    "Reference",
    "dependable",
]

_IDENTIFIER: Final = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")


class ITerraformDependable(Protocol):
    """What Terraform can refer to."""

    @property
    def fqn(self) -> str:
        """Its address in Terraform, such as ``prefect_flow.f``, as a token."""


class Expression(Intrinsic):
    """An expression; in a text it is in ``${ }``, inside of another expression it stands bare."""

    __slots__ = ()

    def _written(self, context: Context) -> str:
        """The expression without ``${ }``."""
        raise NotImplementedError

    def resolve(self, context: Context) -> Any:
        """The expression as it stands there."""
        bare = context.bare
        context.bare = True
        text = self._written(context)
        return text if bare else f"${{{text}}}"


def _part(context: Context, value: Any) -> Any:
    """A value inside of an expression, in the words of Terraform's language."""
    if isinstance(value, str):
        resolved = context.resolve(value)
        written = _quoted(value, resolved)
        return written if isinstance(written, str) else _structure(context, written, written)
    return _structure(context, value, context.resolve(value))


def _structure(context: Context, value: Any, resolved: Any) -> Any:
    if resolved is None or resolved is UNDEFINED:
        return "null"
    token = isinstance(value, IResolvable)
    if isinstance(resolved, (list, tuple)):
        # What a token comes to is resolved already; what is in a list of ours is not.
        items = resolved if token or len(resolved) != len(value) else value
        return f"[{', '.join(in_text(_part(context, one)) for one in items)}]"
    if isinstance(resolved, Mapping):
        pairs = (
            f"{_key(key, token=token)} = {in_text(_part(context, one if token else value.get(key, one)))}"
            for key, one in resolved.items()
        )
        return f"{{{', '.join(pairs)}}}"
    return resolved


def _key(key: str, *, token: bool) -> str:
    if token:
        return json.dumps(key, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return f'"{key}"'


def _escaped(text: str) -> str:
    return text.replace("\n", "\\n").replace("${", "$${")


def _quoted(text: str, resolved: Any) -> Any:
    """A text with quotes around it, unless it is a token alone, or has quotes."""
    markers = list(TEXT_MARKER.finditer(text))
    if not markers:
        plain = _escaped(resolved)
        return plain if _has_quotes(resolved) else f'"{plain}"'
    if len(markers) == 1 and markers[0][0] == text:
        return resolved
    parts: list[str] = []
    end = 0
    for marker in markers:
        parts += [_escaped(text[end : marker.start()]), f"${{{marker[0]}}}"]
        end = marker.end()
    joined = "".join([*parts, _escaped(text[end:])])
    return joined if _has_quotes(joined) else f'"{joined}"'


def _has_quotes(text: str) -> bool:
    return text != '"' and text.startswith('"') and text.endswith('"')


class RawText(Intrinsic):
    """A text that is an argument of a function, with all of it escaped."""

    __slots__ = ()

    def resolve(self, context: Context) -> str:
        """The text, in quotes inside of an expression."""
        text = _escaped(self.value).replace('"', '\\"')
        return f'"{text}"' if context.bare else text


class Reference(Expression):
    """An address in Terraform.

    Of another stack's element it becomes, where it is used, a reference to that stack's outputs.
    """

    __slots__ = ("_elsewhere", "origin")

    def __init__(self, address: str, origin: TerraformStack | None = None) -> None:
        """``origin`` is the stack that has what is referred to."""
        super().__init__(address)
        self.origin: Final = origin
        self._elsewhere: dict[str, str] = {}

    def _written(self, context: Context) -> str:
        address: str = self.value
        if self.origin is None or self.origin is context.stack:
            return address
        if context.preparing:
            self._elsewhere[context.stack.node.path] = self.origin.hand_over(address, context.stack)
        return self._elsewhere.get(context.stack.node.path, address)


class PropertyAccess(Expression):
    """A part of a value: ``target.name[0]``."""

    __slots__ = ("_steps", "_target")

    def __init__(self, target: Any, steps: Sequence[Any]) -> None:
        """The steps are names, numbers, ``*`` or expressions."""
        super().__init__(None)
        self._target = target
        self._steps = list(steps)

    def _written(self, context: Context) -> str:
        target = self._target
        if isinstance(target, Construct) and hasattr(target, "fqn"):
            start: str = target.fqn
        else:
            start = in_text(_part(context, target))
        return start + "".join(self._step(context, one) for one in self._steps)

    def _step(self, context: Context, step: Any) -> str:
        if step == "*":
            return "[*]"
        plain = (isinstance(step, str) and _IDENTIFIER.fullmatch(step)) or (
            isinstance(step, (int, float)) and not Token.is_unresolved(step)
        )
        return f".{in_text(step)}" if plain else f"[{in_text(_part(context, step))}]"


class Conditional(Expression):
    """One of two values, by a condition."""

    __slots__ = ("_values",)

    def __init__(self, condition: Any, true_value: Any, false_value: Any) -> None:
        """``condition ? true_value : false_value``."""
        super().__init__(None)
        self._values = (condition, true_value, false_value)

    def _written(self, context: Context) -> str:
        condition, true, false = (in_text(_part(context, one)) for one in self._values)
        return f"{condition} ? {true} : {false}"


class Operation(Expression):
    """One value or two with an operator."""

    __slots__ = ("_operator", "_values")

    def __init__(self, operator: str, *values: Any) -> None:
        """``values[0] operator values[1]``, or ``operator values[0]``."""
        super().__init__(None)
        self._operator = operator
        self._values = values

    def _written(self, context: Context) -> str:
        values = [in_text(_part(context, one)) for one in self._values]
        if len(values) == 1:
            return f"{self._operator}{values[0]}"
        return f"({values[0]} {self._operator} {values[1]})"


class FunctionCall(Expression):
    """A call of one of Terraform's functions."""

    __slots__ = ("_arguments", "_name")

    def __init__(self, name: str, arguments: Sequence[Any]) -> None:
        """``name(arguments)``."""
        super().__init__(None)
        self._name = name
        self._arguments = list(arguments)

    def _written(self, context: Context) -> str:
        outside = context.in_function
        context.in_function = True
        text = ", ".join(in_text(_part(context, one)) for one in self._arguments)
        context.in_function = outside
        return f"{self._name}({text})"


EACH_KEY: Final = Reference("key")
EACH_VALUE: Final = Reference("val")


class ForExpression(Expression):
    """A list or, with ``key``, a mapping made of each element of another one."""

    __slots__ = ("_input", "_key", "_value_of")

    def __init__(self, input_: Any, value: Any, key: Any = None) -> None:
        """Texts among ``value`` and ``key`` are expressions over ``key`` and ``val``."""
        super().__init__(None)
        self._input = input_
        self._value_of = value
        self._key = key

    def _written(self, context: Context) -> str:
        context.in_for = True
        source = in_text(_part(context, self._input))
        value = in_text(self._expression(context, self._value_of))
        if self._key is None:
            return f"[ for key, val in {source}: {value}]"
        key = in_text(self._expression(context, self._key))
        return f"{{ for key, val in {source}: {key} => {value} }}"

    def _expression(self, context: Context, value: Any) -> Any:
        return _structure(context, value, context.resolve(value))


class Dependable(Intrinsic):
    """The address of what comes first, bare."""

    __slots__ = ()

    def resolve(self, context: Context) -> Any:
        """Its address."""
        context.bare = True
        return self.value.fqn


def dependable(element: ITerraformDependable) -> str:
    """The address of what comes first, as a text for ``depends_on``."""
    return Token.as_string(Dependable(element))
