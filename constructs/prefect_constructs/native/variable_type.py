"""The types of variables, as Terraform writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VariableType"]


class VariableType:
    """The types of variables."""

    STRING: Final = "string"
    NUMBER: Final = "number"
    BOOL: Final = "bool"
    ANY: Final = "any"
    LIST: Final = "list"
    MAP: Final = "map"
    SET: Final = "set"
    LIST_STRING: Final = "list(string)"
    LIST_NUMBER: Final = "list(number)"
    LIST_BOOL: Final = "list(bool)"
    MAP_STRING: Final = "map(string)"
    MAP_NUMBER: Final = "map(number)"
    MAP_BOOL: Final = "map(bool)"
    SET_STRING: Final = "set(string)"
    SET_NUMBER: Final = "set(number)"
    SET_BOOL: Final = "set(bool)"

    @staticmethod
    def list(type: str) -> str:  # noqa: A002 - the CDK's name for it
        """A list of a type."""
        return f"list({type})"

    @staticmethod
    def map(type: str) -> str:  # noqa: A002 - the CDK's name for it
        """A mapping of a type."""
        return f"map({type})"

    @staticmethod
    def set(type: str) -> str:  # noqa: A002 - the CDK's name for it
        """A set of a type."""
        return f"set({type})"

    @staticmethod
    def tuple(*elements: str) -> str:
        """A list in which each element has a type of its own."""
        return f"tuple({', '.join(elements)})"

    @staticmethod
    def object(attributes: Mapping[str, str]) -> str:
        """A mapping in which each key has a type of its own."""
        return f"object({{{', '.join(f'{name}={kind}' for name, kind in attributes.items())}}})"
