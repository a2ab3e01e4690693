"""Guides in `docs/`: the commands that they show, run as a person types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from tests.environment.terraform import Workspace

__all__ = ["commands_of", "save_plan", "shell"]


def commands_of(page: str) -> list[str]:
    """The lines of all shell blocks of `docs/<page>`."""
    guide = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def save_plan(workspace: Workspace) -> None:
    """Make the plan that guides speak of: `saved.tfplan`, and `plan.json` with what terraform shows of it."""
    workspace.run("plan", "-input=false", "-out=saved.tfplan", check=True)
    workspace.write_json(workspace.show_json("saved.tfplan"), "plan.json")


def shell(workspace: Workspace, command: str) -> subprocess.CompletedProcess[str]:
    """Run a line in the directory of a configuration, with this project's programs on `PATH`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), workspace.env["PATH"]])
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=workspace.directory,
        env=workspace.env | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
