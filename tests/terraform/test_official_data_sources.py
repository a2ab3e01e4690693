"""Data sources in a state of the official provider: read anew after the switch, and their values are the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.objects.terraform_core import unique
from tests.terraform.official_states import ADDRESS, MAPPINGS, OURS, Instance, state_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
NO_ID = "00000000-0000-0000-0000-000000000000"

PEER_WORKERS = {"azure_container_instances", "cloud_run", "cloud_run_v2", "docker", "ecs", "kubernetes"}
PEER_WORKERS |= {"prefect_agent", "process", "vertex_ai"}

LOOKED_UP = {
    "automation": ["id"],
    "block": ["name", "type_slug"],
    "deployment": ["flow_name", "name"],
    "global_concurrency_limit": ["name"],
    "variable": ["name"],
    "work_pool": ["name"],
    "work_queue": ["work_pool_name", "name"],
}
"""By which attributes each is looked up, without `prefect_`."""


@pytest.fixture
def found(prefect_server: PrefectServer) -> dict[str, dict[str, Any]]:
    """What the official provider stores of one object of each kind, by kind."""
    call, name = prefect_server.call, unique("switch")
    flow = call("POST", "/flows/", {"name": name})
    pool = call("POST", "/work_pools/", {"name": name, "type": "process", "description": "for tests"})
    queue = call("POST", f"/work_pools/{name}/queues", {"name": "q", "priority": 2})
    body = {"name": "d", "flow_id": flow["id"], "parameters": {"b": 1, "a": None}, "tags": ["b", "a"]}
    deployment = call("POST", "/deployments/", body | {"work_pool_name": name, "work_queue_name": "q"})
    variable = call("POST", "/variables/", {"name": name, "value": {"a": [1, "x"]}, "tags": ["x"]})
    limit = call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 3, "slot_decay_per_second": 0.5})
    type_id = call("GET", "/block_types/slug/secret")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [type_id]}}, "limit": 1}
    [schema] = call("POST", "/block_schemas/filter", wanted)
    body = {"name": name, "data": {"value": "x"}, "block_type_id": type_id, "block_schema_id": schema["id"]}
    block = call("POST", "/block_documents/", body)
    trigger = {"type": "event", "posture": "Reactive", "expect": ["a"], "threshold": 1, "within": 0}
    body = {"name": name, "trigger": trigger, "actions": [{"type": "cancel-flow-run"}]}
    automation = call("POST", "/automations/", body)

    def stored(kind: str, answer: dict[str, Any], **given: Any) -> dict[str, Any]:
        return MAPPINGS[f"prefect_{kind}"](answer, given)

    # What it does not know of an object is an id of zeros here, too.
    nowhere = {"account_id": NO_ID, "workspace_id": NO_ID}
    pool_values = stored("work_pool", pool, base_job_template=json.dumps(pool["base_job_template"]))
    secret = stored("block", block, type_slug="secret", data='{"value":"x"}')
    queues = call("POST", f"/work_pools/{name}/queues/filter", {})
    templates = call("GET", "/collections/views/aggregate-worker-metadata")
    return {
        "automation": stored("automation", automation),
        "block": {name: value for name, value in secret.items() if name != "data_wo_version"},
        "deployment": stored("deployment", deployment) | {"flow_name": name},
        "global_concurrency_limit": stored("global_concurrency_limit", limit) | nowhere,
        "variable": stored("variable", variable),
        "work_pool": pool_values,
        "work_queue": stored("work_queue", queue),
        "work_queues": {
            "work_pool_name": name,
            "filter_any": None,
            "work_queues": [stored("work_queue", one) for one in queues],
        },
        "worker_metadata": {"base_job_configs": _templates(templates)},
        "work_pools": {"filter_any": [pool["id"]], "work_pools": [pool_values]},
    }


def _templates(view: dict[str, Any]) -> dict[str, str]:
    """The templates of the workers that a self-hosted server knows, by attribute."""
    named = {
        name.replace("azure-container-instance", "azure-container-instances"): worker
        for workers in view.values()
        for name, worker in workers.items()
    }
    return {
        name.replace("-", "_"): json.dumps(worker["default_base_job_configuration"])
        for name, worker in named.items()
        if name.replace("-", "_") in PEER_WORKERS
    }


# What differs in writing alone: times are as the server gives them, and what there is not is null.
OTHERWISE_WRITTEN = {
    *(f"{kind}-{name}" for kind in LOOKED_UP for name in ("created", "updated")),
    *(f"deployment-{name}" for name in ("description", "path", "version", "entrypoint")),
    "deployment-storage_document_id",
    *(f"global_concurrency_limit-{name}" for name in ("account_id", "workspace_id")),
    *("automation-actions", "automation-trigger"),
    *("work_pools-work_pools", "work_queues-work_queues"),
    "worker_metadata-base_job_configs",
}


def test_data_sources(terraform: Callable[..., Workspace], found: dict[str, dict[str, Any]]) -> None:
    """A state with every data source, and with outputs of all that they have, is taken over: values stay what they are.

    Those that configurations use elsewhere stay letter by letter, so that nothing else changes.
    """
    instances = [Instance(f"prefect_{kind}", "x", values, mode="data") for kind, values in found.items()]
    lists = {
        "work_pools": ["filter_any"],
        "work_queues": ["work_pool_name"],
        "worker_metadata": list[str](),
    }
    given = {
        f"prefect_{kind}": {"x": {name: found[kind][name] for name in names}}
        for kind, names in (LOOKED_UP | lists).items()
    }
    texts = {
        f"{kind}-{name}": json.dumps(_plain(value), separators=(",", ":"), sort_keys=True)
        for kind, values in found.items()
        for name, value in values.items()
    }
    outputs = {
        name: {"value": f"${{nonsensitive(jsonencode(data.prefect_{name.replace('-', '.x.')}))}}"}
        for name in texts
    }
    workspace = terraform({"data": given, "output": outputs})
    workspace.write_json(state_file(instances, texts), "terraform.tfstate")
    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)

    plan = workspace.plan()

    assert plan.errors == []
    assert plan.actions() == {}
    shown = {name: change["after"] for name, change in plan.json["output_changes"].items()}
    assert shown.keys() == texts.keys()
    differing = {name: (text, shown[name]) for name, text in texts.items() if shown[name] != text}
    assert {name: pair for name, pair in differing.items() if name not in OTHERWISE_WRITTEN} == {}
    assert OTHERWISE_WRITTEN - differing.keys() == set()
    for before, after in differing.values():
        assert _meaning(after, like=json.loads(before)) == _meaning(before, like=json.loads(before))
    workspace.apply()
    workspace.assert_no_changes()


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"type", "value"}:
        return value["value"]
    return value


def _meaning(text: str, like: Any) -> Any:
    """A value without what is a matter of writing, and without the attributes that ``like`` does not have."""
    return _reduced(json.loads(text), like)


def _reduced(value: Any, like: Any) -> Any:
    if isinstance(value, dict) and isinstance(like, dict):
        return {name: _reduced(value.get(name), like[name]) for name in like if like[name] is not None}
    if isinstance(value, list) and isinstance(like, list):
        # The order of a set is terraform's, by everything that the objects have.
        both = [sorted(items, key=_id_of) for items in (value, like)]
        return [_reduced(one, other) for one, other in zip(*both, strict=True)]
    if value in ("", NO_ID, "{}", None):
        return None
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value)
    if isinstance(value, str) and TIME.match(value):
        return value[:19]
    return value


def _id_of(item: Any) -> str:
    return str(item.get("id", "")) if isinstance(item, dict) else ""
