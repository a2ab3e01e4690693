"""A listing that shifts while it is read page by page: what has moved to a page that was read already is not gone."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from prefect_provider.objects.server.block_uses import deployments_using
from prefect_provider.objects.server.flow import Flow
from prefect_provider.plugin.engine import lifecycle
from tests.faults.conftest import KEY
from tests.objects.populations import populate
from tests.objects.terraform_core import explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.api import Answer, Outgoing
    from tests.environment.prefect_server import PrefectServer

MANY = 230
"""Objects of two pages."""


class Shifting:
    """A network on which somebody changes a listing between its first page and its second one."""

    def __init__(self, inner: HttpxTransport, path: str, change: Callable[[], object]) -> None:
        self._inner = inner
        self._path = path
        self._change = change
        self.pages = 0

    async def send(self, outgoing: Outgoing) -> Answer:
        """Change it once, after the first page was answered."""
        answer = await self._inner.send(outgoing)
        paged = outgoing.url.endswith(self._path) and "offset" in json.loads(outgoing.body or b"{}")
        # Without a token, the server refuses the first try.
        if paged and answer.status == 200:
            self.pages += 1
            if self.pages == 1:
                await asyncio.to_thread(self._change)
        return answer

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def _client(server: PrefectServer, path: str, change: Callable[[], object]) -> tuple[Client, Shifting]:
    settings = resolve({"endpoint": server.api_url, "basic_auth_key": KEY}, {})
    transport = Shifting(HttpxTransport(settings), path, change)
    return Client(settings, transport=transport), transport


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

    async def refreshed() -> list[lifecycle.Outcome]:
        client, transport = _client(guarded_server, "/flows/filter", shift)
        gate = asyncio.Semaphore(10)

        async def refresh(state: dict[str, Any]) -> lifecycle.Outcome:
            async with gate:
                return await lifecycle.refresh(Flow, client, state, {}, explain)

        async with client:
            outcomes = await asyncio.gather(*map(refresh, states))
        assert transport.pages >= 2
        return outcomes

    outcomes = asyncio.run(refreshed())

    assert [line for outcome in outcomes for line in shown(outcome.diagnostics)] == []
    gone = [state["id"] for state, outcome in zip(states, outcomes, strict=True) if outcome.state is None]
    assert set(gone) <= ({newest} if change == "removed" else set())
    for state, outcome in zip(states, outcomes, strict=True):
        assert outcome.state is None or outcome.state["name"] == state["name"]


@pytest.mark.parametrize("gone", [1, 29])
def test_deployments_that_use_a_block(guarded_server: PrefectServer, gone: int) -> None:
    """A deployment that moves to the page before is found all the same: it would be deleted with its block."""
    block = populate(guarded_server, block=1)["block"][0]["id"]
    deployments = populate(guarded_server, deployment=MANY)["deployment"]
    # The 200 newest are on the first page; the one after them moves there when a newer one is deleted.
    user = deployments[-201]["id"]
    guarded_server.call("PATCH", f"/deployments/{user}", {"storage_document_id": block})

    def shift() -> None:
        for deployment in deployments[-gone:]:
            guarded_server.call("DELETE", f"/deployments/{deployment['id']}")

    async def found() -> list[str]:
        client, transport = _client(guarded_server, "/deployments/filter", shift)
        async with client:
            users = await deployments_using(client, client.workspace(), block)
        assert transport.pages >= 2
        return [one["id"] for one in users]

    assert asyncio.run(found()) == [user]
