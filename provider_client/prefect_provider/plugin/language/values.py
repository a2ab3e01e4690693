"""Terraform values as plain Python objects.

=================  ==================================================================
Terraform          Python
=================  ==================================================================
null               ``None``
unknown            an :class:`Unknown`, at any depth
string, bool       ``str``, ``bool``
number             ``int``, or ``decimal.Decimal`` when it has a fraction; never ``float``
list, tuple, set   ``list``; the elements of a set are in the order they arrived in
map, object        ``dict`` with ``str`` keys; an object has every attribute as a key
dynamic            a :class:`Dynamic`, which carries the type beside the value
=================  ==================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from prefect_provider.plugin.language.types import Type

__all__ = [
    "UNKNOWN",
    "Dynamic",
    "Unknown",
    "Value",
    "Values",
    "has_unknown",
    "is_null",
    "is_unknown",
    "or_null",
]


class Unknown:
    """A value that is known only after apply.

    ``refinement`` is what Terraform already knows of it (not null, a string prefix, bounds), as the
    bytes of its MessagePack extension; it is carried, not interpreted, and two unknowns are equal
    whatever their refinements.
    """

    __slots__ = ("refinement",)

    def __init__(self, refinement: bytes = b"") -> None:
        self.refinement: Final = refinement

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown)

    def __hash__(self) -> int:
        return hash(Unknown)

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class Dynamic:
    """A value whose type is not fixed by the schema."""

    __slots__ = ("type", "value")
    __match_args__ = ("type", "value")

    def __init__(self, type: Type, value: Value) -> None:  # noqa: A002 - Terraform's word
        self.type: Final = type
        self.value: Final = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dynamic):
            return NotImplemented
        return self.type == other.type and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.type)  # most values are lists and dicts, which have no hash

    def __repr__(self) -> str:
        return f"Dynamic({self.type!r}, {self.value!r})"


Value: TypeAlias = Any
"""``None | bool | str | int | Decimal | list | dict | Unknown | Dynamic``: see the module's table."""

Values: TypeAlias = dict[str, Any]
"""The attributes of one object, by name."""


def is_null(value: Value) -> bool:
    """Whether the value is null, of whatever type."""
    return value is None or (isinstance(value, Dynamic) and value.value is None)


def is_unknown(value: Value) -> bool:
    """Whether the value itself, not a part of it, is unknown."""
    return isinstance(value, Unknown) or (isinstance(value, Dynamic) and isinstance(value.value, Unknown))


def or_null(value: Value) -> Value:
    """The value, or null while it is not known."""
    return None if isinstance(value, Unknown) else value


def has_unknown(value: Value) -> bool:
    """Whether the value or any part of it is unknown."""
    match value:
        case Unknown():
            return True
        case Dynamic():
            return has_unknown(value.value)
        case list():
            return any(has_unknown(element) for element in value)
        case dict():
            return any(has_unknown(element) for element in value.values())
    return False
