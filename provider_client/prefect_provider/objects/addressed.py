"""How an object is addressed, read and found, and how an answer of the API becomes its attributes.

Declared per object: its collection, its address, its key, and the fields without which an answer is none. From these
come refresh, import, and every look at the server before something is planned or made.
"""

from __future__ import annotations

import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from prefect_provider.api import Listing, NotFound, Scope
from prefect_provider.objects.answers import answer_problems, refuse_answer
from prefect_provider.objects.identity import Key, fill_path
from prefect_provider.objects.mapping import from_api, to_api
from prefect_provider.plugin.language.declaration import computed
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Json, Timestamp, Uuid
from prefect_provider.plugin.language.resource import Resource
from prefect_provider.plugin.language.values import Value, Values, has_unknown
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.text import json
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.objects.filters import Filter
    from prefect_provider.plugin.language.declaration import Declaration

__all__ = ["AddressedObject", "get_or_none"]

_log: Final = logging.getLogger("prefect_provider.objects")


async def get_or_none(scope: Scope, path: str, **params: str) -> dict[str, Any] | None:
    """The object at a path; ``None`` if there is none."""
    try:
        reply = await scope.get(path, params or None)
    except NotFound:
        return None
    found: dict[str, Any] = reply.data
    return found


class AddressedObject(Resource):
    """An object of Prefect's API that can be read."""

    collection: ClassVar[str] = ""
    """The collection's path, such as ``/flows``."""

    address: ClassVar[str] = ""
    """Where one object is read, changed and deleted, if not at ``<collection>/{id}``: ``/work_pools/{name}``."""

    by_id: ClassVar[str] = ""
    """Where an object is read by its id, if not at its address; without it, the collection's filter finds it."""

    read_by: ClassVar[Literal["id", "name"]] = "id"
    """What a refresh asks for an object by, alone or together with others."""

    command: ClassVar[str] = ""
    """What Prefect's command line calls such objects, if not as people do, in one word: ``block type``."""

    has_filter: ClassVar[bool] = True
    """Whether the collection's filter takes ids; without, several objects are found by paging."""

    filter_name: ClassVar[str] = ""
    """What the collection's filter calls its objects, if not as the path does."""

    newest_first: ClassVar[str] = ""
    """The order of the collection's filter that puts new objects first, if it has one."""

    listed_in: ClassVar[str] = ""
    """The order in which the collection is listed, if not with new objects first: one that is the same each time."""

    listed_with: ClassVar[Sequence[str]] = ()
    """The collections in which such objects are listed, if there are several: ``("/user_access", "/bot_access")``."""

    filters: ClassVar[Sequence[Filter]] = ()
    """By what a listing can be narrowed."""

    key: ClassVar[Key | None] = None
    """The attributes by which people know an object."""

    needed: ClassVar[Sequence[str]] = ("id",)
    """Fields without which an answer of the API is not one of these objects."""

    nullable: ClassVar[Sequence[str]] = ()
    """Attributes that may be null in an answer although they have a default: nobody has set them yet."""

    unchecked: ClassVar[Sequence[str]] = ()
    """Attributes that bear whatever the API answers inside them."""

    asked_by_import: ClassVar[Mapping[str, Value]] = MappingProxyType({})
    """Values that an import holds before it reads the object, for what is read only where state holds it."""

    identified_by: ClassVar[Sequence[str]] = ("id",)

    id = computed(Uuid(), "The object's id (UUID).")
    created = computed(Timestamp(), "When the object was created (RFC 3339).")
    updated = computed(
        Timestamp(),
        "When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.",
        volatile=True,
    )

    @classmethod
    def noun(cls) -> str:
        """What people call it: ``work pool``."""
        return cls.type_name.removeprefix("prefect_").replace("_", " ")

    @property
    def on_cloud(self) -> bool | None:
        """Whether the server is Prefect Cloud; ``None`` while the provider is not configured."""
        return None if self.client is None else bool(self.client.settings.is_cloud)

    # ------------------------------------------------------------------ where it is

    def scope(self, values: Mapping[str, Value]) -> Scope:
        """The part of the API in which the object lives.

        Raises ProviderError while the provider is not configured, and for ids of a place that the server does not have.
        """
        if self.client is None:
            msg = "The provider is not configured yet"
            raise ProviderError(
                msg,
                "Its configuration depends on a value that is known only after apply. Apply the resources it "
                "depends on first: terraform apply -target=...",
            )
        return self.place(values)

    def place(self, values: Mapping[str, Value]) -> Scope:
        """The scope for the ids of these values; the client is there."""
        return Scope(self.client, None, None)

    def known_scope(self, values: Mapping[str, Value]) -> Scope | None:
        """The scope at plan: ``None`` while the provider is not configured, or an id of the place is not known."""
        ids = [values.get("account_id"), values.get("workspace_id")]
        return None if self.client is None or has_unknown(ids) else self.scope(values)

    def location(self, values: Mapping[str, Value]) -> str:
        """The path of an object; raises ProviderError if what it is addressed by is empty or not known."""
        return fill_path(self.address or f"{self.collection}/{{id}}", values)

    # ------------------------------------------------------------------ the two forms of it

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The attributes of an object as the API returned it; ``held`` gives what only Terraform knows."""
        return from_api(type(self), data)

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The request body for the named attributes, or all."""
        return to_api(type(self), values, names)

    def understand(self, what: str, data: Any, held: Mapping[str, Value]) -> Values:
        """:meth:`values` of an answer that is checked first; ``what`` was asked: ``GET /flows/…``.

        Whatever an answer of an unforeseen form leads to is the answer's fault, and the log has the rest.
        """
        from prefect_provider.plugin.wire.codec import encode  # not for constructs, which ask no server

        self.check(what, data)
        try:
            values = _as_held(type(self), self.values(data, held), held)
            encode(values, self.object_type())
        except CodecError as error:
            refuse_answer(what, self.noun(), [str(error)])
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            _log.warning("cannot read the answer to %s", what, exc_info=True)
            refuse_answer(what, self.noun(), [f"it cannot be read ({type(error).__name__})"])
        return values

    def problems(self, data: Any) -> list[str]:
        """What keeps an answer from being one of these objects."""
        return answer_problems(
            type(self),
            data,
            needed=self.needed,
            nullable=self.nullable,
            unchecked=self.unchecked,
            whole=True,
        )

    def check(self, what: str, data: Any, **wanted: Value) -> None:
        """Raise UnexpectedAnswer unless an answer is one of these objects, and has the ``wanted`` attributes."""
        problems = self.problems(data)
        for name, value in wanted.items():
            if not problems and not self.attributes[name].same(data.get(name), value):
                problems.append(f"it has another `{name}`")
        if problems:
            refuse_answer(what, self.noun(), problems)

    # ------------------------------------------------------------------ read

    def params(self, held: Mapping[str, Value]) -> dict[str, str]:
        """The query with which an object is read."""
        return {}

    async def read(self, state: Values) -> Values | None:
        """Refresh, alone or together with others."""
        data = await self.fetch(state)
        return None if data is None else self.understand(f"GET {self.location(state)}", data, state)

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """The API's answer for the object in state; ``None`` if it is gone."""
        path, wanted = self.location(state), state[self.read_by]
        data = await self.scope(state).collection(self.listing(state)).read(wanted)
        if data is not None:
            self.check(f"GET {path}", data, **{self.read_by: wanted})
        return data

    def listing(self, held: Mapping[str, Value]) -> Listing:
        """How several objects are asked for at once; ``held`` decides as for one."""
        params = self.params(held)
        # A query's `true` is a truth value in a body.
        options = {name: {"true": True, "false": False}.get(value, value) for name, value in params.items()}
        path = self.by_id.removesuffix("/{id}") or self.collection
        # What is asked for in addition is for this object only.
        return Listing(
            path,
            self.filter_name or path.strip("/"),
            self.newest_first,
            options=options,
            params=params,
            key=(self.read_by,),
            has_keys=self.has_filter,
            has_pages=not options,
        )

    async def fetch_by_id(
        self, scope: Scope, object_id: str, held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The object of an id."""
        if self.by_id or not self.address:
            return await scope.collection(self.listing(held)).read(object_id)
        found = await self.filtered(scope, {"id": {"any_": [object_id]}})
        return found[0] if found else None

    async def filtered(self, scope: Scope, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The objects that the collection's filter finds, newest first."""
        path = f"{self.collection}/filter"
        reply = await scope.post(path, {self.filter_name or self.collection.strip("/"): wanted})
        if not isinstance(reply.data, list):
            refuse_answer(f"POST {path}", f"list of {self.noun()}s", ["it is no list"])
        for data in reply.data:
            self.check(f"POST {path}", data)
        return sorted(reply.data, key=lambda data: str(data.get("created")), reverse=True)

    # ------------------------------------------------------------------ find

    async def find_by_key(
        self, scope: Scope, key: Mapping[str, str], held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The object of that key; raises ProviderError where a name leads to several."""
        if self.key is None or not self.key.path:
            return self._only_one(await self.namesakes(scope, key), key)
        path = fill_path(self.key.path, key)
        data = await get_or_none(scope, path, **self.params(held))
        if data is not None:
            self.check(f"GET {path}", data, **self._key_fields(key))
        return data

    def _key_fields(self, key: Mapping[str, str]) -> dict[str, str]:
        """The part of a key that an answer has fields for, as has an object its name but not always its flow's."""
        return {name: value for name, value in key.items() if self.attributes[name].source == name}

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """The object of a unique key before anything is written, asked for together with others."""
        if self.key is None or not self.key.path:
            return await self.find_by_key(scope, key, {})
        path = fill_path(self.key.path, key)
        listing = self.key.listing(self.collection)
        data = await scope.collection(listing).find(*(key[name] for name in self.key.names), path=path)
        if data is not None:
            self.check(f"GET {path}", data)
        return data

    async def namesakes(self, scope: Scope, values: Mapping[str, Value]) -> list[dict[str, Any]]:
        """The objects with the same key, newest first: one at most, if it is unique."""
        known = self.key.known(values) if self.key else None
        if self.key is None or known is None:
            return []
        if not self.key.path:
            name = self.key.names[-1]
            listed = await self.filtered(scope, {name: {"any_": [known[name]]}})
            for data in listed:
                self.check(f"POST {self.collection}/filter", data, **{name: known[name]})
            return listed
        found = await self.find_by_key(scope, known, values)
        return [] if found is None else [found]

    def _only_one(self, found: list[dict[str, Any]], key: Mapping[str, str]) -> dict[str, Any] | None:
        if len(found) > 1:
            msg = f"{len(found)} {self.noun()}s are named {show(next(iter(key.values())))}"
            ids = "\n".join(f"  {data['id']}  created {data['created']}" for data in found)
            raise ProviderError(msg, f"Import the one that is meant by its id:\n{ids}")
        return found[0] if found else None

    # ------------------------------------------------------------------ list

    def listed_at(self, given: Mapping[str, Value] = MappingProxyType({})) -> str:
        """The path of the collection that a listing reads; ``given`` are its conditions."""
        return self.collection or (self.key.listing("").path if self.key else "")

    def flattened(self, collection: str, data: dict[str, Any]) -> dict[str, Any]:
        """An object of one of several collections, in the one form that they share."""
        return data

    def is_listed(self, data: Mapping[str, Any]) -> bool:
        """Whether an object that is found is one of its own, and not a part of another object."""
        return True

    async def described(self, what: str, data: Any, held: Mapping[str, Value]) -> Values:
        """:meth:`understand`, and what an answer alone does not tell."""
        return self.understand(what, data, held)

    async def keys_of(self, scope: Scope, objects: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """The keys of objects that were listed."""
        if self.key is None:
            return []
        return [key for one in objects if (key := self.key.of(one)) is not None]

    # ------------------------------------------------------------------ import

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        return f"`{cls.key.shown}` or `<id>`" if cls.key else "`<id>`"

    async def import_state(self, id_: str) -> Values | None:
        """Find by key or by id."""
        held = dict(self.asked_by_import)
        data = await self.find(self.scope(held), id_)
        return None if data is None else await self.imported(data, held)

    async def import_identity(self, identity: Values) -> Values | None:
        """Find by id, in the place that the identity names or the provider's."""
        held = {**self.asked_by_import, **self.place_of(identity)}
        data = await self.fetch_by_id(self.scope(held), identity["id"], held)
        if data is None:
            return None
        self.check(
            f"GET {self.by_id or self.collection + '/{id}'}".replace("{id}", identity["id"]),
            data,
            id=identity["id"],
        )
        return await self.imported(data, held)

    def place_of(self, identity: Mapping[str, Value]) -> Values:
        """The place of an identity, as a state holds it: null where it is the provider's own."""
        return {}

    async def imported(self, data: dict[str, Any], held: Values) -> Values:
        """The attributes of an object that was found for an import."""
        return await self.described(f"GET {self.location(data)}", data, held)

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """The object that an import id names; raises ProviderError for one of the wrong form."""
        held = self.asked_by_import
        if is_uuid(text):
            data = await self.fetch_by_id(scope, text, held)
            if data is not None:
                self.check(
                    f"GET {self.by_id or self.collection + '/{id}'}".replace("{id}", text), data, id=text
                )
                return data
        # A name may look like an id.
        key = self.key.read(text, type(self)) if self.key else None
        if key is not None:
            return await self.find_by_key(scope, key, held)
        if is_uuid(text):
            return None
        raise self.wrong_import_id(text)

    def wrong_import_id(self, text: str) -> ProviderError:
        """The error for an import id that is of none of the forms."""
        msg = f"Wrong import id for {self.type_name}"
        return ProviderError(
            msg, say(expected=self.import_form(), got=show(text) if text else "an empty one")
        )


def _as_held(declaration: type[Declaration], actual: Values, held: Mapping[str, Value]) -> Values:
    """The attributes, with documents that differ only in digits that no server keeps as Terraform holds them."""
    for name, attribute in declaration.attributes.items():
        now, before = actual.get(name), held.get(name)
        if (
            isinstance(attribute.kind, Json)
            and isinstance(now, str)
            and isinstance(before, str)
            and "." in before
            and now != before
            and json.as_stored(Json.load(now)) == json.as_stored(Json.load(before))
        ):
            actual[name] = before
    return actual
