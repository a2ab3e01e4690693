"""A listing that shifts while it is read page by page: what has moved to a page that was read already is not gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.server.block_uses import deployments_using
from prefect_provider.objects.server.flow import Flow
from prefect_provider.plugin.engine import lifecycle
from tests.environment.fault_proxy import FaultProxy
from tests.faults.conftest import KEY
from tests.objects.populations import populate
from tests.objects.terraform_core import explain, shown, unique

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

MANY = 230
"""Objects of two pages."""


def _client(proxy: FaultProxy) -> Client:
    return Client(resolve({"endpoint": proxy.api_url, "basic_auth_key": KEY}, {}))


def _pages(proxy: FaultProxy, path: str) -> int:
    return sum(one.path == path and one.status == 200 for one in proxy.seen)


@pytest.mark.parametrize("change", ["added", "removed"])
def test_refresh(guarded_server: PrefectServer, change: str) -> None:
    """Of 230 flows that are refreshed while others come or go, none is gone but the one that was deleted."""
    flows = populate(guarded_server, flow=MANY)["flow"]
    states = [dict.fromkeys(Flow.attributes) | {"id": one["id"], "name": one["name"]} for one in flows[::-1]]
    # The newest come first, so it is on the first page, and all others move up.
    newest = flows[-1]["id"]

    def shift() -> None:
        if change == "removed":
            guarded_server.call("DELETE", f"/flows/{newest}")
        else:
            for _ in range(3):
                guarded_server.call("POST", "/flows/", {"name": unique("newcomer")})

    async def refreshed(client: Client) -> list[lifecycle.Outcome]:
        gate = asyncio.Semaphore(10)

        async def refresh(state: dict[str, Any]) -> lifecycle.Outcome:
            async with gate:
                return await lifecycle.refresh(Flow, client, state, {}, explain)

        async with client:
            return await asyncio.gather(*map(refresh, states))

    with FaultProxy(guarded_server.url, between_pages=shift) as proxy:
        outcomes = asyncio.run(refreshed(_client(proxy)))
        assert _pages(proxy, "/api/flows/filter") >= 2

    assert [line for outcome in outcomes for line in shown(outcome.diagnostics)] == []
    gone = [state["id"] for state, outcome in zip(states, outcomes, strict=True) if outcome.state is None]
    assert set(gone) <= ({newest} if change == "removed" else set())
    for state, outcome in zip(states, outcomes, strict=True):
        assert outcome.state is None or outcome.state["name"] == state["name"]


@pytest.mark.parametrize("gone", [1, 29])
def test_deployments_that_use_a_block(guarded_server: PrefectServer, gone: int) -> None:
    """A deployment that moves to the page before is found all the same: it would be deleted with its block."""
    block = populate(guarded_server, block=1)["block"][0]["id"]
    populate(guarded_server, deployment=MANY)
    listed = guarded_server.call("POST", "/deployments/filter", {"limit": 200})
    # The first of the second page moves to the first one when one that is listed before it is deleted.
    user = guarded_server.call("POST", "/deployments/filter", {"limit": 1, "offset": 200})[0]["id"]
    guarded_server.call("PATCH", f"/deployments/{user}", {"storage_document_id": block})

    def shift() -> None:
        for deployment in listed[:gone]:
            guarded_server.call("DELETE", f"/deployments/{deployment['id']}")

    async def found(client: Client) -> list[str]:
        async with client:
            return [one["id"] for one in await deployments_using(client, client.workspace(), block)]

    with FaultProxy(guarded_server.url, between_pages=shift) as proxy:
        assert asyncio.run(found(_client(proxy))) == [user]
        assert _pages(proxy, "/api/deployments/filter") >= 2
