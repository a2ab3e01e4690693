"""Types of blocks with their newest schema, each asked for once by a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from prefect_provider.api import join_path
from prefect_provider.objects.addressed import get_or_none
from prefect_provider.objects.answers import object_of, objects_of
from prefect_provider.objects.once import once
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["BlockType", "UnknownBlockType", "block_type"]


class BlockType(NamedTuple):
    """A type of block."""

    id: str
    schema_id: str
    fields: dict[str, Any]
    """The JSON schema of the data."""


class UnknownBlockType(ProviderError):  # noqa: N818 - named for what happened
    """There is no type of that slug; ``near`` are those that were probably meant."""

    def __init__(self, slug: str, near: list[str]) -> None:
        meant = f"Did you mean {names(near, last='or')}? " if near else ""
        super().__init__(
            f"Unknown block type `{slug}`",
            say(
                "Prefect knows no block type with this slug",
                remedy=f"{meant}`prefect block type ls` lists them; `prefect block register -m <module>` adds those "
                "of an integration",
            ),
            ("type_slug",),
        )
        self.near = near


async def block_type(client: Client, scope: Scope, slug: str) -> BlockType:
    """The type of a slug; all blocks of it share the answer.

    Raises UnknownBlockType, ProviderError for a type without a schema, and ApiError.
    """
    return await once(client, ("block type", scope.prefix, slug), _ask(scope, slug))


async def _ask(scope: Scope, slug: str) -> BlockType:
    path = join_path("block_types", "slug", slug)
    found: Any = await get_or_none(scope, path)
    if found is None:
        answer = (await scope.post("/block_types/filter", {})).data
        known = objects_of("POST /block_types/filter", "block type", answer, slug=String())
        raise UnknownBlockType(slug, near_names(slug, [item["slug"] for item in known]))
    found = object_of(f"GET {path}", "block type", found, id=String())
    wanted = {"block_schemas": {"block_type_id": {"any_": [found["id"]]}}, "limit": 1}
    answer = (await scope.post("/block_schemas/filter", wanted)).data
    schemas = objects_of("POST /block_schemas/filter", "block schema", answer, id=String())
    if not schemas:
        msg = f"The block type `{slug}` has no schema"
        raise ProviderError(msg, "Register it: `prefect block register -m <module>`.", ("type_slug",))
    fields = schemas[0].get("fields")
    return BlockType(found["id"], schemas[0]["id"], fields if isinstance(fields, dict) else {})
