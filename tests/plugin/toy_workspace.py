"""A terraform workspace whose provider is the toy, with its store and the record of its calls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.environment.processes import clean_environment
from tests.environment.terraform import Result, Workspace, terraform_program
from tests.plugin.toy.server import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["Call", "ToyWorkspace", "install_toy"]

ROOT = Path(__file__).resolve().parents[2]

_PROGRAM_NAME = "terraform-provider-toy"

_PROGRAM = """#!{python}
import sys
sys.path[:0] = {path!r}
from tests.plugin.toy.__main__ import main
main()
"""


def install_toy(directory: Path) -> Path:
    """Write the provider's program and a command line configuration that names it; return the latter."""
    program = directory / _PROGRAM_NAME
    path = [str(ROOT), str(ROOT / "provider_client")]
    program.write_text(_PROGRAM.format(python=sys.executable, path=path), encoding="utf-8")
    program.chmod(0o755)
    config = directory / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  dev_overrides {{ "example/toy" = "{directory}" }}\n  direct {{}}\n}}\n',
        encoding="utf-8",
    )
    return config


class Call(NamedTuple):
    """The start or the end of a call, as the toy recorded it."""

    time: float
    pid: int
    event: str
    name: str


class ToyWorkspace(Workspace):
    """A root module with the provider block of the toy."""

    def __init__(self, directory: Path, cli_config: Path, configuration: str | Mapping[str, Any]) -> None:
        """Write the configuration; the base class would look for the other provider."""
        self.directory = directory
        self.results: list[Result] = []
        home = directory / ".home"
        home.mkdir(parents=True, exist_ok=True)
        self._cli_config = cli_config
        self.store = Store(directory / "store.json")
        self.calls_path = directory / "calls.log"
        self.env = clean_environment(
            home,
            TF_CLI_CONFIG_FILE=str(cli_config),
            TF_CLI_ARGS="-no-color",
            TF_IN_AUTOMATION="1",
            CHECKPOINT_DISABLE="1",
            TOY_RPC_LOG=str(self.calls_path),
        )
        self.write_json(
            {"terraform": {"required_providers": {"toy": {"source": "example/toy"}}}},
            "required_providers.tf.json",
        )
        self.write_provider(f'store = "{self.store.path}"')
        self.write(configuration)

    def write_provider(self, body: str) -> None:
        """Replace the provider block."""
        self.write(f'provider "toy" {{\n  {body}\n}}\n', "provider")

    def provider_program(self) -> Path:
        """The program that terraform starts."""
        return self._cli_config.with_name(_PROGRAM_NAME)

    def calls(self) -> list[Call]:
        """What the toy recorded, in order."""
        if not self.calls_path.exists():
            return []
        lines = self.calls_path.read_text(encoding="utf-8").splitlines()
        split = [line.split(" ") for line in lines]
        return [Call(float(when), int(pid), event, name) for when, pid, event, name in split]

    def started(self, name: str) -> list[Call]:
        """The starts of a call."""
        return [call for call in self.calls() if call.name == name and call.event == "start"]

    def forget_calls(self) -> None:
        """Begin the record anew."""
        self.calls_path.unlink(missing_ok=True)

    def objects(self, kind: type[Resource]) -> list[Values]:
        """The objects in the store, in the server's words."""
        found = (self.store.get(kind, id_) for id_ in self.store.ids(kind.type_name))
        return [values for values in found if values is not None]

    def plan_file(self) -> bytes:
        """The bytes of the last plan, packed as it is."""
        return (self.directory / "tfplan").read_bytes()

    def apply_plan(self) -> Result:
        """Apply the last plan."""
        return self.run("apply", "-json", "-input=false", "tfplan", check=True)

    def settle(self) -> Result:
        """Apply, and fail unless the next plan is empty."""
        done = self.apply()
        self.assert_no_changes()
        return done

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        program = terraform_program()
        assert program is not None
        return subprocess.Popen(
            [program, *command],
            cwd=self.directory,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def end(self, process: subprocess.Popen[str]) -> None:
        """End what :meth:`start` started, if it has not ended."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def provider_pids(self) -> Iterator[int]:
        """The provider processes that are still there."""
        for pid in {call.pid for call in self.calls()}:
            if _is_running(pid):
                yield pid


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    # A zombie has ended; whoever adopted it has just not looked yet.
    return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
