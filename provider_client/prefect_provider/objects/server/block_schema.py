"""``prefect_block_schema``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from prefect_provider.api import Reply, join_path
from prefect_provider.objects.addressed import get_or_none
from prefect_provider.objects.answers import object_of
from prefect_provider.objects.cascades import Dependents
from prefect_provider.objects.existing import check_creation
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.made_here import was_made_here
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.server.block_types import expect_schema, forget_type
from prefect_provider.objects.server.block_uses import lost_with_blocks
from prefect_provider.plugin.language.declaration import computed, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Json, ListOf, String, Uuid, freeze
from prefect_provider.rules.block_schemas import CHECKSUM_PATTERN, checksum, without_references
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from datetime import datetime

    from prefect_provider.api import Scope
    from prefect_provider.objects.cascades import Loss
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["BlockSchema", "BlockSchemaLookup"]

_UNVERSIONED: Final = "non-versioned"
"""The version of a schema that is given none."""


class SchemaFields(Json):
    """A schema's fields; what the server adds to them, or leaves out of them, says nothing."""

    def canonical_document(self, document: Any) -> Hashable:
        """Without references that are none, and definitions that nobody uses."""
        return freeze(without_references(document) if isinstance(document, dict) else document)


class Capabilities(ListOf):
    """A list of which the order says nothing: Prefect's own are sets."""

    def canonical(self, value: Value) -> Hashable:
        return frozenset(self.element.freeze(item) for item in value)


class BlockSchema(WorkspaceObject):
    """A schema of a block type: the fields of its blocks. The newest one of a type is that of new blocks.

    A schema cannot be changed: another one takes its place, and the blocks that followed the old one are deleted with
    it. Prefect keeps one schema of the same fields and version, whatever its type.
    """

    type_name = "prefect_block_schema"
    collection = "/block_schemas"
    command = "block type"
    key = Key(
        "{block_type:block type slug}/{version}", "{checksum}", places={"block_type": "block_type.slug"}
    )
    returns_existing = True
    needed = ("id", "checksum", "block_type_id", "block_type.slug")

    block_type_id = required(Uuid(), "The block type (UUID).", replace=True)
    block_type = computed(
        String(),
        "The block type's slug: as `type_slug` of a block, it has the block wait for the schema.",
        source=None,
    )
    fields = optional(
        SchemaFields("object"),
        "The fields, as the JSON schema of an object; `secret_fields` in it names those that are secret. Left out, the "
        "schema has none.",
        server_default=True,
        replace=True,
    )
    capabilities = optional(
        Capabilities(String()),
        "What blocks of the schema can do, such as `get-directory`. Left out, nothing that is known.",
        server_default=True,
        replace=True,
    )
    version = optional(
        String(), "Version of the schema. Left out, it is `non-versioned`.", server_default=True, replace=True
    )
    checksum = computed(
        String(pattern=CHECKSUM_PATTERN, form="`sha256:` and 64 hexadecimal digits"),
        "Checksum of the fields.",
    )

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """A block of this configuration may wait for the schema."""
        await super().plan(plan)
        scope = self.known_scope(plan.config)
        if scope is not None and isinstance(plan.planned["block_type_id"], str):
            expect_schema(self.client, scope, plan.planned["block_type_id"])

    async def check_existing(self, plan: Plan) -> None:
        """There is no schema of these fields and this version, of this type or of another."""
        planned = plan.planned
        if plan.prior is not None and not self.replaced(plan):
            return

        async def find(scope: Scope) -> dict[str, Any] | None:
            return await self._of_checksum(scope, planned)

        if isinstance(planned["fields"], str) or plan.config["fields"] is None:
            found = await check_creation(self, plan, find, key=("block_type_id",))
            if found is not None and found.standing == "foreign":
                self.refuse_other(found.data, planned)

    async def _of_checksum(self, scope: Scope, planned: Values) -> dict[str, Any] | None:
        """The schema of the planned fields and version."""
        fields, version = planned["fields"], planned["version"]
        document = plain(Json.load(fields)) if isinstance(fields, str) else {}
        path = join_path("block_schemas", "checksum", checksum(document))
        wanted = version if isinstance(version, str) else _UNVERSIONED
        found = await get_or_none(scope, path, version=wanted)
        if found is not None:
            self.check(f"GET {path}", found, version=wanted)
            self._refuse_other_type(found, planned)
        return found

    def _refuse_other_type(self, found: Mapping[str, Any], planned: Values) -> None:
        """Raise if it belongs to another type: it cannot be taken for this one."""
        wanted = planned["block_type_id"]
        if isinstance(wanted, str) and not self.attributes["block_type_id"].same(
            found["block_type_id"], wanted
        ):
            self._refuse_as_taken(found)

    def _refuse_as_taken(self, found: Mapping[str, Any]) -> NoReturn:
        msg = "The block schema exists already, of another block type"
        what = (
            f"the block type {show(found['block_type']['slug'])} has a schema of these fields and the version "
            f"{show(found['version'])} ({found['id']}), and Prefect keeps only one of the kind"
        )
        remedy = "Give this one another `version`, or a `title` of its own in `fields`"
        raise ProviderError(msg, say(what, remedy=remedy), ("fields",))

    async def losses(self, prior: Values) -> list[Loss]:
        """Its blocks, and the deployments that use them."""
        found = await super().losses(prior)
        if any(loss.of.type_name == "prefect_block" for loss in found):
            found += await lost_with_blocks(self, prior, "block_schema_id")
        return found

    def dependents(self, prior: Values) -> tuple[Dependents, ...]:
        """Prefect deletes a schema's blocks."""
        return (
            Dependents(
                "blocks",
                "deletes",
                "/block_documents",
                owner={"block_schema_id": prior["id"]},
                filter={"block_schemas": {"id": {"any_": [prior["id"]]}}},
                type_name="prefect_block",
            ),
        )

    # ------------------------------------------------------------------ mapping

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The fields as Terraform holds them, once it does: they cannot change, and the server rewrites them."""
        values = super().values(data, held)
        if held.get("id") == data["id"] and isinstance(held.get("fields"), str):
            fields = held["fields"]
        else:
            fields = Json.dump(without_references(data["fields"]))
        return values | {"fields": fields, "block_type": data["block_type"]["slug"]}

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """What is left out is left to the server."""
        return {name: value for name, value in super().body(values, names).items() if value is not None}

    # ------------------------------------------------------------------ find

    async def find_by_key(
        self, scope: Scope, key: Mapping[str, str], held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """By checksum, or by the type's slug and the version; raises ProviderError where that leads to several."""
        if "checksum" in key:
            path = join_path("block_schemas", "checksum", key["checksum"])
            found = await get_or_none(scope, path)
            if found is not None:
                self.check(f"GET {path}", found, checksum=key["checksum"])
            return found
        path = join_path("block_types", "slug", key["block_type"])
        type_ = await get_or_none(scope, path)
        if type_ is None:
            return None
        type_ = object_of(f"GET {path}", "block type", type_, id=Uuid())
        wanted = {"block_type_id": {"any_": [type_["id"]]}, "version": {"any_": [key["version"]]}}
        listed = await self.filtered(scope, wanted)
        return self._only_one(listed, {"name": f"{key['block_type']}/{key['version']}"})

    # ------------------------------------------------------------------ lifecycle

    async def find_created(self, scope: Scope, planned: Values, started: datetime) -> Reply | None:
        """By its checksum."""
        found = await self._of_checksum(scope, planned)
        if found is None or was_made_here(found["id"]) or not self.may_be_new(found, started):
            return None
        return Reply(201, found)

    def existed(self, data: dict[str, Any], status: int, planned: Values, started: datetime) -> bool:
        """One that a lost attempt of this call made is new, although the next one finds it."""
        self._refuse_other_type(data, planned)
        is_new = self.may_be_new(data, started) and not was_made_here(data["id"])
        return super().existed(data, status, planned, started) and not is_new

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """New blocks follow it."""
        forget_type(self.client, scope, data["block_type"]["slug"])
        return await super().complete(scope, data, planned, config)

    async def remove(self, prior: Values) -> None:
        """DELETE by id."""
        forget_type(self.client, self.scope(prior), str(prior["block_type"]))
        await super().remove(prior)


class BlockSchemaLookup(Lookup, of=BlockSchema):
    """Looks up a block schema, by its id or by its type's slug and its version."""

    block_type = optional(
        String(), "The slug of the block type; needs `version`.", server_default=True, source=None
    )
