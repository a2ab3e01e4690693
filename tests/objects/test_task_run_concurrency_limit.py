"""Limits of tags on a real server: changed in place, never taken over unasked, never managed twice."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Answer, Client, RetryPolicy, resolve
from prefect_provider.api.exchange.routes import open_transport
from prefect_provider.objects.existing import keep_notes
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit
from prefect_provider.objects.server.task_run_concurrency_limit import TaskRunConcurrencyLimit
from prefect_provider.objects.unrecorded import Unrecorded
from prefect_provider.plugin.engine import lifecycle
from tests.objects.connections import count_requests
from tests.objects.terraform_core import Managed, configuration, explain, unique

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_provider.api import Outgoing
    from tests.objects.terraform_core import World


def test_limit_is_changed_in_place(world: World) -> None:
    """Another limit keeps the object, and the slots that are taken."""
    given = {"tag": unique("tag"), "concurrency_limit": 3}
    managed = Managed(world, TaskRunConcurrencyLimit)
    managed.apply(given)
    id_ = managed.id
    world.call(
        "POST",
        "/v2/concurrency_limits/increment",
        {"names": [f"tag:{given['tag']}"], "slots": 2, "mode": "concurrency"},
    )

    managed.apply(given | {"concurrency_limit": 4})

    assert managed.id == id_
    stored = world.call("GET", f"/v2/concurrency_limits/{id_}")
    assert (stored["limit"], stored["active_slots"]) == (4, 2)


def test_existing_limit_is_refused_unchanged(world: World) -> None:
    """A creation that finds the tag limited after the plan leaves that limit as it is: a POST would change it."""
    given = {"tag": unique("tag"), "concurrency_limit": 3}
    managed = Managed(world, TaskRunConcurrencyLimit)
    wanted = configuration(TaskRunConcurrencyLimit, given)
    planned = managed.plan(wanted, prior=None)
    theirs = world.call("POST", "/concurrency_limits/", given | {"concurrency_limit": 7})

    outcome = world.run(
        lifecycle.apply(
            TaskRunConcurrencyLimit, world.client, None, planned.state, wanted, planned.private, explain
        )
    )

    [error] = outcome.diagnostics
    assert error.path == ("tag",)
    assert f'id = "{theirs["id"]}"' in error.detail
    assert world.call("GET", f"/concurrency_limits/{theirs['id']}")["concurrency_limit"] == 7


@pytest.mark.parametrize("first", ["tag", "global"])
def test_limit_that_is_managed_twice(world: World, first: str) -> None:
    """As the limit of a tag and as a global one of the same configuration: an error that names both."""
    tag = unique("tag")
    kinds: dict[str, tuple[Any, dict[str, Any]]] = {
        "tag": (TaskRunConcurrencyLimit, {"tag": tag, "concurrency_limit": 1}),
        "global": (GlobalConcurrencyLimit, {"name": f"tag:{tag}", "limit": 1}),
    }
    order = [first, *(name for name in kinds if name != first)]

    found = []
    for name in order:
        kind, given = kinds[name]
        found.append([*Managed(world, kind).plan(configuration(kind, given), prior=None).diagnostics])

    assert [one for one in found[0] if one.severity == "error"] == []
    [error] = found[1]
    assert error.severity == "error"
    assert error.path == (("name",) if first == "tag" else ("tag",))
    assert "prefect_task_run_concurrency_limit" in error.detail
    assert "prefect_global_concurrency_limit" in error.detail


@pytest.mark.parametrize("tag", ["a/b", "a%b", "a&b", "a<b", "a>b", ""])
def test_tag_that_the_server_fails_on(world: World, tag: str) -> None:
    """The server answers such a tag with 500, or never finds it again: an error of the configuration."""
    [error] = Managed(world, TaskRunConcurrencyLimit).validate({"tag": tag, "concurrency_limit": 1})

    assert error.path == ("tag",)


def test_limits_are_read_together(world: World) -> None:
    """Several are one page of the global limits, among which none is left out; what is not there is asked for."""
    for index in range(3):
        world.call("POST", "/v2/concurrency_limits/", {"name": f"a{index}-{unique('x')}", "limit": 1})
    limits = [Managed(world, TaskRunConcurrencyLimit) for _ in range(3)]
    for limit in limits:
        limit.apply({"tag": unique("tag"), "concurrency_limit": 1})
    world.call("DELETE", f"/concurrency_limits/{limits[0].id}")
    again = world.call("POST", "/concurrency_limits/", {"tag": limits[0].held["tag"], "concurrency_limit": 1})
    asked = count_requests(world)

    async def all_of_them() -> list[Any]:
        reads = (
            lifecycle.refresh(TaskRunConcurrencyLimit, world.client, one.held, one.private, explain)
            for one in limits
        )
        return await asyncio.gather(*reads)

    found = world.run(all_of_them())

    # Somebody has made the first one anew: it is another one.
    assert [outcome.state for outcome in found] == [None, *(limit.state for limit in limits[1:])]
    assert again["id"] != limits[0].id
    assert [one.partition("/api")[2] for one in asked] == [
        "/v2/concurrency_limits/filter",
        f"/concurrency_limits/{limits[0].id}",
    ]


def test_limit_of_a_command_that_was_cut_off(world: World, tmp_path: Path) -> None:
    """What a command made that could not record it is taken over by the next one, known by its tag."""
    given = {"tag": unique("tag"), "concurrency_limit": 3}
    notes = Unrecorded(str(tmp_path), lambda: None)
    keep_notes(world.client, notes)
    first = Managed(world, TaskRunConcurrencyLimit)
    wanted = configuration(TaskRunConcurrencyLimit, given)
    planned = first.plan(wanted, prior=None)
    made = world.run(
        lifecycle.apply(TaskRunConcurrencyLimit, world.client, None, planned.state, wanted, {}, explain)
    )
    notes.leave(in_peace=False)
    assert made.state is not None

    later = type(world)(world.server)
    try:
        keep_notes(later.client, Unrecorded(str(tmp_path), lambda: None))
        second = Managed(later, TaskRunConcurrencyLimit)
        [warning, *_] = second.apply(given, warns=True)
    finally:
        later.close()

    assert "was made by a command of this configuration that was cut off" in warning.detail
    assert second.id == made.state["id"]


class OlderServer:
    """A server that keeps the limits of tags apart from the global ones, as Prefect did at first."""

    def __init__(self, world: World) -> None:
        settings = resolve({"endpoint": world.server.api_url}, {"PREFECT_API_KEY": ""})
        self._inner = open_transport(settings)
        self.client = Client(settings, transport=self, policy=RetryPolicy(max_retries=20))

    async def send(self, outgoing: Outgoing) -> Answer:
        """Answer as if there were no global limits."""
        if "/v2/concurrency_limits" not in outgoing.url:
            return await self._inner.send(outgoing)
        if outgoing.url.endswith("/filter"):
            return Answer(200, {"content-type": "application/json"}, b"[]")
        body = json.dumps({"detail": "Concurrency Limit not found"}).encode()
        return Answer(404, {"content-type": "application/json"}, body)

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def test_older_server(world: World) -> None:
    """Where the limits of tags are no global ones, they are read and changed all the same."""
    limits = [Managed(world, TaskRunConcurrencyLimit) for _ in range(2)]
    for limit in limits:
        limit.apply({"tag": unique("tag"), "concurrency_limit": 1})
    older = OlderServer(world)
    world.run(world.client.aclose())
    world.client = older.client

    async def both() -> list[Any]:
        reads = (
            lifecycle.refresh(TaskRunConcurrencyLimit, world.client, one.held, one.private, explain)
            for one in limits
        )
        return await asyncio.gather(*reads)

    assert [outcome.state for outcome in world.run(both())] == [limit.state for limit in limits]
    managed = limits[0]
    managed.apply({"tag": managed.held["tag"], "concurrency_limit": 5})
    assert world.call("GET", f"/concurrency_limits/{managed.id}")["concurrency_limit"] == 5
