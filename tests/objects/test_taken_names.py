"""Objects whose name is taken: refused in the plan with the block that imports them, or taken over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from prefect_provider.objects.existing import set_on_existing
from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.block_type import BlockType
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit
from prefect_provider.objects.server.task_run_concurrency_limit import TaskRunConcurrencyLimit
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.objects.terraform_core import Managed, World, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.objects.remote import RemoteObject


class Taken(NamedTuple):
    """A kind of object, a configuration of one, and a change of it that can be made in place."""

    kind: type[RemoteObject]
    given: Callable[[World], dict[str, Any]]
    change: dict[str, Any]


def _queue(world: World) -> dict[str, Any]:
    pool = unique("taken-pool")
    world.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    return {"name": unique("taken"), "work_pool_name": pool}


KINDS: list[Taken] = [
    Taken(
        Variable,
        lambda _: {"name": unique("taken"), "value": Dynamic(STRING, "x")},
        {"value": Dynamic(STRING, "y")},
    ),
    Taken(GlobalConcurrencyLimit, lambda _: {"name": unique("taken"), "limit": 1}, {"limit": 2}),
    Taken(
        TaskRunConcurrencyLimit,
        lambda _: {"tag": unique("taken"), "concurrency_limit": 1},
        {"concurrency_limit": 2},
    ),
    Taken(
        BlockType,
        lambda _: {"name": (name := unique("taken")), "slug": name},
        {"description": "other"},
    ),
    Taken(WorkPool, lambda _: {"name": unique("taken"), "type": "process"}, {"description": "other"}),
    Taken(WorkQueue, _queue, {"description": "other", "priority": 5}),
    Taken(
        Block,
        lambda _: {"name": unique("taken"), "type_slug": "secret", "data": json.dumps({"value": "x"})},
        {"data": json.dumps({"value": "y"})},
    ),
    Taken(
        Block,
        lambda _: {"name": unique("taken"), "type_slug": "secret", "data_wo": json.dumps({"value": "x"})},
        {"data_wo": json.dumps({"value": "y"})},
    ),
]

every_kind = pytest.mark.parametrize("taken", KINDS, ids=lambda taken: taken.kind.type_name)


def _theirs(world: World, taken: Taken, given: dict[str, Any]) -> Managed:
    """An object that somebody else made: not in this state, and made by another process."""
    other = type(world)(world.server)
    try:
        managed = Managed(other, taken.kind)
        managed.apply(given)
        managed.world = world
        return managed
    finally:
        other.close()


@every_kind
def test_plan_refuses_what_exists(world: World, taken: Taken) -> None:
    """Whoever made it, the plan says that it is there, at its name, with the block that imports it."""
    given = taken.given(world)
    theirs = _theirs(world, taken, given)

    [error] = Managed(world, taken.kind).plan(configuration(taken.kind, given), prior=None).diagnostics

    assert error.severity == "error"
    assert error.path[0] in ("name", "slug", "tag", "work_pool_name", "type_slug")
    assert f'to = {taken.kind.type_name}.<name>\n    id = "{theirs.id}"' in error.detail
    assert Managed.imported(world, taken.kind, theirs.id).id == theirs.id


@every_kind
def test_name_that_is_taken_after_the_plan(world: World, taken: Taken) -> None:
    """An apply that finds the name taken changes nothing, and prints the same block (409)."""
    given = taken.given(world)
    managed = Managed(world, taken.kind)
    wanted = configuration(taken.kind, given | taken.change)
    planned = managed.plan(wanted, prior=None)
    assert shown(planned.diagnostics) == []
    theirs = _theirs(world, taken, given)

    outcome = world.run(
        lifecycle.apply(taken.kind, world.client, None, planned.state, wanted, planned.private, explain)
    )

    [error] = outcome.diagnostics
    assert f'to = {taken.kind.type_name}.<name>\n    id = "{theirs.id}"' in error.detail
    assert outcome.state is None
    theirs.assert_settled(given)


@every_kind
def test_what_exists_is_taken_over_when_the_provider_is_set_to(world: World, taken: Taken) -> None:
    """With `on_existing = "adopt"` the plan warns, and the object becomes what is configured, with its id."""
    given = taken.given(world)
    theirs = _theirs(world, taken, given)
    set_on_existing(world.client, "adopt")
    managed = Managed(world, taken.kind)
    ours = given | taken.change
    wanted = configuration(taken.kind, ours)

    planned = managed.plan(wanted, prior=None)
    [warning] = planned.diagnostics
    assert warning.severity == "warning"
    outcome = world.run(
        lifecycle.apply(taken.kind, world.client, None, planned.state, wanted, planned.private, explain)
    )

    assert [item.summary for item in outcome.diagnostics] == [warning.summary]
    managed.state, managed.private = outcome.state, outcome.private
    assert managed.id == theirs.id
    managed.assert_settled(ours)
    if "data_wo" in taken.change:
        data = world.call("GET", f"/block_documents/{managed.id}?include_secrets=true")["data"]
        assert data == json.loads(taken.change["data_wo"])


@every_kind
def test_one_object_is_made_for_one_resource_only(world: World, taken: Taken) -> None:
    """What another resource has just made is refused as its own, also where existing objects are taken over."""
    given = taken.given(world)
    wanted = configuration(taken.kind, given | taken.change)
    planned = Managed(world, taken.kind).plan(wanted, prior=None)
    first = Managed(world, taken.kind)
    first.apply(given)
    set_on_existing(world.client, "adopt")

    outcome = world.run(
        lifecycle.apply(taken.kind, world.client, None, planned.state, wanted, planned.private, explain)
    )

    [error] = outcome.diagnostics
    assert error.summary.endswith("is managed twice")
    assert outcome.state is None
    first.assert_settled(given)


def test_what_cannot_be_changed_cannot_be_taken_over(world: World) -> None:
    """A pool of another type is refused at its type, in the plan: taken over, it would be replaced by the next one."""
    name = unique("taken")
    world.call("POST", "/work_pools/", {"name": name, "type": "docker"})
    set_on_existing(world.client, "adopt")

    found = Managed(world, WorkPool).plan(
        configuration(WorkPool, {"name": name, "type": "process"}), prior=None
    )

    assert [(item.severity, item.path) for item in found.diagnostics] == [
        ("warning", ("name",)),
        ("error", ("type",)),
    ]


@every_kind
def test_own_object_is_not_in_its_own_way(world: World, taken: Taken) -> None:
    """An object of the state that is to be made anew, as one that is tainted, is not taken for somebody else's."""
    given = taken.given(world)
    managed = Managed(world, taken.kind)
    managed.apply(given)
    # In a process of its own, as Terraform would.
    managed.world = World(world.server)
    taken.kind.met(managed.world.client, managed.held)

    found = managed.plan(configuration(taken.kind, given), prior=None)
    managed.world.close()

    assert [item for item in found.diagnostics if item.severity == "error"] == []


def test_default_queue_is_taken_over_without_a_word(world: World) -> None:
    """The queue that every pool has is never in the way."""
    pool = unique("taken-pool")
    world.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    Managed(world, WorkQueue).apply({"name": "default", "work_pool_name": pool, "concurrency_limit": 2})
