"""Types of blocks with their newest schema, each asked for once by a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from prefect_provider.api import join_path
from prefect_provider.objects.addressed import get_or_none
from prefect_provider.objects.answers import object_of, objects_of
from prefect_provider.objects.once import forget, once
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = [
    "BlockType",
    "BlockTypeWithoutSchema",
    "UnknownBlockType",
    "block_type",
    "expect_schema",
    "expect_type",
    "forget_type",
    "is_expected",
    "schema_in_time",
]

_WAIT: Final = 5.0
_STEP: Final = 0.25
"""Seconds for which a new block waits for a schema that is made in the same apply, and between two looks."""

_EXPECTED: Final[WeakKeyDictionary[Client, set[tuple[str, str]]]] = WeakKeyDictionary()
"""Slugs of types, and ids of types of which a schema, that this configuration makes."""


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


class BlockTypeWithoutSchema(ProviderError):  # noqa: N818 - named for what happened
    """There is a type of that slug, but blocks of it cannot be made yet."""

    def __init__(self, slug: str, type_id: str) -> None:
        super().__init__(
            f"The block type `{slug}` has no schema",
            say(
                "a block follows the newest schema of its type, and there is none",
                remedy="If a `prefect_block_schema` of this configuration makes it, set `type_slug` to its "
                "`block_type`, or `depends_on` on the block, so that the schema comes first. Otherwise register it: "
                "`prefect block register -m <module>`",
            ),
            ("type_slug",),
        )
        self.type_id = type_id


def expect_type(client: Client, scope: Scope, slug: str) -> None:
    """This configuration makes, or has, a type of that slug."""
    _EXPECTED.setdefault(client, set()).add((scope.prefix, slug))


def expect_schema(client: Client, scope: Scope, type_id: str) -> None:
    """This configuration makes, or has, a schema of that type."""
    _EXPECTED.setdefault(client, set()).add((scope.prefix, type_id.lower()))


def is_expected(client: Client, scope: Scope, what: str) -> bool:
    """Whether this configuration makes a type of that slug, or a schema of the type of that id."""
    return (scope.prefix, what.lower()) in _EXPECTED.get(client, set())


def forget_type(client: Client, scope: Scope, slug: str) -> None:
    """The type, or a schema of it, is made or deleted."""
    forget(client, ("block type", scope.prefix, slug))


async def schema_in_time(client: Client, scope: Scope, slug: str) -> BlockType:
    """The type of a slug, for a block that is written now; its schema may be on its way in the same apply.

    Raises what :func:`block_type` raises.
    """
    import asyncio

    for _ in range(int(_WAIT / _STEP)):
        try:
            return await block_type(client, scope, slug)
        except BlockTypeWithoutSchema:
            await asyncio.sleep(_STEP)
    return await block_type(client, scope, slug)


async def block_type(client: Client, scope: Scope, slug: str) -> BlockType:
    """The type of a slug; all blocks of it share the answer.

    Raises UnknownBlockType, BlockTypeWithoutSchema, and ApiError.
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
        raise BlockTypeWithoutSchema(slug, found["id"])
    fields = schemas[0].get("fields")
    return BlockType(found["id"], schemas[0]["id"], fields if isinstance(fields, dict) else {})
