"""Data sources that look one object up: by its id, or by the key by which people know it.

A :class:`Lookup` is made from the declaration of a resource, whose attributes it shows::

    class FlowLookup(Lookup, of=Flow):
        \"\"\"Looks up a flow.\"\"\"
"""

from __future__ import annotations

import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.api import ApiError, Listing
from prefect_provider.objects.identity import fill_path
from prefect_provider.objects.mirroring import mirrored, shown
from prefect_provider.objects.snapshots import everything
from prefect_provider.objects.together import all_named
from prefect_provider.plugin.language.declaration import Attribute, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.plugin.language.resource import DataSource
from prefect_provider.plugin.language.values import Unknown, Values
from prefect_provider.text.problem import expectation, say
from prefect_provider.text.spelling import names, near_names, show

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject

__all__ = ["Lookup", "no_such", "places"]

_log: Final = logging.getLogger("prefect_provider.objects")

_PAGES: Final = 5
"""How many pages of names are read to find those that were probably meant."""

_SHOWN: Final = 3

_FRESH: Final = 2.0
"""How old these may be, in seconds: several look-ups may miss at once."""


def places(resource: type[RemoteObject], *, server_default: bool = True) -> dict[str, Attribute]:
    """The attributes that say where on Prefect Cloud to look; unless ``server_default``, they are not filled in."""
    found = {}
    for name in resource.located_by:
        description = f"The Prefect Cloud {name.removesuffix('_id')} (UUID), if not the provider's."
        found[name] = optional(Uuid(), description, server_default=server_default, source=None)
        found[name].name = name
    return found


class Lookup(DataSource):
    """Looks one object up.

    ``checked`` are attributes that a configuration may set, as the official provider lets it: what is found has to have
    these values. ``lists`` are the resource's sets that are shown as lists.
    """

    resource: ClassVar[type[RemoteObject]]

    checked: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(
        cls,
        *,
        of: type[RemoteObject] | None = None,
        without: Collection[str] = (),
        lists: Collection[str] = (),
        checked: tuple[str, ...] = (),
        **keywords: Any,
    ) -> None:
        super().__init_subclass__(**keywords)
        if of is None:
            return
        cls.resource, cls.type_name, cls.checked = of, of.type_name, checked
        attributes = {**_ways(of), **places(of), **cls.attributes}
        for name, attribute in mirrored(of, without=without, lists=lists).items():
            if name in checked:
                attribute.optional = True
                attribute.description += " If it is set here, the object has to have it."
            attributes.setdefault(name, attribute)
        cls.attributes = MappingProxyType(attributes)

    @classmethod
    def how(cls) -> str:
        """What has to be set to say which object is meant."""
        *others, last = _key_names(cls.resource)
        together = f" together with {names(others, last='and')}" if others else ""
        return f"Set `id`, or `{last}`{together}."

    async def validate(self, config: Values) -> None:
        """It is clear which object is meant."""
        by_id, by_key = config.get("id"), {name: config.get(name) for name in _key_names(self.resource)}
        if any(isinstance(value, Unknown) for value in (by_id, *by_key.values())):
            return
        given = [name for name, value in by_key.items() if value is not None]
        summary = f"Which {self.resource.noun()}?"
        if by_id is None and len(given) < len(by_key):
            got = f"{names(given, last='and')} alone" if given else "none of them"
            self.diagnostics.error(summary, f"{self.how()} Got {got}.")
        elif by_id is not None and given:
            self.diagnostics.error(summary, f"{self.how()} Got both.", ("id",))

    def held(self, config: Values) -> Values:
        """What the object is read with: what only the configuration knows of it."""
        return {name: config.get(name) for name in (*self.resource.located_by, *_key_names(self.resource))}

    async def read(self, config: Values) -> Values:
        """The object that is meant; several are asked for at once."""
        resource = self.resource(self.client, self.diagnostics)
        scope, held = resource.scope(config), self.held(config)
        key = {name: str(config[name]) for name in _key_names(self.resource) if config[name] is not None}
        if config["id"] is not None:
            what = f"the id {show(config['id'])}"
            data = await self.by_id(resource, scope, str(config["id"]), held)
        else:
            what = f"the name {show(_text(resource, key))}"
            data = await self.by_key(resource, scope, key, held)
        if data is None:
            raise await no_such(resource, scope, what, key)
        asked, wanted = self._asked(resource, config, key)
        resource.check(asked, data, **wanted)
        values = await resource.described(asked, data, held)
        self._check(config, values)
        return held | shown(self.resource.attributes, self.attributes, values)

    async def by_id(
        self, resource: RemoteObject, scope: Scope, id_: str, held: Values
    ) -> dict[str, Any] | None:
        """The object of an id."""
        if resource.by_id or not resource.address:
            return await resource.fetch_by_id(scope, id_, held)
        # A GET takes its name; several are found by their ids through the filter.
        listing = Listing(resource.collection, resource.collection.strip("/"), is_final=True)
        return await scope.collection(listing).find(id_)

    async def by_key(
        self, resource: RemoteObject, scope: Scope, key: Mapping[str, str], held: Values
    ) -> dict[str, Any] | None:
        """The object of a key; raises ProviderError where a name leads to several."""
        if resource.key is None or resource.key.unique:
            return await resource.look_up(scope, key)
        found = await all_named(self.client, scope, resource.collection, key["name"])
        if len(found) > 1:
            ids = "\n".join(f"  {one['id']}  created {one.get('created')}" for one in found)
            msg = f"{len(found)} {resource.noun()}s are named {show(key['name'])}"
            raise ProviderError(msg, f"Set `id` to that of the one that is meant:\n{ids}", ("name",))
        return found[0] if found else None

    @staticmethod
    def _asked(resource: RemoteObject, config: Values, key: Mapping[str, str]) -> tuple[str, Values]:
        """The request that an object was asked for with, alone, and what the answer has to have."""
        filtered = f"POST {resource.listed_at()}/filter"
        if config["id"] is not None:
            by_name = resource.address and not resource.by_id
            path = resource.by_id or f"{resource.collection}/{{id}}"
            return filtered if by_name else f"GET {fill_path(path, config)}", {"id": config["id"]}
        # An answer has fields for an object's own name, and not always for that of what it belongs to.
        wanted = {name: value for name, value in key.items() if resource.attributes[name].source == name}
        path = resource.key.path if resource.key else ""
        return f"GET {fill_path(path, key)}" if path else filtered, wanted

    def _check(self, config: Values, values: Values) -> None:
        for name in self.checked:
            wanted, found = config[name], values.get(name)
            if wanted is not None and not self.attributes[name].same(wanted, found):
                msg = f"The {self.resource.noun()} has another `{name}`"
                detail = say(
                    expectation(show(wanted), show(found)),
                    remedy=f"Leave `{name}` out to read it, or correct it",
                )
                raise ProviderError(msg, detail, (name,))


def _key_names(resource: type[RemoteObject]) -> tuple[str, ...]:
    return resource.key.names if resource.key else ()


def _ways(resource: type[RemoteObject]) -> dict[str, Attribute]:
    """The id, and the parts of the key."""
    noun, key = resource.noun(), _key_names(resource)
    found = {"id": optional(Uuid(), f"The {noun}'s id (UUID).", server_default=True)}
    for name in reversed(key):
        stem, _, last = name.rpartition("_")
        others = [other for other in key if other != name]
        needs = f"; needs {names(others, last='and')}" if others else ""
        description = f"The {stem.replace('_', ' ') or noun}'s {last}{needs}."
        source = resource.attributes[name].source
        found[name] = optional(String(), description, server_default=True, source=source)
    for name, attribute in found.items():
        attribute.name = name
    return found


def _text(resource: RemoteObject, key: Mapping[str, str]) -> str:
    if resource.key is None or len(key) < 2:
        return next(iter(key.values()), "")
    return resource.key.write(key)


async def no_such(
    resource: RemoteObject, scope: Scope, what: str, key: Mapping[str, str], *, at: str = ""
) -> ProviderError:
    """The error for an object that is not there, with the names that were probably meant.

    ``at``: the attribute that says all of it in one text, as an import id does.
    """
    noun = resource.noun()
    wrong, near = await _near(resource, scope, key) if key else ("", [])
    meant = ""
    if near:
        of = "" if at or wrong == list(key)[-1] else f" as `{wrong}`, of which there is none"
        shown = _whole(resource, key, near) if at else list(dict.fromkeys(one[wrong] for one in near))
        meant = f"Did you mean {names(shown, last='or')}{of}? "
    lists = f"`prefect {resource.command or noun.replace(' ', '-')} ls` lists them"
    if resource.cloud_only and not resource.command:
        lists = f'`data "{resource.type_name}s"` lists them'
    remedy = f"{meant}{lists}"
    return ProviderError(
        f"No such {noun}", say(f"Prefect has no {noun} with {what}", remedy=remedy), (at or wrong or "id",)
    )


async def _near(
    resource: RemoteObject, scope: Scope, key: Mapping[str, str]
) -> tuple[str, list[Mapping[str, str]]]:
    """The attribute that is probably wrong, and the keys that were probably meant, nearest first."""
    *owners, last = key
    try:
        listed = await everything(resource.client, scope, resource.listed_at(), fresh=_FRESH, most=_PAGES)
        known = [] if listed is None else await resource.keys_of(scope, listed.objects)
    except ApiError as error:
        _log.info("cannot look which %ss there are: %s", resource.noun(), error)
        return last, []
    beside = [one for one in known if all(one[name] == key[name] for name in owners)]
    wrong, among = (last, beside) if beside or not owners else (owners[0], known)
    meant = near_names(key[wrong], sorted({one[wrong] for one in among}))
    return wrong, [one for name in meant for one in among if one[wrong] == name]


def _whole(resource: RemoteObject, key: Mapping[str, str], near: Sequence[Mapping[str, str]]) -> list[str]:
    """The keys in one text each: of several with the part that was meant, those that are nearest as a whole."""
    texts = [resource.key.write(one) if resource.key else "" for one in near]
    return near_names(_text(resource, key), texts) or texts[:_SHOWN]
