"""The drift report on states that the real terraform wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

PROGRAM = Path(sys.executable).parent / "prefect-iac"

MODULE = """
terraform {
  required_providers {
    prefect = { source = "prefect-iac/prefect" }
  }
}
variable "name" { type = string }
resource "prefect_variable" "each" {
  for_each = toset(["a", "b"])
  name     = "${var.name}_${each.key}"
  value    = { list = [1, null], text = each.key }
}
resource "prefect_block" "secret" {
  name      = replace(var.name, "_", "-")
  type_slug = "secret"
  data      = jsonencode({ value = "hush-data" })
}
"""

ROOT = """
module "m" {{
  source   = "./m"
  for_each = toset(["x"])
  name     = "{name}_${{each.key}}"
}}
resource "prefect_flow" "this" {{
  count = 2
  name  = "{name}-${{count.index}}"
}}
resource "terraform_data" "other" {{}}
"""


def drift(workspace: Workspace, text: str) -> tuple[int, str]:
    """Pipe a state into the program, in the workspace's environment."""
    done = subprocess.run(
        [PROGRAM, "drift", "--format", "json"],
        input=text,
        env=workspace.env,
        cwd=workspace.directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_drift_of_modules_and_instances(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """What terraform wrote is read in both forms, and what changes is found at terraform's own addresses."""
    name = unique("drift").replace("-", "_")
    workspace = terraform(ROOT.format(name=name))
    (workspace.directory / "m").mkdir()
    (workspace.directory / "m" / "main.tf").write_text(MODULE, encoding="utf-8")
    workspace.run("get", check=True)
    workspace.apply()

    def states() -> list[str]:
        pulled = workspace.run("state", "pull", check=True).stdout
        return [pulled, json.dumps(workspace.show_json())]

    for text in states():
        code, report = drift(workspace, text)
        assert code == 0, report
        assert json.loads(report)["summary"]["checked"] == 5

    prefect_server.call(
        "PATCH", f"/variables/name/{name}_x_b", {"value": {"list": [1, None], "text": "changed"}}
    )
    slug = f"{name}_x".replace("_", "-")
    block = f"/block_types/slug/secret/block_documents/name/{slug}"
    id_ = prefect_server.call("GET", block)["id"]
    prefect_server.call("PATCH", f"/block_documents/{id_}", {"data": {"value": "hush-other"}})
    flow = prefect_server.call("GET", f"/flows/name/{name}-1")["id"]
    prefect_server.call("DELETE", f"/flows/{flow}")

    for text in states():
        code, report = drift(workspace, text)
        assert code == 2
        assert "hush" not in report
        found = json.loads(report)
        assert {
            item["address"]: [change["attribute"] for change in item["changes"]] for item in found["changed"]
        } == {
            'module.m["x"].prefect_variable.each["b"]': ["value.text"],
            'module.m["x"].prefect_block.secret': ["data"],
        }
        assert [item["address"] for item in found["missing"]] == ["prefect_flow.this[1]"]
    workspace.destroy()


def plan_json(workspace: Workspace, *options: str) -> str:
    """A saved plan, as `terraform show -json` prints it."""
    workspace.run("plan", "-out=saved.tfplan", *options, check=True)
    return workspace.run("show", "-json", "saved.tfplan", check=True).stdout


def every_form(workspace: Workspace) -> dict[str, str]:
    """The state in each form in which terraform prints it."""
    return {
        "state file": (workspace.directory / "terraform.tfstate").read_text(encoding="utf-8"),
        "shown state": json.dumps(workspace.show_json()),
        "shown plan": plan_json(workspace),
    }


LEFT_TO_THE_SERVER = """
resource "prefect_work_pool" "p" {{
  name = "{name}"
  type = "process"
}}
resource "prefect_work_queue" "low" {{
  work_pool_name = prefect_work_pool.p.name
  name           = "low"
}}
resource "prefect_work_queue" "high" {{
  work_pool_name = prefect_work_pool.p.name
  name           = "high"
  priority       = 1
  depends_on     = [prefect_work_queue.low]
}}
resource "prefect_deployment" "d" {{
  name           = "{name}"
  flow_name      = "{name}"
  entrypoint     = "a.py:f"
  work_pool_name = prefect_work_pool.p.name
}}
"""


def test_what_is_left_to_the_server_is_no_drift(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A queue that another pushed down, a template that a worker brought, schedules made elsewhere: no drift, ever.

    Also once terraform has stored them, and they change again.
    """
    name = unique("left")
    workspace = terraform(LEFT_TO_THE_SERVER.format(name=name))
    workspace.apply()
    stored = every_form(workspace)
    for form, text in stored.items():
        assert drift(workspace, text)[0] == 0, form

    def elsewhere(number: int) -> None:
        template = {"variables": {"title": str(number)}, "job_configuration": {"env": {"n": str(number)}}}
        prefect_server.call("PATCH", f"/work_pools/{name}", {"base_job_template": template})
        id_ = prefect_server.call("GET", f"/deployments/name/{name}/{name}")["id"]
        for schedule in prefect_server.call("GET", f"/deployments/{id_}/schedules"):
            prefect_server.call("DELETE", f"/deployments/{id_}/schedules/{schedule['id']}")
        schedule = {"slug": "s", "schedule": {"interval": 3600.0 * number}}
        prefect_server.call("POST", f"/deployments/{id_}/schedules", [schedule])

    elsewhere(1)
    for form, text in stored.items():
        code, report = drift(workspace, text)
        assert code == 0, (form, report)

    workspace.run("apply", "-refresh-only", "-auto-approve", check=True)
    stored = every_form(workspace)
    elsewhere(2)
    for form, text in stored.items():
        code, report = drift(workspace, text)
        assert code == 0, (form, report)
        undecided = [item["address"] for item in json.loads(report)["undecided"]]
        # Only what `terraform show -json` prints of a state says nothing about the configuration.
        assert undecided == (["prefect_deployment.d", "prefect_work_pool.p"] if form == "shown state" else [])
    workspace.destroy()


def test_what_is_configured_is_drift(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """The same attributes are drift where they are configured, in the state file and in a plan."""
    name = unique("configured")
    template = 'base_job_template = jsonencode({ job_configuration = { command = "c" }, variables = { title = "t" } })'
    text = LEFT_TO_THE_SERVER.format(name=name).replace(
        '  type = "process"', f'  type = "process"\n  {template}'
    )
    workspace = terraform(text)
    workspace.apply()
    stored = every_form(workspace)
    prefect_server.call("PATCH", f"/work_pools/{name}/queues/high", {"priority": 5})
    other = {"job_configuration": {"command": "c"}, "variables": {"title": "other"}}
    prefect_server.call("PATCH", f"/work_pools/{name}", {"base_job_template": other})

    for form in ("state file", "shown plan"):
        code, report = drift(workspace, stored[form])
        assert code == 2, (form, report)
        assert {
            item["address"]: [change["attribute"] for change in item["changes"]]
            for item in json.loads(report)["changed"]
        } == {
            "prefect_work_pool.p": ["base_job_template.variables.title"],
            "prefect_work_queue.high": ["priority"],
        }
    # A plan that is made now has refreshed the state; what it found is told all the same.
    code, report = drift(workspace, plan_json(workspace))
    assert code == 2
    assert [item["address"] for item in json.loads(report)["changed"]] == [
        "prefect_work_pool.p",
        "prefect_work_queue.high",
    ]
    workspace.destroy()


SENSITIVE = """
variable "tok" {{
  type      = string
  sensitive = true
  default   = "hush-token"
}}
resource "prefect_deployment" "d" {{
  name       = "{name}"
  flow_name  = "{name}"
  parameters = jsonencode({{ harmless = var.tok, a = 1 }})
  pull_steps = [{{ type = "git_clone", repository = "https://x/y", branch = var.tok }}]
  schedules  = {{ m = {{ cron = "0 * * * *", parameters = jsonencode({{ harmless = var.tok }}) }} }}
  job_variables = jsonencode({{ env = {{ HARMLESS = "x" }} }})
}}
resource "prefect_variable" "v" {{
  name  = "{variable}"
  value = var.tok
}}
resource "prefect_variable" "inside" {{
  name  = "{variable}_inside"
  value = {{ harmless = var.tok, n = 1 }}
}}
"""


def test_what_terraform_hides_is_hidden(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """Values that come from sensitive variables are shown by no form of input: neither the old nor the new ones."""
    name = unique("hidden")
    workspace = terraform(SENSITIVE.format(name=name, variable=name.replace("-", "_")))
    workspace.apply()
    stored = every_form(workspace)
    id_ = prefect_server.call("GET", f"/deployments/name/{name}/{name}")["id"]
    [schedule] = prefect_server.call("GET", f"/deployments/{id_}/schedules")
    body: dict[str, Any] = {"parameters": {"harmless": "hush-other", "a": 2}}
    prefect_server.call("PATCH", f"/deployments/{id_}/schedules/{schedule['id']}", body)
    step = {"prefect.deployments.steps.git_clone": {"repository": "https://x/y", "branch": "hush-branch"}}
    # The secret shows up where nothing says that it is one.
    body |= {"pull_steps": [step], "job_variables": {"env": {"HARMLESS": "prefix hush-token"}}}
    prefect_server.call("PATCH", f"/deployments/{id_}", body)
    prefect_server.call("PATCH", f"/variables/name/{name.replace('-', '_')}", {"value": {"x": "hush-value"}})
    inside = {"value": {"harmless": "hush-inside", "n": 2}}
    prefect_server.call("PATCH", f"/variables/name/{name.replace('-', '_')}_inside", inside)

    for form, text in stored.items():
        code, report = drift(workspace, text)
        assert code == 2, form
        assert "hush" not in report, (form, report)
        found = {
            change["attribute"]: change["sensitive"]
            for item in json.loads(report)["changed"]
            for change in item["changes"]
        }
        assert found["parameters"], form
        assert found["value"], form
        assert found["value.harmless"], form
        assert found["value.n"] is False, form
        assert found["job_variables.env.HARMLESS"] is False, form
    workspace.destroy()


def test_gone_objects_in_a_plan(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A plan that found an object gone no longer has it in its state; it is reported missing all the same."""
    name = unique("gone")
    workspace = terraform(f'resource "prefect_flow" "f" {{\n  name = "{name}"\n}}\n')
    workspace.apply()
    prefect_server.call("DELETE", f"/flows/{prefect_server.call('GET', f'/flows/name/{name}')['id']}")

    code, report = drift(workspace, plan_json(workspace))

    assert code == 2
    assert [item["address"] for item in json.loads(report)["missing"]] == ["prefect_flow.f"]
    workspace.destroy()
