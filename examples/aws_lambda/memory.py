"""The memory that a run gets for an object's size, as the job variable of each kind of work pool.

The variables are those of the job templates that Prefect's workers have unless a work pool has another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "Memory"]

_MIB = 2**20

# What a task of Fargate may have: MiB of memory for so many units of CPU, 1,024 of which are one processor.
_FARGATE: dict[int, list[int]] = {
    256: [512, 1024, 2048],
    512: [gib * 1024 for gib in range(1, 5)],
    1024: [gib * 1024 for gib in range(2, 9)],
    2048: [gib * 1024 for gib in range(4, 17)],
    4096: [gib * 1024 for gib in range(8, 31)],
    8192: [gib * 1024 for gib in range(16, 61, 4)],
    16384: [gib * 1024 for gib in range(32, 121, 8)],
}

KINDS = ("docker", "ecs", "kubernetes")


@dataclass(frozen=True)
class Memory:
    """``base`` MiB and ``per_byte`` bytes for each byte of the object, at most ``most`` MiB.

    ``cpu`` is what a task of ECS has at least; it gets more where Fargate has so much memory only with more.
    """

    kind: str
    base: int = 512
    per_byte: float = 3.0
    most: int = 30720
    cpu: int = 1024

    def variables(self, size: int) -> dict[str, Any]:
        """The job variables for an object of so many bytes."""
        needed = min(self.base + -int(-size * self.per_byte // _MIB), self.most)
        match self.kind:
            case "kubernetes":
                return {"memory_request": f"{needed}Mi"}
            case "docker":
                return {"mem_limit": f"{needed}m"}
        return dict(zip(("cpu", "memory"), _task(needed, self.cpu), strict=True))


def _task(needed: int, least_cpu: int) -> tuple[int, int]:
    """The smallest task of Fargate with so much memory, or the largest there is."""
    for cpu, sizes in _FARGATE.items():
        if cpu >= least_cpu:
            for size in sizes:
                if size >= needed:
                    return cpu, size
    return cpu, sizes[-1]
