"""Who owns what of a deployment: docs/prefect-yaml.md has a rule for each attribute, and Prefect does what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from prefect_provider.objects.server.deployment.resource import Deployment
from tests.environment.prefect_programs import run_prefect
from tests.environment.prefect_server import prefect_version
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer

PAGE: Final = (ROOT / "docs" / "prefect-yaml.md").read_text(encoding="utf-8")
ELSEWHERE: Final = {"account_id", "workspace_id"}
SET: Final[dict[str, Any]] = {
    "path": "/somewhere",
    "version": "set",
    "description": "set",
    "tags": ["set"],
    "parameters": {"x": 1},
    "job_variables": {"image": "set"},
    "enforce_parameter_schema": False,
    "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": "/set"}}],
    "labels": {"team": "set"},
    "paused": True,
    "concurrency_limit": 3,
    "schedules": [{"schedule": {"cron": "0 3 * * *"}, "slug": "set"}],
}

CODE: Final = "from prefect import flow\n\n@flow\ndef owned(x: int = 0):\n    pass\n"
FILE: Final = """
deployments:
- {name: silent, entrypoint: "flows.py:owned", work_pool: {name: ownership}}
- {name: emptying, entrypoint: "flows.py:owned", work_pool: {name: ownership}, schedules: [], paused: true}
- {name: others, entrypoint: "flows.py:owned", work_pool: {name: ownership}, schedules: [{cron: "0 4 * * *", slug: b}]}
- {name: slugless, entrypoint: "flows.py:owned", work_pool: {name: ownership}, schedules: [{cron: "0 4 * * *"}]}
"""


def test_each_attribute_has_a_rule() -> None:
    """No attribute of a deployment that can be configured is without one."""
    table = PAGE.split("## Who owns what", 1)[1]
    named = {
        name
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    configurable = {name for name, one in Deployment.attributes.items() if one.configurable}
    assert sorted(configurable - ELSEWHERE - named) == []


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[dict[str, str]]:
    """A work pool, a flow, a limit and a block, by their ids."""
    server = prefect_server
    pool = server.call("POST", "/work_pools/", {"name": "ownership", "type": "process"})
    flow = server.call("POST", "/flows/", {"name": "owned"})
    limit = server.call("POST", "/v2/concurrency_limits/", {"name": "ownership", "limit": 3})
    block_type = server.call("GET", "/block_types/slug/local-file-system")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [block_type]}}}
    schema = server.call("POST", "/block_schemas/filter", wanted)[0]["id"]
    block = server.call(
        "POST",
        "/block_documents/",
        {"name": "ownership", "data": {}, "block_type_id": block_type, "block_schema_id": schema},
    )
    yield {"flow": flow["id"], "limit": limit["id"], "block": block["id"]}
    server.call("DELETE", f"/flows/{flow['id']}")
    server.call("DELETE", f"/block_documents/{block['id']}")
    if server.exists(f"/v2/concurrency_limits/{limit['id']}"):
        server.call("DELETE", f"/v2/concurrency_limits/{limit['id']}")
    server.call("DELETE", f"/work_pools/{pool['name']}")


def test_what_prefect_deploy_writes(
    prefect_server: PrefectServer, world: dict[str, str], tmp_path: Path
) -> None:
    """A file that says nothing empties what the table says that it empties, and leaves the rest."""
    if prefect_version() != "3.8.8":
        pytest.skip("it is about `prefect deploy` of Prefect 3.8.8")
    (tmp_path / "flows.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "prefect.yaml").write_text(FILE, encoding="utf-8")
    server = prefect_server
    kept = {**SET, "flow_id": world["flow"], "entrypoint": "other.py:owned", "work_pool_name": "ownership"}
    kept["storage_document_id"] = world["block"]
    silent = server.call("POST", "/deployments/", {**kept, "name": "silent"})
    limited = {key: value for key, value in kept.items() if key != "concurrency_limit"}
    limited["global_concurrency_limit_id"] = world["limit"]
    emptying = server.call("POST", "/deployments/", {**limited, "name": "emptying"})
    others = server.call("POST", "/deployments/", {**kept, "name": "others"})
    without = {"schedules": [{"schedule": {"cron": "0 3 * * *"}}]}
    slugless = server.call("POST", "/deployments/", {**kept, **without, "name": "slugless"})
    assert silent["paused"] is True
    assert emptying["global_concurrency_limit"]["id"] == world["limit"]
    run_prefect(server, tmp_path, [(tmp_path, ["--no-prompt", "deploy", "--all"])])
    silent, emptying, others, slugless = (
        server.call("GET", f"/deployments/{one['id']}") for one in (silent, emptying, others, slugless)
    )
    # What is emptied, or taken from the code, also where the file says nothing.
    emptied: dict[str, Any] = {"description": None, "tags": [], "parameters": {}, "job_variables": {}}
    emptied |= {"paused": False, "global_concurrency_limit": None, "concurrency_options": None}
    emptied |= {"entrypoint": "flows.py:owned", "work_pool_name": "ownership"}
    assert {name: silent[name] for name in emptied} == emptied
    assert re.fullmatch("[0-9a-f]{32}", silent["version"])
    assert silent["pull_steps"] == [
        {"prefect.deployments.steps.set_working_directory": {"directory": str(tmp_path)}}
    ]
    assert silent["parameter_openapi_schema"]["properties"].keys() == {"x"}
    # What is left.
    for name in ("path", "enforce_parameter_schema", "storage_document_id"):
        assert silent[name] == kept[name]
    assert silent["labels"].items() >= kept["labels"].items()
    assert schedules(silent) == schedules(emptying) == ["0 3 * * *"]
    assert emptying["paused"] is True
    # With slugs it adds to them; without, it replaces them.
    assert (schedules(others), schedules(slugless)) == (["0 3 * * *", "0 4 * * *"], ["0 4 * * *"])
    # The limit is not only taken away from the deployment: it is gone, whoever else has it.
    assert emptying["global_concurrency_limit"] is None
    assert not server.exists(f"/v2/concurrency_limits/{world['limit']}")


def schedules(deployment: dict[str, Any]) -> list[str]:
    """When it runs."""
    return sorted(one["schedule"]["cron"] for one in deployment["schedules"])
