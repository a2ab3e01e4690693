"""Lists of Prefect's objects: what each type can be narrowed by, and how much is asked of the server."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.objects.listing import conditions, has_listing, listing_of
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.engine.listing import Listed, list_objects
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.stored_schema import stored_schema
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Client, Outgoing
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values
    from tests.objects.terraform_core import World

ACCOUNT = "0198f3a4-1111-4222-8333-944455556666"
WORKSPACE = "0198f3a4-2222-4222-8333-944455556666"
OTHER = "0198f3a4-3333-4222-8333-944455556666"
COUNT = 450
LISTED = [kind for kind in SERVER_RESOURCES if has_listing(kind)]


def variables(outgoing: Outgoing) -> Answer:
    """A page of many variables, of which one is of a form that nobody knows."""
    body = json.loads(outgoing.body or b"{}")
    names = range(body["offset"], min(body["offset"] + body["limit"], COUNT))
    return answer(200, [variable(number) for number in names])


def variable(number: int) -> dict[str, Any]:
    """One of them."""
    tags = "none" if number == 1 else []
    return {"id": f"0198f3a4-4444-4222-8333-{number:012}", "name": f"v{number}", "value": 1, "tags": tags} | {
        "created": "2026-11-01T10:00:00Z",
        "updated": "2026-11-01T10:00:00Z",
    }


def cloud(transport: FakeTransport) -> Client:
    """A client of Prefect Cloud, of which the transport is a fake."""
    base = f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}"
    return client(transport, endpoint=base, api_key="key")


def listed(transport: FakeTransport, most: int | None = None, **given: Any) -> list[Listed]:
    """What a list of variables gives until nobody wants more."""
    kind = listing_of(Variable)
    config: Values = dict.fromkeys(kind.attributes) | given

    async def read() -> list[Listed]:
        found: list[Listed] = []
        async with aclosing(list_objects(kind, cloud(transport), config, explain, whole=True)) as objects:
            async for one in objects:
                found.append(one)
                if len(found) == most:
                    break
        return found

    return asyncio.run(read())


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.type_name)
def test_every_type_can_be_listed(kind: type[RemoteObject]) -> None:
    """Its list takes what the type declares to be listed by, and a place; none of it has to be given."""
    schema = pb.GetProviderSchema.Response.FromString(stored_schema()).list_resource_schemas[kind.type_name]
    attributes = schema.block.attributes
    assert [one.name for one in attributes] == [*(one.name for one in conditions(kind)), *kind.located_by]
    assert ("names" in [one.name for one in attributes]) == ("name" in kind.attributes)
    assert all(one.optional and not one.computed and one.description for one in attributes)


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.type_name)
def test_a_real_server_lists_every_type(world: World, kind: type[RemoteObject]) -> None:
    """Its collection answers as a list is read, also where there is nothing."""

    async def read() -> list[Listed]:
        lister = listing_of(kind)
        config: Values = dict.fromkeys(lister.attributes)
        return [one async for one in list_objects(lister, world.client, config, explain, limit=3)]

    found = world.run(read())
    assert [shown(one.diagnostics) for one in found] == [[]] * len(found)
    assert all(one.identity and one.display_name for one in found)


def test_names_are_compared_here_where_the_server_cannot(world: World) -> None:
    """Limits are listed by name although their collection has no filter, and without those of other objects."""
    stem = unique("limit")
    for name in (stem, f"{stem}-2", f"tag:{stem}", f"deployment:{stem}"):
        world.call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 1})

    async def names(**given: Any) -> list[str]:
        lister = listing_of(GlobalConcurrencyLimit)
        config: Values = dict.fromkeys(lister.attributes) | given
        return [one.display_name async for one in list_objects(lister, world.client, config, explain)]

    assert sorted(world.run(names(name_like=stem.upper()))) == [stem, f"{stem}-2"]
    assert world.run(names(names=[f"{stem}-2", "another"])) == [f"{stem}-2"]


def test_pages_are_asked_for_when_they_are_wanted() -> None:
    """A list that ends early has asked for no more than it gave; one that is read to its end gives each object once."""
    transport = FakeTransport(variables)
    assert len(listed(transport, 100)) == 100
    assert len(transport.sent) == 1
    assert len(listed(transport, 201)) == 201
    assert len(transport.sent) == 3

    everything = listed(transport)
    ids = [one.identity["id"] for one in everything if one.identity]
    assert len(ids) == len(set(ids)) == COUNT - 1


def test_an_object_of_an_unknown_form_is_left_out_with_a_warning() -> None:
    """The others are listed all the same."""
    first, odd, third = listed(FakeTransport(variables), 3)
    assert shown(first.diagnostics) == shown(third.diagnostics) == []
    assert (first.display_name, third.display_name) == ("v0", "v2")
    [warning] = odd.diagnostics
    assert (warning.severity, warning.summary) == ("warning", "A variable is left out of the list")
    assert "v1" in warning.detail
    assert odd.identity is None
    assert odd.state is None


@pytest.mark.parametrize(
    ("given", "held"), [({}, None), ({"workspace_id": WORKSPACE}, None), ({"workspace_id": OTHER},) * 2]
)
def test_a_list_of_another_workspace(given: dict[str, str], held: Any) -> None:
    """What is found says where it is; its attributes only if that is not the provider's place."""
    transport = FakeTransport(variables)
    [one] = listed(transport, 1, **given)
    place = given.get("workspace_id", WORKSPACE)
    assert f"/workspaces/{place}/variables/filter" in transport.sent[0].url
    assert one.identity is not None
    assert one.state is not None
    assert (one.identity["account_id"], one.identity["workspace_id"]) == (ACCOUNT, place)
    assert one.state["workspace_id"] == (held and held["workspace_id"])
    assert one.state["account_id"] is None


def test_a_server_that_says_no_ends_the_list() -> None:
    """The error is the server's, and there is nothing more."""
    [end] = listed(FakeTransport(lambda _: answer(403, {"detail": "Forbidden"})))
    [error] = end.diagnostics
    assert error.severity == "error"
    assert "listing prefect_variable" in error.detail
    assert end.identity is None
