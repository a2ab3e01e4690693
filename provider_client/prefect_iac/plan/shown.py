"""What ``terraform show -json`` prints of a state.

It has the values without the types of those that may be of any type, and without what providers note beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_iac.plan.stored_object import StateError, StoredObject, damaged, entries, field
from prefect_provider.objects.mapping import dynamic_from_json, plain
from prefect_provider.plugin.language.kinds import AnyValue, Kind
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import type_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["hidden_places", "shown_objects", "with_types"]


def shown_objects(state: Mapping[str, Any]) -> Iterator[StoredObject]:
    """The managed objects of the root module and all below; what cannot be read is among them, with its damage.

    Raises :class:`StateError` where there are no modules.
    """
    values = field(state, "values", dict, {})
    yield from _of_module(field(values, "root_module", dict, {}), "")


def _of_module(module: Mapping[str, Any], place: str) -> Iterator[StoredObject]:
    for at, resource in entries(module, "resources", place):
        if isinstance(resource, StoredObject):
            yield resource
        elif resource.get("mode") == "managed":
            yield _shown(resource, at)
    for at, child in entries(module, "child_modules", place):
        if isinstance(child, StoredObject):
            yield child
        else:
            yield from _of_module(child, f"{at}.")


def _shown(resource: Mapping[str, Any], place: str) -> StoredObject:
    kind = ""
    try:
        kind = field(resource, "type", str)
        place = field(resource, "address", str)
        return StoredObject(
            place,
            kind,
            field(resource, "provider_name", str, ""),
            field(resource, "schema_version", int, 0),
            field(resource, "values", dict, {}),
            shown=True,
            sensitive=hidden_places(resource.get("sensitive_values")),
        )
    except StateError as error:
        return damaged(place, kind, str(error))


def hidden_places(marks: Any, path: Path = ()) -> frozenset[Path]:
    """The places that are marked in a tree of the values' shape, in which ``true`` hides all that is there."""
    match marks:
        case dict():
            return frozenset().union(*(hidden_places(item, (*path, key)) for key, item in marks.items()))
        case list():
            return frozenset().union(
                *(hidden_places(item, (*path, index)) for index, item in enumerate(marks))
            )
        case None | False:
            return frozenset()
    return frozenset({path})


def with_types(declaration: type[Declaration], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as they are shown, in the form that a state file has."""
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
                return {key: _object_with_types(kind.nested, item) for key, item in value.items()}
            case _:
                return [_object_with_types(kind.nested, item) for item in value]
    return value


def _object_with_types(declaration: type[Declaration], value: Any) -> Any:
    # In the place of one that is not known yet, a plan has null.
    return None if value is None else with_types(declaration, value)
