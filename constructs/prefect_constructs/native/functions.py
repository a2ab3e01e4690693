"""Terraform's functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.native.collection_functions import CollectionFunctions
from prefect_constructs.native.expressions import Conditional, Operation, PropertyAccess, RawText
from prefect_constructs.native.function_calls import (
    ANY,
    NUMBER,
    TEXT,
    ListOf,
    Several,
    any_call,
    list_call,
    text_call,
)
from prefect_constructs.native.tokens import Token
from prefect_constructs.native.value_functions import ValueFunctions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_constructs.native.tokens import Resolvable

__all__ = ["Fn", "Op"]


class Fn(CollectionFunctions, ValueFunctions):
    """Terraform's functions, by their names: ``Fn.jsonencode({"pool": pool.name})``."""

    @staticmethod
    def bcrypt(str: str, cost: float | None = None) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``bcrypt``: text."""
        return text_call("bcrypt", (TEXT, str), (Several(NUMBER), [cost] if cost else []))

    @staticmethod
    def conditional(condition: Any, true_value: Any, false_value: Any) -> Any:
        """One of two values, by a condition."""
        return Conditional(condition, true_value, false_value)

    @staticmethod
    def join(separator: str, list: Sequence[Any]) -> str:  # noqa: A002 - Terraform's name for it
        """Terraform's ``join``: text."""
        return text_call("join", (TEXT, separator), (Several(ListOf(ANY)), [list]))

    @staticmethod
    def lookup(input_map: Any, key: str, default_value: Any = None) -> Any:
        """Terraform's ``lookup``; without a default it is ``input_map[key]``."""
        if default_value:
            return any_call("lookup", (ANY, input_map), (TEXT, key), (Several(ANY), [default_value]))
        return Token.as_string(PropertyAccess(input_map, [key]))

    @staticmethod
    def lookup_nested(input_map: Any, path: Sequence[Any]) -> Any:
        """A value inside of others: ``input_map["a"]["b"]``."""
        return Token.as_string(PropertyAccess(input_map, path))

    @staticmethod
    def range(start: float, limit: float, step: float = 1) -> list[float]:
        """Terraform's ``range``: a list."""
        return list_call("range", (Several(NUMBER), [start, limit, step]))

    @staticmethod
    def raw_string(str: str) -> str:  # noqa: A002 - Terraform's name for it
        """A text with all in it that Terraform would interpret escaped."""
        return Token.as_string(RawText(str))


class Op:
    """Terraform's operators."""

    @staticmethod
    def not_(expression: Any) -> Resolvable:
        """``!expression``."""
        return Operation("!", expression)

    @staticmethod
    def negate(expression: Any) -> float:
        """``-expression``."""
        return Token.as_number(Operation("-", expression))

    @staticmethod
    def mul(left: Any, right: Any) -> float:
        """``left * right``."""
        return Token.as_number(Operation("*", left, right))

    @staticmethod
    def div(left: Any, right: Any) -> float:
        """``left / right``."""
        return Token.as_number(Operation("/", left, right))

    @staticmethod
    def mod(left: Any, right: Any) -> float:
        """``left % right``."""
        return Token.as_number(Operation("%", left, right))

    @staticmethod
    def add(left: Any, right: Any) -> float:
        """``left + right``."""
        return Token.as_number(Operation("+", left, right))

    @staticmethod
    def sub(left: Any, right: Any) -> float:
        """``left - right``."""
        return Token.as_number(Operation("-", left, right))

    @staticmethod
    def gt(left: Any, right: Any) -> Resolvable:
        """``left > right``."""
        return Operation(">", left, right)

    @staticmethod
    def gte(left: Any, right: Any) -> Resolvable:
        """``left >= right``."""
        return Operation(">=", left, right)

    @staticmethod
    def lt(left: Any, right: Any) -> Resolvable:
        """``left < right``."""
        return Operation("<", left, right)

    @staticmethod
    def lte(left: Any, right: Any) -> Resolvable:
        """``left <= right``."""
        return Operation("<=", left, right)

    @staticmethod
    def eq(left: Any, right: Any) -> Resolvable:
        """``left == right``."""
        return Operation("==", left, right)

    @staticmethod
    def neq(left: Any, right: Any) -> Resolvable:
        """``left != right``."""
        return Operation("!=", left, right)

    @staticmethod
    def and_(left: Any, right: Any) -> Resolvable:
        """``left && right``."""
        return Operation("&&", left, right)

    @staticmethod
    def or_(left: Any, right: Any) -> Resolvable:
        """``left || right``."""
        return Operation("||", left, right)
