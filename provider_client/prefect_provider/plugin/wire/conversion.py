"""What the two encodings of Terraform's values share: a walk over a value and its type, side by side.

Between bytes and values stands a *form*: the plain lists, dicts, strings and numbers that a MessagePack or
JSON library reads and writes. A :class:`Walk` turns forms into values; a :class:`CanonicalWalk` turns values
into forms, one form for each value. Strings leave both in Unicode form NFC, which Terraform gives to all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from prefect_provider.plugin.language.types import (
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    type_from_json,
)
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Unknown, has_unknown
from prefect_provider.plugin.wire.codec_error import CodecError, mismatch
from prefect_provider.plugin.wire.unicode_form import normal
from prefect_provider.text.number import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["CanonicalWalk", "Form", "Walk", "read_type"]

Form: TypeAlias = Any
"""``None | bool | int | float | Decimal | str | bytes | list | dict``, or what stands for an unknown."""


def read_type(form: Form) -> Type:
    """The type that stands beside a dynamic value; ``CodecError`` when it is none."""
    try:
        return type_from_json(form)
    except ValueError:
        wrong = CodecError(
            expected="the type of a `dynamic` value", got="something that is no type constraint"
        )
    raise wrong


class Walk(ABC):
    """From one side to the other, by type; ``None`` is null on both.

    ``missing_is_null``: an object may lack attributes. ``ignore_extra``: it may have attributes that its type
    does not; they are dropped.
    """

    def __init__(self, *, missing_is_null: bool, ignore_extra: bool) -> None:
        self._missing_is_null = missing_is_null
        self._ignore_extra = ignore_extra
        self._primitives: dict[str, Callable[[Any], Any]] = {
            "string": self.string,
            "number": self.number,
            "bool": self.boolean,
            "dynamic": self.dynamic,
        }
        self._compounds: dict[type[Type], Callable[[Any, Any], Any]] = {
            ListType: self.list_of,
            SetType: self.set_of,
            MapType: self.map_of,
            TupleType: self.tuple_of,
            ObjectType: self.object_of,
        }

    def convert(self, item: Any, type_: Type) -> Any:
        """The other side of ``item``; ``CodecError`` when it is not of the type."""
        if item is None:
            return None
        if isinstance(item, Unknown):
            # Terraform refines no unknown whose type is unknown as well, and ignores it where somebody does.
            return self.unknown(UNKNOWN if type_ == DYNAMIC else item)
        if isinstance(type_, Primitive):
            return self._primitives[type_.name](item)
        return self._compounds[type(type_)](item, type_)

    @abstractmethod
    def unknown(self, item: Unknown) -> Any:
        """What stands for an unknown."""

    @abstractmethod
    def number(self, item: Any) -> Any:
        """What stands for a number."""

    @abstractmethod
    def dynamic(self, item: Any) -> Any:
        """What stands for a value of any type."""

    def string(self, item: Any) -> str:
        """A string in form NFC."""
        if not isinstance(item, str):
            raise mismatch(item, "string")
        return normal(item)

    def boolean(self, item: Any) -> bool:
        """The same boolean; an integer is none."""
        if isinstance(item, bool):
            return item
        raise mismatch(item, "bool")

    def list_of(self, items: Any, type_: ListType) -> list[Any]:
        """The elements in their order."""
        if not isinstance(items, list):
            raise mismatch(items, "list")
        return self._each(items, repeat(type_.element))

    def set_of(self, items: Any, type_: SetType) -> list[Any]:
        """The elements in the order they came in."""
        if not isinstance(items, list):
            raise mismatch(items, "set")
        return self._each(items, repeat(type_.element), of_set=True)

    def tuple_of(self, items: Any, type_: TupleType) -> list[Any]:
        """The elements, as many as the type has."""
        if not isinstance(items, list):
            raise mismatch(items, "tuple")
        if len(items) != len(type_.elements):
            raise CodecError(expected=f"a `tuple` of {len(type_.elements)}", got=f"{len(items)} elements")
        return self._each(items, type_.elements)

    def _each(self, items: list[Any], types: Iterable[Type], *, of_set: bool = False) -> list[Any]:
        done: list[Any] = []
        try:
            for item, type_ in zip(items, types, strict=False):
                done.append(self.convert(item, type_))
        except CodecError as error:
            error.inside(len(done), of_set=of_set)
            raise
        return done

    def map_of(self, items: Any, type_: MapType) -> dict[str, Any]:
        """The elements by key, the keys in form NFC."""
        if not isinstance(items, dict):
            raise mismatch(items, "map")
        element = type_.element
        done: dict[str, Any] = {}
        for key, item in items.items():
            if not isinstance(key, str):
                raise mismatch(key, "string")
            try:
                done[normal(key)] = self.convert(item, element)
            except CodecError as error:
                error.inside(key)
                raise
        if len(done) != len(items):
            raise CodecError(expected="distinct keys", got="two with the same Unicode form NFC")
        return done

    def object_of(self, items: Any, type_: ObjectType) -> dict[str, Any]:
        """Every attribute of the type, by name."""
        if not isinstance(items, dict):
            raise mismatch(items, "object")
        done: dict[str, Any] = {}
        missing = 0
        name = ""
        try:
            for name, attribute in type_.attributes.items():
                if name in items:
                    done[name] = self.convert(items[name], attribute)
                elif self._missing_is_null or name in type_.optional:
                    done[name] = None
                    missing += 1
                else:
                    raise CodecError(expected="a value", got="nothing")
        except CodecError as error:
            error.inside(name)
            raise
        if len(done) - missing != len(items) and not self._ignore_extra:
            extra = min(str(key) for key in items if key not in done)
            unexpected = CodecError(expected="an attribute of the object", got="another name")
            unexpected.inside(extra)
            raise unexpected
        return done


class CanonicalWalk(Walk):
    """From values to forms: equal values have equal forms, so keys are sorted and sets have no duplicates."""

    def __init__(self) -> None:
        super().__init__(missing_is_null=True, ignore_extra=False)

    @abstractmethod
    def identity(self, form: Form) -> bytes:
        """Bytes that are equal for equal forms, and only for them."""

    @abstractmethod
    def typed(self, type_: Type, form: Form) -> Form:
        """The form of a dynamic value, made of its type and its own form."""

    def number(self, item: Any) -> Any:
        """The number in its one form; neither a boolean nor a float is a number."""
        if not isinstance(item, int | Decimal) or isinstance(item, bool):
            raise mismatch(item, "number")
        try:
            return canonical(item)
        except ValueError as error:
            raise CodecError(expected="`number`", got=str(error)) from None

    def dynamic(self, item: Any) -> Form:
        """The form of a dynamic value: bare when nothing is known of its type, else with it."""
        if not isinstance(item, Dynamic):
            raise mismatch(item, "dynamic")
        form = self.convert(item.value, item.type)
        return form if item.type == DYNAMIC else self.typed(item.type, form)

    def set_of(self, items: Any, type_: SetType) -> list[Form]:
        """The elements once each, sorted.

        Those that hold an unknown are all kept: Terraform counts them as different from each other.
        """
        elements: list[tuple[bytes, Form]] = []
        seen: set[bytes] = set()
        for value, form in zip(items, super().set_of(items, type_), strict=True):
            key = self.identity(form)
            if key not in seen or has_unknown(value):
                seen.add(key)
                elements.append((key, form))
        return [form for _, form in sorted(elements, key=itemgetter(0))]

    def map_of(self, items: Any, type_: MapType) -> dict[str, Form]:
        """The elements, sorted by key."""
        return dict(sorted(super().map_of(items, type_).items()))

    def object_of(self, items: Any, type_: ObjectType) -> dict[str, Form]:
        """The attributes, sorted by name."""
        return dict(sorted(super().object_of(items, type_).items()))
