"""Declarations, diagnostics and paths as messages of the plugin protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from prefect_provider.plugin.language.declaration import UNSET, Attribute, Declaration
from prefect_provider.plugin.language.kinds import Kind, MapOf, String, Uuid
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import Type, type_to_json
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.text.path import Path, show_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.function import Function, Parameter
    from prefect_provider.plugin.language.resource import Resource

__all__ = [
    "describe",
    "diagnostic_messages",
    "function_message",
    "identity_schema_message",
    "path_message",
    "schema_message",
    "type_bytes",
]

_MODES = {
    "single": pb.Schema.Object.SINGLE,
    "list": pb.Schema.Object.LIST,
    "set": pb.Schema.Object.SET,
    "map": pb.Schema.Object.MAP,
}


def type_bytes(type_: Type) -> bytes:
    """A type constraint as the protocol carries it."""
    return json.dumps(type_to_json(type_), separators=(",", ":")).encode()


def schema_message(declaration: type[Declaration], version: int = 0) -> pb.Schema:
    """The schema of a resource, data source, ephemeral resource or provider block."""
    return pb.Schema(
        version=version,
        block=pb.Schema.Block(
            version=version,
            attributes=[_attribute_message(attribute) for attribute in declaration.attributes.values()],
            description=declaration.documentation(),
            description_kind=pb.MARKDOWN,
        ),
    )


def identity_schema_message(kind: type[Resource]) -> pb.ResourceIdentitySchema:
    """The schema of a resource's identity."""
    return pb.ResourceIdentitySchema(
        version=kind.identity_version,
        identity_attributes=[
            pb.ResourceIdentitySchema.IdentityAttribute(
                name=name,
                type=type_bytes(kind.attributes[name].kind.type),
                required_for_import=name in kind.identified_by,
                optional_for_import=name in kind.located_by,
                description=kind.attributes[name].description,
            )
            for name in (*kind.identified_by, *kind.located_by)
        ],
    )


def _attribute_message(attribute: Attribute) -> pb.Schema.Attribute:
    message = pb.Schema.Attribute(
        name=attribute.name,
        description=describe(attribute),
        description_kind=pb.MARKDOWN,
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
        write_only=attribute.write_only,
        deprecated=bool(attribute.deprecated),
    )
    kind = attribute.kind
    if isinstance(kind, NestedKind):
        message.nested_type.nesting = _MODES[kind.mode]
        message.nested_type.attributes.extend(
            _attribute_message(inner) for inner in kind.nested.attributes.values()
        )
    else:
        message.type = type_bytes(kind.type)
    return message


def describe(attribute: Attribute) -> str:
    """An attribute's description with what its declaration adds: choices, default, replacement."""
    parts = [attribute.description]
    if isinstance(attribute.kind, String) and attribute.kind.choices:
        parts.append("One of " + ", ".join(f"`{choice}`" for choice in attribute.kind.choices) + ".")
    if attribute.default is not UNSET:
        parts.append(f"Defaults to `{json.dumps(attribute.default, default=str)}`.")
    elif _is_worth_saying(attribute):
        parts.append(f"Left out, it is `{json.dumps(attribute.null_is)}`.")
    if attribute.replace:
        parts.append("Changing it creates a new object.")
    if attribute.deprecated:
        parts.append(f"Deprecated: {attribute.deprecated}")
    return " ".join(parts)


def _is_worth_saying(attribute: Attribute) -> bool:
    """Whether readers should know the value that leaving it out equals; empty text and an id for "none" say nothing."""
    value = attribute.null_is
    return isinstance(value, (str, bool, int, float)) and value != "" and not isinstance(attribute.kind, Uuid)


def function_message(function: type[Function]) -> pb.Function:
    """The signature of a function."""
    import inspect  # 10 ms that only schema calls need

    message = pb.Function(
        parameters=[_parameter_message(parameter) for parameter in function.parameters],
        summary=function.summary,
        description=inspect.cleandoc(function.__doc__ or ""),
        description_kind=pb.MARKDOWN,
    )
    getattr(message, "return").type = type_bytes(function.returns)
    if function.variadic is not None:
        message.variadic_parameter.CopyFrom(_parameter_message(function.variadic))
    return message


def _parameter_message(parameter: Parameter) -> pb.Function.Parameter:
    return pb.Function.Parameter(
        name=parameter.name,
        type=type_bytes(parameter.type),
        allow_null_value=parameter.allow_null,
        allow_unknown_values=parameter.allow_unknown,
        description=parameter.description,
        description_kind=pb.MARKDOWN,
    )


def path_message(declaration: type[Declaration], path: Path) -> pb.AttributePath:
    """A path with the kind of each step, which only the declaration knows."""
    message = pb.AttributePath()
    inside: type[Declaration] | None = declaration
    kind: Kind | None = None
    for step in path:
        if isinstance(step, int):
            message.steps.add(element_key_int=step)
            inside = kind.nested if isinstance(kind, NestedKind) else None
        elif inside is not None and step in inside.attributes:
            message.steps.add(attribute_name=step)
            kind = inside.attributes[step].kind
            # The members of a single object follow at once; those of a collection after a key.
            inside = kind.nested if isinstance(kind, NestedKind) and kind.mode == "single" else None
        elif isinstance(kind, MapOf) or (isinstance(kind, NestedKind) and kind.mode == "map"):
            message.steps.add(element_key_string=step)
            inside = kind.nested if isinstance(kind, NestedKind) else None
        else:
            break
    return message


def diagnostic_messages(
    diagnostics: Iterable[Diagnostic], declaration: type[Declaration] | None = None
) -> list[pb.Diagnostic]:
    """Diagnostics as Terraform shows them best.

    Terraform 1.11 shows a path that leads inside a nested attribute at the line of the whole block, so the path
    that is sent ends at the outermost attribute and the text says the rest. It also prints that line, so a path to
    a secret of the ``declaration`` is not sent at all.
    """
    messages = []
    for item in diagnostics:
        secret = declaration is not None and _leads_to_secret(declaration, item.path)
        detail = item.detail
        if (len(item.path) > 1 or secret) and f"`{show_path(item.path)}`" not in f"{item.summary} {detail}":
            detail = f"At `{show_path(item.path)}`: {detail}" if detail else f"At `{show_path(item.path)}`."
        message = pb.Diagnostic(
            severity=pb.Diagnostic.ERROR if item.severity == "error" else pb.Diagnostic.WARNING,
            summary=item.summary,
            detail=detail,
        )
        if item.path and not secret:
            message.attribute.steps.add(attribute_name=str(item.path[0]))
        messages.append(message)
    return messages


def _leads_to_secret(declaration: type[Declaration], path: Path) -> bool:
    """Whether one of the attributes on a path is what must not be shown."""
    inside: type[Declaration] | None = declaration
    for step in path:
        attribute = inside.attributes.get(str(step)) if inside is not None else None
        if attribute is None:
            # An index or a key: the attributes of the object are next.
            continue
        if attribute.sensitive or attribute.write_only:
            return True
        inside = attribute.kind.nested if isinstance(attribute.kind, NestedKind) else None
    return False
