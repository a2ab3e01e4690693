"""A creation whose answer is lost: whatever the server made of it is in state, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.block_schema import BlockSchema
from prefect_provider.objects.server.block_type import BlockType
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit
from prefect_provider.objects.server.task_run_concurrency_limit import TaskRunConcurrencyLimit
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.objects.connections import break_at_creation
from tests.objects.terraform_core import Managed, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.objects.remote import RemoteObject
    from tests.objects.terraform_core import World


def _pool(world: World) -> str:
    name = unique("lost-pool")
    world.call("POST", "/work_pools/", {"name": name, "type": "process"})
    return name


def _type(world: World) -> str:
    name = unique("lost-type")
    return str(world.call("POST", "/block_types/", {"name": name, "slug": name})["id"])


def _secret(attribute: str) -> dict[str, Any]:
    return {"name": unique("lost"), "type_slug": "secret", attribute: json.dumps({"value": "x"})}


KINDS: list[tuple[type[RemoteObject], str, Callable[[World], dict[str, Any]]]] = [
    (
        Variable,
        "/variables/",
        lambda _: {"name": unique("lost"), "value": Dynamic(STRING, "x"), "tags": ["b", "a"]},
    ),
    (
        GlobalConcurrencyLimit,
        "/v2/concurrency_limits/",
        lambda _: {"name": unique("lost"), "limit": 3, "active_slots": 1},
    ),
    (
        TaskRunConcurrencyLimit,
        "/concurrency_limits/",
        lambda _: {"tag": unique("lost"), "concurrency_limit": 3},
    ),
    (BlockType, "/block_types/", lambda _: {"name": (name := unique("lost")), "slug": name}),
    (
        BlockSchema,
        "/block_schemas/",
        lambda world: {"block_type_id": _type(world), "fields": json.dumps({"title": unique("lost")})},
    ),
    (WorkPool, "/work_pools/", lambda _: {"name": unique("lost"), "type": "process", "concurrency_limit": 3}),
    (WorkQueue, "/queues", lambda world: {"name": unique("lost"), "work_pool_name": _pool(world)}),
    (
        WorkQueue,
        "/queues",
        lambda world: {"name": unique("lost"), "work_pool_name": _pool(world), "priority": 1},
    ),
    (
        Block,
        "/block_documents/",
        lambda _: {"name": unique("lost"), "type_slug": "secret", "data": json.dumps({"value": "x"})},
    ),
    (
        Block,
        "/block_documents/",
        lambda _: {"name": unique("lost"), "type_slug": "secret", "data_wo": json.dumps({"value": "x"})},
    ),
]


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize(("kind", "path", "given"), KINDS, ids=lambda value: getattr(value, "type_name", ""))
def test_object_is_made_once(
    world: World,
    kind: type[RemoteObject],
    path: str,
    given: Callable[[World], dict[str, Any]],
    *,
    heard: bool,
) -> None:
    """What the server made before the connection broke is taken as made; what it did not is made anew."""
    values = given(world)
    breaking = break_at_creation(world, path, heard=heard)
    managed = Managed(world, kind)

    managed.apply(values)

    assert breaking.creations == (1 if heard else 2)
    managed.assert_settled(values)
    managed.destroy()
