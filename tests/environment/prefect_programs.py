"""Programs that use Prefect's SDK, and commands of Prefect, run against a server one after the other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.environment.prefect_server import prefect_program
from tests.environment.processes import clean_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.environment.prefect_server import PrefectServer

__all__ = ["run_prefect"]


def run_prefect(
    server: PrefectServer, home: Path, steps: Sequence[tuple[Path, str | list[str]]]
) -> list[list[dict[str, Any]]]:
    """The server's automations after each step; fail if one of them ends with an error.

    A step is a directory, and there a file with a program, or the arguments of `prefect`.
    """
    done = subprocess.run(
        [
            prefect_program().with_name("python"),
            "-u",
            Path(__file__).with_name("prefect_runner.py"),
            *(json.dumps([str(directory), what]) for directory, what in steps),
        ],
        env=clean_environment(
            home, PREFECT_API_URL=server.api_url, PREFECT_HOME=str(home / "prefect"), DO_NOT_TRACK="1"
        ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
