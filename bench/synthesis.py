"""What the constructs take to write a stack of many automations, beside generated bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from bench.synth import measure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["automations"]


def automations(_: Path, objects: int) -> Iterator[Figure]:
    """From the import to the file, with Node and without; the bindings are what ``cdktn get`` generates."""
    found = measure([objects])
    ways: dict[str, dict[str, Any]] = found["sizes"][objects]
    for way, step, without in (
        ("ours", "synth", ""),
        ("generated", "synth", "generated bindings"),
        ("native", "synth without Node", ""),
    ):
        times = dict(ways[way])
        yield Figure(
            world="automations",
            step=step,
            objects=objects,
            without=without,
            runs=found["runs"],
            seconds=times.pop("whole"),
            cpu_seconds=times.pop("cpu"),
            parts=times,
        )
