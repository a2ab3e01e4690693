"""By what a listing can be narrowed: declared once on an object, for whatever lists its objects.

A :class:`Filter` is a name and a kind as a configuration has it, and the place where the API's filter takes its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.objects.mapping import value_to_json
from prefect_provider.objects.server_version import has_since
from prefect_provider.plugin.language.declaration import Attribute, optional
from prefect_provider.plugin.language.kinds import Kind, ListOf, SetOf, String, Uuid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_provider.plugin.language.values import Value
    from prefect_provider.rules.server_versions import Version

__all__ = [
    "Filter",
    "filter_body",
    "filter_by_id",
    "filter_by_name",
    "filter_by_name_like",
    "filter_by_tags",
    "is_among",
]


class Filter(NamedTuple):
    """One condition on the objects of a listing; all that are given have to be met."""

    name: str
    """What a configuration calls it."""
    kind: Kind
    description: str
    place: str
    """Where the API takes it: ``deployments.name.like_``; empty where it is part of the path."""
    since: Version | None = None
    """From when on servers know it, if not all do; older ones are asked without it, and it is compared here."""

    def attribute(self) -> Attribute:
        """The attribute of a listing that takes it."""
        made = optional(self.kind, self.description, source=None)
        made.name = self.name
        return made


async def filter_body(client: Any, filters: Iterable[Filter], given: Mapping[str, Value]) -> dict[str, Any]:
    """What a filter's request says of the conditions that are given, as far as the server knows them."""
    body: dict[str, Any] = {}
    for one in filters:
        value = given.get(one.name)
        if value is None or not one.place:
            continue
        if one.since is not None and not await has_since(client, one.since):
            continue
        *path, field = one.place.split(".")
        at = body
        for step in path:
            at = at.setdefault(step, {})
        at[field] = value_to_json(one.kind, value)
    return body


_NAMES: Final = SetOf(String())


def filter_by_id(collection: str, *, since: Version | None = None) -> Filter:
    """Those with one of these ids; called as the official provider calls it."""
    description = "Only those with one of these ids (UUIDs). An empty list finds none."
    return Filter("filter_any", ListOf(Uuid()), description, f"{collection}.id.any_", since)


def filter_by_name(collection: str) -> Filter:
    """Those with one of these names."""
    return Filter("names", _NAMES, "Only those with one of these names.", f"{collection}.name.any_")


def filter_by_name_like(collection: str) -> Filter:
    """Those whose names contain a text."""
    description = "Only those whose names contain this text, in upper or lower case."
    return Filter("name_like", String(), description, f"{collection}.name.like_")


def filter_by_tags(collection: str) -> Filter:
    """Those that have all of these tags."""
    return Filter("tags", _NAMES, "Only those that have all of these tags.", f"{collection}.tags.all_")


def is_among(filters: Iterable[Filter], given: Mapping[str, Value], data: Mapping[str, Any]) -> bool:
    """Whether an object has one of the ids that are given, if any are: what not every server compares."""
    for one in filters:
        ids = given.get(one.name)
        if ids is not None and one.since is not None:
            return str(data.get("id")).lower() in {str(id_).lower() for id_ in ids}
    return True
