"""Figures as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.figures import Figure

__all__ = ["table"]

_COLUMNS: Final = (
    "world",
    "step",
    "objects",
    "requests",
    "per object",
    "seconds",
    "ratio",
    "CPU seconds",
    "of the provider",
    "peak memory",
)


def table(figures: Sequence[Figure]) -> list[str]:
    """Lines of Markdown, all columns of one width, so that they can be read as they are."""
    rows = [_COLUMNS, *(_row(one, figures) for one in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [f"| {' | '.join(map(_cell, range(len(row)), row, widths))} |" for row in rows]
    rule = "".join(f"|{'-' * (width + 1)}{'-' if column < 2 else ':'}" for column, width in enumerate(widths))
    return [lines[0], f"{rule}|", *lines[1:]]


def _cell(column: int, text: str, width: int) -> str:
    """Text to the left, numbers to the right."""
    return text.ljust(width) if column < 2 else text.rjust(width)


def _row(one: Figure, figures: Sequence[Figure]) -> tuple[str, ...]:
    step = f"{one.step}, {one.without}" if one.without else one.step
    return (
        one.world,
        step + (f" (median of {one.runs})" if one.runs > 1 else ""),
        f"{one.objects:,}",
        "" if one.requests is None else f"{one.requests:,}",
        "" if one.requests is None else f"{one.requests / one.objects:.3f}",
        f"{one.seconds:.2f}",
        _ratio(one, figures),
        f"{one.cpu_seconds:.2f}",
        "" if one.provider_cpu_seconds is None else f"{one.provider_cpu_seconds:.2f}",
        "" if one.peak_mb is None else f"{one.peak_mb:.0f} MB",
    )


def _ratio(one: Figure, figures: Sequence[Figure]) -> str:
    """How long it took, as a part of what the same took without what the project does about it."""
    compared = [
        other.seconds
        for other in figures
        if other.without and (other.world, other.step, other.objects) == (one.world, one.step, one.objects)
    ]
    return f"{one.seconds / compared[0]:.2f}" if compared and not one.without else ""
