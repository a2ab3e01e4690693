"""What was measured, and where: figures that go into a file, a table and a chart."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prefect_provider.version import VERSION
from tests.environment.prefect_server import prefect_version
from tests.environment.terraform import terraform_program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.commands import Run

__all__ = ["Figure", "figure", "machine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was done, once or several times."""

    world: str
    """What it was done with: ``mix``, ``few among many``, ``one variable``, ``automations``."""
    step: str
    """What was done: ``create``, ``plan``, ``drift``, ``destroy``, ``synth``, ``synth without Node``."""
    objects: int
    without: str = ""
    """What it was done with instead, to compare with: ``coalescing off``, ``generated bindings``."""
    runs: int = 1
    seconds: float
    """The median of the runs, as all times."""
    cpu_seconds: float
    """Of the command and all that it starts; not of the server."""
    provider_cpu_seconds: float | None = None
    peak_mb: float | None = None
    """The most memory that a provider process, or a command without providers, had in any run."""
    requests: int | None = None
    """The most that a run took."""
    requests_by_kind: Mapping[str, int] = field(default_factory=dict)
    """Those of that run."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What else is known of it: of synth the seconds of its parts, and the crossings into Node for each object."""


def figure(
    world: str,
    step: str,
    objects: int,
    runs: Sequence[Run],
    requests: Sequence[Mapping[str, int]] = (),
    *,
    without: str = "",
) -> Figure:
    """The figure of several runs; ``requests`` are those of each by kind."""
    most: Mapping[str, int] = max(requests, key=lambda one: sum(one.values()), default={})
    of_provider = [one.provider_cpu_seconds for one in runs if one.provider_cpu_seconds is not None]
    return Figure(
        world=world,
        step=step,
        objects=objects,
        without=without,
        runs=len(runs),
        seconds=round(statistics.median(one.seconds for one in runs), 3),
        cpu_seconds=round(statistics.median(one.cpu_seconds for one in runs), 3),
        provider_cpu_seconds=round(statistics.median(of_provider), 3) if of_provider else None,
        peak_mb=round(max(one.peak_mb for one in runs), 1),
        requests=sum(most.values()) if requests else None,
        requests_by_kind=most,
    )


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    program = terraform_program()
    shown = subprocess.run([str(program), "version"], capture_output=True, text=True, check=True).stdout
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "terraform": shown.split()[1].removeprefix("v"),
        "prefect": prefect_version(),
        "prefect-iac": VERSION,
        "database": "SQLite",
    }
