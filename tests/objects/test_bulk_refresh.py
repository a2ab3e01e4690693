"""Objects refreshed together: few requests, and the same attributes as one by one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.diagnostics import Diagnostics
from tests.environment.fault_proxy import FaultProxy
from tests.objects.populations import populate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values
    from tests.environment.prefect_server import PrefectServer

KINDS: dict[str, type[Resource]] = {
    kind.type_name.removeprefix("prefect_"): kind for kind in SERVER_RESOURCES
}
MIX = {
    "work_pool": 10,
    "work_queue": 10,
    "flow": 20,
    "deployment": 30,
    "variable": 40,
    "block": 20,
    "automation": 20,
}


@pytest.fixture
def proxy(prefect_server: PrefectServer) -> Iterator[FaultProxy]:
    """What counts the requests."""
    with FaultProxy(prefect_server.url) as proxy:
        yield proxy


def held(kind: str, data: dict[str, Any]) -> Values:
    """What a state holds of an object: enough to find it, and a block's data, so that it is read too."""
    resource = KINDS[kind](None, Diagnostics())
    values = dict.fromkeys(resource.attributes) | {"id": data["id"], "name": data["name"]}
    if kind == "work_queue":
        values["work_pool_name"] = data["work_pool_name"]
    if kind == "deployment":
        # Known from the creation on, and asked for only once.
        values |= {"flow_id": data["flow_id"], "flow_name": "known"}
    if kind == "block":
        values |= {"data": "{}", "type_slug": "secret"}
    return values


async def refreshed(
    api_url: str, states: list[tuple[str, Values]], *, bulk: bool = True, parallel: int = 10
) -> list[Values | None]:
    """The states after a refresh, so many at once as Terraform has under way."""
    settings = resolve({"endpoint": api_url, "bulk_reads": bulk}, {})
    gate = asyncio.Semaphore(parallel)
    async with Client(settings) as client:

        async def refresh(kind: str, state: Values) -> Values | None:
            async with gate:
                outcome = await lifecycle.refresh(KINDS[kind], client, state, {}, lambda _: None)
                assert not outcome.diagnostics.has_errors, list(outcome.diagnostics)
                return outcome.state

        return await asyncio.gather(*(refresh(*one) for one in states))


def test_a_mix_of_objects_takes_a_request_or_two_for_each_kind(
    proxy: FaultProxy, prefect_server: PrefectServer
) -> None:
    """A hundred and fifty objects of seven kinds: at most two pages a kind, and what one by one reads as well."""
    made = populate(prefect_server, **MIX)
    states = [(kind, held(kind, data)) for kind in MIX for data in made[kind]]

    together = asyncio.run(refreshed(proxy.api_url, states))
    requests = len(proxy.seen)
    alone = asyncio.run(refreshed(prefect_server.api_url, states, bulk=False))

    assert None not in together
    assert together == alone
    assert requests <= 2 * len(MIX) + 3


@pytest.mark.parametrize("kind", MIX)
def test_what_is_gone_and_what_was_changed_is_seen(
    kind: str, proxy: FaultProxy, prefect_server: PrefectServer
) -> None:
    """Of ten objects one was deleted elsewhere: the others are there, it is not; a block's secret comes along."""
    made = populate(prefect_server, **{kind: 10})[kind]
    states = [(kind, held(kind, data)) for data in made]
    gone = made[3]
    path = {
        "work_pool": f"/work_pools/{gone['name']}",
        "work_queue": f"/work_queues/{gone['id']}",
        "flow": f"/flows/{gone['id']}",
        "deployment": f"/deployments/{gone['id']}",
        "variable": f"/variables/{gone['id']}",
        "block": f"/block_documents/{gone['id']}",
        "automation": f"/automations/{gone['id']}",
    }[kind]
    prefect_server.call("DELETE", path)

    found = asyncio.run(refreshed(proxy.api_url, states))

    assert [index for index, one in enumerate(found) if one is None] == [3]
    assert len(proxy.seen) <= 5
    if kind == "block":
        assert [one["data"] for one in found if one][:2] == ['{"value":"secret-0"}', '{"value":"secret-1"}']
