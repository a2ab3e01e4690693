"""Ids that are not known yet are followed to the objects that they will be of, through modules and loops."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.plan.bodies import bodies
from prefect_iac.plan.reading import read_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace

_MODULE = """
variable "flow_id" { type = string }
variable "targets" { type = map(string) }
terraform {
  required_providers {
    prefect = { source = "prefect-iac/prefect" }
  }
}
resource "prefect_deployment" "inner" {
  count      = 2
  name       = "inner-${count.index}"
  flow_id    = var.flow_id
  entrypoint = "a.py:a"
}
resource "prefect_automation" "inner" {
  count   = 2
  name    = "inner-${count.index}"
  trigger = { event = { posture = "Reactive", expect = ["a.b"] } }
  actions = [{ type = "run-deployment", deployment_id = prefect_deployment.inner[count.index].id }]
}
output "first" { value = prefect_deployment.inner[0].id }
"""

_ROOT = """
resource "prefect_flow" "f" { name = "references" }
module "m" {
  for_each = toset(["x", "y"])
  source   = "./module"
  flow_id  = prefect_flow.f.id
  targets  = {}
}
resource "prefect_deployment" "a*b" {
  name       = "star"
  flow_id    = prefect_flow.f.id
  entrypoint = "a.py:a"
}
resource "prefect_deployment" "each" {
  for_each   = toset(["k*", "[l]"])
  name       = "each"
  flow_id    = prefect_flow.f.id
  entrypoint = "a.py:a"
}
resource "prefect_automation" "outer" {
  name    = "outer"
  trigger = { event = { posture = "Reactive", expect = ["a.b"] } }
  actions = [
    { type = "run-deployment", deployment_id = module.m["x"].first },
    { type = "pause-deployment", deployment_id = prefect_deployment.each["k*"].id },
  ]
}
resource "prefect_automation" "twice" {
  name    = "twice"
  trigger = { event = { posture = "Reactive", expect = ["a.b"] } }
  actions = [for one in prefect_deployment.each : { type = "run-deployment", deployment_id = one.id }]
}
""".replace('"a*b"', '"star"')


def _targets(body: dict[str, Any]) -> list[str]:
    return [action["deployment_id"] for action in body["actions"]]


def test_references_through_modules_and_loops(terraform: Callable[..., Workspace]) -> None:
    """An id leads to the right instance, or to no object where the plan does not tell which."""
    workspace = terraform(_ROOT)
    (workspace.directory / "module").mkdir()
    (workspace.directory / "module" / "main.tf").write_text(_MODULE, encoding="utf-8")
    workspace.run("get", check=True)
    found = bodies(read_plan(json.dumps(workspace.plan().json)))
    for key in ("x", "y"):
        for index in (0, 1):
            module = f'module.m["{key}"]'
            [target] = _targets(found[f"{module}.prefect_automation.inner[{index}]"].json)
            assert target == f'unknown:module.m("{key}").prefect_deployment.inner({index}).id'
            deployment = found[f"{module}.prefect_deployment.inner[{index}]"].json
            assert deployment["flow_id"] == "unknown:prefect_flow.f.id"
    # A key has no place in a pattern, or it would match other ids.
    outer = _targets(found["prefect_automation.outer"].json)
    assert outer[1] == 'unknown:prefect_deployment.each("k%2A").id'
    assert outer[0] == 'unknown:module.m("x").prefect_deployment.inner(0).id'
    # Which of the instances each is, nothing in the plan says.
    assert _targets(found["prefect_automation.twice"].json) == [
        "unknown:prefect_automation.twice.actions(0).deployment_id",
        "unknown:prefect_automation.twice.actions(1).deployment_id",
    ]
