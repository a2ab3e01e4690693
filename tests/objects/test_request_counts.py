"""How many requests an object costs when it is planned, made and destroyed, on a real server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.environment.fault_proxy import FaultProxy
from tests.objects.populations import populate
from tests.objects.terraform_core import configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from prefect_provider.plugin.engine.lifecycle import Outcome
    from prefect_provider.plugin.language.values import Values
    from tests.environment.prefect_server import PrefectServer

KINDS = {kind.type_name.removeprefix("prefect_"): kind for kind in SERVER_RESOURCES}
TEXT = Dynamic(STRING, "x")
TRIGGER = {"event": {"posture": "Reactive", "expect": ["never.happens"]}}


@pytest.fixture
def proxy(prefect_server: PrefectServer) -> Iterator[FaultProxy]:
    """What counts the requests."""
    with FaultProxy(prefect_server.url) as proxy:
        yield proxy


async def through(proxy: FaultProxy, work: Callable[[Client], Awaitable[Any]]) -> tuple[Any, list[str]]:
    """What comes of some work with a new client, and the requests that it took."""
    before = len(proxy.seen)
    settings = resolve({"endpoint": proxy.api_url}, {})
    async with Client(settings) as client:
        result = await work(client)
    # On SQLite the server's own services get in the way of a write now and then, which is then sent again.
    seen = [one for one in proxy.seen[before:] if one.status != 503]
    return result, [f"{one.method} {one.path}" for one in seen]


async def created(client: Client, kind: str, given: dict[str, Any]) -> Outcome:
    """An object as an apply makes it: planned once more, and then created."""
    resource = KINDS[kind]
    config = configuration(resource, given)
    planned = await lifecycle.plan(resource, client, None, config, {}, explain, applies=True)
    assert shown(planned.diagnostics) == []
    outcome = await lifecycle.apply(resource, client, None, planned.state, config, planned.private, explain)
    assert shown(outcome.diagnostics) == []
    return outcome


def mixture() -> list[tuple[str, dict[str, Any]]]:
    """Objects of every kind, without those that they need to exist before."""
    stem = unique("count")
    return [
        *(("work_pool", {"name": f"{stem}-{number}", "type": "process"}) for number in range(4)),
        *(
            ("work_queue", {"name": name, "work_pool_name": f"{stem}-{number}", "priority": rank})
            for number in range(4)
            for name, rank in (("a", 1), ("b", 3))
        ),
        *(("variable", {"name": f"{stem}-{number}".replace("-", "_"), "value": TEXT}) for number in range(8)),
        *(("flow", {"name": f"{stem}-{number}", "tags": ["t"]}) for number in range(4)),
        *(
            ("block", {"name": f"{stem}-{number}", "type_slug": "secret", "data": json.dumps({"value": "v"})})
            for number in range(4)
        ),
        *(
            ("automation", {"name": f"{stem}-{number}", "trigger": TRIGGER, "actions": []})
            for number in range(4)
        ),
        *(
            (
                "deployment",
                {
                    "name": f"{stem}-{number}",
                    "flow_name": f"{stem}-of-deployments",
                    "work_pool_name": f"{stem}-0",
                    "concurrency_limit": 2,
                    "labels": {"team": "data"},
                    "schedules": {"nightly": {"cron": "0 3 * * *"}, "often": {"interval": 3600}},
                },
            )
            for number in range(8)
        ),
    ]


def test_each_object_costs_one_write(proxy: FaultProxy) -> None:
    """Every kind is made with one request, and its state is what a refresh reads; what is shared is asked for once."""
    wanted = mixture()

    async def make(client: Client) -> list[Outcome]:
        return [await created(client, *one) for one in wanted]

    made, asked = asyncio.run(through(proxy, make))

    posts = [one for one in asked if one.startswith("POST") and not one.endswith("/filter")]
    others = [one for one in asked if one not in posts]
    # One flow for all deployments; a block's type and its schema.
    assert len(posts) == len(wanted) + 1
    assert len(others) == 2, others

    async def refresh(client: Client) -> list[Outcome]:
        return await asyncio.gather(
            *(
                lifecycle.refresh(KINDS[kind], client, outcome.state or {}, outcome.private, explain)
                for (kind, _), outcome in zip(wanted, made, strict=True)
            )
        )

    refreshed, _ = asyncio.run(through(proxy, refresh))
    assert [one.state for one in refreshed] == [one.state for one in made]


def test_each_object_costs_one_deletion(proxy: FaultProxy) -> None:
    """Every kind goes with one DELETE, without a look before it but for blocks, which have one together."""
    wanted = mixture()
    made, _ = asyncio.run(through(proxy, lambda client: _all(client, wanted)))

    async def remove(client: Client) -> None:
        for (kind, _), outcome in reversed(list(zip(wanted, made, strict=True))):
            gone = await lifecycle.apply(
                KINDS[kind], client, outcome.state, None, {}, outcome.private, explain
            )
            assert shown(gone.diagnostics) == []

    _, asked = asyncio.run(through(proxy, remove))

    assert len([one for one in asked if one.startswith("DELETE")]) == len(wanted)
    # As many pages as there are deployments of others, once.
    assert {one for one in asked if not one.startswith("DELETE")} == {"POST /api/deployments/filter"}


async def _all(client: Client, wanted: list[tuple[str, dict[str, Any]]]) -> list[Outcome]:
    return [await created(client, *one) for one in wanted]


def test_a_shared_limit_costs_one_request_more(proxy: FaultProxy, prefect_server: PrefectServer) -> None:
    """A deployment lets go of the limit that it shares before it is deleted, and the limit stays."""
    name = unique("count")
    limit = prefect_server.call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 2})["id"]
    given = {"name": name, "flow_name": name, "global_concurrency_limit_id": limit}
    [made], _ = asyncio.run(through(proxy, lambda client: _all(client, [("deployment", given)])))

    async def remove(client: Client) -> Outcome:
        return await lifecycle.apply(KINDS["deployment"], client, made.state, None, {}, made.private, explain)

    gone, asked = asyncio.run(through(proxy, remove))

    assert gone.state is None
    assert [one.split()[0] for one in asked] == ["PATCH", "DELETE"]
    assert prefect_server.exists(f"/v2/concurrency_limits/{limit}")


def test_the_default_queue_under_another_name_stays(proxy: FaultProxy, prefect_server: PrefectServer) -> None:
    """Prefect refuses to delete it with an error; it stays with a warning, as one that is still named `default`."""
    pool = unique("count")
    prefect_server.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    given = {"name": "default", "work_pool_name": pool}

    async def story(client: Client) -> Outcome:
        made = await created(client, "work_queue", given)
        kind = KINDS["work_queue"]
        config = configuration(kind, given | {"name": "renamed"})
        planned = await lifecycle.plan(kind, client, made.state, config, made.private, explain)
        renamed = await lifecycle.apply(
            kind, client, made.state, planned.state, config, planned.private, explain
        )
        return await lifecycle.apply(kind, client, renamed.state, None, {}, renamed.private, explain)

    gone, _ = asyncio.run(through(proxy, story))

    assert gone.state is None
    [warning] = gone.diagnostics
    assert warning.summary == "The default queue stays"
    assert prefect_server.exists(f"/work_pools/{pool}/queues/renamed")


def test_a_plan_of_many_new_objects_looks_for_all_of_them_together(proxy: FaultProxy) -> None:
    """Some hundred objects are known to be absent after a few requests, and one that is there is refused."""
    stem = unique("count").replace("-", "_")
    names = [f"{stem}_{number}" for number in range(100)]

    async def plan(client: Client) -> list[Outcome]:
        gate = asyncio.Semaphore(10)
        kind = KINDS["variable"]

        async def one(name: str) -> Outcome:
            async with gate:
                config = configuration(kind, {"name": name, "value": TEXT})
                return await lifecycle.plan(kind, client, None, config, {}, explain)

        return await asyncio.gather(*(one(name) for name in names))

    async def story(client: Client) -> list[Outcome]:
        await created(client, "variable", {"name": names[57], "value": TEXT})
        return []

    asyncio.run(through(proxy, story))
    planned, asked = asyncio.run(through(proxy, plan))

    refused = [number for number, one in enumerate(planned) if one.diagnostics.has_errors]
    assert refused == [57]
    assert len(asked) <= 15, asked


def test_what_goes_with_many_objects_is_counted_together(
    proxy: FaultProxy, prefect_server: PrefectServer
) -> None:
    """Thirty flows that are planned to go say of their deployments what one alone says, with a few requests."""
    made = populate(prefect_server, flow=30)["flow"]
    for number, flow in enumerate(made):
        for index in range(number % 4):
            prefect_server.call("POST", "/deployments/", {"name": f"d{index}", "flow_id": flow["id"]})
    kind = KINDS["flow"]

    def state(flow: dict[str, Any]) -> Values:
        return dict.fromkeys(kind.attributes) | {"id": flow["id"], "name": flow["name"]}

    async def plan(client: Client) -> list[list[str]]:
        outcomes = await asyncio.gather(
            *(lifecycle.plan(kind, client, state(one), None, {"own": {}}, explain) for one in made)
        )
        return [shown(one.diagnostics) for one in outcomes]

    async def plan_one(client: Client, flow: dict[str, Any]) -> list[str]:
        outcome = await lifecycle.plan(kind, client, state(flow), None, {"own": {}}, explain)
        return shown(outcome.diagnostics)

    together, asked = asyncio.run(through(proxy, plan))
    for number in (0, 7, 28, 29):
        alone, _ = asyncio.run(
            through(proxy, lambda client, flow=made[number]: plan_one(client, flow))  # type: ignore[misc]
        )
        assert sorted(together[number]) == sorted(alone)
    assert [len(one) for one in together] == [min(number % 4, 1) for number in range(30)]
    assert len(asked) <= 25, asked


def test_schedule_costs_one_write(proxy: FaultProxy, prefect_server: PrefectServer) -> None:
    """A schedule of its own is made with one request, changed with one and a look at it, and deleted with one."""
    flow = prefect_server.call("POST", "/flows/", {"name": unique("count")})["id"]
    deployment = prefect_server.call("POST", "/deployments/", {"name": "d", "flow_id": flow})["id"]
    given = {"deployment_id": deployment, "slug": "s", "cron": "0 3 * * *"}

    async def live(client: Client) -> None:
        kind = KINDS["deployment_schedule"]
        state = (await created(client, "deployment_schedule", given)).state
        config = configuration(kind, given | {"active": False})
        planned = await lifecycle.plan(kind, client, state, config, {}, explain, applies=True)
        changed = await lifecycle.apply(kind, client, state, planned.state, config, planned.private, explain)
        assert shown(changed.diagnostics) == []
        await lifecycle.apply(kind, client, changed.state, None, {}, changed.private, explain)

    _, asked = asyncio.run(through(proxy, live))

    path = f"/api/deployments/{deployment}"
    assert [one.rpartition("/schedules")[0] or one for one in asked] == [
        f"POST {path}",
        f"PATCH {path}",
        f"GET {path}",
        f"DELETE {path}",
    ]
