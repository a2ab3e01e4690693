"""The class with the provider's functions, from their declarations."""

import inspect

from prefect_provider.functions import functions
from prefect_provider.plugin.language.function import Function
from prefect_provider.plugin.language.types import DYNAMIC, NUMBER, STRING, Type
from python_text import docstring, entry

__all__ = ["function_module"]

_CLASS = "PrefectFn"

_TYPES: dict[Type, str] = {STRING: "str", DYNAMIC: "object"}

_HEAD = f'''"""The provider's functions, for values that only Terraform knows.

Written by ``scripts/generate_constructs.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_constructs.function_calls import any_call, number_call, text_call

if TYPE_CHECKING:
    from prefect_constructs._runtime import IResolvable

__all__ = ["{_CLASS}"]


class {_CLASS}:
    """The functions of the provider (Terraform 1.8 or newer).

    What they are given may be tokens. The CDK's own functions are in its `Fn`.
    """
'''


def function_module() -> tuple[str, list[str]]:
    """The module with the class, and its name."""
    return _HEAD + "".join(map(_method, functions())), [_CLASS]


def _method(function: type[Function]) -> str:
    type_, call = ("IResolvable", "any_call")
    if function.returns == STRING:
        type_, call = ("str", "text_call")
    elif function.returns == NUMBER:
        type_, call = ("float", "number_call")
    given = [*function.parameters, *([function.variadic] if function.variadic else [])]
    declared, passed = [], []
    for parameter in given:
        if parameter.type not in _TYPES:
            msg = f"{function.name}.{parameter.name} is of a type that has none in Python yet"
            raise TypeError(msg)
        # `id` is a function of Python.
        name = {"id": "id_"}.get(parameter.name, parameter.name)
        star = "*" if parameter is function.variadic else ""
        declared.append(f"{star}{name}: {_TYPES[parameter.type]}")
        passed.append(star + name)
    lines = [inspect.cleandoc(function.__doc__ or ""), "", "Args:"]
    names = [one.lstrip("*") for one in passed]
    lines += [entry(name, one.description) for name, one in zip(names, given, strict=True)]
    return (
        f"\n    @staticmethod\n    def {function.name}({', '.join(declared)}) -> {type_}:\n"
        f"{docstring(chr(10).join(lines), 8)}\n"
        f'        return {call}("{function.name}", {", ".join(passed)})\n'
    )
