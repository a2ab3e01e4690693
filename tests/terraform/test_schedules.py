"""Schedules that are resources of their own under the real terraform, beside a deployment's own `schedules`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def deployment(flow: str, name: str = "nightly", more: str = "") -> str:
    """A deployment."""
    return f"""
resource "prefect_deployment" "d" {{
  name      = "{name}"
  flow_name = "{flow}"
{more}
}}
"""


NIGHTLY = """
resource "prefect_deployment_schedule" "nightly" {
  deployment_id = prefect_deployment.d.id
  slug          = "nightly"
  cron          = "0 3 * * *"
}
"""

BARE = """
resource "prefect_deployment_schedule" "bare" {
  deployment_id = prefect_deployment.d.id
  interval      = 3600
}
"""

OWN = 'schedules = { nightly = { cron = "0 3 * * *" } }'


def stored(server: PrefectServer, workspace: Workspace) -> list[dict[str, Any]]:
    """The schedules on the server."""
    id_ = workspace.state()["prefect_deployment.d"]["id"]
    found: list[dict[str, Any]] = server.call("GET", f"/deployments/{id_}/schedules")
    return found


def test_schedules_live_with_their_deployment(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """Schedules of their own survive that their deployment is posted anew, follow a new one, and go with theirs."""
    flow = unique("flow")
    workspace = terraform(deployment(flow) + NIGHTLY + BARE)
    workspace.apply()
    workspace.assert_no_changes()
    before = {one["id"] for one in stored(prefect_server, workspace)}

    workspace.write(deployment(flow, more='labels = { team = "data" }') + NIGHTLY + BARE)
    workspace.apply()
    assert before.isdisjoint(one["id"] for one in stored(prefect_server, workspace))
    workspace.assert_no_changes()

    changed = NIGHTLY.replace("0 3", "0 4")
    workspace.write(deployment(flow, more='labels = { team = "ops" }') + changed + BARE)
    workspace.apply()
    workspace.assert_no_changes()

    workspace.write(deployment(flow, name="other") + changed + BARE)
    workspace.apply()
    workspace.assert_no_changes()
    assert len(stored(prefect_server, workspace)) == 2

    workspace.write(deployment(flow, name="other"))
    workspace.apply()
    assert stored(prefect_server, workspace) == []
    workspace.destroy()


def test_owning_a_schedule_twice(terraform: Callable[..., Workspace]) -> None:
    """Both for one deployment fail in the plan of one that exists, at the line, and in the apply of a new one."""
    flow = unique("flow")
    workspace = terraform(deployment(flow, more=OWN) + NIGHTLY)
    error = workspace.apply(check=False).only_error()
    assert error.summary == "The schedule is managed twice"

    error = workspace.plan(check=False).only_error()

    assert error.summary == "The schedule is managed twice"
    assert error.snippet.strip() == "deployment_id = prefect_deployment.d.id"
    assert 'prefect_deployment "nightly"' in error.detail
    assert "prefect_deployment_schedule" in error.detail
    workspace.write(deployment(flow, more=OWN))
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


def test_schedule_moves_there_and_back(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A schedule moves out of `schedules` into a resource and back in, each in one apply that leaves nothing to do."""
    flow = unique("flow")
    workspace = terraform(deployment(flow, more=OWN))
    workspace.apply()
    for configuration in (deployment(flow) + NIGHTLY, deployment(flow, more=OWN)):
        workspace.write(configuration)
        workspace.apply()
        assert [one["slug"] for one in stored(prefect_server, workspace)] == ["nightly"]
        workspace.assert_no_changes()
    workspace.destroy()


@pytest.mark.parametrize("form", ["{deployment_id},nightly", "{flow}/nightly,nightly"])
def test_import_block(terraform: Callable[..., Workspace], prefect_server: PrefectServer, form: str) -> None:
    """A schedule that others made is imported by a block, with nothing to change."""
    flow = unique("flow")
    flow_id = prefect_server.call("POST", "/flows/", {"name": flow})["id"]
    body = {"name": "nightly", "flow_id": flow_id}
    deployment_id = prefect_server.call("POST", "/deployments/", body)["id"]
    entry = {"slug": "nightly", "schedule": {"cron": "0 3 * * *"}, "active": False}
    prefect_server.call("POST", f"/deployments/{deployment_id}/schedules", [entry])
    id_ = form.format(deployment_id=deployment_id, flow=flow)
    workspace = terraform(
        NIGHTLY.replace("prefect_deployment.d.id", f'"{deployment_id}"')
        + f'import {{\n  to = prefect_deployment_schedule.nightly\n  id = "{id_}"\n}}\n'
    )

    plan = workspace.plan()

    assert set(plan.actions().values()) <= {("no-op",)}, plan.actions()
    workspace.apply()
    workspace.assert_no_changes()
    assert workspace.state()["prefect_deployment_schedule.nightly"]["active"] is False


def test_the_list_of_a_deployments_schedules(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """The schedules of a deployment that others made are found by its names; a name that is none is an error there."""
    flow = unique("flow")
    id_ = prefect_server.call("POST", "/flows/", {"name": flow})["id"]
    active = {"slug": "nightly", "schedule": {"cron": "0 3 * * *"}, "active": True}
    paused = {"slug": "weekly", "schedule": {"rrule": "FREQ=WEEKLY"}, "active": False}
    body = {"name": "nightly", "flow_id": id_, "schedules": [paused, active]}
    prefect_server.call("POST", "/deployments/", body)
    configuration = """
data "prefect_deployment_schedules" "all" {{
  deployment = "{flow}/{name}"
}}
output "paused" {{
  value = {{ for one in data.prefect_deployment_schedules.all.deployment_schedules : one.slug => !one.active }}
}}
"""
    workspace = terraform(configuration.format(flow=flow, name="nightly"))
    workspace.apply()
    assert workspace.outputs() == {"paused": {"nightly": False, "weekly": True}}

    workspace.write(configuration.format(flow=flow, name="nigthly"))
    error = workspace.plan(check=False).only_error()
    assert error.snippet.strip().startswith("deployment = ")
    assert f"Did you mean `{flow}/nightly`" in error.detail
