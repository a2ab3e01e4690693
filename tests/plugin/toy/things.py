"""``toy_thing``: a resource with every kind of attribute that the declaration language has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.diagnostics import Diagnostics, ProviderError
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Integer,
    Json,
    ListOf,
    MapOf,
    Number,
    SetOf,
    String,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedList, NestedMap, NestedSet, NestedSingle
from prefect_provider.plugin.language.resource import DataSource, Found, ListResource, Resource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Values
    from tests.plugin.toy.server import Store

__all__ = ["Remote", "Thing", "ThingData", "ThingList"]


class Core(Nested):
    """The inside of a part."""

    material = optional(String(), "What it is made of.", default="wood")
    density = optional(Number(), "How dense it is.")
    spec = optional(Json(), "Anything else.")


class Part(Nested):
    """A part of a thing."""

    label = required(String(), "What it says on it.")
    weight = optional(Integer(minimum=0), "How heavy it is.", default=1)
    note = optional(String(), "What to know about it.", null_is="")
    serial = computed(String(), "The number that the server gave it.")
    spec = optional(Json("object"), "Its specification.")
    tags = optional(SetOf(String()), "Marks.", default=[])
    core = optional(NestedSingle(Core), "What is inside.")


class Frame(Nested):
    """What holds a thing together."""

    size = required(Integer(), "How large.", replace=True)
    colour = optional(String(), "What colour.", default="red")
    secret = optional(String(), "What nobody may know.", sensitive=True)
    pin_wo = optional(String(), "What is never stored.", write_only=True)


class Remote(Resource):
    """An object of the toy's store."""

    identified_by = ("id",)

    id = computed(String(), "Under which the store knows it.")

    @property
    def store(self) -> Store:
        """The store, once the provider is configured."""
        if self.client is None:
            msg = "The provider is not configured"
            raise ProviderError(msg, "Its store is known only after apply.")
        store: Store = self.client
        return store

    async def create(self, planned: Values, config: Values) -> Values:
        """Put it into the store."""
        return self.store.create(type(self), planned)

    async def read(self, state: Values) -> Values | None:
        """Look into the store."""
        return self.store.get(type(self), state["id"])

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Put it into the store again."""
        return self.store.replace(type(self), prior["id"], planned)

    async def delete(self, prior: Values) -> None:
        """Take it out of the store."""
        self.store.delete(prior["id"])

    async def import_state(self, id_: str) -> Values | None:
        """Look into the store."""
        return self.store.get(type(self), id_)

    async def import_identity(self, identity: Values) -> Values | None:
        """Look into the store."""
        return self.store.get(type(self), identity["id"])


class Thing(Remote):
    """A thing with everything."""

    type_name = "toy_thing"
    schema_version = 1

    name = required(String(pattern="[a-z0-9-]+", form="lower case letters, digits and hyphens"), "Its name.")
    kind = optional(String(choices=("plain", "fancy")), "Which kind.", default="plain", replace=True)

    text = optional(String(), "A text.")
    whole = optional(Integer(), "A whole number.")
    number = optional(Number(), "Any number.")
    flag = optional(Bool(), "Yes or no.")
    document = optional(Json(), "A document.")
    anything = optional(AnyValue(), "A value of any type.")
    identity = optional(Uuid(), "A UUID.")
    moment = optional(Timestamp(), "An instant.")
    words = optional(ListOf(String()), "Words in order.")
    documents = optional(ListOf(Json()), "Documents in order.")
    labels = optional(MapOf(String()), "Labels.")
    marks = optional(SetOf(String()), "Marks.")

    note = optional(String(), "A note; an empty one is none.", null_is="")
    text_or_not = optional(String(), "A text that is something when left out.", default="something")
    flag_on = optional(Bool(), "On unless switched off.", default=True)
    marks_or_none = optional(SetOf(String()), "Marks; none when left out.", default=[])
    settings = optional(Json("object"), "Settings; empty when left out.", default="{}")
    priority = optional(Integer(), "The server chooses.", server_default=True)
    quota = optional(Integer(), "The server chooses at first; later 10.", server_default=True, reset=10)

    part = optional(NestedSingle(Part), "One part.")
    parts = optional(NestedList(Part), "Parts in order.")
    set_of_parts = optional(NestedSet(Part), "Parts in no order.")
    map_of_parts = optional(NestedMap(Part), "Parts by name.")
    parts_or_none = optional(NestedList(Part), "Parts; none when left out.", default=[])
    frame = optional(NestedSingle(Frame), "What holds it together.")
    default_core = optional(NestedSingle(Core), "A core even when left out.", default={"material": "steel"})

    secret = optional(String(), "A secret.", sensitive=True)
    secret_wo = optional(String(), "A secret that is never stored.", write_only=True)
    secret_wo_version = optional(Integer(), "Change it to send the secret again.")

    digest = computed(String(), "Follows the text.", follows=("text", "document"))
    summary = computed(String(), "Follows the digest.", follows=("digest",))
    grade = optional(String(), "Follows the kind.", server_default=True, follows=("text",))
    created = computed(Timestamp(), "When it was made.")
    revision = computed(Integer(), "Grows with every change.", volatile=True)
    secret_length = computed(Integer(), "How long the write-only secret is.", follows=("secret_wo_version",))

    async def validate(self, config: Values) -> None:
        """A text that says so is wrong."""
        if config.get("text") == "wrong":
            self.diagnostics.error("Wrong text", "Say something else.", ("text",))
        parts = config.get("parts")
        for index, part in enumerate(parts if isinstance(parts, list) else []):
            if isinstance(part, dict) and part.get("note") == "wrong":
                self.diagnostics.error("Wrong note", "Say something else.", ("parts", index, "note"))

    async def plan(self, plan: Plan) -> None:
        """A number that says so needs a new thing; one text is planned as another."""
        if plan.planned.get("whole") == 13 and plan.changes("whole"):
            plan.require_replace("whole")

    async def create(self, planned: Values, config: Values) -> Values:
        """Put it into the store, and count."""
        self.private["writes"] = self.private.get("writes", 0) + 1
        return await super().create(self._sized(planned, config), config)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Put it into the store again, and count."""
        self.private["writes"] = self.private.get("writes", 0) + 1
        self.diagnostics.warning("Counted", f"{self.private['writes']} writes")
        return await super().update(prior, self._sized(planned, config), config)

    @staticmethod
    def _sized(planned: Values, config: Values) -> Values:
        if planned["secret_length"] is None or isinstance(planned["secret_length"], int):
            return planned
        return planned | {"secret_length": len(config.get("secret_wo") or "")}

    @classmethod
    def upgrade(cls, version: int, state: dict[str, Any]) -> dict[str, Any]:
        """Version 0 called the name a title, and had the whole number as text."""
        renamed = {("name" if key == "title" else key): item for key, item in state.items()}
        return renamed | {"marks": [*(state.get("marks") or []), "upgraded"]}

    @classmethod
    def move(
        cls, provider: str, type_name: str, version: int, state: dict[str, Any]
    ) -> dict[str, Any] | None:
        """A ``terraform_data`` becomes the thing that its input names."""
        if type_name != "terraform_data":
            return None
        return {"id": state["input"]["value"]}


class ThingList(ListResource):
    """Things, oldest first."""

    type_name = "toy_thing"
    resource = Thing

    name_like = optional(
        String(pattern="[a-z0-9-]*", form="a part of a name"), "Only those of which the name has this."
    )

    async def found(self, config: Values) -> AsyncGenerator[Found, None]:
        """Look into the store, for one after the other; it is noted beside the store when nobody wants more."""
        if self.client is None:
            msg = "The provider is not configured"
            raise ProviderError(msg, "Its store is known only after apply.")
        try:
            for id_ in self.client.ids(Thing.type_name):
                values = self.client.get(Thing, id_)
                if values["text"] == "crash":
                    msg = "a thing that cannot be read"
                    raise ValueError(msg)
                if config["name_like"] is None or config["name_like"] in values["name"]:
                    thing = Thing(self.client, Diagnostics())
                    if values["text"] == "odd":
                        thing.diagnostics.error("An odd thing", "It is left out.", ("text",))
                        yield Found(thing, None, values["name"])
                    else:
                        yield Found(thing, values, f"thing {values['name']}")
        finally:
            self.client.path.with_suffix(".listed").touch()


class ThingData(DataSource):
    """A thing, looked up by its name."""

    type_name = "toy_thing"

    name = required(String(), "Its name.")
    id = computed(String(), "Its id.")
    text = computed(String(), "Its text.")
    parts = computed(NestedList(Part), "Its parts.")

    async def read(self, config: Values) -> Values:
        """Look into the store."""
        if self.client is None:
            msg = "The provider is not configured"
            raise ProviderError(msg, "Its store is known only after apply.")
        values = self.client.find(Thing, config["name"])
        if values is None:
            msg = f"No thing is called {config['name']}"
            raise ProviderError(msg, "Create it first.", ("name",))
        return dict(values)
