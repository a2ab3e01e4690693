"""How an object is found: by its id, or by the attributes that no two objects of its kind share.

A :class:`Key` is declared beside an object's attributes; import ids, the check for objects that exist already, and the
search for one whose creation was not answered all follow from it.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.api import Listing, join_path
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.values import Unknown
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.plugin.language.values import Value

__all__ = ["ImportId", "Key", "fill_path", "foreign_place", "split_workspace"]

_PLACE: Final = re.compile(r"\{(\w+)(?::([^}]*))?\}")
"""``{attribute}``, or ``{attribute:what people call it}``."""


class Key:
    """The attributes by which an object is known, as import ids write them: ``Key("{work_pool_name},{name}")``.

    ``forms`` are the ways to write it, the usual one first. ``path`` is where the API has the object of a key. Without
    one, objects are found by their name through the collection's filter; ``unique`` says whether the server keeps two
    of them apart, and if not, a name may lead to several.

    Several are found at once through the filter of the collection ``listed``, if not the object's own. ``places`` are
    the attributes that an answer has elsewhere (``{"type_slug": "block_type.slug"}``), and ``filters`` where the filter
    takes them, if not the last one only, under its own name: ``{"type_slug": ("block_types", "slug")}``. Unless it
    ``has_filter``, the collection has none for keys, and is paged through.
    """

    def __init__(
        self,
        *forms: str,
        path: str = "",
        unique: bool = True,
        listed: str = "",
        has_filter: bool = True,
        places: Mapping[str, str] = MappingProxyType({}),
        filters: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    ) -> None:
        self.forms: Final = forms
        self.path: Final = path
        self.unique: Final = unique
        self._listed = listed
        self._has_filter = has_filter
        self._places = places
        self._filters = filters
        self.names: Final[tuple[str, ...]] = tuple(str(found[1]) for found in _PLACE.finditer(forms[0]))

    def listing(self, collection: str) -> Listing:
        """How several objects are looked for by their keys; what is not found is not there."""
        path = self._listed or collection
        return Listing(
            path,
            path.strip("/"),
            key=tuple(self._places.get(name, name) for name in self.names),
            filters={self._places.get(name, name): place for name, place in self._filters.items()},
            has_keys=self._has_filter,
            is_final=True,
        )

    def of(self, data: Mapping[str, Any]) -> dict[str, str] | None:
        """The key of an object as the API returned it; ``None`` if the answer does not have it."""
        found = self.listing("").parts_of(data)
        return None if found is None else dict(zip(self.names, found, strict=True))

    @property
    def shown(self) -> str:
        """The usual form, for people: ``<work pool name>,<queue name>``."""
        return _PLACE.sub(lambda found: f"<{found[2] or found[1].replace('_', ' ')}>", self.forms[0])

    def write(self, values: Mapping[str, Value]) -> str:
        """The key of an object as an import id."""
        return _PLACE.sub(lambda found: str(values[found[1]]), self.forms[0])

    def read(self, text: str, declaration: type[Declaration]) -> dict[str, str] | None:
        """The attributes that an import id names; ``None`` if it is of none of the forms."""
        for form in self.forms:
            found = re.fullmatch(_pattern(form), text, re.DOTALL)
            values = {} if found is None else found.groupdict()
            if values and all(_fits(declaration, name, value) for name, value in values.items()):
                return values
        return None

    def known(self, values: Mapping[str, Value]) -> dict[str, str] | None:
        """The key's attributes of an object, if all of them are texts that are known."""
        found = {name: value for name in self.names if isinstance(value := values.get(name), str) and value}
        return found if len(found) == len(self.names) else None


def _pattern(form: str) -> str:
    pattern, end = "", 0
    places = list(_PLACE.finditer(form))
    for place in places:
        # Of several, each but the last ends where what stands behind it first comes.
        length = ".+" if place is places[-1] else ".+?"
        pattern += f"{re.escape(form[end : place.start()])}(?P<{place[1]}>{length})"
        end = place.end()
    return pattern + re.escape(form[end:])


def _fits(declaration: type[Declaration], name: str, value: str) -> bool:
    attribute = declaration.attributes.get(name)
    return attribute is None or not any(attribute.kind.problems(value))


def fill_path(template: str, values: Mapping[str, Value]) -> str:
    """A path with the attributes of an object in it, quoted: ``/work_pools/{work_pool_name}/queues/{name}``.

    Raises ProviderError for an attribute that is empty or not known.
    """
    parts = []
    for part in template.strip("/").split("/"):
        place = _PLACE.fullmatch(part)
        parts.append(part if place is None else _part(place[1], values.get(place[1])))
    return join_path(*parts)


def _part(name: str, value: Value) -> str:
    if isinstance(value, str) and value:
        return value
    got = "one that is not known yet" if isinstance(value, Unknown) else show(value)
    msg = f"Invalid value for `{name}`"
    raise ProviderError(msg, say(expected="a text that is not empty", got=got), (name,))


class ImportId(NamedTuple):
    """An import id taken apart."""

    text: str
    """What names the object."""
    workspace_id: str | None
    """The workspace behind the last comma."""


def split_workspace(text: str) -> ImportId:
    """An import id with, behind the last comma, perhaps a workspace; only a UUID is one."""
    name, comma, workspace = text.rpartition(",")
    if comma and is_uuid(workspace):
        return ImportId(name, workspace)
    return ImportId(text, None)


def foreign_place(ids: Mapping[str, Value], own: Any) -> dict[str, Value]:
    """The ids of a place, account before workspace, with null for those that are the provider's ``own``.

    An object of the provider's own place names none. A workspace of another account than the provider's is none of
    the provider's.
    """
    held: dict[str, Value] = {}
    for name, given in ids.items():
        mine = getattr(own, name, None)
        is_own = mine is not None and str(given).lower() == mine.lower() and not any(held.values())
        held[name] = None if is_own else given
    return held
