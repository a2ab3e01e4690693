"""Terraform values to and from the JSON of Prefect's API, driven by the declarations.

An attribute's ``source`` is the field's name in the API; ``None`` means that the API has no such field. Attributes of
kind :class:`~prefect_provider.plugin.language.kinds.Json` are text in Terraform and documents in the API.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.kinds import AnyValue, Json, Kind, ListOf, MapOf, Number, SetOf
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import BOOL, DYNAMIC, NUMBER, STRING, ObjectType, TupleType, Type
from prefect_provider.plugin.language.values import Dynamic, Unknown, Value, Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_provider.plugin.language.declaration import Attribute, Declaration

__all__ = ["dynamic_from_json", "from_api", "number_from_json", "plain", "to_api", "value_to_json"]


def to_api(
    declaration: type[Declaration], values: Mapping[str, Value], names: Iterable[str] | None = None
) -> dict[str, Any]:
    """The API's fields for the named attributes (all that can be configured, if none are named).

    What is unknown is left out: the server decides it.
    """
    body: dict[str, Any] = {}
    wanted = declaration.attributes if names is None else names
    for name in wanted:
        attribute = declaration.attributes[name]
        value = values.get(name)
        if not attribute.configurable or attribute.source is None or isinstance(value, Unknown):
            continue
        body[attribute.source] = value_to_json(attribute.kind, value)
    return body


def value_to_json(kind: Kind, value: Value) -> Any:
    """One value as the API takes it."""
    if value is None:
        return None
    match kind:
        case Json():
            return plain(Json.load(value))
        case ListOf() | SetOf():
            return [value_to_json(kind.element, item) for item in value]
        case MapOf():
            return {key: value_to_json(kind.element, item) for key, item in value.items()}
        case NestedKind():
            return _nested_to_json(kind, value)
    return plain(value)


def _nested_to_json(kind: NestedKind, value: Value) -> Any:
    match kind.mode:
        case "single":
            return to_api(kind.nested, value)
        case "map":
            return {key: to_api(kind.nested, item) for key, item in value.items()}
    return [to_api(kind.nested, item) for item in value]


def plain(value: Value) -> Any:
    """A Terraform value as JSON: decimals become numbers, dynamic values lose their type."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Dynamic():
            return plain(value.value)
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    return value


def from_api(declaration: type[Declaration], data: Mapping[str, Any]) -> Values:
    """All attributes of an object as the API returned it; what the API does not return is null."""
    return {name: _attribute_from_json(attribute, data) for name, attribute in declaration.attributes.items()}


def _attribute_from_json(attribute: Attribute, data: Mapping[str, Any]) -> Value:
    if attribute.source is None or attribute.write_only:
        return None
    return _from_json(attribute.kind, data.get(attribute.source))


def _from_json(kind: Kind, value: Any) -> Value:
    if value is None:
        return None
    match kind:
        case Json():
            return Json.dump(value)
        case Number():
            return number_from_json(value)
        case ListOf() | SetOf():
            return [_from_json(kind.element, item) for item in value]
        case MapOf():
            return {key: _from_json(kind.element, item) for key, item in value.items()}
        case NestedKind():
            return _nested_from_json(kind, value)
        case AnyValue():
            return dynamic_from_json(value)
    return value


def _nested_from_json(kind: NestedKind, value: Any) -> Value:
    match kind.mode:
        case "single":
            return from_api(kind.nested, value)
        case "map":
            return {key: from_api(kind.nested, item) for key, item in value.items()}
    return [from_api(kind.nested, item) for item in value]


def number_from_json(value: float | Decimal) -> int | Decimal:
    """A JSON number as Terraform holds it: ``30.0`` is ``30``."""
    if isinstance(value, int):
        return value
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return int(number) if number == number.to_integral_value() else number


def dynamic_from_json(value: Any) -> Dynamic:
    """A JSON document as a value that carries its own type: arrays are tuples, objects are objects."""
    type_, converted = _typed(value)
    return Dynamic(type_, converted)


def _typed(value: Any) -> tuple[Type, Value]:
    match value:
        case None:
            return DYNAMIC, None
        case bool():
            return BOOL, value
        case str():
            return STRING, value
        case int() | float() | Decimal():
            return NUMBER, number_from_json(value)
        case list():
            pairs = [_typed(item) for item in value]
            return TupleType(tuple(type_ for type_, _ in pairs)), [item for _, item in pairs]
        case dict():
            fields = {key: _typed(item) for key, item in value.items()}
            return (
                ObjectType({key: type_ for key, (type_, _) in fields.items()}),
                {key: item for key, (_, item) in fields.items()},
            )
    msg = f"not a JSON value: {type(value).__name__}"
    raise TypeError(msg)
