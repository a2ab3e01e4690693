"""`prefect-iac impact` as a program: what is told of callers, limits, references and times, in each format."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.guides import commands_of, save_plan, shell
from tests.environment.processes import clean_environment, free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "prefect-iac"

_KEPT = """
resource "prefect_flow" "etl" { name = "told-etl" }
resource "prefect_work_pool" "pool" { name = "told-pool" }
resource "prefect_deployment" "nightly" {
  name                     = "nightly"
  flow_id                  = prefect_flow.etl.id
  entrypoint               = "etl.py:etl"
  work_pool_name           = prefect_work_pool.pool.name
  parameter_openapi_schema = jsonencode({
    type       = "object"
    properties = { region = { type = "REGION" }, n = { type = "integer" } }
    required   = REQUIRED
  })
  job_variables = jsonencode({ image = "{{ prefect.variables.told_image }}" })
}
resource "prefect_automation" "start" {
  name    = "told-start"
  trigger = { event = { posture = "Reactive", expect = ["told"] } }
  actions = [{ type = "run-deployment", deployment_id = prefect_deployment.nightly.id, parameters = jsonencode({}) }]
}
resource "prefect_work_queue" "fast" {
  name              = "fast"
  work_pool_name    = prefect_work_pool.pool.name
  concurrency_limit = LIMIT
}
"""
_GOING = """
resource "prefect_variable" "image" {
  name  = "told_image"
  value = "v3ry-s3cret"
}
resource "prefect_global_concurrency_limit" "slots" {
  name  = "told-slots"
  limit = 5
}
"""


def _configuration(*, before: bool) -> str:
    if before:
        kept = _KEPT.replace("REGION", "string").replace("REQUIRED", "[]").replace("LIMIT", "5")
        return kept + _GOING
    return _KEPT.replace("REGION", "integer").replace("REQUIRED", '["n"]').replace("LIMIT", "1")


def run(
    *arguments: str, api_url: str, cwd: Path, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program, with `text` piped in."""
    return subprocess.run(
        [PROGRAM, "impact", *arguments],
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        env=clean_environment(cwd, PREFECT_API_URL=api_url),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_is_told_of_a_plan(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], tmp_path: Path
) -> None:
    """Callers that a schema breaks, a limit below what runs, taken slots, a variable still named: without values."""
    workspace = terraform(_configuration(before=True))
    workspace.apply()
    state = workspace.state()
    flow_id, queue_id = state["prefect_flow.etl"]["id"], state["prefect_work_queue.fast"]["id"]
    running = {"type": "RUNNING", "name": "Running"}
    for _ in range(3):
        body = {
            "flow_id": flow_id,
            "work_queue_name": "fast",
            "work_pool_name": "told-pool",
            "state": running,
        }
        made = prefect_server.call("POST", "/flow_runs/", body)
        assert made["work_queue_id"] == queue_id
    limit = "/v2/concurrency_limits/increment"
    prefect_server.call("POST", limit, {"names": ["told-slots"], "slots": 2, "mode": "concurrency"})
    workspace.write(_configuration(before=False))
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(workspace.plan().json), encoding="utf-8")
    # Made after the plan: in one that it knows of, the provider refuses the parameters.
    deployment = f"/deployments/{state['prefect_deployment.nightly']['id']}"
    schedule = {"slug": "daily", "schedule": {"cron": "0 3 * * *"}, "parameters": {"region": "s3cret-region"}}
    prefect_server.call("POST", f"{deployment}/schedules", [schedule | {"active": True}])
    prefect_server.call("POST", f"{deployment}/schedule", {"min_runs": 5})
    shown = {
        name: run(str(plan), "--format", name, api_url=prefect_server.api_url, cwd=tmp_path)
        for name in ("text", "markdown", "json", "sarif", "junit")
    }

    assert {name: one.returncode for name, one in shown.items()} == dict.fromkeys(shown, 2), shown[
        "text"
    ].stderr
    document = json.loads(shown["json"].stdout)
    found: dict[str, dict[str, Any]] = {one["rule"]: one for one in document["effects"]}
    callers = found["impact/callers-broken"]
    assert callers["subject"] == "prefect_deployment.nightly"
    assert callers["numbers"] == {"callers": 2}
    assert {(one["place"], one["text"]) for one in callers["details"]} == {
        ("prefect_automation.start", "`n` is missing"),
        ("schedule daily", "`n` is missing"),
        ("schedule daily", "region: expected a whole number or null, got text"),
    }
    assert found["impact/limit-too-low"]["numbers"] == {"at_work": 3, "limit": 1, "peak": 3}
    assert found["impact/limit-deleted"]["numbers"] == {"slots": 2, "deployments": 0}
    assert found["impact/variable-still-used"]["details"] == [
        {"place": "named in", "text": "prefect_deployment.nightly"}
    ]
    assert found["impact/runs-made-again"]["numbers"] == {"scheduled_runs": 5}
    assert document["quiet"]["begin"] is not None
    assert document["summary"]["notes"] == 1
    for one in shown.values():
        assert "s3cret" not in one.stdout + one.stderr
        assert "prefect_deployment.nightly" in one.stdout

    piped = run("-", api_url=prefect_server.api_url, cwd=tmp_path, text=plan.read_text(encoding="utf-8"))
    # After that, the time of asking is told.
    assert piped.stdout.split("When to apply")[0] == shown["text"].stdout.split("When to apply")[0]


def test_commands_of_the_guide(terraform: Callable[..., Workspace]) -> None:
    """Every command of docs/impact.md works as it is written, and shows a schedule before and after."""
    configuration = """
    resource "prefect_flow" "etl" { name = "told-guide" }
    resource "prefect_deployment" "nightly" {
      name       = "nightly"
      flow_id    = prefect_flow.etl.id
      entrypoint = "etl.py:etl"
      schedules  = { daily = { cron = "0 3 * * *", timezone = "Europe/Berlin" } }
    }
    """
    workspace = terraform(configuration)
    workspace.apply()
    workspace.write(configuration.replace("0 3", "0 5"))
    save_plan(workspace)
    commands = commands_of("impact.md")
    assert len(commands) == 4
    for command in commands:
        done = shell(workspace, command)
        assert done.returncode == 2, done.stderr
        if ">" not in command:
            assert (
                "cron 0 5 \\* \\* \\* Europe/Berlin" in done.stdout
                or "cron 0 5 * * * Europe/Berlin" in done.stdout
            )
            assert "05:00" in done.stdout
    [schedule] = json.loads((workspace.directory / "impact.json").read_text(encoding="utf-8"))["schedules"]
    assert len(schedule["next_planned"]) == 3
    assert "Europe/Berlin" in (workspace.directory / "impact.html").read_text(encoding="utf-8")


def test_rules_of_the_guide() -> None:
    """Every rule that there is has its line in docs/impact.md, and none more."""
    sources = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "provider_client/prefect_iac/impact").glob("*.py")
    ]
    made = {rule for source in sources for rule in re.findall(r'Effect\(\s*"([a-z-]+)"', source)}
    made |= {
        f"{kind}-deleted"
        for kind in ("flow", "block", "block-type", "block-schema", "work-pool", "work-queue")
    }
    made |= {"variable-still-used", "block-still-used"}
    # Of what is not on the server there is no effect to be found.
    made.add("absent")
    guide = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`impact/([a-z-]+)`", guide)) == made


def test_what_goes_under_an_automation(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], tmp_path: Path
) -> None:
    """An automation of somebody else acts on a deployment, and another listens to it, that a plan destroys."""
    flow = 'resource "prefect_flow" "etl" { name = "told-dangling" }\n'
    deployment = """
    resource "prefect_deployment" "nightly" {
      name       = "nightly"
      flow_id    = prefect_flow.etl.id
      entrypoint = "etl.py:etl"
    }
    """
    workspace = terraform(flow + deployment)
    workspace.apply()
    id_ = workspace.state()["prefect_deployment.nightly"]["id"]
    trigger = {"type": "event", "posture": "Reactive", "expect": ["x"], "threshold": 1, "within": 0}
    resource = {"match_related": {"prefect.resource.id": f"prefect.deployment.{id_}"}}
    hostile = "acts\x1b[31m | `<b>` \u202e"
    bodies = [
        {
            "name": hostile,
            "trigger": trigger,
            "actions": [{"type": "run-deployment", "source": "selected", "deployment_id": id_}],
        },
        {"name": "listens", "trigger": trigger | resource, "actions": [{"type": "do-nothing"}]},
    ]
    made = [prefect_server.call("POST", "/automations/", body)["id"] for body in bodies]
    workspace.write(flow)
    plan = json.dumps(workspace.plan().json)
    for name in ("text", "markdown", "json"):
        done = run("-", "--format", name, api_url=prefect_server.api_url, cwd=tmp_path, text=plan)
        assert done.returncode == 2, done.stderr
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout or name == "json"
        assert "listens" in done.stdout
    document = json.loads(done.stdout)
    [effect] = document["effects"]
    assert effect["rule"] == "impact/dangling-automation"
    assert effect["numbers"] == {"automations": 2}
    assert {one["place"] for one in effect["details"]} == {"act on it", "listen to it"}
    for one in made:
        prefect_server.call("DELETE", f"/automations/{one}")


def test_a_plan_of_nothing(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], tmp_path: Path
) -> None:
    """Nothing is to be said of a plan without changes, nor of new objects, and the code says so."""
    workspace = terraform('resource "prefect_flow" "new" { name = "told-nothing" }\n')
    new = run("-", api_url=prefect_server.api_url, cwd=tmp_path, text=json.dumps(workspace.plan().json))
    workspace.apply()
    same = run("-", api_url=prefect_server.api_url, cwd=tmp_path, text=json.dumps(workspace.plan().json))

    assert (new.returncode, same.returncode) == (0, 0)
    assert new.stdout.startswith("1 change: nothing happens beside what the plan says. Read at ")
    assert same.stdout.startswith("0 changes: nothing happens beside what the plan says.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "cannot read the plan from standard input"),
        ('{"format_version": "1.2", "resource_changes": []}', "onnect"),
    ],
)
def test_what_cannot_be_done(text: str, words: str, tmp_path: Path) -> None:
    """No plan, and a server that nobody answers for: one line, and exit code 1."""
    done = run("-", api_url=f"http://127.0.0.1:{free_port()}/api", cwd=tmp_path, text=text)

    assert done.returncode == 1
    assert not done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
