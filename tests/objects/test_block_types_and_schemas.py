"""Types and schemas of blocks on a real server: what exists already, what goes with them, what the server rewrites."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.block_schema import BlockSchema
from prefect_provider.objects.server.block_type import BlockType
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from tests.objects.terraform_core import World


def own_type(world: World, **given: Any) -> Managed:
    """A type that nobody else has."""
    name = unique("type")
    managed = Managed(world, BlockType)
    managed.apply({"name": name, "slug": name} | given)
    return managed


def own_fields(**more: Any) -> dict[str, Any]:
    """Fields that no other schema has."""
    return {"title": unique("schema"), "type": "object", "properties": {"a": {"type": "string"}}} | more


def own_schema(world: World, type_id: str, **fields: Any) -> Managed:
    """A schema of a type."""
    managed = Managed(world, BlockSchema)
    managed.apply({"block_type_id": type_id, "fields": json.dumps(own_fields(**fields))})
    return managed


def planned_end(world: World, managed: Managed) -> Diagnostics:
    """What a plan says that destroys it."""
    outcome = world.run(
        lifecycle.plan(managed.kind, world.client, managed.state, None, managed.private, explain)
    )
    return outcome.diagnostics


def test_type_keeps_its_id(world: World) -> None:
    """A change of a type leaves its id known in the plan, so that nothing that refers to it is made anew."""
    managed = own_type(world)
    given = {"name": managed.held["name"], "slug": managed.held["slug"]}

    planned = managed.plan(configuration(BlockType, given | {"description": "new"}), prior=managed.state)

    assert planned.state is not None
    assert planned.state["id"] == managed.id
    assert planned.replace == []
    assert [name for name, value in planned.state.items() if value is UNKNOWN] == ["updated"]


def test_name_that_another_type_has(world: World) -> None:
    """Prefect answers the creation of such a type with the other one, as if it were new: refused in plan and apply."""
    theirs = own_type(world)
    given = {"name": theirs.held["name"], "slug": unique("slug")}
    # Of another process, which has not met the other one.
    other = type(world)(world.server)
    try:
        managed = Managed(other, BlockType)
        [error] = managed.plan(configuration(BlockType, given), prior=None).diagnostics
        assert f'id = "{theirs.id}"' in error.detail

        wanted = configuration(BlockType, given)
        planned = dict.fromkeys(("id", "created", "updated", "is_protected"), UNKNOWN)
        outcome = other.run(
            lifecycle.apply(BlockType, other.client, None, wanted | planned, wanted, {}, explain)
        )
    finally:
        other.close()

    [error] = outcome.diagnostics
    assert outcome.state is None
    assert f'id = "{theirs.id}"' in error.detail
    theirs.assert_settled({"name": theirs.held["name"], "slug": theirs.held["slug"]})


def test_type_that_belongs_to_prefect(world: World) -> None:
    """It can be imported, and its destruction or replacement is refused in the plan instead of with 403."""
    secret = Managed.imported(world, BlockType, "secret")
    assert secret.held["is_protected"] is True

    moved = {name: secret.held[name] for name in ("name", "logo_url", "documentation_url")} | {"slug": "mine"}
    found = secret.plan(configuration(BlockType, moved), prior=secret.state).diagnostics
    assert [item.path for item in found if item.severity == "error"] == [("slug",)]
    [error] = [item for item in planned_end(world, secret) if item.severity == "error"]
    assert "`removed` block" in error.detail


@pytest.mark.parametrize("role", ["storage_document_id", "infrastructure_document_id"])
def test_deployments_go_with_a_type(world: World, role: str) -> None:
    """Prefect deletes deployments that use a block of the type or the schema, so that the plan counts them, too."""
    type_ = own_type(world)
    schema = own_schema(world, type_.id)
    block = Managed(world, Block)
    block.apply({"name": "theirs", "type_slug": type_.held["slug"], "data": json.dumps({"a": "x"})})
    flow = world.call("POST", "/flows/", {"name": unique("uses-a-block")})
    body = {"name": "user", "flow_id": flow["id"], role: block.id}
    deployment = world.call("POST", "/deployments/", body)["id"]

    for managed, more in ((type_, " and 1 schema"), (schema, "")):
        [warning] = planned_end(world, managed)
        assert f'deletes its 1 block ("theirs"){more} and 1 deployment ("user"),' in warning.detail

    type_.destroy()
    assert not world.server.exists(f"/deployments/{deployment}")


def test_what_goes_with_a_type_and_a_schema(world: World) -> None:
    """The plan of a destruction counts blocks and schemas; of a new schema in place of the old one, the blocks."""
    type_ = own_type(world)
    assert shown(planned_end(world, type_)) == []
    schema = own_schema(world, type_.id)
    Managed(world, Block).apply(
        {"name": "theirs", "type_slug": type_.held["slug"], "data": json.dumps({"a": "x"})}
    )

    [warning] = planned_end(world, type_)
    assert 'deletes its 1 block ("theirs") and 1 schema,' in warning.detail
    [warning] = planned_end(world, schema)
    assert 'deletes its 1 block ("theirs"),' in warning.detail
    given = {"block_type_id": type_.id, "fields": json.dumps(own_fields())}
    [warning] = schema.plan(configuration(BlockSchema, given), prior=schema.state).diagnostics
    assert (warning.severity, warning.path) == ("warning", ("fields",))
    assert 'deletes its 1 block ("theirs"),' in warning.detail


def test_schema_that_exists(world: World) -> None:
    """One of the same fields and version is refused in the plan, with its import, or with the type that has it."""
    type_, other = own_type(world), own_type(world)
    fields = own_fields()
    body = {"fields": fields, "block_type_id": type_.id, "version": "1"}
    theirs = world.call("POST", "/block_schemas/", body)
    given = {"block_type_id": type_.id, "fields": json.dumps(fields), "version": "1"}

    [error] = Managed(world, BlockSchema).plan(configuration(BlockSchema, given), prior=None).diagnostics
    assert f'id = "{theirs["id"]}"' in error.detail
    assert Managed.imported(world, BlockSchema, theirs["id"]).changes(given) == []

    elsewhere = given | {"block_type_id": other.id}
    [error] = Managed(world, BlockSchema).plan(configuration(BlockSchema, elsewhere), prior=None).diagnostics
    assert error.path == ("fields",)
    assert type_.held["slug"] in error.detail
    Managed(world, BlockSchema).apply(elsewhere | {"version": "2"})


def test_schema_that_exists_by_the_time_of_the_apply(world: World) -> None:
    """The server answers with the one that it has, perhaps of another type: nothing of it is stored."""
    type_, other = own_type(world), own_type(world)
    fields = own_fields()
    managed = Managed(world, BlockSchema)
    wanted = configuration(BlockSchema, {"block_type_id": type_.id, "fields": json.dumps(fields)})
    planned = managed.plan(wanted, prior=None)
    assert shown(planned.diagnostics) == []
    theirs = world.call("POST", "/block_schemas/", {"fields": fields, "block_type_id": other.id})

    outcome = world.run(
        lifecycle.apply(BlockSchema, world.client, None, planned.state, wanted, planned.private, explain)
    )

    [error] = outcome.diagnostics
    assert outcome.state is None
    assert theirs["id"] in error.detail
    assert world.server.exists(f"/block_schemas/{theirs['id']}")


def test_schema_of_a_nested_block(world: World) -> None:
    """What the server adds to the fields and takes from them is no difference, after creation and after import."""
    type_ = own_type(world)
    inner = own_fields(block_type_slug=type_.held["slug"], block_schema_references={})
    made = Managed(world, BlockSchema)
    made.apply({"block_type_id": type_.id, "fields": json.dumps(inner)})
    outer = own_fields(
        properties={"s": {"$ref": "#/definitions/Inner"}, "p": {"$ref": "#/definitions/Plain"}},
        definitions={"Inner": inner, "Plain": {"type": "object"}, "Unused": {"type": "string"}},
        block_schema_references={
            "s": {
                "block_type_slug": type_.held["slug"],
                "block_schema_checksum": made.held["checksum"],
            }
        },
    )
    given = {"block_type_id": type_.id, "fields": json.dumps(outer)}
    managed = Managed(world, BlockSchema)
    managed.apply(given)

    assert managed.held["block_type"] == type_.held["slug"]
    for id_ in (managed.id, managed.held["checksum"]):
        assert Managed.imported(world, BlockSchema, id_).changes(given) == []


def test_import_by_type_and_version(world: World) -> None:
    """A version of a type that several schemas have names the ids; one that only one has leads to it."""
    type_ = own_type(world)
    slug = type_.held["slug"]
    made = []
    for version in ("1", "2", "2"):
        given = {"block_type_id": type_.id, "fields": json.dumps(own_fields()), "version": version}
        managed = Managed(world, BlockSchema)
        managed.apply(given)
        made.append(managed)

    assert Managed.imported(world, BlockSchema, f"{slug}/1").id == made[0].id
    [error] = world.import_state(BlockSchema, f"{slug}/2").diagnostics
    assert all(one.id in error.detail for one in made[1:])
    [error] = world.import_state(BlockSchema, f"{slug}/3").diagnostics
    assert error.summary == "No such object"


def test_block_of_a_type_that_is_planned(world: World) -> None:
    """A block whose type, or whose type's schema, the same configuration makes plans without a word."""
    # Near to none that others have left on the server, of which it could be a misspelling.
    slug = uuid4().hex
    block = configuration(Block, {"name": "b", "type_slug": slug, "data": json.dumps({"a": "x"})})
    [warning] = Managed(world, Block).plan(block, prior=None).diagnostics
    assert warning.severity == "warning"

    type_ = Managed(world, BlockType)
    given = {"name": slug, "slug": slug}
    assert shown(type_.plan(configuration(BlockType, given), prior=None).diagnostics) == []
    assert shown(Managed(world, Block).plan(block, prior=None).diagnostics) == []

    type_.apply(given)
    [warning] = Managed(world, Block).plan(block, prior=None).diagnostics
    assert "depends_on" in warning.detail
    schema = configuration(BlockSchema, {"block_type_id": type_.id, "fields": json.dumps(own_fields())})
    assert shown(Managed(world, BlockSchema).plan(schema, prior=None).diagnostics) == []
    assert shown(Managed(world, Block).plan(block, prior=None).diagnostics) == []


@pytest.mark.parametrize(
    "given",
    [{"slug": "A_b"}, {"slug": ""}, {"name": "Prefect x"}, {"name": "a/b"}],
    ids=str,
)
def test_type_that_prefect_refuses(world: World, given: dict[str, Any]) -> None:
    """What the server answers with 403 or 422 is an error of the configuration, at its attribute."""
    [error] = Managed(world, BlockType).validate({"name": "x", "slug": "x"} | given)

    assert error.path == tuple(given)
