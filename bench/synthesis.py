"""What the constructs take to write a stack of many automations; measured by ``bench/synth.py``."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.commands import LOG, run
from bench.figures import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Figure

__all__ = ["automations"]

_PROGRAM: Final = Path(__file__).resolve().parent / "synth.py"
_RUNS: Final = 3
_STEP: Final = re.compile(r"(.+?) +(\d+\.\d+) s")
"""A line of what it prints: a step, and the seconds that it took."""


def automations(directory: Path, objects: int) -> Iterator[Figure]:
    """The whole program: start, imports, constructs and JSON."""
    runs = [
        run([sys.executable, _PROGRAM, str(objects)], cwd=directory, env=os.environ) for _ in range(_RUNS)
    ]
    printed = (directory / LOG).read_text(encoding="utf-8")
    steps = {found[1]: float(found[2]) for found in map(_STEP.fullmatch, printed.splitlines()) if found}
    yield figure("automations", "synth", objects, runs, steps=steps)
