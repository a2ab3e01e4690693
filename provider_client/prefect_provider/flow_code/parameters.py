"""The JSON schema of a flow's parameters, as Prefect's own tools make it, from the function's source.

Annotations become real types where their names are Python's, typing's, pydantic's, or classes of the same
file; pydantic then writes the schema, as it does for Prefect. Any other annotation leaves its parameter
open.
"""

from __future__ import annotations

import ast
from json import dumps
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from warnings import catch_warnings, simplefilter

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from prefect_provider.flow_code.annotations import AnnotationTypes, UnresolvedError
from prefect_provider.flow_code.docstrings import parameter_docs

if TYPE_CHECKING:
    from pydantic_core.core_schema import IsInstanceSchema

    from prefect_provider.flow_code.scope import Scope

__all__ = ["open_schema", "parameters_schema"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_CONFIG: Final = ConfigDict(arbitrary_types_allowed=True)


class _Generator(GenerateJsonSchema):
    def is_instance_schema(self, schema: IsInstanceSchema) -> JsonSchemaValue:
        """Prefect leaves parameters open whose type is an ordinary class."""
        return {}


def parameters_schema(
    function: Function, scope: Scope, docstring: str | None, warnings: list[str], *, skip_first: bool = False
) -> dict[str, Any]:
    """The schema of a function's parameters; what could not be told is appended to ``warnings``.

    ``skip_first`` is for methods, whose first parameter is not one of the flow. A default that is worked out
    when the code runs makes its parameter optional and is not named.
    """
    with catch_warnings():
        simplefilter("ignore")  # pydantic warns of names and defaults that are the flow's
        return _parameters_schema(function, scope, docstring, warnings, skip_first=skip_first)


def _parameters_schema(
    function: Function, scope: Scope, docstring: str | None, warnings: list[str], *, skip_first: bool
) -> dict[str, Any]:
    docs = parameter_docs(docstring)
    types = AnnotationTypes(scope)
    fields: dict[str, tuple[Any, Any]] = {}
    for position, (argument, default) in enumerate(_arguments(function, warnings)):
        if argument.arg in ("self", "cls") or (skip_first and position == 0):
            continue
        if argument.arg.startswith("_"):
            warnings.append(
                f"line {argument.lineno}: Prefect does not load a flow with a parameter {argument.arg}: "
                "its name starts with an underscore"
            )
            continue
        type_ = _type(argument, types, warnings)
        name = f"{argument.arg}__" if hasattr(BaseModel, argument.arg) else argument.arg
        info: Any = Field(
            title=argument.arg,
            alias=None if name == argument.arg else argument.arg,
            json_schema_extra={"position": position},
            **_field(argument, default, docs.get(argument.arg), types, warnings),
        )
        if not _is_writable(name, type_, info):
            type_ = Any
            if not _is_writable(name, type_, info):
                info = Field(
                    title=argument.arg, json_schema_extra={"position": position}, default_factory=_nothing
                )
                warnings.append(
                    f"line {argument.lineno}: {argument.arg} is left open: no schema can be written"
                )
        fields[name] = (type_, info)
    try:
        schema = _schema(fields)
    except Exception as error:  # noqa: BLE001 - pydantic raises what it likes, and the flow is right all the same
        warnings.append(f"the parameters are left open: {error}")
        return open_schema()
    body = {
        "title": "Parameters",
        "type": "object",
        "properties": schema.get("properties", {}),
        "required": schema.get("required", []),
        "definitions": schema.get("$defs", {}),
    }
    if not body["required"]:
        del body["required"]
    return body


def open_schema() -> dict[str, Any]:
    """The schema of parameters of which nothing is known."""
    return {"title": "Parameters", "type": "object", "properties": {}, "definitions": {}}


def _is_writable(name: str, type_: Any, info: Any) -> bool:
    """Whether there is JSON for a parameter's schema: text that can be encoded, numbers that are finite."""
    try:
        dumps(_schema({name: (type_, info)}), ensure_ascii=False, allow_nan=False).encode()
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _arguments(function: Function, warnings: list[str]) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters with their defaults, in the order of the signature."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(zip(positional, defaults, strict=True))
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for starred, stars in ((arguments.vararg, "*"), (arguments.kwarg, "**")):
        if starred is not None:
            warnings.append(
                f"line {starred.lineno}: {stars}{starred.arg} is not part of the schema; "
                "give the schema yourself if deployments pass such parameters"
            )
    return pairs


def _type(argument: ast.arg, types: AnnotationTypes, warnings: list[str]) -> Any:
    if argument.annotation is None:
        return Any
    try:
        return types.resolve(argument.annotation)
    except UnresolvedError as error:
        warnings.append(
            f"line {argument.lineno}: the type of {argument.arg} is left open: {error} cannot be told "
            "from this file alone"
        )
        return Any


def _field(
    argument: ast.arg,
    default: ast.expr | None,
    description: str | None,
    types: AnnotationTypes,
    warnings: list[str],
) -> dict[str, Any]:
    """What ``pydantic.Field`` is given for a parameter."""
    if default is None:
        return {"default": ..., "description": description}
    try:
        described = types.field(default)
        value = types.value(default) if described is None else described.default
    except UnresolvedError as error:
        warnings.append(
            f"line {default.lineno}: the default of {argument.arg} is known only at run time ({error}), "
            "so the schema does not name it"
        )
        return {"default_factory": _nothing, "description": description}
    if described is not None and described.description:
        description = described.description
    return {"default": value, "description": description}


def _nothing() -> None:
    """The default that is not known: pydantic leaves it out of the schema."""


def _schema(fields: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    definitions: Any = fields
    model = create_model("Parameters", __config__=_CONFIG, **definitions)
    return TypeAdapter(model).json_schema(
        by_alias=True, ref_template="#/definitions/{model}", schema_generator=_Generator
    )
