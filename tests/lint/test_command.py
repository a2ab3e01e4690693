"""`prefect-iac lint` as people call it: on real plans, on a real server, and from the lines of an app."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from tests.environment.guides import commands_of, save_plan, shell
from tests.environment.processes import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "hunter2-hunter2"

_CONFIGURATION = """
resource "prefect_flow" "etl" { name = "lint-etl" }

resource "prefect_work_pool" "pool" {
  name   = "lint-pool"
  paused = true
}

resource "prefect_deployment" "nightly" {
  name                     = "nightly"
  flow_id                  = prefect_flow.etl.id
  entrypoint               = "etl.py:etl"
  work_pool_name           = prefect_work_pool.pool.name
  parameter_openapi_schema = jsonencode({ type = "object", properties = { days = { type = "integer" } } })
}

resource "prefect_automation" "missing" {
  name = "lint-missing"
  trigger = { event = {
    posture = "Proactive", expect = ["order.paid"], for_each = ["prefect.resource.id"], within = 60
  } }
  actions = [{ type = "do-nothing" }]
}

# prefect-iac: ignore[lint/loop] the flow stops it
resource "prefect_automation" "again" {
  name = "lint-again"
  trigger = { event = {
    posture       = "Reactive"
    expect        = ["prefect.flow-run.Completed"]
    match_related = jsonencode({ "prefect.resource.id" = "prefect.deployment.${prefect_deployment.nightly.id}" })
  } }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.nightly.id
    parameters    = jsonencode({ days = "hunter2-hunter2" })
  }]
}

resource "prefect_work_queue" "fast" {
  name           = "lint-fast"
  work_pool_name = prefect_work_pool.pool.name
}

resource "prefect_work_queue" "also" {
  name           = "lint-fast"
  work_pool_name = prefect_work_pool.pool.name
}
"""


def linted(workspace: Workspace, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of lint on the plan of a workspace, in its directory."""
    done = shell(workspace, f"prefect-iac lint plan.json --format json {' '.join(arguments)}")
    assert done.returncode in (0, 2), done.stderr
    return done.returncode, json.loads(done.stdout)


def line_of(type_: str, name: str) -> int:
    """The line of a block."""
    return _CONFIGURATION.splitlines().index(f'resource "{type_}" "{name}" {{') + 1


def rules(report: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """The level and the suppression of each finding, by rule and subject."""
    return {
        f"{one['rule'].removeprefix('lint/')} {one['subject']}": (one["level"], one["suppressed"])
        for one in report["findings"]
    }


def test_commands_of_the_guide(terraform: Callable[..., Workspace]) -> None:
    """Every command of docs/lint.md works as it is written, and finds what the plan has before it is applied."""
    workspace = terraform(_CONFIGURATION)
    save_plan(workspace)
    commands = commands_of("lint.md")
    assert len(commands) == 4
    for command in commands:
        done = shell(workspace, command)
        of_plan = "--live" not in command
        assert done.returncode == 2 or not of_plan, done.stderr
        assert done.returncode in (0, 2), done.stderr
        if of_plan and ">" not in command:
            assert "prefect_automation.missing trigger.for_each: this can never fire" in done.stdout
            line = line_of("prefect_automation", "missing")
            said = f"error lint/dead-trigger at main.tf:{line}, explained at docs/rules/dead-trigger.md"
            assert said in done.stdout
            assert "Suppressed:\n  lint/loop prefect_automation.again: the flow stops it" in done.stdout
            assert SECRET not in done.stdout
    sarif = json.loads((workspace.directory / "lint.sarif").read_text(encoding="utf-8"))
    helped = {rule["id"]: rule.get("help") for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert helped["lint/loop"] == {"text": "docs/rules/loop.md"}
    places = {
        result["ruleId"]: (
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for result in sarif["runs"][0]["results"]
        if "region" in result["locations"][0]["physicalLocation"]
    }
    assert places["lint/dead-trigger"] == ("main.tf", line_of("prefect_automation", "missing"))
    assert places["lint/loop"] == ("main.tf", line_of("prefect_automation", "again"))
    assert places["lint/double-owner"] == ("main.tf", line_of("prefect_work_queue", "fast"))


def test_what_is_planned(terraform: Callable[..., Workspace]) -> None:
    """Objects that are only planned count: what is found needs no apply, with a server and without one."""
    workspace = terraform(_CONFIGURATION)
    save_plan(workspace)
    expected = {
        "dead-trigger prefect_automation.missing": ("error", None),
        "loop prefect_automation.again": ("error", "the flow stops it"),
        "run-parameters prefect_automation.again": ("error", None),
        "disabled-target prefect_automation.again": ("warning", None),
        "double-owner prefect_work_queue.fast": ("error", None),
    }
    code, live = linted(workspace)
    of_plan = {name: value for name, value in rules(live).items() if " prefect_" in name}
    assert code == 2
    assert of_plan == expected
    code, offline = linted(workspace, "--offline")
    assert (code, rules(offline)) == (2, expected)
    assert offline["summary"]["automations"] == 2
    assert SECRET not in json.dumps(live)


def test_a_changed_flow_breaks_its_callers(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A plan that changes what a flow takes is told of an automation that others made on the server."""
    deployment = _CONFIGURATION[: _CONFIGURATION.index('resource "prefect_automation"')]
    workspace = terraform(deployment)
    workspace.apply()
    id_ = workspace.state()["prefect_deployment.nightly"]["id"]
    action = {"type": "run-deployment", "source": "selected", "deployment_id": id_, "parameters": {"days": 7}}
    trigger = {"type": "event", "posture": "Reactive", "expect": ["order.paid"], "threshold": 1, "within": 0}
    made = prefect_server.call(
        "POST", "/automations/", {"name": "lint-caller", "trigger": trigger, "actions": [action]}
    )
    try:
        workspace.write(deployment.replace("days", "hours"))
        save_plan(workspace)
        _, report = linted(workspace)
        assert rules(report)["broken-caller automation lint-caller"] == ("error", None)
        workspace.write(deployment)
        save_plan(workspace)
        _, report = linted(workspace)
        assert "broken-caller automation lint-caller" not in rules(report)
    finally:
        prefect_server.call("DELETE", f"/automations/{made['id']}")
        workspace.destroy()


def test_what_is_on_a_server(prefect_server: PrefectServer, capsys: pytest.CaptureFixture[str]) -> None:
    """With --live the automations that others made are judged as the server has them, and what they act on."""
    gone = "99999999-0000-4000-8000-000000000001"
    action = {"type": "run-deployment", "source": "selected", "deployment_id": gone}
    trigger = {"type": "event", "posture": "Reactive", "expect": ["lint.loop"], "threshold": 2, "within": 0}
    body = {"trigger": trigger, "actions": [action], "actions_on_resolve": [{"type": "do-nothing"}]}
    made = [prefect_server.call("POST", "/automations/", {"name": f"lint-{name}"} | body) for name in "ab"]
    try:
        code = main(["lint", "--live", "--endpoint", prefect_server.api_url, "--format", "json"])
        found = rules(json.loads(capsys.readouterr().out))
    finally:
        for one in made:
            prefect_server.call("DELETE", f"/automations/{one['id']}")
    assert code == 2
    assert found["missing-target automation lint-a"] == ("error", None)
    assert found["short-memory automation lint-a"] == ("warning", None)
    assert found["never-resolves automation lint-a"] == ("warning", None)
    assert found.keys() & {"duplicate automation lint-a", "duplicate automation lint-b"}


def test_actions_as_a_server_stores_them_are_right(
    prefect_server: PrefectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the server fills in for every type of action and of trigger is not held against an automation."""
    actions: list[dict[str, Any]] = [
        {"type": "do-nothing"},
        {"type": "cancel-flow-run"},
        {"type": "suspend-flow-run"},
        {"type": "change-flow-run-state", "state": "FAILED"},
        {"type": "pause-deployment", "source": "inferred"},
        {"type": "pause-work-pool", "source": "inferred"},
        {"type": "run-deployment", "source": "inferred"},
    ]
    event = {"type": "event", "posture": "Reactive", "expect": ["lint.ok"], "threshold": 1, "within": 0}
    body = {
        "name": "lint-ok",
        "trigger": {"type": "compound", "require": "all", "within": 60, "triggers": [event, event]},
        "actions": actions,
    }
    made = prefect_server.call("POST", "/automations/", body)
    try:
        main(["lint", "--live", "--endpoint", prefect_server.api_url, "--format", "json"])
        found = json.loads(capsys.readouterr().out)
    finally:
        prefect_server.call("DELETE", f"/automations/{made['id']}")
    assert [one for one in found["findings"] if one["name"] == "lint-ok"] == []


def test_a_paused_deployment_is_run_all_the_same(prefect_server: PrefectServer) -> None:
    """Why a paused deployment is a note only: the server makes runs of it, as an automation's action asks for them."""
    flow = prefect_server.call("POST", "/flows/", {"name": "lint-paused"})
    body = {"name": "paused", "flow_id": flow["id"], "paused": True}
    deployment = prefect_server.call("POST", "/deployments/", body)
    run = prefect_server.call("POST", f"/deployments/{deployment['id']}/create_flow_run", {})
    assert run["state"]["type"] == "SCHEDULED"
    prefect_server.call("DELETE", f"/flows/{flow['id']}")


@pytest.mark.parametrize(
    ("least", "code"), [("error", 0), ("warning", 2), ("note", 2)], ids=["error", "warning", "note"]
)
def test_what_fails(terraform: Callable[..., Workspace], least: str, code: int) -> None:
    """`--fail-on` decides how bad it has to be."""
    workspace = terraform("""
resource "prefect_automation" "short" {
  name    = "lint-short"
  trigger = { event = { posture = "Reactive", expect = ["order.failed"], threshold = 2 } }
  actions = [{ type = "do-nothing" }]
}
""")
    save_plan(workspace)
    assert linted(workspace, "--offline", "--fail-on", least)[0] == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected either a plan or --live"),
        (["nothing.json", "--offline"], "cannot read the plan"),
        (["plan.json", "--offline", "--sources", "nowhere"], "--sources: expected a directory, got nowhere"),
        (["plan.json", "--offline", "--config", "bad.toml"], "cannot read the suppressions in bad.toml"),
        (["plan.json", "--offline", "--config", "none.toml"], "cannot read none.toml"),
    ],
)
def test_what_cannot_be_done(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is wrong is one line, and exit code 1."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_text('{"format_version": "1.2", "resource_changes": []}', encoding="utf-8")
    (tmp_path / "bad.toml").write_text('[[lint.ignore]]\nrule = "lint/loop"\n', encoding="utf-8")
    assert main(["lint", *arguments]) == 1
    assert said in capsys.readouterr().err


_APP = """
from cdktn import App, TerraformStack

from prefect_constructs import Automation, EventTrigger, PrefectProvider

app = App()
stack = TerraformStack(app, "prod")
PrefectProvider(stack, "prefect")
Automation(
    stack,
    "short",
    trigger=EventTrigger(expect="order.failed", threshold=2),
)
Automation(
    stack,
    "quick",
    # prefect-iac: ignore[lint/expires] it is quick
    trigger=EventTrigger(expect="order.paid", after="order.made"),
)
app.synth()
"""


@pytest.mark.cdktf
def test_lines_of_an_app(terraform: Callable[..., Workspace]) -> None:
    """A finding in a stack of the CDK has the line of Python that made the object, and comments there count."""
    workspace = terraform("")
    (workspace.directory / "app.py").write_text(_APP, encoding="utf-8")
    subprocess.run(
        [sys.executable, "app.py"],
        cwd=workspace.directory,
        env=clean_environment(workspace.directory),
        check=True,
        capture_output=True,
        timeout=120,
    )
    out = workspace.directory / "cdktf.out" / "stacks" / "prod"
    document = json.loads((out / "cdk.tf.json").read_text(encoding="utf-8"))
    del document["terraform"]  # the provider is required by the workspace already
    workspace.write(document)
    save_plan(workspace)
    code, report = linted(workspace, "--offline", "--sources", str(out))
    assert code == 2
    found = {one["subject"]: (one["file"], one["line"], one["suppressed"]) for one in report["findings"]}
    assert found == {
        "prefect_automation.short": ("app.py", 9, None),
        "prefect_automation.quick": ("app.py", 14, "it is quick"),
    }
