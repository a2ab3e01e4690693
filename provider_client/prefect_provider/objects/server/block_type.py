"""``prefect_block_type``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.cascades import Dependents
from prefect_provider.objects.existing import check_creation
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.made_here import was_made_here
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN
from prefect_provider.objects.server.block_types import expect_type, forget_type
from prefect_provider.objects.server.block_uses import lost_with_blocks
from prefect_provider.plugin.language.declaration import computed, optional, required
from prefect_provider.plugin.language.kinds import Bool, String, Uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from prefect_provider.api import Scope
    from prefect_provider.objects.cascades import Loss
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["BlockType", "BlockTypeLookup"]


class MarkupText(String):
    """A text of which the server may escape the characters that mean something in HTML, and does so on creation."""

    def canonical(self, value: Value) -> Hashable:
        """As it was before."""
        if "&" not in value:
            return str(value)
        from html import unescape  # has all of HTML's names of characters

        return unescape(value)


class BlockType(WorkspaceObject):
    """A type of block; its blocks follow one of its schemas (`prefect_block_schema`).

    Deleting a type deletes its schemas and its blocks.
    """

    type_name = "prefect_block_type"
    collection = "/block_types"
    command = "block type"
    has_filter = False
    key = Key("{slug}", path="/block_types/slug/{slug}")
    returns_existing = True
    needed = ("id", "name", "slug")

    name = required(
        String(
            pattern=rf"(?![pP][rR][eE][fF][eE][cC][tT]){NAME_PATTERN}",
            form=f"{NAME_FORM}, not starting with `prefect`",
        ),
        "Name of the type. Names that start with `prefect` are reserved by Prefect.",
        replace=True,
    )
    slug = required(
        String(pattern="[a-z0-9-]+", form="lowercase letters, digits and hyphens"),
        "What blocks call their type: `type_slug` of a `prefect_block`.",
        replace=True,
    )
    logo_url = optional(String(), "URL of the type's logo.", null_is="")
    documentation_url = optional(String(), "URL of the type's documentation.", null_is="")
    description = optional(MarkupText(), "What blocks of the type are for.", null_is="")
    code_example = optional(MarkupText(), "Code that shows a block of the type at work.", null_is="")
    is_protected = computed(Bool(), "Whether Prefect brought the type, and refuses to delete it.")

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """Blocks of this configuration may be of the type; a protected one is not replaced."""
        await super().plan(plan)
        scope = self.known_scope(plan.config)
        if scope is not None and isinstance(plan.planned["slug"], str):
            expect_type(self.client, scope, plan.planned["slug"])
        replaced = self.replaced(plan)
        if replaced and plan.prior is not None:
            self._refuse_protected(plan.prior, (replaced[0],))

    async def plan_destroy(self, prior: Values) -> None:
        """A protected type stays."""
        self._refuse_protected(prior, ())
        await super().plan_destroy(prior)

    def _refuse_protected(self, prior: Values, path: tuple[str, ...]) -> None:
        if prior["is_protected"]:
            what = (
                f"the block type {show(prior['slug'])} belongs to Prefect itself, which refuses to delete it"
            )
            remedy = "Take it out of the state with a `removed` block instead"
            self.diagnostics.error("The block type cannot be deleted", say(what, remedy=remedy), path)

    async def check_existing(self, plan: Plan) -> None:
        """No other type has the slug, and none has the name: a POST would be answered with that one."""

        async def find(scope: Scope) -> dict[str, Any] | None:
            found = await self.look_up(scope, {"slug": plan.planned["slug"]})
            return found or await self._of_name(scope, plan.planned["name"])

        found = await check_creation(self, plan, find, key=("slug", "name"))
        if found is None:
            return
        if found.standing == "foreign":
            self.refuse_other(found.data, plan.planned)
        else:
            known = self.understand(f"the look for the {self.noun()}", found.data, plan.planned)
            await self._report_replaced(known, ())

    async def _of_name(self, scope: Scope, name: str) -> dict[str, Any] | None:
        """The type of a name, whatever its slug."""
        answer = (await scope.post("/block_types/filter", {"block_types": {"name": {"like_": name}}})).data
        listed = objects_of("POST /block_types/filter", "block type", answer, id=Uuid(), name=String())
        return next((one for one in listed if one["name"] == name), None)

    async def losses(self, prior: Values) -> list[Loss]:
        """Its blocks, and the deployments that use them."""
        found = await super().losses(prior)
        if any(loss.of.type_name == "prefect_block" for loss in found):
            found += await lost_with_blocks(self, prior, "block_type_id")
        return found

    def dependents(self, prior: Values) -> tuple[Dependents, ...]:
        """Prefect deletes a type's blocks and schemas."""
        return (
            Dependents(
                "blocks",
                "deletes",
                "/block_documents",
                owner={"block_type_id": prior["id"]},
                filter={"block_types": {"slug": {"any_": [prior["slug"]]}}},
                type_name="prefect_block",
            ),
            Dependents(
                "schemas",
                "deletes",
                "/block_schemas",
                owner={"block_type_id": prior["id"]},
                filter={"block_schemas": {"block_type_id": {"any_": [prior["id"]]}}},
                counts=False,
                named=False,
                type_name="prefect_block_schema",
            ),
        )

    # ------------------------------------------------------------------ lifecycle

    def existed(self, data: dict[str, Any], status: int, planned: Values, started: datetime) -> bool:
        """Prefect says 201 of a type that was there before, too."""
        is_ours = (
            data["slug"] == planned["slug"]
            and self.may_be_new(data, started)
            and not was_made_here(data["id"])
        )
        return super().existed(data, status, planned, started) or not is_ours

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """Blocks look for the type anew."""
        forget_type(self.client, scope, planned["slug"])
        return await super().complete(scope, data, planned, config)

    async def remove(self, prior: Values) -> None:
        """DELETE by id."""
        forget_type(self.client, self.scope(prior), prior["slug"])
        await super().remove(prior)


class BlockTypeLookup(Lookup, of=BlockType):
    """Looks up a block type, by its id or its slug."""
