"""Lanes of tests that need what not every machine has say so at once."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def make(target: str) -> subprocess.CompletedProcess[str]:
    """Ask for a target, in an environment that is set up."""
    return subprocess.run(
        ["make", "--no-print-directory", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_opentofu_that_is_not_there() -> None:
    """Without `tofu` no test is run, least of all under Terraform."""
    if shutil.which("tofu"):
        pytest.skip("there is one")
    done = make("test-opentofu")
    assert done.returncode != 0
    assert "error: there is no tofu on PATH; install OpenTofu 1.11 or newer" in done.stderr
    assert "passed" not in done.stdout


def test_python_that_is_not_named() -> None:
    """Another Python is named, and there is no guess."""
    done = make("test-python")
    assert done.returncode != 0
    assert "error: name the Python: make test-python PYTHON=python3.13" in done.stderr
