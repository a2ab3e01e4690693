"""Every resource type as a list of its objects, for ``terraform query``: made from what the type declares.

It takes the filters of the type, and a place on Prefect Cloud.
"""

from __future__ import annotations

from contextlib import aclosing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.api import UnexpectedAnswer
from prefect_provider.objects.filters import (
    Filter,
    filter_body,
    filter_by_name,
    filter_by_name_like,
    is_among,
)
from prefect_provider.objects.identity import foreign_place
from prefect_provider.objects.lookup import places
from prefect_provider.objects.pages import pages
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.resource import Found, ListResource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["ObjectListing", "conditions", "has_listing", "listing_of"]

_BY_NAME: Final = tuple(one._replace(place="") for one in (filter_by_name(""), filter_by_name_like("")))


class ObjectListing(ListResource):
    """Lists objects, page by page as they are wanted."""

    resource: ClassVar[type[RemoteObject]]

    async def found(self, config: Values) -> AsyncGenerator[Found, None]:
        """All that meet the conditions, new ones first or in the order of the collection."""
        import asyncio

        asked = self.resource(self.client, self.diagnostics)
        scope = asked.scope(config)
        ids = {name: config.get(name) for name in self.resource.located_by}
        held = foreign_place(ids, self.client.settings)
        body = await filter_body(self.client, conditions(self.resource), config)
        if order := asked.listed_in or asked.newest_first:
            body["sort"] = order
        for collection in asked.listed_with or (asked.listed_at(config),):
            path = f"{collection}/filter"
            async with aclosing(pages(scope, path, body, noun=asked.noun())) as read:
                async for page in read:
                    flat = [asked.flattened(collection, data) for data in page]
                    wanted = [data for data in flat if asked.is_listed(data) and self._meets(data, config)]
                    # What an answer alone does not tell is asked for together.
                    for one in await asyncio.gather(
                        *(self._found(f"POST {path}", data, held) for data in wanted)
                    ):
                        yield one

    def _meets(self, data: Mapping[str, Any], config: Values) -> bool:
        """Whether an object has an id or a name that is wanted, where the server cannot tell."""
        if not is_among(self.resource.filters, config, data):
            return False
        if self.resource.filters or "name" not in self.resource.attributes:
            return True
        name, names, part = str(data.get("name")), config["names"], config["name_like"]
        return (names is None or name in names) and (part is None or part.lower() in name.lower())

    async def _found(self, what: str, data: Mapping[str, Any], held: Values) -> Found:
        resource = self.resource(self.client, Diagnostics())
        try:
            values = await resource.described(what, data, held | {"id": data["id"]})
        except UnexpectedAnswer as error:
            # The others are there all the same.
            name = str(data.get("name") or data["id"])
            resource.diagnostics.warning(f"A {resource.noun()} is left out of the list", f"{name}: {error}")
            return Found(resource, None, name)
        return Found(resource, values, _display_name(self.resource, values))


def conditions(kind: type[RemoteObject]) -> Sequence[Filter]:
    """By what a type's list can be narrowed: by names at least, which are compared here if the server does not."""
    return kind.filters or (_BY_NAME if "name" in kind.attributes else ())


def _display_name(kind: type[RemoteObject], values: Values) -> str:
    """The key, with a slash between its parts; or the id of an object without one."""
    known = kind.key.known(values) if kind.key else None
    return "/".join(known.values()) if known else str(values["id"])


def has_listing(kind: type[RemoteObject]) -> bool:
    """Whether there is a collection to list; a schedule is part of its deployment, and listed with it."""
    return bool(kind.collection or kind.by_id or kind.listed_with)


def listing_of(kind: type[RemoteObject]) -> type[ObjectListing]:
    """The list of a type's objects."""
    members = {
        "__doc__": f"Lists {kind.noun()}s that exist, all of them or those that meet every condition.",
        "type_name": kind.type_name,
        "resource": kind,
    }
    made: type[ObjectListing] = type(f"{kind.__name__}Listing", (ObjectListing,), members)
    made.attributes = MappingProxyType(
        {one.name: one.attribute() for one in conditions(kind)} | places(kind, server_default=False)
    )
    return made
