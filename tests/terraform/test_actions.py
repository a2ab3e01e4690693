"""Actions under the real Terraform 1.15, on a real server: triggered by a change, and invoked by themselves."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_provider.objects.catalogue import ACTIONS
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Result, Workspace

# Terraform has actions since 1.14.
pytestmark = [pytest.mark.usefixtures("newer_terraform"), pytest.mark.measured]


class Target:
    """A flow with a deployment."""

    def __init__(self, server: PrefectServer) -> None:
        self.server = server
        self.flow = f"acted-on-{uuid4().hex[:8]}"
        flow = server.call("POST", "/flows/", {"name": self.flow})
        self.id: str = server.call("POST", "/deployments/", {"name": "target", "flow_id": flow["id"]})["id"]

    @property
    def data(self) -> dict[str, Any]:
        """The deployment."""
        found: dict[str, Any] = self.server.call("GET", f"/deployments/{self.id}")
        return found

    def runs(self) -> list[dict[str, Any]]:
        """Its runs."""
        body = {"deployments": {"id": {"any_": [self.id]}}}
        found: list[dict[str, Any]] = self.server.call("POST", "/flow_runs/filter", body)
        return found

    def run(self, **fields: Any) -> str:
        """A new run's id."""
        made = self.server.call("POST", f"/deployments/{self.id}/create_flow_run", fields)
        return str(made["id"])

    def set_state(self, run_id: str, type_: str, message: str = "") -> None:
        """Put a run into a state, whatever Prefect's rules say."""
        body = {"state": {"type": type_, "message": message}, "force": True}
        self.server.call("POST", f"/flow_runs/{run_id}/set_state", body)

    def state(self, run_id: str) -> str:
        """The type of a run's state."""
        return str(self.server.call("GET", f"/flow_runs/{run_id}")["state"]["type"])


@pytest.fixture
def target(prefect_server: PrefectServer) -> Target:
    """A deployment of this test's own."""
    return Target(prefect_server)


@pytest.fixture
def worker(target: Target) -> Iterator[Callable[[str, str], None]]:
    """A function that starts somebody who takes up the runs of the target, and ends them in a state."""
    done, threads = threading.Event(), []

    def work(type_: str, message: str) -> None:
        while not done.is_set():
            for run in target.runs():
                if run["state"]["type"] == "SCHEDULED":
                    target.set_state(run["id"], "RUNNING")
                    time.sleep(1)
                    target.set_state(run["id"], type_, message)
            time.sleep(0.2)

    def start(type_: str, message: str = "") -> None:
        thread = threading.Thread(target=work, args=(type_, message))
        threads.append(thread)
        thread.start()

    yield start
    done.set()
    for thread in threads:
        thread.join()


def action(type_: str, body: str) -> str:
    """An action that `invoke` invokes."""
    return f'action "prefect_{type_}" "this" {{\n  config {{\n    {body}\n  }}\n}}\n'


def invoke(workspace: Workspace, type_: str, *, check: bool = True) -> Result:
    """Do it, without a change of any resource."""
    return workspace.apply(f"-invoke=action.prefect_{type_}.this", check=check)


def failure(workspace: Workspace, type_: str) -> str:
    """What is wrong with it: Terraform puts what the provider says of an invocation below words of its own."""
    error = invoke(workspace, type_, check=False).only_error()
    return " ".join(f"{error.summary}: {error.detail}".split())


def said(done: Result) -> str:
    """What actions said as they went."""
    return "\n".join(line["@message"] for line in done.messages if "action" in line["type"])


def test_a_change_runs_a_deployment(
    terraform: Callable[..., Workspace], target: Target, worker: Callable[[str, str], None]
) -> None:
    """A run is made with all that the configuration says of it, waited for, and its states and its link are shown."""
    worker("COMPLETED", "")
    workspace = terraform(f"""
resource "prefect_variable" "version" {{
  name  = "version-{target.id}"
  value = "1"
  lifecycle {{
    action_trigger {{
      events  = [after_create, after_update]
      actions = [action.prefect_run_deployment.this]
    }}
  }}
}}

action "prefect_run_deployment" "this" {{
  config {{
    deployment    = "{target.flow}/target"
    name          = "of ${{prefect_variable.version.name}}"
    parameters    = jsonencode({{ version = prefect_variable.version.value }})
    job_variables = jsonencode({{ image = "x" }})
    tags          = ["by-terraform"]
  }}
}}
""")
    planned = json.dumps(workspace.plan().messages)
    assert "action.prefect_run_deployment.this" in planned
    assert target.runs() == []
    done = workspace.apply()
    (run,) = target.runs()
    assert run["name"] == f"of version-{target.id}"
    assert run["parameters"] == {"version": "1"}
    assert run["job_variables"] == {"image": "x"}
    assert run["tags"] == ["by-terraform"]
    assert f"{target.server.url}/runs/flow-run/{run['id']}" in said(done)
    assert "is Running" in said(done)
    assert "is Completed" in said(done)
    workspace.assert_no_changes()
    workspace.destroy()


def test_a_worker_ends_the_run(
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    prefect_worker: Callable[[str], object],
    tmp_path: Path,
) -> None:
    """The run of a real worker is waited for, with the parameters that the action gives."""
    code = "from prefect import flow\n\n@flow\ndef greet(name: str):\n    assert name == 'Terraform', name\n"
    (tmp_path / "greeting.py").write_text(code, encoding="utf-8")
    pool = f"greeters-{uuid4().hex[:8]}"
    prefect_worker(pool)
    flow = prefect_server.call("POST", "/flows/", {"name": "greet"})
    steps = [{"prefect.deployments.steps.set_working_directory": {"directory": str(tmp_path)}}]
    body = {
        "flow_id": flow["id"],
        "work_pool_name": pool,
        "entrypoint": "greeting.py:greet",
        "pull_steps": steps,
    }
    prefect_server.call("POST", "/deployments/", {"name": pool, **body})
    given = f'deployment = "greet/{pool}"\n    parameters = jsonencode({{ name = "Terraform" }})\n    timeout = 90'
    workspace = terraform(action("run_deployment", given))
    assert "is Completed" in said(invoke(workspace, "run_deployment"))


@pytest.mark.parametrize("ending", ["FAILED", "CRASHED", "CANCELLED"])
def test_a_run_that_does_not_complete_is_an_error(
    terraform: Callable[..., Workspace], target: Target, worker: Callable[[str, str], None], ending: str
) -> None:
    """The error says how the run ended, why, and where to look."""
    worker(ending, "out of luck")
    workspace = terraform(action("run_deployment", f'deployment_id = "{target.id}"'))
    error = failure(workspace, "run_deployment")
    assert "Flow run did not complete" in error
    (run,) = target.runs()
    assert f"ended as {ending.title()}: out of luck" in error
    assert run["id"] in error


def test_a_run_that_takes_too_long_goes_on(terraform: Callable[..., Workspace], target: Target) -> None:
    """After the time-out there is an error with the link, and the run is left as it is."""
    workspace = terraform(action("run_deployment", f'deployment_id = "{target.id}"\n    timeout = 1'))
    error = failure(workspace, "run_deployment")
    assert "Flow run has not ended" in error
    (run,) = target.runs()
    assert f"/runs/flow-run/{run['id']}" in error
    assert run["state"]["type"] == "SCHEDULED"


def test_runs_that_are_not_waited_for(terraform: Callable[..., Workspace], target: Target) -> None:
    """One run for a key however often it is invoked, at the time that is said; one each time without a key."""
    once = 'idempotency_key = "once"\n    scheduled_time = "2099-01-01T00:00:00Z"'
    body = f'deployment_id = "{target.id}"\n    wait = false'
    workspace = terraform(action("run_deployment", f"{body}\n    {once}"))
    invoke(workspace, "run_deployment")
    assert "was there already" in said(invoke(workspace, "run_deployment"))
    (run,) = target.runs()
    assert run["expected_start_time"].startswith("2099-01-01T00:00:00")
    workspace.write(action("run_deployment", body))
    invoke(workspace, "run_deployment")
    invoke(workspace, "run_deployment")
    assert len(target.runs()) == 3


def test_a_deployment_that_is_not_there(terraform: Callable[..., Workspace], target: Target) -> None:
    """The error names the ones that may be meant, or the id."""
    workspace = terraform(action("pause_deployment", f'deployment = "{target.flow}/tarket"'))
    assert f"Did you mean `{target.flow}/target`" in failure(workspace, "pause_deployment")
    workspace.write(action("pause_deployment", f'deployment = "{target.flow}x/target"'))
    assert f"Did you mean `{target.flow}/target`" in failure(workspace, "pause_deployment")
    other = str(uuid4())
    workspace.write(action("pause_deployment", f'deployment_id = "{other}"'))
    assert other in failure(workspace, "pause_deployment")


def test_pause_and_resume(terraform: Callable[..., Workspace], target: Target) -> None:
    """Each holds however often it is done."""
    by_id = f'deployment_id = "{target.id}"'
    for type_, paused in (("pause_deployment", True), ("resume_deployment", False)):
        workspace = terraform(action(type_, by_id))
        for _ in range(2):
            invoke(workspace, type_)
            assert target.data["paused"] is paused


def test_an_event(terraform: Callable[..., Workspace], target: Target) -> None:
    """It reaches the server with labels, related resources and payload."""
    workspace = terraform(
        action(
            "emit_event",
            f"""event       = "bucket.replaced"
    resource_id = "bucket.{target.id}"
    resource_labels = {{ colour = "red" }}
    related = [{{
      id   = provider::prefect::event_resource_id("deployment", "{target.id}")
      role = "deployment"
    }}]
    payload = jsonencode({{ size = 3 }})""",
        )
    )
    invoke(workspace, "emit_event")
    wanted = {"filter": {"resource": {"id": [f"bucket.{target.id}"]}}}
    deadline = time.monotonic() + 120
    found: list[dict[str, Any]] = []
    while not found and time.monotonic() < deadline:
        found = target.server.call("POST", "/events/filter", wanted)["events"]
        time.sleep(0.2)
    (event,) = found
    assert event["event"] == "bucket.replaced"
    assert event["resource"] == {"prefect.resource.id": f"bucket.{target.id}", "colour": "red"}
    related = {
        "prefect.resource.id": f"prefect.deployment.{target.id}",
        "prefect.resource.role": "deployment",
    }
    assert event["related"] == [related]
    assert event["payload"] == {"size": 3}


def test_runs_are_cancelled(terraform: Callable[..., Workspace], target: Target) -> None:
    """Those that are selected and have not ended; the others stay as they are."""
    waiting, running, ended = target.run(tags=["a"]), target.run(tags=["a"]), target.run(tags=["a"])
    other = target.run(tags=["b"])
    target.set_state(running, "RUNNING")
    target.set_state(ended, "COMPLETED")
    body = f'deployment_id = "{target.id}"\n    tags = ["a"]\n    message = "no longer"'
    workspace = terraform(action("cancel_flow_runs", body))
    assert "2 flow runs to cancel" in said(invoke(workspace, "cancel_flow_runs"))
    states = [target.state(run) for run in (waiting, running, ended, other)]
    assert states[0] in ("CANCELLED", "CANCELLING")
    assert states[1] in ("CANCELLED", "CANCELLING")
    assert states[2:] == ["COMPLETED", "SCHEDULED"]
    assert target.server.call("GET", f"/flow_runs/{running}")["state"]["message"] == "no longer"


def test_all_runs_are_not_cancelled_by_an_oversight(terraform: Callable[..., Workspace]) -> None:
    """An action that selects nothing is refused when it is validated."""
    for body in ("", 'states = ["RUNNING"]', "flow_run_ids = []"):
        workspace = terraform(action("cancel_flow_runs", body))
        assert workspace.validate().only_error().summary == "Which flow runs?"


def test_a_state_is_changed(terraform: Callable[..., Workspace], target: Target) -> None:
    """The run has the state, its name and its message; what Prefect's rules are against needs `force`."""
    run_id = target.run()
    body = f'flow_run_id = "{run_id}"\n    state = "FAILED"\n    name = "Given up"\n    message = "why"'
    workspace = terraform(action("change_flow_run_state", body))
    invoke(workspace, "change_flow_run_state")
    state = target.server.call("GET", f"/flow_runs/{run_id}")["state"]
    assert (state["type"], state["name"], state["message"]) == ("FAILED", "Given up", "why")
    target.set_state(run_id, "RUNNING")
    workspace.write(action("change_flow_run_state", f'flow_run_id = "{run_id}"\n    state = "PENDING"'))
    error = failure(workspace, "change_flow_run_state")
    assert "State not accepted" in error
    assert "Set `force = true`" in error
    assert target.state(run_id) == "RUNNING"


def test_what_is_wrong_is_said_before_anything_is_done(
    terraform: Callable[..., Workspace], target: Target
) -> None:
    """Which deployment is not clear, no JSON, a state that there is not: errors of the plan."""
    wrong = (
        ("run_deployment", ""),
        ("run_deployment", f'deployment_id = "{target.id}"\n    deployment = "a/b"'),
        ("run_deployment", 'deployment = "target"'),
        ("run_deployment", f'deployment_id = "{target.id}"\n    parameters = "[1]"'),
        ("change_flow_run_state", f'flow_run_id = "{target.id}"\n    state = "DONE"'),
        ("emit_event", 'event = ""\n    resource_id = "x"'),
    )
    blocks = [action(type_, body).replace('"this"', f'"n{n}"') for n, (type_, body) in enumerate(wrong)]
    workspace = terraform("".join(blocks))
    planned = workspace.run("plan", "-json", "-invoke=action.prefect_emit_event.n5")
    assert sorted(error.address.rpartition(".")[2] for error in planned.errors) == [
        f"n{n}" for n in range(len(wrong))
    ], planned.report()
    assert "Error when invoking action" not in {error.summary for error in planned.errors}
    # That an id is none is said when its action is planned: a mocked provider makes such ones.
    workspace = terraform(action("run_deployment", 'deployment_id = "x"'))
    error = workspace.run("plan", "-json", "-invoke=action.prefect_run_deployment.this").only_error()
    assert "a UUID" in error.detail
    schema = {"type": "object", "properties": {"size": {"type": "integer"}}, "required": []}
    target.server.call("PATCH", f"/deployments/{target.id}", {"parameter_openapi_schema": schema})
    body = f'deployment_id = "{target.id}"\n    parameters = jsonencode({{ size = "large" }})'
    workspace = terraform(action("run_deployment", body))
    error = workspace.run("plan", "-json", "-invoke=action.prefect_run_deployment.this").only_error()
    assert "size" in json.dumps(error)
    assert target.runs() == []


def test_every_action_has_an_example(terraform: Callable[..., Workspace]) -> None:
    """Each is well-formed, and can be planned where none of what it acts on is there yet."""
    examples = {path.name: path / "action.tf" for path in (ROOT / "examples" / "actions").iterdir()}
    assert sorted(examples) == [kind.type_name for kind in ACTIONS]
    formatted = terraform("").run("fmt", "-check", "-recursive", str(ROOT / "examples" / "actions"))
    assert (formatted.exit_code, formatted.stdout) == (0, "")
    # What pauses a deployment also resumes it.
    alone = examples.pop("prefect_resume_deployment").read_text(encoding="utf-8")
    together = "\n".join(file.read_text(encoding="utf-8") for file in examples.values())
    for configuration in (together, alone):
        terraform(configuration).plan()
