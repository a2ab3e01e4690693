"""Programs with a runtime of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

# The runtime of this process is chosen here: a test of another one, which is run elsewhere, may import its modules.
from prefect_constructs._runtime import NATIVE, RUNTIME
from tests.environment.terraform import ROOT

if RUNTIME == NATIVE:
    from prefect_constructs.native.stand_in import stand_in

    stand_in()

HERE = Path(__file__).parent


class RunPython(Protocol):
    """Runs a Python program with arguments and returns what it prints."""

    def __call__(self, *command: str | Path, env: Mapping[str, str] | None = None) -> str:
        """Fail if it ends with an error."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, which need Node."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.cdktf)


@pytest.fixture
def run_python() -> RunPython:
    """A function that runs a Python program: `run_python(path, "cdktf", env={...})`."""

    def run(*command: str | Path, env: Mapping[str, str] | None = None) -> str:
        roots = [ROOT, ROOT / "constructs", ROOT / "provider_client"]
        paths = {"PYTHONPATH": os.pathsep.join(map(str, roots))}
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **paths, **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
