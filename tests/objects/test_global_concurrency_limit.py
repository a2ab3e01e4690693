"""Global concurrency limits on a real server: slots that are left alone, names, and who loses a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_provider.objects.existing import set_on_existing
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit
from prefect_provider.plugin.engine import lifecycle
from tests.objects.connections import count_requests
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def remote(world: World, managed: Managed) -> dict[str, Any]:
    """The limit as the server has it."""
    found: dict[str, Any] = world.call("GET", f"/v2/concurrency_limits/{managed.id}")
    return found


def take_slots(world: World, name: str, slots: int) -> None:
    """Somebody is at work."""
    body = {"names": [name], "slots": slots, "mode": "concurrency"}
    world.call("POST", "/v2/concurrency_limits/increment", body)


@pytest.mark.parametrize("configured", [{}, {"active_slots": 0}], ids=["left out", "configured"])
def test_live_slots_are_no_difference_and_are_never_reset(world: World, configured: dict[str, Any]) -> None:
    """Slots that are taken plan nothing, and a change of the limit leaves them to whoever holds them."""
    given: dict[str, Any] = {"name": unique("slots"), "limit": 5} | configured
    managed = Managed(world, GlobalConcurrencyLimit)
    managed.apply(given)
    take_slots(world, given["name"], 2)

    managed.refresh()
    assert managed.changes(given) == []

    managed.apply(given | {"limit": 4})
    assert remote(world, managed)["active_slots"] == 2
    take_slots(world, given["name"], 1)
    managed.apply(given | {"limit": 4, "active": False, "name": unique("slots")})
    assert remote(world, managed)["active_slots"] == 3
    assert remote(world, managed)["limit"] == 4


def test_slots_of_a_new_limit(world: World) -> None:
    """A limit can begin with slots that are taken; another number later sends nothing."""
    given = {"name": unique("slots"), "limit": 5, "active_slots": 3}
    managed = Managed(world, GlobalConcurrencyLimit)
    managed.apply(given)
    assert remote(world, managed)["active_slots"] == 3

    assert managed.changes(given | {"active_slots": 1}) == []
    managed.apply(given | {"active_slots": 1, "limit": 7})

    assert remote(world, managed)["active_slots"] == 3


def test_slots_of_a_limit_that_is_taken_over(world: World) -> None:
    """With `on_existing = "adopt"` a limit becomes what is configured, and keeps its slots."""
    name = unique("slots")
    theirs = world.call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 5, "active_slots": 2})
    set_on_existing(world.client, "adopt")
    managed = Managed(world, GlobalConcurrencyLimit)

    managed.apply({"name": name, "limit": 3, "active_slots": 0}, warns=True)

    assert managed.id == theirs["id"]
    assert remote(world, managed)["active_slots"] == 2
    assert remote(world, managed)["limit"] == 3


NAMES = [str(uuid4()), uuid4().hex, uuid4().hex.upper(), f"{{{uuid4()}}}", f"urn:uuid:{uuid4()}"]


@pytest.mark.parametrize("form", range(len(NAMES)))
def test_name_that_looks_like_an_id(world: World, form: int) -> None:
    """The server finds such a limit by its id only; it is refused while it exists, imported by its name, and lives."""
    given: dict[str, Any] = {"name": NAMES[form], "limit": 1}
    theirs = world.call("POST", "/v2/concurrency_limits/", given)
    managed = Managed(world, GlobalConcurrencyLimit)

    [error] = managed.plan(configuration(GlobalConcurrencyLimit, given), prior=None).diagnostics
    assert f'id = "{theirs["id"]}"' in error.detail

    imported = Managed.imported(world, GlobalConcurrencyLimit, given["name"])
    assert imported.id == theirs["id"]
    imported.apply(given | {"limit": 2})
    imported.destroy()
    managed.apply(given)
    managed.destroy()


def test_shared_limit_survives_its_deployments(world: World) -> None:
    """A deployment that is destroyed leaves the limit to the others; its own destruction says whom it is taken from."""
    limit = Managed(world, GlobalConcurrencyLimit)
    limit.apply({"name": unique("shared"), "limit": 2})
    flow = world.call("POST", "/flows/", {"name": unique("shared")})["id"]
    users = []
    for name in ("one", "two"):
        user = Managed(world, Deployment)
        user.apply({"name": name, "flow_id": flow, "global_concurrency_limit_id": limit.id})
        users.append(user)

    users[0].destroy()

    assert remote(world, limit)["limit"] == 2
    users[1].refresh()
    assert users[1].held["global_concurrency_limit_id"] == limit.id
    gone = world.run(
        lifecycle.plan(GlobalConcurrencyLimit, world.client, limit.state, None, limit.private, explain)
    )
    [warning] = gone.diagnostics
    assert 'takes the limit from its 1 deployment ("two")' in warning.detail
    limit.destroy()
    assert world.server.exists(f"/deployments/{users[1].id}")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("tag:gpu", "prefect_task_run_concurrency_limit"), (f"deployment:{uuid4()}", "`concurrency_limit`")],
    ids=["tag", "deployment"],
)
def test_name_of_another_object(world: World, name: str, remedy: str) -> None:
    """A new limit that Prefect takes for a tag's or a deployment's is pointed out, at its name; one in state is not."""
    given = configuration(GlobalConcurrencyLimit, {"name": f"{name}-{unique('x')}", "limit": 1})
    managed = Managed(world, GlobalConcurrencyLimit)

    [warning] = managed.plan(given, prior=None).diagnostics

    assert (warning.severity, warning.path) == ("warning", ("name",))
    assert remedy in warning.detail
    state = given | {
        "id": str(uuid4()),
        "active": True,
        "active_slots": 0,
        "slot_decay_per_second": 0,
        "created": "2030-01-01T00:00:00Z",
        "updated": "2030-01-01T00:00:00Z",
    }
    assert shown(managed.plan(given, prior=state).diagnostics) == []


@pytest.mark.parametrize(
    "given",
    [{"name": "a/b"}, {"name": ""}, {"limit": -1}, {"limit": 2**31}, {"slot_decay_per_second": -1}],
    ids=str,
)
def test_what_prefect_refuses(world: World, given: dict[str, Any]) -> None:
    """What the server answers with 422 or 500 is an error of the configuration, at its attribute."""
    [error] = Managed(world, GlobalConcurrencyLimit).validate({"name": "x", "limit": 1} | given)

    assert error.path == tuple(given)


def test_limits_are_read_together(world: World) -> None:
    """The server has no filter by id: one limit is one GET, and several are one page."""
    limits = [Managed(world, GlobalConcurrencyLimit) for _ in range(4)]
    for limit in limits:
        limit.apply({"name": unique("a page"), "limit": 1})
    asked = count_requests(world)

    limits[0].refresh()
    assert [one.partition("/api")[2] for one in asked] == [f"/v2/concurrency_limits/{limits[0].id}"]
    asked.clear()

    async def all_of_them() -> list[Any]:
        import asyncio

        reads = (
            lifecycle.refresh(GlobalConcurrencyLimit, world.client, one.held, one.private, explain)
            for one in limits
        )
        return await asyncio.gather(*reads)

    found = world.run(all_of_them())

    assert [outcome.state for outcome in found] == [limit.state for limit in limits]
    assert [one.partition("/api")[2] for one in asked] == ["/v2/concurrency_limits/filter"]
