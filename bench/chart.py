"""A chart of how time and requests grow with the number of objects, as SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.figures import Figure

__all__ = ["chart"]

# Colours that people who confuse red and green can tell apart (Okabe and Ito).
_LINES: Final = {
    ("create", ""): "#0072b2",
    ("destroy", ""): "#d55e00",
    ("plan", "coalescing off"): "#999999",
    ("plan", ""): "#009e73",
    ("drift", ""): "#cc79a7",
    ("synth", ""): "#e69f00",
}
_WIDTH, _HEIGHT = 340, 300
_LEFT, _TOP = 60, 40
_PANEL: Final = 560


def chart(figures: Sequence[Figure]) -> str:
    """Two panels, seconds and requests, both axes logarithmic."""
    seconds = _panel("seconds", figures, lambda one: one.seconds)
    requests = _panel("requests", figures, lambda one: one.requests)
    box = f'viewBox="0 0 {2 * _PANEL} {_HEIGHT + 90}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12" fill="#222222">',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *seconds,
            f'<g transform="translate({_PANEL} 0)">',
            *requests,
            "</g>",
            "</svg>",
            "",
        ]
    )


def _panel(title: str, figures: Sequence[Figure], value: Callable[[Figure], float | None]) -> list[str]:
    lines = {
        key: sorted(
            (one.objects, number)
            for one in figures
            if one.world in ("mix", "automations")
            and (one.step, one.without) == key
            and (number := value(one))
        )
        for key in _LINES
    }
    lines = {key: points for key, points in lines.items() if points}
    across = _Scale([x for points in lines.values() for x, _ in points], _LEFT, _LEFT + _WIDTH)
    up = _Scale([y for points in lines.values() for _, y in points], _TOP + _HEIGHT, _TOP)
    drawn = [f'<text x="{_LEFT}" y="20" font-size="14" font-weight="bold">{title}</text>']
    for mark in up.marks:
        at = up.at(mark)
        drawn.append(f'<path d="M{_LEFT} {at:.1f}h{_WIDTH}" stroke="#e0e0e0"/>')
        drawn.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{mark:,g}</text>')
    below = _TOP + _HEIGHT
    drawn += [
        f'<text x="{across.at(mark):.1f}" y="{below + 20}" text-anchor="middle">{mark:,}</text>'
        for mark in sorted({x for points in lines.values() for x, _ in points})
    ]
    drawn.append(f'<text x="{_LEFT + _WIDTH / 2}" y="{below + 40}" text-anchor="middle">objects</text>')
    labels = _spread({key: up.at(points[-1][1]) for key, points in lines.items()})
    for (step, without), points in lines.items():
        colour = _LINES[step, without]
        path = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [
            f'<circle cx="{across.at(x):.1f}" cy="{up.at(y):.1f}" r="3.5" fill="{colour}"/>'
            for x, y in points
        ]
        label = escape(f"{step}, {without}" if without else step)
        at = labels[step, without] + 4
        drawn.append(f'<text x="{_LEFT + _WIDTH + 10}" y="{at:.1f}" fill="{colour}">{label}</text>')
    return drawn


class _Scale:
    """A logarithmic axis that begins and ends at a power of ten."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self._first = math.floor(math.log10(min(values)))
        self._last = max(math.ceil(math.log10(max(values))), self._first + 1)
        self._begin, self._end = begin, end

    @property
    def marks(self) -> list[float]:
        """The powers of ten on it."""
        return [10.0**power for power in range(self._first, self._last + 1)]

    def at(self, value: float) -> float:
        """Where a value is."""
        part = (math.log10(value) - self._first) / (self._last - self._first)
        return self._begin + part * (self._end - self._begin)


def _spread(labels: dict[tuple[str, str], float], apart: float = 16) -> dict[tuple[str, str], float]:
    """Heights of labels that do not cover each other."""
    placed: dict[tuple[str, str], float] = {}
    lowest = -math.inf
    for key, height in sorted(labels.items(), key=lambda item: item[1]):
        lowest = placed[key] = max(height, lowest + apart)
    return placed
