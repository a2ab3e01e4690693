"""An object's attributes as the tree of the configuration that somebody would write for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from prefect_iac.configuration.expressions import JsonText
from prefect_provider.objects.mapping import plain
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.language.kinds import Json, SetOf
from prefect_provider.plugin.language.nested import NestedKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["Change", "configured"]

Change: TypeAlias = "Callable[[Attribute, Any], Any]"
"""What becomes of an attribute's value, which is plain, or the JSON of a document."""


def configured(kind: type[Resource], values: Values, change: Change) -> dict[str, Any]:
    """What differs from its default of an object with these values, without its id, in the order of declaration."""
    return content(kind, generate(kind, values), change)


def content(declaration: type[Declaration], values: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """The attributes that have a value; sets are sorted, as they have no order of their own."""
    return {
        name: _value(attribute, values[name], change)
        for name, attribute in declaration.attributes.items()
        if values.get(name) is not None
    }


def _value(attribute: Attribute, value: Any, change: Change) -> Any:
    kind = attribute.kind
    if isinstance(kind, NestedKind):
        nested = kind.nested
        match kind.mode:
            case "single":
                return content(nested, value, change)
            case "map":
                return {key: content(nested, item, change) for key, item in sorted(value.items())}
        return [content(nested, item, change) for item in value]
    if isinstance(kind, Json):
        return change(attribute, JsonText(plain(Json.load(value))))
    found = plain(value)
    return change(attribute, sorted(found) if isinstance(kind, SetOf) else found)
