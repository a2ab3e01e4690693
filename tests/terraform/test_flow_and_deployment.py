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
  parameters               = jsonencode({{ day = prefect_work_queue.fast.id }})
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
    """A flow is created, changed, healed, replaced, kept from a name that somebody else took, and destroyed."""
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
    workspace.write(f'resource "prefect_flow" "this" {{\n  name = "{other}"\n}}')
    change = workspace.plan().change("prefect_flow.this")
    assert change.actions == ("delete", "create")
    assert change.replace_paths == [["name"]]
    # Somebody else takes the name: the flow that Terraform has is not destroyed for one that it may not have.
    taken = prefect_server.call("POST", "/flows/", {"name": other})["id"]
    assert workspace.plan(check=False).only_error().summary == "The flow exists already"
    prefect_server.call("DELETE", f"/flows/{taken}")
    workspace.apply()
    workspace.assert_no_changes()
    made = workspace.state()["prefect_flow.this"]["id"]
    workspace.destroy()
    assert not prefect_server.exists(f"/flows/{flow}")
    assert not prefect_server.exists(f"/flows/{made}")


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


def test_generated_configuration_plans_nothing(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """What `-generate-config-out` writes of deployments of every kind is valid, and plans no change."""
    name = unique("generated")
    call = prefect_server.call
    flow = call("POST", "/flows/", {"name": name, "labels": {"team": "data"}, "tags": ["t"]})["id"]
    call("POST", "/work_pools/", {"name": name, "type": "process"})
    shared = call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 3})["id"]
    schedules = [
        {"slug": "interval", "schedule": {"interval": 3600}},
        {"slug": "half", "schedule": {"interval": 7.5, "timezone": "Europe/Berlin"}, "active": False},
        {"slug": "rule", "schedule": {"rrule": "FREQ=WEEKLY;BYDAY=MO"}, "parameters": {"a": 1}},
        {"slug": "cron", "schedule": {"cron": "0 0 1 * 1", "day_or": False}},
        {"slug": "plain", "schedule": {"cron": "@daily", "timezone": "Europe/Berlin"}},
    ]
    full = {
        "work_pool_name": name,
        "concurrency_limit": 2,
        "concurrency_options": {"collision_strategy": "ENQUEUE"},
        "pull_steps": [
            {"prefect.deployments.steps.git_clone": {"repository": "r", "access_token": None}},
            {"company.steps.fetch": {"bucket": "b", "n": 1.5}},
        ],
        "labels": {"l": "1"},
        "parameters": {"a": 1, "big": 1.5},
        "parameter_openapi_schema": {"type": "object", "properties": {"a": {}, "big": {}}},
        "tags": ["b", "a"],
        "entrypoint": "a.py:b",
    }
    for one, body in {"full": full, "shared": {"global_concurrency_limit_id": shared}, "least": {}}.items():
        made = call("POST", "/deployments/", {"name": one, "flow_id": flow, **body})["id"]
        for schedule in schedules if body else ():
            call("POST", f"/deployments/{made}/schedules", [schedule])
    blocks = [
        f'import {{\n  to = prefect_deployment.{one}\n  id = "{name}/{one}"\n}}\n'
        for one in ("full", "shared", "least")
    ]
    workspace = terraform("".join(blocks) + f'import {{\n  to = prefect_flow.f\n  id = "{name}"\n}}\n')

    assert workspace.plan("-generate-config-out=generated.tf").actions() == {}
    assert workspace.validate().errors == []
    workspace.apply()
    workspace.assert_no_changes()


MODULE = """
variable "flow" {}
locals {
  schedules = {
    a = { cron = "0 0 * * *" }
    b = { interval = 3600 }
    c = { rrule = "FREQ=DAILY" }
  }
}
resource "prefect_deployment" "d" {
  name      = "d"
  flow_name = var.flow
  schedules = {
    for slug, one in local.schedules : slug => {
      cron               = lookup(one, "cron", null)
      interval           = lookup(one, "interval", null)
      rrule              = lookup(one, "rrule", null)
      timezone           = "UTC"
      day_or             = true
      active             = true
      max_scheduled_runs = null
      parameters         = jsonencode({})
    }
  }
}
"""


def test_schedules_of_a_module(terraform: Callable[..., Workspace]) -> None:
    """A module that passes the same attributes on for every kind of schedule works."""
    workspace = terraform(MODULE, env={"TF_VAR_flow": unique("module")})
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


def test_pull_steps_as_prefect_yaml_has_them(terraform: Callable[..., Workspace]) -> None:
    """Steps by their Python path, and with their inputs in one document, plan nothing after apply and after import."""
    name = unique("steps")
    configuration = f"""
resource "prefect_deployment" "d" {{
  name      = "d"
  flow_name = "{name}"
  pull_steps = [
    {{ type = "prefect.deployments.steps.git_clone", repository = "https://git.example/o/r.git", branch = "main" }},
    {{ type = "prefect_gcp.deployments.steps.pull_from_gcs", requires = "prefect-gcp", bucket = "b", folder = "f" }},
    {{ type = "company.steps.fetch", inputs = jsonencode({{ bucket = "b", folder = "f", retries = 3 }}) }},
    {{ type = "git_clone", inputs = jsonencode({{ repository = "https://git.example/r.git", branch = "main" }}) }},
  ]
}}
"""
    workspace = terraform(configuration)
    assert workspace.apply().warnings == []
    workspace.assert_no_changes()
    workspace.run("state", "rm", "prefect_deployment.d", check=True)
    workspace.import_("prefect_deployment.d", f"{name}/d")
    workspace.assert_no_changes()
    workspace.destroy()


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
resource "prefect_deployment" "e" {
  name                     = "e"
  entrypoint               = "flows/etl.py"
  parameters               = jsonencode({ lmit = 5 })
  parameter_openapi_schema = jsonencode({ type = "object", properties = { limit = { type = "integer" } } })
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
        ("prefect_deployment.e", f'{"entrypoint":24} = "flows/etl.py"'),
        ("prefect_deployment.e", f"{'parameters':24} = jsonencode({{ lmit = 5 }})"),
    }
    details = " ".join(f"{error.summary} {error.detail}" for error in workspace.results[-1].errors)
    for text in ("`work_pool_name`", "schedules.s.cron", "pull_steps[0].repository", "other than / % & > <"):
        assert text in details
