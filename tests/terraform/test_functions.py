"""The functions under the real terraform: their examples applied, and their errors at the argument."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

pytestmark = pytest.mark.measured

EXAMPLES = ROOT / "examples" / "functions"


@pytest.fixture
def example(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> Iterator[Callable[[str], Workspace]]:
    """A function that applies an example; what it made is destroyed afterwards."""
    made: list[Workspace] = []
    before = prefect_server.flow_ids()

    def apply(name: str) -> Workspace:
        workspace = terraform("")
        made.append(workspace)
        for file in (EXAMPLES / name).iterdir():
            shutil.copy(file, workspace.directory)
        done = workspace.run("fmt", "-check", str(EXAMPLES / name))
        assert (done.exit_code, done.stdout) == (0, "")
        workspace.apply()
        workspace.assert_no_changes()
        return workspace

    yield apply
    for workspace in made:
        workspace.destroy()
    for flow in prefect_server.flow_ids() - before:
        prefect_server.call("DELETE", f"/flows/{flow}")


def automation(workspace: Workspace, server: PrefectServer, address: str) -> dict[str, Any]:
    """An automation that was made, as the server has it."""
    found: dict[str, Any] = server.call("GET", f"/automations/{workspace.state()[address]['id']}")
    return found


def test_seconds(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """A duration in words is the number that the server stores."""
    made = automation(example("seconds"), prefect_server, "prefect_automation.no_heartbeat")
    assert made["trigger"]["within"] == 5400


def test_ids_in_events(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """The id of an object that this very apply makes becomes its id in events."""
    workspace = example("event_resource_id")
    made = automation(workspace, prefect_server, "prefect_automation.after_upstream")
    flow = workspace.state()["prefect_flow.upstream"]["id"]
    assert made["trigger"]["match"] == {"prefect.resource.id": "prefect.flow-run.*"}
    assert made["trigger"]["match_related"]["prefect.resource.id"] == f"prefect.flow.{flow}"


def test_a_template(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """A marked template reaches the server as it is, to be rendered when the automation fires."""
    made = automation(example("jinja"), prefect_server, "prefect_automation.file_landed")
    assert made["actions"][0]["parameters"] == {
        "path": {"__prefect_kind": "jinja", "template": "{{ event.payload.path }}"}
    }


def test_a_flows_name(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """The flow is called what the decorator in the file says, and not after its function."""
    flow = example("flow_name").state()["prefect_flow.weekly_report"]["id"]
    assert prefect_server.call("GET", f"/flows/{flow}")["name"] == "Weekly report"


def test_the_schema_of_a_flow(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """The server has the schema of the file's flow, with what the docstring says of the parameters."""
    workspace = example("parameter_schema")
    deployment = workspace.state()["prefect_deployment.send_invoice"]["id"]
    schema = prefect_server.call("GET", f"/deployments/{deployment}")["parameter_openapi_schema"]
    assert schema["required"] == ["customer"]
    assert schema["properties"]["days"] == {
        "default": 30,
        "description": "In how many days.",
        "position": 1,
        "title": "days",
        "type": "integer",
    }


def test_deployments_of_a_file(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """What the file says is what the server has, schedules, steps and pool included."""
    workspace = example("yaml_deployments")
    ids = {
        name: workspace.state()[f'prefect_deployment.all["{name}"]']["id"] for name in ("nightly", "by-hand")
    }
    nightly = prefect_server.call("GET", f"/deployments/{ids['nightly']}")
    assert nightly["parameters"] == {"day": "yesterday", "retries": 3}
    assert nightly["job_variables"] == {"image": "example.com/flows:1"}
    assert sorted(nightly["tags"]) == ["nightly", "orders"]
    assert nightly["global_concurrency_limit"]["limit"] == 3
    assert {one["slug"]: one["active"] for one in nightly["schedules"]} == {
        "nightly": True,
        "interval": False,
    }
    assert list(nightly["pull_steps"][0]) == ["prefect.deployments.steps.git_clone"]
    assert nightly["work_pool_name"] == "docker-pool"
    by_hand = prefect_server.call("GET", f"/deployments/{ids['by-hand']}")
    assert (by_hand["pull_steps"] or [], by_hand["schedules"]) == ([], [])


def test_triggers_of_a_file(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """Simple triggers, and triggers inside of others, become automations that run the deployment."""
    workspace = example("yaml_triggers")
    deployment = workspace.state()["prefect_deployment.import"]["id"]
    first, second = (
        automation(workspace, prefect_server, f'prefect_automation.all["import__automation_{index}"]')
        for index in (1, 2)
    )
    assert first["actions"][0]["deployment_id"] == second["actions"][0]["deployment_id"] == deployment
    assert first["actions"][0]["parameters"] == {"path": "{{ event.payload.path }}"}
    assert (second["name"], second["enabled"]) == ("both landed", False)
    assert (second["trigger"]["require"], second["trigger"]["within"]) == (2, 600)
    inner = second["trigger"]["triggers"][1]
    assert (inner["type"], inner["within"]) == ("sequence", 60)
    assert inner["triggers"][1]["match_related"] == {"prefect.resource.role": "flow"}
    assert second["actions"][0]["schedule_after"] == 30


def test_automations_of_a_file(example: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """Each of the file is on the server, with its trigger and what it does."""
    workspace = example("yaml_automations")
    first, second = (
        automation(workspace, prefect_server, f'prefect_automation.all["{name}"]')
        for name in ("cancel what takes too long", "crash after two events")
    )
    assert (first["trigger"]["posture"], first["trigger"]["within"]) == ("Proactive", 3600)
    assert first["actions"] == [{"type": "cancel-flow-run"}]
    assert (second["enabled"], second["tags"]) == (False, ["orders"])
    assert [one["expect"] for one in second["trigger"]["triggers"]] == [["order.created"], ["order.complete"]]
    assert second["actions"][0]["state"] == "CRASHED"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('seconds("soon")', 'got "soon"'),
        ('event_resource_id("flow", "name")', "Use the object's `id`"),
        ('jinja("{{ x")', "Not a valid Jinja template"),
        (
            'yaml_deployments("deployments:\\n- {name: d, descripton: x}")',
            "line 2, deployments[0].descripton",
        ),
        ('yaml_triggers("triggers: [{thresold: 3}]", "d")', "line 1, triggers[0].thresold"),
        ('yaml_automations("{name: d, triger: {}}")', "line 1, triger"),
    ],
)
def test_errors_at_the_argument(terraform: Callable[..., Workspace], call: str, said: str) -> None:
    """A wrong argument is an error of `terraform validate` that points at it."""
    workspace = terraform(f'output "x" {{\n  value = provider::prefect::{call}\n}}\n')
    done = workspace.run("validate", "-json")
    (found,) = (one for one in json.loads(done.stdout)["diagnostics"] if one["severity"] == "error")
    assert not found["detail"].endswith("..")
    assert said.replace("\n", " ") in " ".join(found["detail"].split())
    argument = 1 if call.startswith("event_resource_id") else 0
    start = found["range"]["start"]["column"] - 1
    line = f"  value = provider::prefect::{call}"
    assert line[start:].startswith(call.split("(", 1)[1].split(", ")[argument].strip('")'))
