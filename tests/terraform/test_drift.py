"""The drift report on states that the real terraform wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

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
        timeout=60,
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
