"""`prefect-iac graph` as people call it, on a real server, with real plans and events that happened."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from tests.environment.evaluation import wait_until_evaluated
from tests.environment.guides import commands_of, save_plan, shell
from tests.plan.test_reading import RECORDED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

_CONFIGURATION = """
resource "prefect_flow" "etl" { name = "graph-etl" }
resource "prefect_deployment" "nightly" {
  name       = "nightly"
  flow_id    = prefect_flow.etl.id
  entrypoint = "etl.py:etl"
}
resource "prefect_automation" "restart" {
  name = "graph-restart"
  trigger = { event = {
    posture       = "Reactive"
    expect        = ["prefect.flow-run.Failed"]
    match_related = jsonencode({ "prefect.resource.id" = "prefect.deployment.${prefect_deployment.nightly.id}" })
  } }
  actions = [{ type = "run-deployment", deployment_id = prefect_deployment.nightly.id }]
}
"""


def test_commands_of_the_guide(terraform: Callable[..., Workspace]) -> None:
    """Every command of docs/graph.md works as it is written, and finds the loop of the plan before it is applied."""
    workspace = terraform(_CONFIGURATION)
    save_plan(workspace)
    commands = commands_of("graph.md")
    assert len(commands) == 4
    for command in commands:
        done = shell(workspace, command)
        of_plan = "--live" not in command
        assert done.returncode == 2 or not of_plan, done.stderr
        assert done.returncode in (0, 2), done.stderr
        if of_plan and ">" not in command:
            assert "loop when it fails through 1 automation: graph-restart → graph-restart" in done.stdout
            assert "graph-etl/nightly emits flow-run.Failed" in done.stdout
    svg = (workspace.directory / "graph.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg ")
    assert "graph-restart (+)" in svg


def _graph(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    done = shell(workspace, f"prefect-iac graph --live --format json {' '.join(arguments)}")
    assert done.returncode in (0, 2), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_happened_on_a_server(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace]
) -> None:
    """A run that failed, the firing, and the run that this started are counted, from a server and from a file."""
    workspace = terraform(_CONFIGURATION.replace("graph-", "seen-"))
    workspace.apply()
    state = workspace.state()
    deployment = state["prefect_deployment.nightly"]["id"]
    automation = state["prefect_automation.restart"]["id"]
    call = prefect_server.call
    run = call("POST", f"/deployments/{deployment}/create_flow_run", {"state": {"type": "PENDING"}})["id"]
    wait_until_evaluated(prefect_server)
    for name in ("RUNNING", "FAILED"):
        call("POST", f"/flow_runs/{run}/set_state", {"state": {"type": name}, "force": True})
    deadline = time.monotonic() + 120
    found = _graph(workspace, "--observed", "1h", "--save-events", "seen.ndjson")
    while _seen(found, automation, deployment) != (1, 1, 1):
        assert time.monotonic() < deadline, _seen(found, automation, deployment)
        time.sleep(1)
        found = _graph(workspace, "--observed", "1h", "--save-events", "seen.ndjson")
    again = _graph(workspace, "--events", "seen.ndjson")
    assert _seen(again, automation, deployment) == (1, 1, 1)
    workspace.destroy()


def _seen(found: dict[str, Any], automation: str, deployment: str) -> tuple[Any, Any, Any]:
    """How often the automation fired, runs were started by it, and the deployment's runs emitted what it waits for."""
    fired = {node["id"]: node["seen"] for node in found["nodes"]}
    edges = {(edge["source"], edge["target"]): edge["seen"] for edge in found["edges"]}
    source, target = f"automation:{automation}", f"deployment:{deployment}"
    (event,) = (one["source"] for one in found["edges"] if one["target"] == source)
    return fired[source], edges[source, target], edges[target, event]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected either a plan or --live"),
        (["plan.json", "--live"], "expected either a plan or --live"),
        (["--live", "--offline"], "got both"),
        (["no-such-file", "--offline"], "No such file"),
        (["{state}", "--offline"], "got other JSON"),
        (["{binary}", "--offline"], "`terraform show -json`"),
        (["{plan}", "--offline", "--observed", "7d"], "--events"),
        (["{plan}", "--offline", "--observed", "soon"], "--since"),
        (["{plan}", "--endpoint", "http://127.0.0.1:9/api"], "127.0.0.1:9"),
    ],
)
def test_what_cannot_be_done(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is one line on standard error, and 1."""
    (tmp_path / "state").write_text("{}", encoding="utf-8")
    (tmp_path / "binary").write_bytes(b"PK\x03\x04\xff\xfe")
    places = {
        "{state}": str(tmp_path / "state"),
        "{binary}": str(tmp_path / "binary"),
        "{plan}": str(RECORDED / "terraform-1.11.json"),
    }
    assert main(["graph", *(places.get(one, one) for one in arguments)]) == 1
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert not shown.out


@pytest.mark.parametrize("version", ["1.11", "1.15"])
def test_recorded_plan_without_a_server(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan that has nothing to do with automations is nothing to speak of."""
    assert main(["graph", str(RECORDED / f"terraform-{version}.json"), "--offline"]) == 0
    assert "no automations" in capsys.readouterr().out
