"""The environments that packages are made in, from their locks: every file that is installed has a hash there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

from dependencies import lock_path
from environment import CACHE, CommandError, run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BUNDLE", "HOME", "TOOLS", "make_locked_environment", "python_of"]

HOME = CACHE / "package"
BUNDLE = HOME / "bundle"
"""The environment with what the provider needs, and PyInstaller."""

TOOLS = HOME / "tools"
"""The environment with what builds distributions and looks for known vulnerabilities."""

ADVICE = (
    "Is the package index within reach? After a change of what is required, run "
    "make lock ARGS='package package-tools'."
)


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    if os.name == "nt":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def make_locked_environment(directory: Path, lock: str) -> None:
    """Make a virtual environment anew, with all that a lock names and nothing else.

    Raises CommandError if a file has another hash than the lock says.
    """
    try:
        venv.create(directory, clear=True, symlinks=os.name != "nt", with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        msg = f"{sys.executable} cannot make a virtual environment: {error}"
        raise CommandError(msg) from error
    pip: list[str | Path] = [python_of(directory), "-I", "-m", "pip", "install", "--quiet"]
    # Dependencies are all in the lock; what it does not name is not asked for, and nothing is built from source.
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    run([*pip, *options, "--requirement", lock_path(lock)], log=f"package-{lock}", advice=ADVICE)
    run([python_of(directory), "-I", "-m", "pip", "check"], log=f"package-{lock}-check", advice=ADVICE)
