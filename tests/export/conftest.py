"""A server with all that can be exported, and what looks at an export."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from tests.environment.prefect_server import PrefectServer
from tests.environment.terraform import ROOT
from tests.export.worlds import make_one_of_each, make_strange_ones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.environment.terraform import Workspace


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, database_url: Callable[[], str | None]
) -> Iterator[PrefectServer]:
    """A server of the module's own: an export is of all that a server has."""
    server = PrefectServer(
        tmp_path_factory.mktemp("prefect-server"), services=False, database_url=database_url()
    )
    server.start()
    try:
        make_one_of_each(server)
        make_strange_ones(server)
        yield server
    finally:
        server.stop()


class Export:
    """Runs the command for a server."""

    def __init__(self, api_url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.api_url = api_url
        self.code = 0
        self.errors = ""
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> str:
        """What is printed; the exit code and what is said besides are kept."""
        self.code = main(["export", "--endpoint", self.api_url, *map(str, arguments)])
        captured = self._capsys.readouterr()
        self.errors = captured.err
        return captured.out

    def into(self, directory: Path, *arguments: str) -> dict[str, str]:
        """The files that are written."""
        self("--out", directory, *arguments)
        return {
            path.name: path.read_text(encoding="utf-8")
            for suffix in ("py", "tf")
            for path in sorted(directory.glob(f"*.{suffix}"))
        }


@pytest.fixture
def export(server: PrefectServer, capsys: pytest.CaptureFixture[str]) -> Export:
    """A function that runs the command for the module's server."""
    return Export(server.api_url, capsys)


def imported(workspace: Workspace, *arguments: str) -> list[str]:
    """The addresses of a plan that imports each of them, and does nothing else."""
    plan = workspace.plan(*arguments)
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    changes = plan.json["resource_changes"]
    assert [one["address"] for one in changes if "importing" not in one["change"]] == []
    return sorted(one["address"] for one in changes)


def synthesized(directory: Path, *, node: bool = True) -> dict[str, Any]:
    """What ``main.py`` in a directory synthesizes, with Node or without, but for the place of its state."""
    paths = [ROOT / "constructs", ROOT / "provider_client"]
    without = ["-m", "prefect_iac", "synth"]
    done = subprocess.run(
        [sys.executable, *([] if node else without), "main.py"],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    file = directory / "cdktf.out" / "stacks" / "prefect" / "cdk.tf.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    del document["terraform"]["backend"]
    return document
