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

__all__ = ["Change", "configured", "content"]

Change: TypeAlias = "Callable[[Attribute, Any], Any]"
"""What becomes of an attribute's value, which is plain, or the JSON of a document."""


def configured(kind: type[Resource], values: Values, change: Change) -> dict[str, Any]:
    """What differs from its default of an object with these values, without its id, in the order of declaration."""
    return content(kind, generate(kind, values), change)


def content(
    declaration: type[Declaration], values: Mapping[str, Any], change: Change, *, as_given: bool = False
) -> dict[str, Any]:
    """The attributes that have a value.

    Sets and maps are sorted, as they have no order of their own; ``as_given`` leaves them as somebody wrote them.
    """
    return {
        name: _value(attribute, values[name], change, as_given=as_given)
        for name, attribute in declaration.attributes.items()
        if values.get(name) is not None
    }


def _value(attribute: Attribute, value: Any, change: Change, *, as_given: bool) -> Any:
    kind = attribute.kind
    if isinstance(kind, NestedKind):
        nested = kind.nested
        match kind.mode:
            case "single":
                return content(nested, value, change, as_given=as_given)
            case "map":
                items = value.items() if as_given else sorted(value.items())
                return {key: content(nested, item, change, as_given=as_given) for key, item in items}
        return [content(nested, item, change, as_given=as_given) for item in value]
    if isinstance(kind, Json):
        return change(attribute, JsonText(plain(Json.load(value))))
    found = plain(value)
    return change(attribute, sorted(found) if isinstance(kind, SetOf) and not as_given else found)
