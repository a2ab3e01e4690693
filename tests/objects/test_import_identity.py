"""Identities of Prefect's objects: what they are made of, and where they say that an object is."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import RESOURCES
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.stored_schema import stored_identities
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import configuration, explain, shown

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Client, Outgoing
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

ACCOUNT = "0198f3a4-1111-4222-8333-944455556666"
WORKSPACE = "0198f3a4-2222-4222-8333-944455556666"
OTHER = "0198f3a4-3333-4222-8333-944455556666"
ID = "0198f3a4-4444-4222-8333-944455556666"


def cloud(transport: FakeTransport) -> Client:
    """A client of Prefect Cloud, of which the transport is a fake."""
    base = f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}"
    return client(transport, endpoint=base, api_key="key")


def one_variable(outgoing: Outgoing) -> Answer:
    """A workspace in which every id is that of a variable, and no name is taken."""
    if "/name/" in outgoing.url:
        return answer(404, {"detail": "Variable not found"})
    found: dict[str, Any] = {
        "id": ID,
        "name": "n",
        "value": "v",
        "tags": [],
        "created": None,
        "updated": None,
    }
    return answer(200, found | json.loads(outgoing.body or b"{}"))


NO_ID = {
    "prefect_block_access": ["block_id"],
    "prefect_deployment_access": ["deployment_id"],
    "prefect_team_access": ["team_id", "member_actor_id"],
    "prefect_work_pool_access": ["work_pool_name"],
    "prefect_workspace_access": ["accessor_type", "accessor_id"],
}
"""What Prefect Cloud has no id for is told by whose it is."""


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.type_name)
def test_every_type_names_its_objects(kind: type[RemoteObject]) -> None:
    """Its schema says what an import needs, an id at least or else all of the key, and what it may leave out."""
    schema = pb.GetResourceIdentitySchemas.Response.FromString(stored_identities()).identity_schemas[
        kind.type_name
    ]
    needed = [one.name for one in schema.identity_attributes if one.required_for_import]
    others = [one.name for one in schema.identity_attributes if one.optional_for_import]
    assert needed == list(kind.identified_by)
    assert "id" in needed or needed == NO_ID[kind.type_name]
    assert others == list(kind.located_by)
    assert all(one.description for one in schema.identity_attributes)


@pytest.mark.parametrize(
    ("given", "place", "held"),
    [
        ({}, (ACCOUNT, WORKSPACE), (None, None)),
        ({"account_id": ACCOUNT, "workspace_id": WORKSPACE.upper()}, (ACCOUNT, WORKSPACE), (None, None)),
        ({"workspace_id": OTHER}, (ACCOUNT, OTHER), (None, OTHER)),
        ({"account_id": ACCOUNT, "workspace_id": OTHER}, (ACCOUNT, OTHER), (None, OTHER)),
        ({"account_id": OTHER, "workspace_id": WORKSPACE}, (OTHER, WORKSPACE), (OTHER, WORKSPACE)),
    ],
)
def test_an_identity_says_where_on_cloud(
    given: Values, place: tuple[str, str], held: tuple[str | None, str | None]
) -> None:
    """An import looks in the place that the identity names; the state names it only if it is not the provider's.

    The identity itself names it always, so that it stays true under another provider block.
    """
    transport = FakeTransport(one_variable)

    async def imported() -> lifecycle.Outcome:
        identity = {"id": ID, "account_id": None, "workspace_id": None} | given
        return await lifecycle.import_identity(Variable, cloud(transport), identity, explain)

    outcome = asyncio.run(imported())
    assert shown(outcome.diagnostics) == []
    [sent] = transport.sent
    assert f"/accounts/{place[0]}/workspaces/{place[1]}/variables/{ID}" in sent.url
    assert outcome.state is not None
    assert (outcome.state["account_id"], outcome.state["workspace_id"]) == held
    assert outcome.identity == {"id": ID, "account_id": place[0], "workspace_id": place[1]}


@pytest.mark.parametrize("workspace", [None, OTHER, UNKNOWN])
def test_what_is_to_be_made_has_no_identity_yet(workspace: Any) -> None:
    """Its id is not known, and Terraform cannot show a plan with an identity of which a part is unknown."""
    given = configuration(Variable, {"name": "n", "value": Dynamic(STRING, "v"), "workspace_id": workspace})

    async def planned() -> lifecycle.Outcome:
        return await lifecycle.plan(Variable, cloud(FakeTransport(one_variable)), None, given, {}, explain)

    outcome = asyncio.run(planned())
    assert shown(outcome.diagnostics) == []
    assert outcome.identity is None


def test_what_changes_keeps_its_identity_in_the_plan() -> None:
    """A change says where the object is, as a read does."""
    given = configuration(Variable, {"name": "n", "value": Dynamic(STRING, "v")})
    prior = given | {"id": ID, "tags": [], "value": Dynamic(STRING, "before"), "workspace_id": None}

    async def planned() -> lifecycle.Outcome:
        return await lifecycle.plan(Variable, cloud(FakeTransport(one_variable)), prior, given, {}, explain)

    outcome = asyncio.run(planned())
    assert shown(outcome.diagnostics) == []
    assert outcome.identity == {"id": ID, "account_id": ACCOUNT, "workspace_id": WORKSPACE}
