"""`terraform test` with a mocked provider: Terraform makes the objects up, and asks the provider only what is valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace

CONFIGURATION = """
resource "prefect_flow" "f" {
  name = "f"
}
resource "prefect_work_pool" "p" {
  name = "p"
  type = "process"
}
resource "prefect_deployment" "d" {
  name           = "d"
  flow_id        = prefect_flow.f.id
  work_pool_name = prefect_work_pool.p.name
}
resource "prefect_automation" "a" {
  name    = "a"
  trigger = { event = { posture = "Reactive", expect = ["x"] } }
  actions = [
    { type = "run-deployment", deployment_id = prefect_deployment.d.id },
    { type = "pause-work-pool", work_pool_id = prefect_work_pool.p.id },
  ]
}
data "prefect_deployment" "d" {
  id = prefect_deployment.d.id
}
"""

MOCKED = """
mock_provider "prefect" {
  mock_resource "prefect_work_pool" {
    defaults = { id = "the pool" }
  }
}
run "plan" {
  command = plan
}
run "apply" {
  assert {
    condition     = prefect_work_pool.p.id == "the pool"
    error_message = "mocked"
  }
}
run "again" {
  command = plan
}
"""


def test_ids_of_a_mocked_run_need_be_no_uuids(terraform: Callable[..., Workspace]) -> None:
    """Planning, applying, planning again and tearing down work with the ids that Terraform makes up."""
    workspace = terraform(CONFIGURATION, api_url="http://127.0.0.1:9/api")
    (workspace.directory / "mocked.tftest.hcl").write_text(MOCKED, encoding="utf-8")

    done = workspace.run("test")

    assert done.exit_code == 0, done.stdout + done.stderr
    assert "3 passed, 0 failed" in done.stdout


def test_ids_of_a_real_run_are_uuids(terraform: Callable[..., Workspace]) -> None:
    """A plan refuses an id that is none, before it asks the server; so does `validate` with a provider block."""
    workspace = terraform(
        'resource "prefect_deployment" "d" {\n  name = "d"\n  flow_id = "etl"\n}\n',
        api_url="http://127.0.0.1:9/api",
    )
    assert workspace.plan(check=False).only_error().snippet == 'flow_id = "etl"'
    workspace.write('provider "prefect" {\n  max_retries = 1\n}\n', "provider")
    assert [error.snippet for error in workspace.validate().errors] == ['flow_id = "etl"']
