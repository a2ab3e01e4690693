"""The distributions of Python: the wheel, and what it is built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from environment import ROOT, run
from packing.environment import ADVICE, python_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["build_distributions", "install_wheel"]


def build_distributions(tools: Path, target: Path) -> list[Path]:
    """Build the source distribution, and the wheel from it, with the locked build system; return both."""
    command: list[str | Path] = [python_of(tools), "-I", "-m", "build", "--no-isolation", "--outdir", target]
    run([*command, ROOT], log="package-build", advice="")
    return sorted([*target.glob("*.tar.gz"), *target.glob("*.whl")])


def install_wheel(environment: Path, wheel: Path) -> None:
    """Install the project's wheel into an environment that has what it requires."""
    pip: list[str | Path] = [
        python_of(environment),
        "-I",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--force-reinstall",
    ]
    run([*pip, "--no-index", "--no-deps", wheel], log="package-install", advice=ADVICE)
    run([python_of(environment), "-I", "-m", "pip", "check"], log="package-install-check", advice=ADVICE)
