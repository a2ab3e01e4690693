"""Runs examples as programs and reads what they synthesize."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_stack", "run_python"]


def run_python(program: Path, *arguments: Path, cwd: Path) -> None:
    """Run a Python program; fail if it ends with an error."""
    done = subprocess.run(
        [sys.executable, program, *arguments],
        cwd=cwd,
        env=os.environ | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def read_stack(directory: Path, example: str) -> dict[str, Any]:
    """The stack of an example, which is named after it, as synthesized in a working directory."""
    file = directory / "cdktf.out" / "stacks" / example.replace("_", "-") / "cdk.tf.json"
    stack: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return stack
