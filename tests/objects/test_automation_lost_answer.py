"""A connection that breaks while an automation is created: whatever was heard of it, it is made once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Answer, Client, Outgoing, RetryPolicy, Transport, resolve
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from tests.api.fake_transport import broken
from tests.objects.automation_terraform import ManagedAutomation, config

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


class Breaking:
    """A real connection that breaks at the first creation, after the server has heard of it or before."""

    def __init__(self, inner: Transport, *, heard: bool) -> None:
        self._inner = inner
        self._heard = heard
        self.creations = 0

    async def send(self, outgoing: Outgoing) -> Answer:
        """Pass on, but lose the first creation or its answer."""
        creation = outgoing.method == "POST" and outgoing.url.endswith("/automations/")
        self.creations += creation
        if not creation or self.creations > 1:
            return await self._inner.send(outgoing)
        if self._heard:
            await self._inner.send(outgoing)
        raise broken()

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def _break(world: World, *, heard: bool) -> Breaking:
    settings = resolve({"endpoint": world.server.api_url}, os.environ | {"PREFECT_API_KEY": ""})
    breaking = Breaking(HttpxTransport(settings), heard=heard)
    world.run(world.client.aclose())
    world.client = Client(settings, transport=breaking, policy=RetryPolicy(max_retries=20))
    world.run(world.client.check())  # a first success: until then a broken connection means a wrong address
    return breaking


def _named(world: World, name: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.call(
        "POST", "/automations/filter", {"automations": {"name": {"any_": [name]}}}
    )
    return found


@pytest.mark.parametrize("heard", [True, False])
def test_automation_is_made_once(world: World, *, heard: bool) -> None:
    """What the server made before the connection broke is taken over; what it did not is made anew."""
    breaking = _break(world, heard=heard)
    managed = ManagedAutomation(world)
    given = config(tags=["b", "a"], actions=[{"type": "run-deployment", "source": "inferred"}])
    managed.apply(given)
    assert breaking.creations == (1 if heard else 2)
    assert [one["id"] for one in _named(world, given["name"])] == [managed.id]
    managed.destroy()


def test_twin_is_not_taken_over(world: World) -> None:
    """An equal automation that this process made before, and one that differs, are not the lost one."""
    given = config()
    twin, different, managed = ManagedAutomation(world), ManagedAutomation(world), ManagedAutomation(world)
    twin.apply(given)
    different.apply(given | {"description": "different"})
    _break(world, heard=False)
    managed.apply(given)
    assert len({twin.id, different.id, managed.id}) == 3
    for one in (twin, different, managed):
        one.destroy()
