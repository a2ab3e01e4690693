"""A creation whose answer is lost: whatever the server made of it is in state, once."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Answer, Client, Outgoing, RetryPolicy, Transport, resolve
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.api.fake_transport import broken
from tests.objects.terraform_core import Managed, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.objects.remote import RemoteObject
    from tests.objects.terraform_core import World

CREATIONS = ("/variables/", "/work_pools/", "/queues", "/block_documents/")


class Breaking:
    """A real connection that breaks at the first creation, after the server has heard of it or before."""

    def __init__(self, inner: Transport, *, heard: bool) -> None:
        self._inner = inner
        self._heard = heard
        self.creations = 0

    async def send(self, outgoing: Outgoing) -> Answer:
        """Pass on, but lose the first creation or its answer."""
        creation = outgoing.method == "POST" and outgoing.url.endswith(CREATIONS)
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


def _pool(world: World) -> str:
    name = unique("lost-pool")
    world.call("POST", "/work_pools/", {"name": name, "type": "process"})
    return name


KINDS: list[tuple[type[RemoteObject], Callable[[World], dict[str, Any]]]] = [
    (Variable, lambda _: {"name": unique("lost"), "value": Dynamic(STRING, "x"), "tags": ["b", "a"]}),
    (WorkPool, lambda _: {"name": unique("lost"), "type": "process", "concurrency_limit": 3}),
    (WorkQueue, lambda world: {"name": unique("lost"), "work_pool_name": _pool(world)}),
    (WorkQueue, lambda world: {"name": unique("lost"), "work_pool_name": _pool(world), "priority": 1}),
    (Block, lambda _: {"name": unique("lost"), "type_slug": "secret", "data": json.dumps({"value": "x"})}),
    (Block, lambda _: {"name": unique("lost"), "type_slug": "secret", "data_wo": json.dumps({"value": "x"})}),
]


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize(("kind", "given"), KINDS, ids=lambda value: getattr(value, "type_name", ""))
def test_object_is_made_once(
    world: World, kind: type[RemoteObject], given: Callable[[World], dict[str, Any]], *, heard: bool
) -> None:
    """What the server made before the connection broke is taken as made; what it did not is made anew."""
    values = given(world)
    breaking = _break(world, heard=heard)
    managed = Managed(world, kind)

    managed.apply(values)

    assert breaking.creations == (1 if heard else 2)
    managed.assert_settled(values)
    managed.destroy()
