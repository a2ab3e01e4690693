"""The collections of objects that can be asked for several at once.

Declared by the objects, and apart from what reads: who only checks configurations reads nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["Listing"]

_Key: TypeAlias = tuple[str, ...]


class Listing(NamedTuple):
    """A collection that can be asked for several objects at once."""

    path: str
    """Where its objects are: ``/flows``; the filter is below it, at ``/flows/filter``."""
    name: str
    """The filter's key in the request: ``flows``."""
    sort: str = ""
    """The order that puts the newest first, where there is one."""
    options: Mapping[str, Any] = MappingProxyType({})
    """Further fields of the request, such as ``include_secrets``."""
    params: Mapping[str, Any] = MappingProxyType({})
    """The same as the query of a single GET has it."""
    key: tuple[str, ...] = ("id",)
    """What an object is known by, as its answer has it: its ``id``, or ``block_type.slug`` and ``name``."""
    filters: Mapping[str, tuple[str, str]] = MappingProxyType({})
    """Where the filter takes each part of the key: ``{"flow_id": ("flows", "id")}``. Left out, it takes the last part
    only, among the collection's own fields."""
    has_keys: bool = True
    """Whether the filter takes keys; without, several objects are found by paging, and one by a GET."""
    has_pages: bool = True
    """Whether it may be paged: not where a page would bring what only some may have, such as secrets, and not where
    what is true a moment ago is not enough."""
    is_final: bool = False
    """Whether what the filter leaves out is believed not to be there."""
    is_shared: bool = False
    """Whether several things are read out of one object, so that a page answers for it as often as it is asked."""

    def key_of(self, data: Any) -> _Key | None:
        """The key of an object, as :meth:`normal` has it; ``None`` if the answer has none."""
        parts = self.parts_of(data)
        return None if parts is None else self.normal(parts)

    def parts_of(self, data: Any) -> list[str] | None:
        """The key of an object as its answer writes it; ``None`` if that has none."""
        parts = []
        for place in self.key:
            part = data
            for name in place.split("."):
                part = part.get(name) if isinstance(part, dict) else None
            if part is None:
                return None
            parts.append(str(part))
        return parts

    def normal(self, key: Iterable[str]) -> _Key:
        """A key with its ids in the server's spelling."""
        return tuple(
            part.lower() if place.endswith("id") else part for place, part in zip(self.key, key, strict=True)
        )

    def wanted(self, keys: Collection[_Key]) -> dict[str, Any]:
        """The filter that finds objects of these keys, and perhaps more."""
        filters = self.filters or {self.key[-1]: (self.name, self.key[-1])}
        found: dict[str, dict[str, Any]] = {}
        for place, (object_, field) in filters.items():
            position = self.key.index(place)
            values = sorted({key[position] for key in keys})
            found.setdefault(object_, {})[field] = {"any_": values}
        return found
