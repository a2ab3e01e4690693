"""Configurations and plans for tests of reviews."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.commands.main import main
from tests.environment.processes import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

__all__ = ["LOOP", "OLD", "SECRETS", "automations_plan", "planned", "reviewed", "with_history"]

LOOP = """
resource "prefect_flow" "etl" { name = "NAME-etl" }
resource "prefect_deployment" "nightly" {
  name       = "nightly"
  flow_id    = prefect_flow.etl.id
  entrypoint = "etl.py:etl"
}
resource "prefect_automation" "restart" {
  name = "NAME-restart"
  trigger = { event = {
    posture       = "Reactive"
    expect        = ["prefect.flow-run.Failed"]
    match_related = jsonencode({ "prefect.resource.id" = "prefect.deployment.${prefect_deployment.nightly.id}" })
  } }
  actions = [{ type = "run-deployment", deployment_id = prefect_deployment.nightly.id }]
}
"""

OLD = """
resource "prefect_flow" "old" { name = "happened-old" }
"""

SECRETS = """
resource "prefect_flow" "etl" { name = "NAME-etl" }
resource "prefect_variable" "region" {
  name  = "UNDER_region"
  value = jsonencode("hush-variable-VERSION")
}
resource "prefect_block" "secret" {
  name      = "NAME-secret"
  type_slug = "secret"
  data      = jsonencode({ value = "hush-block-VERSION" })
}
resource "prefect_deployment" "nightly" {
  name          = "nightly"
  flow_id       = prefect_flow.etl.id
  entrypoint    = "etl.py:etl"
  parameters    = jsonencode({ customer = "hush-parameter-VERSION" })
  job_variables = jsonencode({ env = { REGION = "hush-env-VERSION" } })
  schedules     = { daily = { cron = "VERSION 3 * * *", parameters = jsonencode({ of = "hush-schedule-VERSION" }) } }
}
resource "prefect_automation" "on" {
  name    = "NAME-on"
  trigger = { event = { posture = "Reactive", expect = ["orders.VERSION"] } }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.nightly.id
    parameters    = jsonencode({ token = "hush-action-VERSION", plain = "hush-plain-VERSION" })
    job_variables = jsonencode({ env = { A = "hush-job-VERSION" } })
  }]
}
"""


def planned(workspace: Workspace) -> Path:
    """The plan of a configuration, as `terraform show -json` has it, in a file."""
    return workspace.write_json(workspace.plan().json, "plan.json")


def with_history(workspace: Workspace, server: PrefectServer, afterwards: str) -> Path:
    """Apply, let three runs of the deployment fail and the old flow have two, and plan what comes afterwards."""
    workspace.apply()
    state = workspace.state()
    deployment, old = (state[name]["id"] for name in ("prefect_deployment.nightly", "prefect_flow.old"))
    for _ in range(3):
        made = server.call(
            "POST", f"/deployments/{deployment}/create_flow_run", {"state": {"type": "PENDING"}}
        )
        for state_type in ("RUNNING", "FAILED"):
            state_body = {"state": {"type": state_type}, "force": True}
            server.call("POST", f"/flow_runs/{made['id']}/set_state", state_body)
    for _ in range(2):
        server.call("POST", "/flow_runs/", {"flow_id": old})
    wanted = {
        "event": {"name": ["prefect.flow-run.Failed"]},
        "related": {"resources_in_roles": [[f"prefect.deployment.{deployment}", "deployment"]]},
    }
    wait_until(
        lambda: server.call("POST", "/events/filter", {"filter": wanted})["total"] >= 3,
        what="the events of the runs",
        seconds=120.0,
    )
    workspace.write(afterwards)
    return planned(workspace)


def reviewed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    """The exit code of a review, and its document."""
    code = main(["review", *map(str, arguments), "--format", "json"])
    shown = capsys.readouterr()
    return code, json.loads(shown.out or "null")


def automations_plan(number: int) -> str:
    """A plan that creates so many automations; each waits for an event of its own."""
    changes = []
    for index in range(number):
        trigger = {"event": {"posture": "Reactive", "expect": [f"orders.received.of.customer.{index}"]}}
        after = {
            "name": f"start-orders-of-customer-{index}",
            "description": "Starts the import of orders whenever this customer has sent some. " * 3,
            "enabled": True,
            "trigger": trigger,
            "actions": [{"type": "pause-automation", "source": "inferred"}],
            "actions_on_trigger": [],
            "actions_on_resolve": [],
        }
        changes.append(
            {
                "address": f"prefect_automation.orders[{index}]",
                "mode": "managed",
                "type": "prefect_automation",
                "provider_name": "registry.terraform.io/prefect-iac/prefect",
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": after,
                    "after_unknown": {"id": True},
                },
            }
        )
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "planned_values": {},
            "resource_changes": changes,
        }
    )
