"""Functions of a provider, which expressions call."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.language.types import Type
    from prefect_provider.plugin.language.values import Value

__all__ = ["ArgumentError", "Function", "Parameter"]


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str
    type: Type
    description: str
    allow_null: bool = False
    allow_unknown: bool = False


class ArgumentError(Exception):
    """Raise it in a function's ``call`` when an argument is wrong; ``index`` is the argument's position."""

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message)
        self.index = index


class Function:
    """A pure function that expressions call as ``provider::<local name>::<name>(...)``."""

    name: ClassVar[str]
    summary: ClassVar[str]
    parameters: ClassVar[Sequence[Parameter]] = ()
    variadic: ClassVar[Parameter | None] = None
    returns: ClassVar[Type]

    async def call(self, *arguments: Value) -> Value:
        """The result for these arguments."""
        raise NotImplementedError
