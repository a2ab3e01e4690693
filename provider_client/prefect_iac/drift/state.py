"""The objects in a Terraform state: from the state file, or from what ``terraform show -json`` prints.

Both forms are Terraform's documented ones: the file is version 4, the output has a ``format_version`` whose major
number is 1. The output shows values of dynamic type without their type, which is put back here.
"""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from prefect_provider.objects.mapping import dynamic_from_json, plain
from prefect_provider.plugin.language.kinds import AnyValue, Kind
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import type_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.plugin.language.declaration import Declaration

__all__ = ["StateError", "StoredObject", "read_state", "with_types"]

_FILE_VERSION: Final = 4
_OUTPUT_MAJOR: Final = "1"
_JSON: Final[Mapping[type, str]] = MappingProxyType(
    {bool: "boolean", dict: "object", int: "number", list: "array", str: "string", Decimal: "number"}
)
_T = TypeVar("_T")


class StateError(ValueError):
    """The text is not a Terraform state that can be read; the message says what it is instead."""


class StoredObject(NamedTuple):
    """One object that Terraform manages, as its state has it.

    ``shown`` is true for what ``terraform show -json`` printed. ``private`` is the provider's own data beside the
    attributes; that output does not have it, and there it is ``None``.
    """

    address: str
    type: str
    provider: str
    schema_version: int
    attributes: dict[str, Any]
    shown: bool
    private: dict[str, Any] | None = None


def read_state(text: str) -> list[StoredObject]:
    """The managed objects of a state, in its order.

    Raises :class:`StateError` for text that is neither form of a state, or of a version that is not known.
    """
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        msg = f"expected a Terraform state as JSON, got text that is not JSON ({error})"
        raise StateError(msg) from error
    if not isinstance(document, dict):
        msg = f"expected a Terraform state, got {_json_kind(document)}"
        raise StateError(msg)
    if "format_version" in document:
        major = str(document["format_version"]).partition(".")[0]
        if major != _OUTPUT_MAJOR:
            msg = (
                f"expected format_version {_OUTPUT_MAJOR}.x of `terraform show -json`, got "
                f"{document['format_version']}; a newer prefect-iac may know it"
            )
            raise StateError(msg)
        values = _field(document, "values", dict, {})
        if not values and "planned_values" in document:
            msg = "expected a state, got a plan; leave out the file name in `terraform show -json`"
            raise StateError(msg)
        return list(_shown(_field(values, "root_module", dict, {})))
    if document.get("version") == _FILE_VERSION:
        return list(_stored(document))
    if "terraform_version" in document or "resources" in document:
        msg = (
            f"expected version {_FILE_VERSION} of the state file, got {document.get('version')}; run `terraform apply "
            "-refresh-only` once with a current Terraform to rewrite it"
        )
        raise StateError(msg)
    msg = "expected a state file or the output of `terraform show -json`, got other JSON"
    raise StateError(msg)


def _shown(module: Mapping[str, Any]) -> Iterator[StoredObject]:
    for resource in _several(module, "resources"):
        if resource.get("mode") == "managed":
            yield StoredObject(
                _field(resource, "address", str),
                _field(resource, "type", str),
                str(resource.get("provider_name", "")),
                _field(resource, "schema_version", int, 0),
                _field(resource, "values", dict, {}),
                shown=True,
            )
    for child in _several(module, "child_modules"):
        yield from _shown(child)


def _stored(document: Mapping[str, Any]) -> Iterator[StoredObject]:
    for resource in _several(document, "resources"):
        if resource.get("mode") != "managed":
            continue
        kind, name = _field(resource, "type", str), _field(resource, "name", str)
        for instance in _several(resource, "instances"):
            if "deposed" in instance:
                continue
            address = ".".join(filter(None, (_field(resource, "module", str, ""), kind, name)))
            if "index_key" in instance:
                address += f"[{json.dumps(instance['index_key'], ensure_ascii=False)}]"
            yield StoredObject(
                address,
                kind,
                str(resource.get("provider", "")).partition('["')[2].partition('"]')[0],
                _field(instance, "schema_version", int, 0),
                _field(instance, "attributes", dict, {}),
                shown=False,
                private=_private(instance.get("private")),
            )


def _field(holder: Mapping[str, Any], name: str, kind: type[_T], missing: _T | None = None) -> _T:
    """A field of the given type; ``missing`` where there is none, if it may be missing."""
    value = holder.get(name)
    if value is None and missing is not None:
        return missing
    if isinstance(value, kind):
        return value
    msg = f"the state is damaged: expected a JSON {_JSON[kind]} as `{name}`, got {_json_kind(value)}"
    raise StateError(msg)


def _several(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A field that is a list of JSON objects, or is missing."""
    items: list[Any] = _field(holder, name, list, [])
    for item in items:
        if not isinstance(item, dict):
            msg = f"the state is damaged: expected JSON objects in `{name}`, got {_json_kind(item)}"
            raise StateError(msg)
    return items


def _json_kind(value: object) -> str:
    if value is None:
        return "nothing"
    return f"a JSON {_JSON.get(type(value), type(value).__name__)}"


def _private(text: Any) -> dict[str, Any] | None:
    """Private data as this provider wrote it; ``None`` where there is none, or another provider's."""
    try:
        document = json.loads(base64.b64decode(text or ""))
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def with_types(declaration: type[Declaration], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as ``terraform show -json`` prints them, in the form that a state file has."""
    return {
        name: _with_type(declaration.attributes[name].kind, value)
        if name in declaration.attributes
        else value
        for name, value in attributes.items()
    }


def _with_type(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, AnyValue):
        dynamic = dynamic_from_json(value)
        return {"type": type_to_json(dynamic.type), "value": plain(value)}
    if isinstance(kind, NestedKind):
        match kind.mode:
            case "single":
                return with_types(kind.nested, value)
            case "map":
                return {key: with_types(kind.nested, item) for key, item in value.items()}
            case _:
                return [with_types(kind.nested, item) for item in value]
    return value
