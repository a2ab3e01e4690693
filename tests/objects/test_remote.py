"""What all objects share: workspaces, import ids, and what is said when the server is not there or says no."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, RetryPolicy
from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.objects.identity import split_workspace
from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from prefect_provider.text.identifier import is_uuid
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import Managed, configuration, explain, shown

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.resource import Resource
    from tests.objects.terraform_core import World

ACCOUNT = "0198f3a4-1111-4222-8333-944455556666"
WORKSPACE = "0198f3a4-2222-4222-8333-944455556666"
OTHER = "0198f3a4-3333-4222-8333-944455556666"
ID = "0198f3a4-4444-4222-8333-944455556666"
BASE = f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}"


def cloud(transport: FakeTransport) -> Client:
    """A client of Prefect Cloud, of which the transport is a fake."""
    return client(transport, endpoint=BASE, api_key="key", policy=RetryPolicy(max_retries=0))


def variable(outgoing: Outgoing) -> Answer:
    """A workspace in which there is the variable of that id, and none of that name."""
    if outgoing.url.endswith(f"{BASE}/variables/name/n"):
        return answer(404, {"detail": "Variable not found"})
    body = json.loads(outgoing.body or b"{}")
    found = {"id": ID, "name": "n", "value": "v", "tags": [], "created": None, "updated": None} | body
    return answer(201 if outgoing.method == "POST" else 200, found)


def test_objects_live_in_the_workspace_of_the_provider() -> None:
    """On Prefect Cloud (a fake) every request goes to the account and workspace of the endpoint."""
    transport = FakeTransport(variable)
    given = configuration(Variable, {"name": "n", "value": Dynamic(STRING, "v")})

    async def live() -> None:
        api = cloud(transport)
        planned = await lifecycle.plan(Variable, api, None, given, {}, explain)
        applied = await lifecycle.apply(Variable, api, None, planned.state, given, {}, explain)
        assert shown(applied.diagnostics) == []
        assert applied.state is not None
        await lifecycle.refresh(Variable, api, applied.state, {}, explain)
        await lifecycle.apply(Variable, api, applied.state, None, {}, {}, explain)

    asyncio.run(live())

    assert [(out.method, out.url) for out in transport.sent] == [
        ("GET", f"{BASE}/variables/name/n"),
        ("POST", f"{BASE}/variables/"),
        ("GET", f"{BASE}/variables/{ID}"),
        ("DELETE", f"{BASE}/variables/{ID}"),
    ]


def test_workspace_of_the_object_wins() -> None:
    """An object may name another workspace, by attribute or behind the comma of an import id (a fake Cloud)."""
    transport = FakeTransport(variable)

    async def live() -> None:
        api = cloud(transport)
        imported = await lifecycle.import_state(Variable, api, f"name/n,{OTHER}", explain)
        assert shown(imported.diagnostics) == []
        assert imported.state is not None
        assert imported.state["workspace_id"] == OTHER
        await lifecycle.refresh(Variable, api, imported.state, {}, explain)

    asyncio.run(live())

    other = BASE.replace(WORKSPACE, OTHER)
    assert [out.url for out in transport.sent] == [
        f"{other}/variables/name/n",
        f"{other}/variables/{ID}",
    ]


def test_import_from_a_workspace_of_a_server_without_workspaces(world: World) -> None:
    """An import id with a workspace is refused on a self-hosted server, with what to write instead."""
    [error] = world.import_state(Variable, f"name/n,{OTHER}").diagnostics

    assert error.summary == "Wrong import id for prefect_variable"
    assert "Only Prefect Cloud has accounts and workspaces" in error.detail
    assert world.server.api_url in error.detail
    assert 'Write "name/n" without a workspace.' in error.detail


@pytest.mark.parametrize("kind", SERVER_RESOURCES, ids=lambda kind: kind.type_name)
def test_before_the_provider_is_configured(kind: type[Resource]) -> None:
    """While the provider's configuration is not known, an object cannot be read, and the error says what to do."""
    state: dict[str, Any] = dict.fromkeys(kind.attributes) | {"id": ID, "name": "n", "work_pool_name": "p"}

    outcome = asyncio.run(lifecycle.refresh(kind, None, state, {}, explain))

    [error] = outcome.diagnostics
    assert error.summary == "The provider is not configured yet"
    assert "-target" in error.detail
    assert outcome.state == state


KINDS: list[tuple[type[RemoteObject], str]] = [
    (Flow, "no such flow"),
    (Variable, "name/no_such"),
    (WorkPool, "no such pool"),
    (WorkQueue, "no such pool,no such queue"),
    (Block, "secret/no-such"),
    (Deployment, "no such flow/no such deployment"),
]


@pytest.mark.parametrize(("kind", "name"), KINDS, ids=lambda value: getattr(value, "type_name", None))
def test_import_of_what_is_not_there_fails_at_once(world: World, kind: type[Resource], name: str) -> None:
    """An import id of nothing, by name or id, is reported in a moment, with the id."""
    for id_ in (name, ID):
        started = time.monotonic()
        [error] = world.import_state(kind, id_).diagnostics
        assert time.monotonic() - started < 20
        assert error.summary == "No such object"
        assert id_ in error.detail


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=lambda kind: kind.type_name)
def test_empty_import_id_is_refused(world: World, kind: type[RemoteObject]) -> None:
    """An import id without a name is refused with the form that is expected."""
    for id_ in ("", f",{WORKSPACE}"):
        [error] = world.import_state(kind, id_).diagnostics
        assert error.summary == f"Wrong import id for {kind.type_name}"
        assert error.detail == f"Expected {kind.import_form()}, got an empty one."


def test_comma_of_a_name_is_no_workspace() -> None:
    """Only a UUID behind the last comma is a workspace; other commas belong to the name."""
    assert split_workspace("a,b") == ("a,b", None)
    assert split_workspace(f"a,b,{WORKSPACE}") == ("a,b", WORKSPACE)
    assert split_workspace(WORKSPACE) == (WORKSPACE, None)
    assert is_uuid(ID.upper())
    assert not is_uuid(f"{ID}0")


def test_object_that_vanishes_during_the_write() -> None:
    """An object that is gone right after it was changed is an error that says to apply again (a fake server)."""
    found = {"id": ID, "name": "n", "value": "v", "tags": []}

    def handler(outgoing: Outgoing) -> Answer:
        return answer(204) if outgoing.method == "PATCH" else answer(404, {"detail": "Variable not found"})

    async def live() -> lifecycle.Outcome:
        api = client(FakeTransport(handler))
        prior = dict.fromkeys(Variable.attributes) | found | {"value": Dynamic(STRING, "v")}
        given = configuration(Variable, {"name": "n", "value": Dynamic(STRING, "w")})
        planned = await lifecycle.plan(Variable, api, prior, given, {}, explain)
        return await lifecycle.apply(Variable, api, prior, planned.state, given, {}, explain)

    outcome = asyncio.run(live())

    [error] = outcome.diagnostics
    assert error.summary == "The object disappeared while it was being written"
    assert "Apply again" in error.detail


def test_deleting_twice_is_no_error(world: World) -> None:
    """An object that is gone already counts as deleted."""
    managed = Managed(world, Variable)
    managed.apply({"name": "deleted_twice", "value": Dynamic(STRING, "v")})
    held = managed.held
    managed.destroy()
    managed.state = held
    assert managed.destroy() == []
