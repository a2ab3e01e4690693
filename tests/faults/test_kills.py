"""Commands that are killed at any moment: nothing is lost or doubled, nobody is left, and the next one converges.

Each trial has a seed, which fixes what is run, how it is ended, and at which request. ``FAULT_TRIALS`` sets how many
trials there are (a few by default; `make test-faults` runs many); ``FAULT_SEED`` where they begin, to repeat one.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.environment.fault_proxy import Fault, FaultProxy
from tests.environment.processes import wait_until
from tests.environment.terraform import TerraformError, terraform_program
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

TRIALS = int(os.environ.get("FAULT_TRIALS", "4"))
FIRST = int(os.environ.get("FAULT_SEED", "0"))

GRACE: Final = 1.0
"""Seconds in which a process on a busy machine notices that another one is gone."""

WAYS: Final = ("kill-terraform", "kill-provider", "interrupt-twice", "kill-both", "interrupt", "terminate")
COMMANDS: Final = ("create", "create", "update", "destroy", "create", "plan")

CONFIGURATION: Final = """
resource "prefect_work_pool" "p" {{
  name = "{name}-pool"
  type = "process"
}}
resource "prefect_work_queue" "q" {{
  count             = 2
  work_pool_name    = prefect_work_pool.p.name
  name              = "{name}-queue-${{count.index}}"
  concurrency_limit = {number}
}}
resource "prefect_flow" "f" {{
  count = 3
  name  = "{name}-flow-${{count.index}}"
  tags  = ["t{number}"]
}}
resource "prefect_deployment" "d" {{
  count          = 3
  name           = "{name}-deployment"
  flow_id        = prefect_flow.f[count.index].id
  entrypoint     = "flows/a.py:a"
  work_pool_name = prefect_work_pool.p.name
  tags           = ["t{number}"]
  schedules      = {{ nightly = {{ cron = "0 3 * * *", max_scheduled_runs = {number} }} }}
}}
resource "prefect_variable" "v" {{
  count = 3
  name  = "{variable}_${{count.index}}"
  value = {{ n = {number} }}
}}
resource "prefect_block" "b" {{
  count     = 2
  name      = "{name}-block-${{count.index}}"
  type_slug = "secret"
  data      = jsonencode({{ value = "s{number}" }})
}}
resource "prefect_automation" "same" {{
  count   = 3
  name    = "{name}-automation"
  tags    = ["t{number}"]
  trigger = {{ event = {{ posture = "Reactive", expect = ["{name}.x"], threshold = 2, within = 60 }} }}
  actions = [{{ type = "run-deployment", deployment_id = prefect_deployment.d[0].id }}]
}}
resource "prefect_automation" "other" {{
  count   = 3
  name    = "{name}-automation-${{count.index}}"
  tags    = ["t{number}"]
  trigger = {{ event = {{ posture = "Reactive", expect = ["{name}.y"], threshold = 2, within = 60 }} }}
  actions = [{{ type = "do-nothing" }}]
}}
"""

COUNTS: Final = {
    "prefect_work_pool": ("work_pools", 1),
    "prefect_work_queue": ("work_queues", 2),
    "prefect_flow": ("flows", 3),
    "prefect_deployment": ("deployments", 3),
    "prefect_variable": ("variables", 3),
    "prefect_block": ("block_documents", 2),
    "prefect_automation": ("automations", 6),
}
"""Collection and number of the objects of each type."""


def configuration(name: str, number: int) -> str:
    """Twenty objects of all kinds, three automations of them alike."""
    return CONFIGURATION.format(name=name, variable=name.replace("-", "_"), number=number)


def on_server(server: PrefectServer, name: str) -> dict[str, set[str]]:
    """The ids of all objects that a trial can have made, by type."""
    found: dict[str, set[str]] = {}
    stems = (name, name.replace("-", "_"))
    for kind, (collection, _) in COUNTS.items():
        objects: list[dict[str, Any]] = []
        while True:
            page = server.call("POST", f"/{collection}/filter", {"limit": 200, "offset": len(objects)})
            objects += page
            if len(page) < 200:
                break
        found[kind] = {one["id"] for one in objects if str(one["name"]).startswith(stems)}
    return found


def in_state(workspace: Workspace) -> dict[str, set[str]]:
    """The ids of all objects in state, by type."""
    found: dict[str, set[str]] = {kind: set() for kind in COUNTS}
    document = json.loads((workspace.directory / "terraform.tfstate").read_text(encoding="utf-8"))
    for resource in document.get("resources", []):
        for instance in resource["instances"]:
            found[resource["type"]].add(instance["attributes"]["id"])
    return found


class Traffic(FaultProxy):
    """A proxy without faults, which knows when each request came."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.writes: list[float] = []
        self.count = 0

    def choose(self, method: str, path: str) -> Fault | None:
        """Count it."""
        self.count += 1
        if method != "GET" and not path.endswith(("/filter", "/count")):
            self.writes.append(time.monotonic())
        return super().choose(method, path)


class Command:
    """A terraform command that runs, in a session of its own, with all that it starts."""

    def __init__(self, workspace: Workspace, *command: str) -> None:
        program = terraform_program()
        assert program is not None
        self._process = subprocess.Popen(
            [program, *command],
            cwd=workspace.directory,
            env=workspace.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.pid = self._process.pid

    def others(self) -> set[int]:
        """The processes of its session besides terraform itself, which are providers."""
        return {pid for pid, session in _sessions() if session == self.pid and pid != self.pid}

    @property
    def has_ended(self) -> bool:
        """Whether terraform itself has."""
        return self._process.poll() is not None

    def end(self, way: str) -> None:
        """End it in one of `WAYS`."""
        if way in ("kill-terraform", "kill-both"):
            victims = {self.pid} | (self.others() if way == "kill-both" else set())
            for pid in victims:
                _signal(pid, signal.SIGKILL)
        elif way == "kill-provider":
            for pid in self.others():
                _signal(pid, signal.SIGKILL)
        else:
            number = signal.SIGTERM if way == "terminate" else signal.SIGINT
            for _ in range(2 if way == "interrupt-twice" else 1):
                _signal(-self.pid, number)
                time.sleep(0.05)

    def output(self) -> str:
        """Wait for its end, and return what it said."""
        output, _ = self._process.communicate(timeout=60)
        return output

    def clean_up(self) -> None:
        """End whatever is left of it."""
        for pid in {self.pid, *self.others()} if not self.has_ended else self.others():
            _signal(pid, signal.SIGKILL)
        self._process.wait()


def _sessions() -> Iterator[tuple[int, int]]:
    """All processes that run, with their sessions."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            yield int(entry.name), int(fields[3])


def _signal(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process, or to a whole group."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A directory for sockets, with a path that is short enough for them."""
    directory = Path(tempfile.mkdtemp(prefix="k-", dir="/tmp"))
    yield directory
    shutil.rmtree(directory)


def is_readable(workspace: Workspace) -> bool:
    """Whether Terraform was not killed while it wrote its own state, which it does in place."""
    file = workspace.directory / "terraform.tfstate"
    try:
        return not file.exists() or bool(json.loads(file.read_text(encoding="utf-8")))
    except ValueError:
        return False


def notes(workspace: Workspace) -> list[Path]:
    """The notes that are kept of what may be unrecorded."""
    return [path for path in workspace.directory.glob(".terraform/prefect-iac/*/*") if path.is_file()]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc to look for processes")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + TRIALS))
def test_killed(
    seed: int, terraform: Callable[..., Workspace], prefect_server: PrefectServer, sockets: Path
) -> None:
    """After a kill or a signal at any moment nothing runs, and one more command leaves what is configured, once."""
    random = Random(seed)  # noqa: S311 - no secret
    way, command = WAYS[seed % len(WAYS)], COMMANDS[seed // len(WAYS) % len(COMMANDS)]
    name = unique("kill")
    with Traffic(prefect_server.url) as proxy:
        workspace = terraform(configuration(name, 2), api_url=proxy.api_url, env={"TMPDIR": str(sockets)})
        if command != "create":
            workspace.apply()
        if command == "update":
            workspace.write(configuration(name, 3))
        at = proxy.count + random.randint(1, 50 if command in ("create", "update") else 12)

        words = {"plan": ["plan"], "destroy": ["destroy", "-auto-approve"]}
        running = Command(workspace, *words.get(command, ["apply", "-auto-approve"]), "-input=false")
        try:
            wait_until(lambda: proxy.count >= at or running.has_ended, what="the moment", seconds=120)
            time.sleep(random.uniform(0, 0.06))
            running.end(way)
            died = time.monotonic()
            output = running.output()
            wait_until(lambda: not running.others(), what="the end of the providers", seconds=60)
        finally:
            running.clean_up()
        what = f"{way} of {command} at request {at} (seed {seed}):\n{output}"
        if way in ("kill-terraform", "kill-both"):
            time.sleep(GRACE)
            assert not [moment for moment in proxy.writes if moment > died + GRACE], what

        if not is_readable(workspace):
            (workspace.directory / "terraform.tfstate").unlink()
            if command != "create":
                pytest.skip("terraform was killed while it wrote its own state")
        try:
            if command == "destroy":
                workspace.destroy()
                assert not any(on_server(prefect_server, name).values()), what
            else:
                workspace.apply()
                workspace.assert_no_changes()
                found = on_server(prefect_server, name)
                assert in_state(workspace) == found, what
                assert {kind: len(ids) for kind, ids in found.items()} == {
                    kind: number for kind, (_, number) in COUNTS.items()
                }, what
        except TerraformError as error:
            msg = f"{error}\n\nafter {what}"
            raise AssertionError(msg) from error
        # A provider that is still ending takes its note along.
        wait_until(lambda: not notes(workspace), what=f"the end of the notes after {what}", seconds=30)
        assert not list(sockets.iterdir()), what
        workspace.destroy()
        assert not any(on_server(prefect_server, name).values()), what
