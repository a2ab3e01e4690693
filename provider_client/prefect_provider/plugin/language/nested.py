"""Kinds of attribute that hold objects, each with attributes of its own.

What such an object may hold is a :class:`~.declaration.Nested`; how many there are, and in which order, the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from prefect_provider.plugin.language.kinds import Kind
from prefect_provider.plugin.language.types import ListType, MapType, SetType, Type
from prefect_provider.plugin.language.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["NestedKind", "NestedList", "NestedMap", "NestedSet", "NestedSingle", "nested_items"]


class NestedKind(Kind):
    """Objects whose attributes are declared one by one, in a :class:`~.declaration.Nested`."""

    mode: Literal["single", "list", "set", "map"] = "single"

    whole: bool = False
    """Whether one object can be spelled in several ways (`freeze_object` then tells that they are the same).

    The prior value then stays as a whole, and not attribute by attribute.
    """

    def __init__(self, nested: type[Declaration]) -> None:
        self.nested: Final = nested
        self.type = self._wrap(nested.object_type())
        self.label = {"single": "object"}.get(self.mode, f"{self.mode} of objects")

    def _wrap(self, element: Type) -> Type:
        return element

    def freeze_object(self, value: Value) -> Hashable:
        """:meth:`freeze` for one of the objects."""
        if value is None or isinstance(value, Unknown):
            return value
        return tuple(attribute.freeze(value.get(name)) for name, attribute in self.nested.attributes.items())

    def map_objects(self, value: Value, change: Callable[[Value], Value]) -> Value:
        """The value with each of its objects changed; null and unknown ones stay."""

        def changed(item: Value) -> Value:
            return change(item) if isinstance(item, dict) else item

        if value is None or isinstance(value, Unknown):
            return value
        match self.mode:
            case "single":
                return changed(value)
            case "map":
                return {key: changed(item) for key, item in value.items()}
        return [changed(item) for item in value]

    def canonical(self, value: Value) -> Hashable:
        return self.freeze_object(value)


class NestedSingle(NestedKind):
    """One object."""


class NestedList(NestedKind):
    """Objects in order."""

    mode = "list"

    def _wrap(self, element: Type) -> Type:
        return ListType(element)

    def canonical(self, value: Value) -> Hashable:
        return tuple(self.freeze_object(item) for item in value)


class NestedSet(NestedKind):
    """Distinct objects; order does not matter."""

    mode = "set"

    def _wrap(self, element: Type) -> Type:
        return SetType(element)

    def canonical(self, value: Value) -> Hashable:
        return frozenset(self.freeze_object(item) for item in value)


class NestedMap(NestedKind):
    """Objects by name."""

    mode = "map"

    def _wrap(self, element: Type) -> Type:
        return MapType(element)

    def canonical(self, value: Value) -> Hashable:
        return frozenset((key, self.freeze_object(item)) for key, item in value.items())


def nested_items(kind: NestedKind, value: Value) -> list[tuple[Path, Value]]:
    """Each object in the value of a nested attribute, with its path below the attribute."""
    match kind.mode:
        case "single":
            return [((), value)]
        case "map":
            return [((key,), item) for key, item in value.items()]
        case "list":
            return [((index,), item) for index, item in enumerate(value)]
        case "set":
            return [((), item) for item in value]
