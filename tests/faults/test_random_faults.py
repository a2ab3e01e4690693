"""Applies under random faults: nothing is lost, nothing doubled, nothing given away, and the next apply converges.

Each trial has a seed of its own, which fixes which request meets which fault. ``FAULT_TRIALS`` sets how many trials
there are (a few by default; `make test-faults` runs many); ``FAULT_SEED`` where they begin, to repeat one.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.fault_proxy import FAULTS, FaultProxy
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

TRIALS = int(os.environ.get("FAULT_TRIALS", "2"))
FIRST = int(os.environ.get("FAULT_SEED", "0"))

SECRET = "hush-hush-4711"

CONFIGURATION = """
resource "prefect_work_pool" "p" {{
  name = "{name}-pool"
  type = "process"
}}
resource "prefect_work_queue" "q" {{
  work_pool_name    = prefect_work_pool.p.name
  name              = "{name}-queue"
  concurrency_limit = {number}
}}
resource "prefect_flow" "f" {{
  name = "{name}-flow"
  tags = ["{tag}"]
}}
resource "prefect_deployment" "d" {{
  name              = "{name}-deployment"
  flow_id           = prefect_flow.f.id
  entrypoint        = "flows/a.py:a"
  work_pool_name    = prefect_work_pool.p.name
  work_queue_name   = prefect_work_queue.q.name
  concurrency_limit = {number}
  tags              = ["{tag}"]
  schedules = {{
    nightly = {{ cron = "0 3 * * *", max_scheduled_runs = {number} }}
    often   = {{ interval = 3600 }}
  }}
}}
resource "prefect_variable" "v" {{
  name  = "{variable}"
  value = {{ n = {number} }}
}}
resource "prefect_block" "b" {{
  name      = "{name}-block"
  type_slug = "secret"
  data      = jsonencode({{ value = "{secret}-{number}" }})
}}
resource "prefect_automation" "a" {{
  count   = 3
  name    = "{name}-automation"
  tags    = ["{tag}"]
  trigger = {{ event = {{ posture = "Reactive", expect = ["{name}.x"], threshold = {number}, within = 60 }} }}
  actions = [{{ type = "run-deployment", deployment_id = prefect_deployment.d.id }}]
}}
"""

COLLECTIONS = {
    "prefect_work_pool": ("/work_pools/filter", "work_pools"),
    "prefect_flow": ("/flows/filter", "flows"),
    "prefect_deployment": ("/deployments/filter", "deployments"),
    "prefect_variable": ("/variables/filter", "variables"),
    "prefect_block": ("/block_documents/filter", "block_documents"),
    "prefect_automation": ("/automations/filter", "automations"),
}


def configuration(name: str, number: int) -> str:
    """A configuration of one object of each kind, and three automations of one name."""
    variable = name.replace("-", "_")
    return CONFIGURATION.format(name=name, variable=variable, number=number, tag=f"t{number}", secret=SECRET)


def on_server(server: PrefectServer, name: str) -> dict[str, set[str]]:
    """The ids of all objects that a trial can have made, by type."""
    found: dict[str, set[str]] = {}
    for kind, (path, _) in COLLECTIONS.items():
        objects: list[dict[str, Any]] = []
        while True:
            page = server.call("POST", path, {"limit": 200, "offset": len(objects)})
            objects += page
            if len(page) < 200:
                break
        stems = (name, name.replace("-", "_"))
        found[kind] = {one["id"] for one in objects if str(one["name"]).startswith(stems)}
    queues = server.call(
        "POST", "/work_queues/filter", {"work_queues": {"name": {"any_": [f"{name}-queue"]}}}
    )
    found["prefect_work_queue"] = {one["id"] for one in queues}
    return found


def in_state(workspace: Workspace) -> dict[str, set[str]]:
    """The ids of all objects in state, by type."""
    file = workspace.directory / "terraform.tfstate"
    document = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    found: dict[str, set[str]] = {kind: set() for kind in [*COLLECTIONS, "prefect_work_queue"]}
    for resource in document.get("resources", []):
        for instance in resource["instances"]:
            found[resource["type"]].add(instance["attributes"]["id"])
    return found


def assert_no_secret(workspace: Workspace) -> None:
    """The secret is in no output and no log of any command that was run; `show -json` shows all, by design."""
    for result in workspace.results:
        if result.command[0] == "show":
            continue
        assert SECRET not in result.stdout, result.command
        assert SECRET not in result.stderr, result.command


@pytest.mark.parametrize("seed", range(FIRST, FIRST + TRIALS))
def test_converges(seed: int, terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """After create, update and destroy under faults, one more apply in peace leaves what was configured, once."""
    name = unique("faults")
    with FaultProxy(prefect_server.url, seed=seed, rate=0.25, faults=FAULTS) as proxy:
        workspace = terraform(
            configuration(name, 2), api_url=proxy.api_url, env={"TF_LOG": "TRACE", "TF_LOG_PATH": ""}
        )
        for step, number in enumerate((2, 3)):
            workspace.write(configuration(name, number))
            proxy.calm = False
            workspace.apply(check=False)
            proxy.calm = True
            workspace.apply()
            workspace.assert_no_changes()
            assert in_state(workspace) == on_server(prefect_server, name), f"seed {seed}, step {step}"
            assert len(on_server(prefect_server, name)["prefect_automation"]) == 3
        proxy.calm = False
        workspace.destroy(check=False)
        proxy.calm = True
        workspace.destroy()

        assert not any(on_server(prefect_server, name).values())
        assert_no_secret(workspace)
        assert any(exchange.fault for exchange in proxy.seen)
