"""Work queues on a real server."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.engine import lifecycle
from tests.objects.connections import count_requests
from tests.objects.terraform_core import Managed, World, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.plugin.engine.lifecycle import Outcome


@pytest.fixture
def pool(world: World) -> Iterator[str]:
    """The name of a work pool."""
    name = unique("a pool")
    world.call("POST", "/work_pools/", {"name": name, "type": "process"})
    yield name
    path = f"/work_pools/{name.replace(' ', '%20')}"
    if world.server.exists(path):
        world.call("DELETE", path)


def priorities(world: World, pool: str) -> dict[str, int]:
    """The priority of each queue of a pool."""
    path = f"/work_pools/{pool.replace(' ', '%20')}/queues/filter"
    return {queue["name"]: queue["priority"] for queue in world.call("POST", path, {})}


def test_queue_update_without_priority(world: World, pool: str) -> None:
    """A queue whose priority is left to Prefect can be changed, and keeps the priority that it has."""
    managed = Managed(world, WorkQueue)
    base = {"work_pool_name": pool, "name": "q"}
    managed.apply(base)
    before = priorities(world, pool)

    managed.apply(base | {"description": "changed", "is_paused": True, "concurrency_limit": 0})

    assert priorities(world, pool) == before
    assert managed.changes(base) == ["description", "is_paused", "concurrency_limit"]


def test_rename_in_place(world: World, pool: str) -> None:
    """A queue is renamed, and keeps its id and so the runs that wait in it."""
    managed = Managed(world, WorkQueue)
    managed.apply({"work_pool_name": pool, "name": "q", "priority": 2})
    id_ = managed.id

    managed.apply({"work_pool_name": pool, "name": "other “q”", "priority": 2})

    assert managed.id == id_
    assert priorities(world, pool).keys() == {"default", "other “q”"}


def test_queue_that_somebody_renamed_is_found(world: World, pool: str) -> None:
    """A queue with another name than before is drift, not a queue that is gone."""
    managed = Managed(world, WorkQueue)
    given = {"work_pool_name": pool, "name": "q"}
    managed.apply(given)
    world.call(
        "PATCH", f"/work_pools/{pool.replace(' ', '%20')}/queues/q", {"name": "renamed", "priority": 1}
    )

    managed.refresh()

    assert managed.held["name"] == "renamed"
    assert managed.changes(given) == ["name"]
    managed.apply(given)
    assert priorities(world, pool).keys() == {"default", "q"}


def test_queue_moves_to_another_pool(world: World, pool: str) -> None:
    """Another pool means another queue, and the plan says so."""
    other = unique("pool")
    world.call("POST", "/work_pools/", {"name": other, "type": "process"})
    managed = Managed(world, WorkQueue)
    managed.apply({"work_pool_name": pool, "name": "q"})
    given = {"work_pool_name": other, "name": "q"}

    planned = managed.plan(configuration(WorkQueue, given), prior=managed.state)
    assert planned.replace == [("work_pool_name",)]
    managed.apply(given)

    assert priorities(world, other).keys() == {"default", "q"}
    assert priorities(world, pool).keys() == {"default"}


def test_default_queue_is_taken_over_and_left(world: World, pool: str) -> None:
    """The queue that every pool has can be configured; destroying the resource leaves it, with a warning."""
    managed = Managed(world, WorkQueue)
    managed.apply({"work_pool_name": pool, "name": "default", "concurrency_limit": 3, "priority": 1})

    [warning] = managed.destroy()

    assert warning.summary == "The default queue stays"
    assert managed.state is None
    assert priorities(world, pool) == {"default": 1}


def test_queue_goes_with_its_pool(world: World, pool: str) -> None:
    """A queue whose pool was deleted is gone from state, and deleting it is no error."""
    managed = Managed(world, WorkQueue)
    managed.apply({"work_pool_name": pool, "name": "q"})
    held = managed.held
    world.call("DELETE", f"/work_pools/{pool.replace(' ', '%20')}")

    assert managed.destroy() == []
    managed.state = held
    managed.refresh()
    assert managed.state is None


class Queues:
    """Several queues of one pool, applied by one provider process in a given order."""

    def __init__(self, world: World, pool: str, wanted: Mapping[str, int]) -> None:
        self.world = world
        self.managed = {name: Managed(world, WorkQueue) for name in wanted}
        self.given = {
            name: {"work_pool_name": pool, "name": name, "priority": priority}
            for name, priority in wanted.items()
        }

    def apply(self, order: tuple[str, ...], *, at_once: bool = False) -> None:
        """Apply each in turn, or all of them side by side as Terraform does."""

        async def one(name: str) -> Outcome:
            wanted = configuration(WorkQueue, self.given[name])
            state = self.managed[name].state
            planned = await lifecycle.plan(WorkQueue, self.world.client, state, wanted, {}, explain)
            return await lifecycle.apply(
                WorkQueue, self.world.client, state, planned.state, wanted, planned.private, explain
            )

        async def work() -> list[Outcome]:
            if at_once:
                return await asyncio.gather(*map(one, order))
            return [await one(name) for name in order]

        for name, outcome in zip(order, self.world.run(work()), strict=True):
            assert shown(outcome.diagnostics) == []
            self.managed[name].state = outcome.state

    def assert_settled(self) -> None:
        """Each is as configured, now and after a refresh."""
        for name, managed in self.managed.items():
            managed.assert_settled(self.given[name])


@pytest.mark.parametrize("order", [*itertools.permutations("abc")], ids="".join)
def test_priorities_in_any_order(world: World, pool: str, order: tuple[str, ...]) -> None:
    """Whatever order queues are made in, each ends with its own priority and the next plan is empty."""
    queues = Queues(world, pool, {"a": 1, "b": 2, "c": 3})
    queues.apply(order)
    queues.assert_settled()
    assert priorities(world, pool) == {"a": 1, "b": 2, "c": 3, "default": 4}


def test_priorities_of_queues_made_at_once(world: World, pool: str) -> None:
    """Queues that are made side by side, the default one among them, end as configured, also with gaps."""
    wanted = {"a": 5, "default": 2, "c": 1, "d": 9, "e": 4}
    queues = Queues(world, pool, wanted)
    queues.apply((*wanted,), at_once=True)
    queues.assert_settled()
    assert priorities(world, pool) == wanted


@pytest.mark.parametrize("order", [*itertools.permutations("abc")], ids="".join)
def test_priorities_that_change_places(world: World, pool: str, order: tuple[str, ...]) -> None:
    """Queues that swap their priorities, in any order, end as configured."""
    before = Queues(world, pool, {"a": 1, "b": 2, "c": 3})
    before.apply(("a", "b", "c"))
    next_run = World(world.server)
    after = Queues(next_run, pool, {"a": 3, "b": 1, "c": 2})
    for name, managed in after.managed.items():
        managed.state = before.managed[name].state
    after.apply(order)
    after.assert_settled()
    next_run.close()


def test_two_queues_with_one_priority_are_explained(world: World, pool: str) -> None:
    """Two queues that want the same priority, which Prefect cannot give, get a warning that names both."""
    first, second = Managed(world, WorkQueue), Managed(world, WorkQueue)
    first.apply({"work_pool_name": pool, "name": "a", "priority": 2})
    wanted = configuration(WorkQueue, {"work_pool_name": pool, "name": "b", "priority": 2})
    planned = second.plan(wanted, prior=None)

    outcome = world.run(lifecycle.apply(WorkQueue, world.client, None, planned.state, wanted, {}, explain))

    [warning] = outcome.diagnostics
    assert warning.path == ("priority",)
    assert '"a"' in warning.detail


def test_import_by_names_and_by_id(world: World, pool: str) -> None:
    """A queue is imported by `<pool>,<queue>` and by its id; a bare name is refused with what is expected."""
    managed = Managed(world, WorkQueue)
    given = {"work_pool_name": pool, "name": "my queue", "priority": 1}
    managed.apply(given)

    for id_ in (f"{pool},my queue", managed.id):
        Managed.imported(world, WorkQueue, id_).assert_settled(given)
    [error] = world.import_state(WorkQueue, "my queue").diagnostics
    assert "`<work pool name>,<queue name>` or `<id>`" in error.detail
    [error] = world.import_state(WorkQueue, f"{pool},other").diagnostics
    assert error.summary == "No such object"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"priority": 0}, "priority", "not below 1, got 0"),
    ({"concurrency_limit": -1}, "concurrency_limit", "not below 0"),
    ({"name": "a/b"}, "name", "other than / % & > <"),
]


@pytest.mark.parametrize(("values", "attribute", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_what_prefect_refuses_is_refused_at_once(
    world: World, values: dict[str, Any], attribute: str, text: str
) -> None:
    """A priority, limit or name that Prefect would refuse is refused with its place."""
    [error] = Managed(world, WorkQueue).validate({"work_pool_name": "p", "name": "q"} | values)

    assert error.path == (attribute,)
    assert text in error.detail


def test_many_priorities_cost_a_few_requests_each(world: World) -> None:
    """Forty queues with priorities, in an order of their own, cost a handful of requests for each of them."""
    pool = unique("pool")
    world.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    wanted = {f"q{number}": 1 + (number * 7) % 40 for number in range(40)}
    asked = count_requests(world)
    queues = Queues(world, pool, wanted)

    queues.apply((*wanted,), at_once=True)

    assert len(asked) <= 6 * len(wanted)
    assert {name: rank for name, rank in priorities(world, pool).items() if name != "default"} == wanted
