"""Shows the product at work, from nothing: typed Python to a running automation, drift seen and healed.

Starts a real Prefect server on SQLite and a process worker, both on this machine and in a directory of their own;
synthesises `main.py`; plans and applies it with the real terraform; sends the event that the automation waits for;
shows the flow run that it started; changes something behind Terraform's back; shows and heals the drift; reviews a
change that would start its own runs for ever; stops and removes everything. With `--keep`, server and worker stay
until Ctrl-C.

Whatever ends the demo early, Ctrl-C, SIGTERM or a closed terminal, it stops and removes what it started.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
# The servers of the demo are those of the tests.
sys.path.insert(0, str(ROOT))

from tests.environment.prefect_server import PrefectServer  # noqa: E402
from tests.environment.processes import wait_until  # noqa: E402
from tests.environment.terraform import terraform_program  # noqa: E402
from tests.environment.worker import Worker  # noqa: E402

EVENT = "external.resource.pinged"
RESOURCE = "my.external.resource"

# A change that looks harmless: whenever a run has completed, the next one begins.
PULL_REQUEST = """\
resource "prefect_automation" "again" {
  name = "again"
  trigger = { event = {
    posture       = "Reactive"
    expect        = ["prefect.flow-run.Completed"]
    match_related = jsonencode({ "prefect.resource.id" = "prefect.deployment.${prefect_deployment.DEPLOYMENT.id}" })
  } }
  actions = [{ type = "run-deployment", deployment_id = prefect_deployment.DEPLOYMENT.id }]
}
"""

# What may end the demo early, besides an error.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# How long terraform may take to come to an end once it is asked to.
PATIENCE = 20.0


class DemoError(Exception):
    """A step did not go as it should; the message says which and what was seen."""


class Ended(BaseException):
    """The demo was asked to end, by a signal; no handler of errors takes it for one."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number
        self.status = 128 + number


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say in one line what is done, and how long it took."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)
    started = time.monotonic()
    yield
    print(f"   ({time.monotonic() - started:.1f} s)", flush=True)


class Demo:
    """The pieces of the demo: where it works, and the programs that it starts."""

    def __init__(self, directory: Path, server: PrefectServer) -> None:
        terraform = terraform_program()
        if terraform is None:
            msg = "there is no terraform on PATH; install it and run `make setup` again"
            raise DemoError(msg)
        self.terraform_path = terraform
        self.directory = directory
        self.server = server
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("TF_", "PREFECT_"))
        } | {
            "PREFECT_API_URL": server.api_url,
            "TF_CLI_CONFIG_FILE": str(ROOT / ".cache" / "terraform" / "mirror.terraformrc"),
            "CHECKPOINT_DISABLE": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }
        self.stack = directory

    def run(self, *command: str | Path, cwd: Path, show: bool = True, codes: tuple[int, ...] = (0,)) -> str:
        """Run a program and return what it printed, which is shown as well."""
        with subprocess.Popen(
            command,
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A Ctrl-C goes to the demo alone, which passes it on.
            start_new_session=True,
        ) as process:
            try:
                output, errors = process.communicate()
            except BaseException:
                end(process)
                raise
        if process.returncode not in codes:
            shown = " ".join(map(str, command))
            msg = f"`{shown}` ended with status {process.returncode}:\n{output}{errors}"
            raise DemoError(msg)
        if show:
            print("\n".join(f"   {line}" for line in output.strip().splitlines()))
        return output

    def terraform(self, *arguments: str, show: bool = True, codes: tuple[int, ...] = (0,)) -> str:
        """Run terraform in the synthesised stack."""
        return self.run(self.terraform_path, *arguments, cwd=self.stack, show=show, codes=codes)

    def synthesise(self) -> None:
        """Run `cdktf synth` on `main.py`."""
        output = self.directory / "cdktf.out"
        self.run("cdktf", "synth", "--output", output, cwd=ROOT, show=False)
        (self.stack,) = (output / "stacks").iterdir()
        document = json.loads((self.stack / "cdk.tf.json").read_text(encoding="utf-8"))
        for kind, members in document["resource"].items():
            print(f"   {kind}: {len(members)}")

    def objects(self) -> dict[str, dict[str, Any]]:
        """The values of what terraform manages, by type; the demo has one of each type."""
        state = json.loads(self.terraform("show", "-json", show=False))
        resources = state["values"]["root_module"]["resources"]
        return {resource["type"]: resource["values"] for resource in resources}

    def send_event(self) -> str:
        """Send the event that the automation waits for; returns its id."""
        event_id = str(uuid4())
        event = {
            "id": event_id,
            "occurred": datetime.now(UTC).isoformat(),
            "event": EVENT,
            "resource": {"prefect.resource.id": RESOURCE},
            "payload": {"reading": 42},
        }
        self.server.call("POST", "/events", [event])
        print(f"   {EVENT} from {RESOURCE}, id {event_id}")
        return event_id

    def show_flow_run(self, deployment_id: str, event_id: str) -> None:
        """Wait for the flow run that the automation starts, and show it completed, with the event in its parameter."""
        wanted = {"deployments": {"id": {"any_": [deployment_id]}}}

        def runs() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = self.server.call("POST", "/flow_runs/filter", wanted)
            return found

        def ended() -> bool:
            return any(run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") for run in runs())

        wait_until(ended, what="the flow run that the automation starts", seconds=90.0)
        (run,) = runs()
        event = run["parameters"]["param_1"]
        print(f"   flow run {run['name']}: {run['state_name']}")
        print(f"   param_1: {json.dumps(event)[:100]} ...")
        if run["state_type"] != "COMPLETED" or event_id not in json.dumps(event):
            msg = f"expected a completed flow run with the event {event_id} in its parameter, got {run['state']}"
            raise DemoError(msg)

    def meddle(self, objects: dict[str, dict[str, Any]]) -> None:
        """Change two things as somebody in the UI might."""
        deployment, automation = objects["prefect_deployment"], objects["prefect_automation"]
        self.server.call("PATCH", f"/deployments/{deployment['id']}", {"paused": True, "tags": ["by hand"]})
        self.server.call("PATCH", f"/automations/{automation['id']}", {"enabled": False})
        print("   the deployment paused and tagged, the automation disabled")

    def drift(self, *, expected: int) -> None:
        """Show what `prefect-iac drift` says of the state."""
        state = self.stack / "state.json"
        state.write_text(self.terraform("state", "pull", show=False), encoding="utf-8")
        self.run("prefect-iac", "drift", state, cwd=self.stack, codes=(expected,))

    def review(self) -> None:
        """Show what `prefect-iac review` says of a pull request that adds an automation."""
        document = json.loads((self.stack / "cdk.tf.json").read_text(encoding="utf-8"))
        (deployment,) = document["resource"]["prefect_deployment"]
        changed = PULL_REQUEST.replace("DEPLOYMENT", deployment)
        (self.stack / "again.tf").write_text(changed, encoding="utf-8")
        self.terraform("plan", "-no-color", "-input=false", "-out=changed", show=False)
        plan = self.stack / "changed.json"
        plan.write_text(self.terraform("show", "-json", "changed", show=False), encoding="utf-8")
        self.run("prefect-iac", "review", plan, cwd=self.stack, codes=(2,))


def end(process: subprocess.Popen[str]) -> None:
    """Let a program end as after Ctrl-C, so that terraform ends its providers; and then end it, with its children."""
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def on_ending(number: int, _frame: object) -> NoReturn:
    """Leave by way of all that cleans up, once: a second signal must not disturb that."""
    for other in ENDINGS:
        signal.signal(other, signal.SIG_IGN)
    raise Ended(number)


def main() -> int:
    """Run the demo and return the exit status."""
    parser = argparse.ArgumentParser(description="Show the product at work on a real Prefect server.")
    parser.add_argument("--keep", action="store_true", help="leave server and worker running until Ctrl-C")
    arguments = parser.parse_args()
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    started = time.monotonic()
    for number in ENDINGS:
        signal.signal(number, on_ending)
    directory = Path(tempfile.mkdtemp(prefix="demo-", dir=cache))
    status = 0
    try:
        with ExitStack() as running:
            server = show(directory, running)
            print(f"\nDone in {time.monotonic() - started:.0f} s.")
            if arguments.keep:
                wait_for_end(server)
    except DemoError as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        status = 1
    except Ended as ended:
        print(f"\n{ended}.", file=sys.stderr)
        status = ended.status
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    if status != 1:
        print("Everything that was started has been stopped and removed.")
    return status


def show(directory: Path, running: ExitStack) -> PrefectServer:
    """Go through the steps; what is started is stopped by ``running``. Returns the server."""
    server = PrefectServer(directory / "server", env={"PREFECT_SERVER_UI_ENABLED": "true"})
    demo = Demo(directory, server)
    with step("Start a Prefect server on SQLite"):
        server.start()
        running.callback(server.stop)
        print(f"   {server.url}")
    with step("Synthesise main.py to Terraform"):
        demo.synthesise()
    with step("Plan"):
        demo.terraform(
            "init", "-no-color", "-input=false", f"-backend-config=path={directory / 'state'}", show=False
        )
        demo.terraform("plan", "-no-color", "-input=false", "-out=plan")
    with step("Apply what was planned"):
        demo.terraform("apply", "-no-color", "-input=false", "plan")
        objects = demo.objects()
    with step("Start a worker for the work pool"):
        worker = Worker(server, objects["prefect_work_pool"]["name"], directory / "worker")
        running.callback(worker.stop)
        print(f"   {worker.name}, process {worker.process.pid}")
    with step("Send the event"):
        event_id = demo.send_event()
    with step("The automation starts a flow run, and it completes"):
        demo.show_flow_run(objects["prefect_deployment"]["id"], event_id)
    with step("Change something behind Terraform's back"):
        demo.meddle(objects)
    with step("Drift is seen"):
        demo.drift(expected=2)
    with step("Apply heals it"):
        demo.terraform("apply", "-no-color", "-input=false", "-auto-approve")
        demo.drift(expected=0)
    with step("A pull request is reviewed: what would it have done?"):
        demo.review()
    return server


def wait_for_end(server: PrefectServer) -> None:
    """Leave everything running until a signal ends it; Ctrl-C is the end that was meant."""
    print(f"Server and worker go on: look at {server.url}, or export PREFECT_API_URL={server.api_url}")
    print("Press Ctrl-C to stop and remove them.", flush=True)
    try:
        signal.pause()
    except Ended as ended:
        if ended.number != signal.SIGINT:
            raise
        print()


if __name__ == "__main__":
    sys.exit(main())
