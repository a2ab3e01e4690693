"""Flows and deployments under the real terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

CODE = """
from prefect import flow

@flow(name={name!r})
def ingest(day: str, retries: int = 3): ...

@flow(name={other!r})
def export(): ...
"""

DEPLOYMENT = """
resource "prefect_work_pool" "pool" {{
  name = "{pool}"
  type = "process"
}}

resource "prefect_work_queue" "fast" {{
  work_pool_name = prefect_work_pool.pool.name
  name           = "fast lane"
  priority       = 1
}}

resource "prefect_deployment" "this" {{
  name                     = "nightly"
  entrypoint               = "flow.py:{function}"
  work_pool_name           = prefect_work_pool.pool.name
  work_queue_name          = prefect_work_queue.fast.name
  parameters               = jsonencode({{ day = "today", queue = prefect_work_queue.fast.id }})
  parameter_openapi_schema = provider::prefect::parameter_schema("flow.py:{function}")
  tags                     = ["b", "a"]
  schedules = {{
    nightly = {{ cron = "0 3 * * *", timezone = "Europe/Berlin" }}
    often   = {{ interval = 900 }}
  }}
  pull_steps = [
    {{ type = "git_clone", repository = "https://example.com/r.git", access_token = "hush-token" }},
    {{ type = "company.steps.fetch", inputs = jsonencode({{ retries = 3 }}) }},
  ]
{more}}}

data "prefect_deployment" "found" {{
  name      = prefect_deployment.this.name
  flow_name = provider::prefect::flow_name("flow.py:{function}")
}}

output "id" {{ value = data.prefect_deployment.found.id }}
output "flow" {{ value = prefect_deployment.this.flow_name }}
"""


def test_life_of_a_flow(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A flow is created, changed, healed, replaced, taken over from elsewhere with a warning, and destroyed."""
    name = unique("a “flow”")
    workspace = terraform(f'resource "prefect_flow" "this" {{\n  name = "{name}"\n  tags = ["b", "a"]\n}}')
    workspace.apply()
    workspace.assert_no_changes()
    flow = workspace.state()["prefect_flow.this"]["id"]

    prefect_server.call("PATCH", f"/flows/{flow}", {"tags": ["else"]})
    plan = workspace.plan()
    assert plan.change("prefect_flow.this").differences.keys() == {"tags", "updated"}
    workspace.apply()
    assert sorted(prefect_server.call("GET", f"/flows/{flow}")["tags"]) == ["a", "b"]

    other = unique("other")
    existing = prefect_server.call("POST", "/flows/", {"name": other})["id"]
    workspace.write(f'resource "prefect_flow" "this" {{\n  name = "{other}"\n}}')
    change = workspace.plan().change("prefect_flow.this")
    assert change.actions == ("delete", "create")
    assert change.replace_paths == [["name"]]
    done = workspace.apply()
    [warning] = done.warnings
    assert warning.summary == "The flow existed already"
    assert workspace.state()["prefect_flow.this"]["id"] == existing
    workspace.assert_no_changes()
    workspace.destroy()
    assert not prefect_server.exists(f"/flows/{existing}")


def test_import_of_flows(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """Import blocks by name and by id, and the import command, take flows over without a change to plan."""
    names = [unique("flow") for _ in range(3)]
    ids = [prefect_server.call("POST", "/flows/", {"name": name, "tags": ["t"]})["id"] for name in names]
    resources = "".join(
        f'resource "prefect_flow" "f{number}" {{\n  name = "{name}"\n  tags = ["t"]\n}}\n'
        for number, name in enumerate(names)
    )
    blocks = (
        f'import {{\n  to = prefect_flow.f0\n  id = "{names[0]}"\n}}\n'
        f'import {{\n  to = prefect_flow.f1\n  id = "{ids[1]}"\n}}\n'
    )
    workspace = terraform(resources + blocks)
    workspace.import_("prefect_flow.f2", names[2])
    plan = workspace.plan()
    assert plan.actions() == {}
    workspace.apply()
    assert [workspace.state()[f"prefect_flow.f{number}"]["id"] for number in range(3)] == ids

    workspace.run("state", "rm", "prefect_flow.f2", check=True)
    missing = workspace.import_("prefect_flow.f2", "no such flow", check=False)
    assert missing.exit_code == 1
    assert 'There is no prefect_flow "no such flow"' in missing.stderr


def test_life_of_a_deployment(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A deployment whose flow comes from its entrypoint is created with all that belongs to it, changed and healed."""
    name, other, pool = unique("Daily"), unique("Export"), unique("pool")
    workspace = terraform(DEPLOYMENT.format(pool=pool, function="ingest", more=""))
    code = workspace.directory / "flow.py"
    code.write_text(CODE.format(name=name, other=other), encoding="utf-8")

    planned = workspace.plan().change("prefect_deployment.this")
    assert planned.after["flow_name"] == name
    assert planned.after_unknown["flow_id"] is True
    workspace.apply()
    workspace.assert_no_changes()
    deployment = workspace.outputs()["id"]
    path = f"/deployments/{deployment}"
    remote = prefect_server.call("GET", path)
    assert prefect_server.call("GET", f"/flows/{remote['flow_id']}")["name"] == name
    assert remote["work_queue_name"] == "fast lane"
    assert remote["parameter_openapi_schema"]["required"] == ["day"]

    # Drift is shown at its place, and healed.
    schedule = next(one["id"] for one in remote["schedules"] if one["slug"] == "nightly")
    prefect_server.call("DELETE", f"{path}/schedules/{schedule}")
    prefect_server.call("PATCH", path, {"tags": [], "parameters": {}, "concurrency_limit": 3})
    changed = workspace.plan().change("prefect_deployment.this")
    assert changed.differences.keys() == {"tags", "parameters", "schedules", "concurrency_limit", "updated"}
    workspace.apply()
    workspace.assert_no_changes()

    # Another machine has no code: nothing to do but for the functions, which need it.
    code.unlink()
    without = DEPLOYMENT.format(pool=pool, function="ingest", more='  description = "changed"\n')
    without = without.replace('provider::prefect::parameter_schema("flow.py:ingest")', "null")
    without = without.replace('provider::prefect::flow_name("flow.py:ingest")', f'"{name}"')
    workspace.write(without)
    assert workspace.plan().actions() == {"prefect_deployment.this": ("update",)}
    workspace.apply()
    assert workspace.outputs() == {"id": deployment, "flow": name}

    # Another flow needs another deployment.
    code.write_text(CODE.format(name=name, other=other), encoding="utf-8")
    workspace.write(DEPLOYMENT.format(pool=pool, function="export", more=""))
    replaced = workspace.plan().change("prefect_deployment.this")
    assert replaced.actions == ("delete", "create")
    assert ["flow_name"] in replaced.replace_paths
    workspace.apply()
    assert workspace.outputs()["flow"] == other

    shown = workspace.run("show").stdout
    assert "hush-token" not in shown
    workspace.destroy()
    assert not prefect_server.exists(path)
    assert prefect_server.exists(f"/flows/{remote['flow_id']}")


def test_import_of_a_deployment(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A deployment is imported by its flow's name and its own, and its configuration plans nothing."""
    flow, name = unique("flow"), unique("deployment")
    flow_id = prefect_server.call("POST", "/flows/", {"name": flow, "labels": {"team": "data"}})["id"]
    made = prefect_server.call(
        "POST", "/deployments/", {"name": name, "flow_id": flow_id, "entrypoint": "a.py:b", "tags": ["t"]}
    )
    body = f'  name = "{name}"\n  entrypoint = "a.py:b"\n  tags = ["t"]\n'
    workspace = terraform(
        f'resource "prefect_deployment" "one" {{\n{body}}}\n'
        f'import {{\n  to = prefect_deployment.one\n  id = "{flow}/{name}"\n}}\n'
    )
    assert workspace.plan().actions() == {}
    workspace.apply()
    assert workspace.state()["prefect_deployment.one"]["id"] == made["id"]


def test_mistakes_are_found_before_apply(terraform: Callable[..., Workspace]) -> None:
    """A wrong configuration is refused by `terraform validate`, each mistake at its line and with its remedy."""
    workspace = terraform(
        """
resource "prefect_deployment" "a" {
  name            = "a"
  work_queue_name = "q"
}
resource "prefect_deployment" "b" {
  name       = "b"
  entrypoint = "b.py:b"
  schedules = {
    s = { cron = "0 25 * * *" }
  }
}
resource "prefect_deployment" "c" {
  name       = "c"
  entrypoint = "c.py:c"
  pull_steps = [{ type = "git_clone", bucket = "b" }]
}
resource "prefect_flow" "d" {
  name = "a/b"
}
""",
        api_url=None,
    )
    found = {(error.address, error.snippet.splitlines()[0]) for error in workspace.validate().errors}
    assert found == {
        ("prefect_deployment.a", 'work_queue_name = "q"'),
        ("prefect_deployment.b", "schedules = {"),
        ("prefect_deployment.c", 'pull_steps = [{ type = "git_clone", bucket = "b" }]'),
        ("prefect_flow.d", 'name = "a/b"'),
    }
    details = " ".join(f"{error.summary} {error.detail}" for error in workspace.results[-1].errors)
    for text in ("`work_pool_name`", "schedules.s.cron", "pull_steps[0].repository", "other than / % & > <"):
        assert text in details
