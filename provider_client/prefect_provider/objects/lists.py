"""Data sources that list objects, all of them or those that meet the conditions which the object declares.

An :class:`ObjectList` is made from the declaration of a resource::

    class Flows(ObjectList, of=Flow):
        \"\"\"Lists flows.\"\"\"
"""

from __future__ import annotations

from contextlib import aclosing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.objects.filters import filter_body, is_among
from prefect_provider.objects.lookup import places
from prefect_provider.objects.mirroring import mirrored_object, shown
from prefect_provider.objects.pages import pages
from prefect_provider.plugin.language.declaration import computed, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Integer
from prefect_provider.plugin.language.nested import NestedKind, NestedList
from prefect_provider.plugin.language.resource import DataSource
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["ObjectList"]

_MOST: Final = 10_000
"""Objects that a listing may bring, unless it says otherwise: all of them become part of Terraform's state."""


class ObjectList(DataSource):
    """Lists objects, ordered by name and then by id."""

    resource: ClassVar[type[RemoteObject]]

    ordered_by: ClassVar[str] = "name"
    """The attribute by which they are ordered before their ids."""

    results: ClassVar[str] = ""
    """The attribute with what was found."""

    def __init_subclass__(
        cls,
        *,
        of: type[RemoteObject] | None = None,
        kind: type[NestedKind] = NestedList,
        without: Collection[str] = (),
        lists: Collection[str] = (),
        results: str = "",
        **keywords: Any,
    ) -> None:
        """``kind`` is that of the results, and ``results`` their name; the others are as for a look-up."""
        super().__init_subclass__(**keywords)
        if of is None:
            return
        cls.resource, cls.type_name = of, f"{of.type_name}s"
        cls.results = results or cls.type_name.removeprefix("prefect_")
        without = {*without, "account_id", "workspace_id"}
        made = {
            "max_results": optional(
                Integer(minimum=1),
                f"How many there may be at most, {_MOST:,} when left out; more are an error, because none is left out "
                "without a word.",
                source=None,
            ),
            cls.results: computed(
                kind(mirrored_object(of, without=without, lists=lists)),
                f"The {of.noun()}s that were found"
                + (f", by {cls.ordered_by}." if kind is NestedList else "."),
                source=None,
            ),
        }
        for name, attribute in made.items():
            attribute.name = name
        conditions = {one.name: one.attribute() for one in of.filters}
        cls.attributes = MappingProxyType({**conditions, **cls.attributes, **places(of), **made})

    def held(self, config: Values) -> Values:
        """What each object is read with."""
        return {}

    def options(self, config: Values) -> dict[str, Any]:
        """Further fields of the request."""
        return {}

    async def read(self, config: Values) -> Values:
        """All that meet the conditions; raises ProviderError if they are too many."""
        import asyncio

        resource = self.resource(self.client, self.diagnostics)
        scope, held = resource.scope(config), self.held(config)
        path = f"{resource.listed_at(config)}/filter"
        found = await self._found(resource, scope, path, config)
        objects = await asyncio.gather(
            *(resource.described(f"POST {path}", data, held | {"id": data["id"]}) for data in found)
        )
        return self.listed(config, objects)

    def listed(self, config: Values, objects: Iterable[Values]) -> Values:
        """The result, in order; raises ProviderError if they are too many."""
        declared = self.nested(self.results).attributes
        listed = [shown(self.resource.attributes, declared, values) for values in objects]
        listed.sort(key=lambda one: (str(one[self.ordered_by] or ""), str(one["id"])))
        if len(listed) > self._most(config):
            raise self._too_many(self._most(config))
        return {**config, self.results: listed}

    async def _found(
        self, resource: RemoteObject, scope: Scope, path: str, config: Values
    ) -> list[dict[str, Any]]:
        body = {**await filter_body(self.client, resource.filters, config), **self.options(config)}
        if order := resource.listed_in or resource.newest_first:
            body["sort"] = order
        most = self._most(config)
        found: list[dict[str, Any]] = []
        async with aclosing(pages(scope, path, body, noun=resource.noun())) as read:
            async for page in read:
                found += [data for data in page if is_among(resource.filters, config, data)]
                if len(found) > most:
                    raise self._too_many(most)
        return found

    @staticmethod
    def _most(config: Values) -> int:
        return _MOST if config["max_results"] is None else int(config["max_results"])

    def _too_many(self, most: int) -> ProviderError:
        """Nothing is left out without a word."""
        noun = self.resource.noun()
        msg = f"Too many {noun}s"
        detail = say(
            f"the number of {noun}s that meet the conditions",
            expected=f"at most {most:,}",
            got="more",
            remedy="Narrow the conditions, or set `max_results` higher",
        )
        return ProviderError(msg, detail, ("max_results",))
