"""Terraform's type constraints, as values that can be compared and sent.

A type travels as JSON: a name (``"string"``) or an array (``["list", "string"]``,
``["object", {"a": "string"}, ["a"]]`` where the third member lists optional attributes).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BOOL",
    "DYNAMIC",
    "NUMBER",
    "STRING",
    "ListType",
    "MapType",
    "ObjectType",
    "Primitive",
    "SetType",
    "TupleType",
    "Type",
    "type_from_json",
    "type_to_json",
]


class Type:
    """A type constraint; compare with ``==``."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Type:
        # Types do not change, so a copy of a value may share them.
        return self

    __match_args__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self.__match_args__)))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(repr(getattr(self, name)) for name in self.__match_args__)})"
        )


# Plain classes, because five dataclasses would cost every start of the provider 3 ms.


class Primitive(Type):
    """``string``, ``number``, ``bool`` or ``dynamic`` (any type, carried beside the value)."""

    __slots__ = ("name",)
    __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name: Final = name


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")


class _CollectionType(Type):
    __slots__ = ("element",)
    __match_args__ = ("element",)

    def __init__(self, element: Type) -> None:
        self.element: Final = element


class ListType(_CollectionType):
    """An ordered collection of one element type."""

    __slots__ = ()


class SetType(_CollectionType):
    """An unordered collection of distinct elements of one type."""

    __slots__ = ()


class MapType(_CollectionType):
    """String keys to values of one type."""

    __slots__ = ()


class TupleType(Type):
    """A sequence whose every position has a type of its own."""

    __slots__ = ("elements",)
    __match_args__ = ("elements",)

    def __init__(self, elements: tuple[Type, ...]) -> None:
        self.elements: Final = elements


class ObjectType(Type):
    """Named attributes, each with a type of its own; ``optional`` ones may be left out."""

    __slots__ = ("attributes", "optional")
    __match_args__ = ("attributes", "optional")

    def __init__(self, attributes: Mapping[str, Type], optional: frozenset[str] = frozenset()) -> None:
        self.attributes: Final[Mapping[str, Type]] = MappingProxyType(dict(attributes))
        self.optional: Final = optional

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.attributes)), self.optional))


_PRIMITIVES = {t.name: t for t in (STRING, NUMBER, BOOL, DYNAMIC)}
_COLLECTIONS: dict[str, type[ListType | SetType | MapType]] = {
    "list": ListType,
    "set": SetType,
    "map": MapType,
}


def type_to_json(type_: Type) -> Any:
    """The JSON form of a type, ready for ``json.dumps``."""
    match type_:
        case Primitive(name):
            return name
        case ListType(element):
            return ["list", type_to_json(element)]
        case SetType(element):
            return ["set", type_to_json(element)]
        case MapType(element):
            return ["map", type_to_json(element)]
        case TupleType(elements):
            return ["tuple", [type_to_json(element) for element in elements]]
        case ObjectType(attributes, optional):
            form: list[Any] = ["object", {name: type_to_json(t) for name, t in attributes.items()}]
            return [*form, sorted(optional)] if optional else form
    msg = f"not a Terraform type: {type_!r}"
    raise TypeError(msg)


def type_from_json(form: Any) -> Type:
    """The type that a JSON form describes.

    Raises ``ValueError`` when the form is not one that Terraform defines.
    """
    match form:
        case str() if form in _PRIMITIVES:
            return _PRIMITIVES[form]
        case ["list" | "set" | "map" as kind, element]:
            return _COLLECTIONS[kind](type_from_json(element))
        case ["tuple", list(elements)]:
            return TupleType(tuple(type_from_json(element) for element in elements))
        case ["object", dict(attributes), *rest] if _are_optional(rest, attributes):
            types = {name: type_from_json(type_) for name, type_ in attributes.items()}
            return ObjectType(types, frozenset(*rest))
    msg = f"not a Terraform type constraint: {form!r}"
    raise ValueError(msg)


def _are_optional(rest: list[Any], attributes: dict[str, Any]) -> bool:
    """Whether what follows the attributes is nothing, or one list of names of attributes."""
    match rest:
        case []:
            return True
        case [list(names)]:
            return all(isinstance(name, str) and name in attributes for name in names)
    return False
