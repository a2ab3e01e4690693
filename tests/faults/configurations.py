"""Small configurations that a seed chooses: a few objects of all kinds, and what is changed or replaced of them.

They are Terraform's JSON, in which a text ``${prefect_flow.f.id}`` refers to another object.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["APART", "SECRET", "Configuration", "Steps", "steps"]

Configuration: TypeAlias = dict[str, dict[str, dict[str, dict[str, Any]]]]
"""``{"resource": {"prefect_flow": {"f": {...}}}, "data": {...}}``."""

SECRET: Final = "hush-hush-4711"
"""What no output may show."""

APART: Final = "-apart"
"""How the names of deployments end whose schedules are objects of their own."""

Part: TypeAlias = "Callable[[str, int, int], Configuration]"
"""Of a name, a number that an update changes, and one that a replacement changes."""


def _variable(name: str, number: int, _: int) -> Configuration:
    given = {"name": name.replace("-", "_"), "value": {"n": number}, "tags": [f"t{number}"]}
    return {"resource": {"prefect_variable": {"v": given}}}


def _block(name: str, number: int, generation: int) -> Configuration:
    data = json.dumps({"value": f"{SECRET}-{number}"})
    given = {"name": f"{name}-block-{generation}", "type_slug": "secret", "data": data}
    return {"resource": {"prefect_block": {"b": given}}}


def _write_only_block(name: str, number: int, generation: int) -> Configuration:
    data = json.dumps({"value": f"{SECRET}-{number}"})
    given = {
        "name": f"{name}-wo-{generation}",
        "type_slug": "secret",
        "data_wo": data,
        "data_wo_version": number,
    }
    return {"resource": {"prefect_block": {"wo": given}}}


def _pool(name: str, number: int, generation: int) -> Configuration:
    pool = {
        "name": f"{name}-pool-{generation}",
        "type": "process",
        "description": f"number {number}",
    }
    queue = {
        "work_pool_name": "${prefect_work_pool.p.name}",
        "name": f"{name}-queue",
        "concurrency_limit": number,
        "priority": number,
    }
    return {"resource": {"prefect_work_pool": {"p": pool}, "prefect_work_queue": {"q": queue}}}


def _flow(name: str, number: int, generation: int) -> Configuration:
    return {
        "resource": {"prefect_flow": {"f": {"name": f"{name}-flow-{generation}", "tags": [f"t{number}"]}}}
    }


def _deployment(name: str, number: int, generation: int) -> Configuration:
    given = {
        "name": f"{name}-deployment",
        "flow_id": "${prefect_flow.f.id}",
        "entrypoint": "flows/a.py:a",
        "concurrency_limit": number,
        "tags": [f"t{number}"],
        "parameters": json.dumps({"token": f"{SECRET}-{number}"}),
        "schedules": {
            "nightly": {"cron": "0 3 * * *", "max_scheduled_runs": number},
            f"often-{number}": {"interval": 3600},
        },
    }
    found = {"id": "${prefect_deployment.d.id}"}
    return {
        "resource": _flow(name, number, generation)["resource"] | {"prefect_deployment": {"d": given}},
        "data": {"prefect_deployment": {"look": found}},
    }


def _deployment_of_an_entrypoint(name: str, number: int, generation: int) -> Configuration:
    given = {
        "name": f"{name}-other-{generation}",
        "flow_name": f"{name}-left",
        "work_pool_name": "${prefect_work_pool.p.name}",
        "work_queue_name": "${prefect_work_queue.q.name}",
        "labels": {"number": str(number)},
    }
    return {"resource": _pool(name, number, generation)["resource"] | {"prefect_deployment": {"e": given}}}


def _automations(name: str, number: int, _: int) -> Configuration:
    """Two of one name, which only their ids tell apart."""
    given = {
        "name": f"{name}-automation",
        "tags": [f"t{number}"],
        "trigger": {
            "event": {"posture": "Reactive", "expect": [f"{name}.x"], "threshold": number, "within": 60}
        },
        "actions": [{"type": "do-nothing"}],
    }
    return {"resource": {"prefect_automation": {"one": given, "two": given}}}


def _schedules(name: str, number: int, generation: int) -> Configuration:
    """Schedules apart from their deployment; one has no slug."""
    deployment = {"name": f"{name}{APART}", "flow_name": f"{name}-left", "description": f"number {number}"}
    nightly = {
        "deployment_id": "${prefect_deployment.s.id}",
        "slug": f"nightly-{generation}",
        "cron": f"{number} 3 * * *",
        "parameters": json.dumps({"token": f"{SECRET}-{number}"}),
    }
    bare = {"deployment_id": "${prefect_deployment.s.id}", "interval": 600 * number, "active": number == 2}
    return {
        "resource": {
            "prefect_deployment": {"s": deployment},
            "prefect_deployment_schedule": {"nightly": nightly, "bare": bare},
        },
        "data": {"prefect_deployment_schedules": {"all": {"deployment_id": "${prefect_deployment.s.id}"}}},
    }


def _own_type(name: str, number: int, generation: int) -> Configuration:
    """A block type with its schema, and a block of it."""
    type_ = {
        "name": f"{name}-type-{generation}",
        "slug": f"{name}-type-{generation}",
        "description": f"number {number}",
    }
    fields = {
        "title": name,
        "type": "object",
        "properties": {"token": {"type": "string", "format": "password"}},
        "secret_fields": ["token"],
    }
    schema = {"block_type_id": "${prefect_block_type.t.id}", "fields": json.dumps(fields)}
    block = {
        "name": f"{name}-of-own-type",
        "type_slug": "${prefect_block_schema.t.block_type}",
        "data": json.dumps({"token": f"{SECRET}-{number}"}),
    }
    return {
        "resource": {
            "prefect_block_type": {"t": type_},
            "prefect_block_schema": {"t": schema},
            "prefect_block": {"t": block},
        }
    }


def _limits(name: str, number: int, generation: int) -> Configuration:
    overall = {"name": f"{name}-limit-{generation}", "limit": number, "slot_decay_per_second": number}
    tagged = {"tag": f"{name}-tag-{generation}", "concurrency_limit": number}
    return {
        "resource": {
            "prefect_global_concurrency_limit": {"g": overall},
            "prefect_task_run_concurrency_limit": {"r": tagged},
        }
    }


_PARTS: Final[tuple[Part, ...]] = (
    _variable,
    _block,
    _write_only_block,
    _pool,
    _flow,
    _deployment,
    _deployment_of_an_entrypoint,
    _automations,
    _schedules,
    _own_type,
    _limits,
)


def _merged(*parts: Configuration) -> Configuration:
    whole: Configuration = {"resource": {}, "data": {}}
    for part in parts:
        for mode, types in part.items():
            for type_, objects in types.items():
                whole[mode].setdefault(type_, {}).update(objects)
    return {mode: types for mode, types in whole.items() if types}


class Steps:
    """The configurations that are applied one after the other; the last one is empty."""

    def __init__(self, names: list[str], configurations: list[Configuration]) -> None:
        self.names = names
        self.configurations = configurations


def steps(seed: int, name: str) -> Steps:
    """Create some objects, change or replace or remove some of them, destroy them all."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    chosen = chance.sample(_PARTS, k=chance.choice((1, 2, 2, 3)))
    first = _merged(*(part(name, 2, 0) for part in chosen))
    what = chance.choice(("update", "update", "replace", "exchange"))
    if what == "exchange":
        others = [part for part in _PARTS if part not in chosen]
        second = _merged(*(part(name, 2, 0) for part in [*chosen[1:], chance.choice(others)]))
    else:
        second = _merged(*(part(name, 3, int(what == "replace")) for part in chosen))
    return Steps(["create", what, "destroy"], [first, second, {}])
