"""Where the nodes of a picture go: in layers from left to right, with few crossings, the same for the same graph.

The usual four steps (Sugiyama): break cycles, put each node right of what leads to it, order each layer by the middle
of its neighbours, move nodes towards them. An edge through several layers has a point in each.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Box", "Layout", "Point", "lay_out"]

Point = tuple[float, float]

_COLUMN_GAP: Final = 90.0
_ROW_GAP: Final = 18.0
_BEND: Final = 10.0
"""Height of the point of an edge."""

_SWEEPS: Final = 6

_ACROSS: Final = 9
"""Layers side by side: three automations, each with its event and what it runs."""

_BAND_GAP: Final = 48.0


class Box(NamedTuple):
    """A node's rectangle."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """A picture's geometry; the sizes are those of all of it."""

    boxes: Mapping[str, Box]
    ways: Sequence[Sequence[Point]]
    """For each edge its points, from the border of one node to that of the other."""
    width: float
    height: float


def lay_out(sizes: Mapping[str, tuple[float, float]], edges: Sequence[tuple[str, str]]) -> Layout:
    """Place nodes of these widths and heights; edges lead from one of them to another.

    What is more than :data:`_ACROSS` layers long goes on below, as a text does.
    """
    layer = _layers(list(sizes), edges)
    boxes: dict[str, Box] = {}
    ways: dict[int, list[Point]] = {}
    width = bottom = 0.0
    for number in range(max(layer.values(), default=-1) // _ACROSS + 1):
        inside = {name: level % _ACROSS for name, level in layer.items() if level // _ACROSS == number}
        listed = [at for at, (source, target) in enumerate(edges) if source in inside and target in inside]
        top = bottom + _BAND_GAP if number else 0.0
        band = _band({name: sizes[name] for name in inside}, [edges[at] for at in listed], inside)
        boxes |= {name: box._replace(y=box.y + top) for name, box in band.boxes.items()}
        for at, way in zip(listed, band.ways, strict=True):
            ways[at] = [(x, y + top) for x, y in way]
        width, bottom = max(width, band.width), top + band.height
    for at, (source, target) in enumerate(edges):
        if at not in ways:
            ways[at] = _way(boxes[source], boxes[target], [])
    return Layout(boxes, [ways[at] for at in range(len(edges))], width, bottom)


def _band(
    sizes: Mapping[str, tuple[float, float]], edges: Sequence[tuple[str, str]], layer: Mapping[str, int]
) -> Layout:
    """Place nodes whose layers are known."""
    chains = [_chain(number, *edge, layer) for number, edge in enumerate(edges)]
    bends = {name: level for chain in chains for name, level in chain}
    level_of = {**layer, **bends}
    links = [
        pair
        for (source, target), chain in zip(edges, chains, strict=True)
        for pair in _pairs([source, *(name for name, _ in chain), target])
    ]
    rows = _ordered(level_of, links)
    height = {name: sizes[name][1] if name in sizes else _BEND for name in level_of}
    tops = _placed(rows, height, links)
    lefts, widths, total = _columns(rows, sizes)
    boxes = {name: Box(lefts[layer[name]], tops[name], *sizes[name]) for name in sizes}
    middles = {
        name: (lefts[level] + widths[level] / 2, tops[name] + height[name] / 2)
        for name, level in level_of.items()
    }
    ways = [
        _way(boxes[source], boxes[target], [middles[name] for name, _ in chain])
        for (source, target), chain in zip(edges, chains, strict=True)
    ]
    bottom = max((tops[name] + height[name] for name in level_of), default=0.0)
    return Layout(boxes, ways, total, bottom)


def _layers(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The layer of each node: one more than the highest of those that lead to it, without the edges that go back."""
    following: dict[str, list[str]] = {node: [] for node in nodes}
    indegree = dict.fromkeys(nodes, 0)
    for source, target in _forward(nodes, edges):
        following[source].append(target)
        indegree[target] += 1
    layer = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not indegree[node]]
    while ready:
        node = ready.pop(0)
        for target in following[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            indegree[target] -= 1
            if not indegree[target]:
                ready.append(target)
    return layer


def _forward(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The edges that close no cycle, as a walk in depth from the nodes that nothing leads to meets them."""
    following: dict[str, list[str]] = {node: [] for node in nodes}
    reached: set[str] = set()
    for source, target in edges:
        following[source].append(target)
        reached.add(target)
    kept: list[tuple[str, str]] = []
    done: set[str] = set()
    for root in (*(node for node in nodes if node not in reached), *nodes):
        if root in done:
            continue
        done.add(root)
        walk = [(root, iter(following[root]))]
        here = {root}
        while walk:
            node, targets = walk[-1]
            target = next(targets, "")
            if not target:
                walk.pop()
                here.discard(node)
            elif target not in here:
                kept.append((node, target))
                if target not in done:
                    done.add(target)
                    here.add(target)
                    walk.append((target, iter(following[target])))
    return kept


def _chain(number: int, source: str, target: str, layer: Mapping[str, int]) -> list[tuple[str, int]]:
    """The points of an edge in the layers between its ends, each with its layer."""
    start, end = layer[source], layer[target]
    step = 1 if end > start else -1
    return [(f"\0{number}:{level}", level) for level in range(start + step, end, step)]


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(names))


def _ordered(level_of: Mapping[str, int], links: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The layers, each in an order with few crossings."""
    rows: list[list[str]] = [[] for _ in range(max(level_of.values(), default=-1) + 1)]
    for name, level in level_of.items():
        rows[level].append(name)
    beside = _neighbours(links)
    for sweep in range(_SWEEPS):
        place = {name: index for row in rows for index, name in enumerate(row)}
        step = 1 if sweep % 2 == 0 else -1
        for level in range(len(rows))[::step]:
            means = {
                name: _mean(
                    [place[other] for other in beside.get(name, ()) if level_of[other] == level - step]
                )
                for name in rows[level]
            }
            current = {name: index for index, name in enumerate(rows[level])}
            # What has no neighbour there stays where it is.
            rows[level].sort(
                key=lambda name, means=means, current=current: (  # type: ignore[misc]  # bound at once
                    current[name] if means[name] is None else means[name],
                    current[name],
                )
            )
            place |= {name: index for index, name in enumerate(rows[level])}
    return rows


def _placed(
    rows: Sequence[Sequence[str]], height: Mapping[str, float], links: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """The top of each node and point: near the middle of its neighbours, and none over another."""
    beside = _neighbours(links)
    top: dict[str, float] = {}
    for row in rows:
        at = 0.0
        for name in row:
            top[name] = at
            at += height[name] + _ROW_GAP
    for _ in range(_SWEEPS):
        for row in rows:
            wanted = []
            for name in row:
                mean = _mean([top[other] + height[other] / 2 for other in beside.get(name, ())])
                wanted.append(top[name] if mean is None else mean - height[name] / 2)
            places = _apart(wanted, [height[name] for name in row])
            top |= dict(zip(row, places, strict=True))
    highest = min(top.values(), default=0.0)
    return {name: round(place - highest, 1) for name, place in top.items()}


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places as near to the wanted ones as may be, in their order and apart (pool adjacent violators)."""
    offsets = [0.0]
    for size in heights[:-1]:
        offsets.append(offsets[-1] + size + _ROW_GAP)
    groups: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=False):
        mean, size = want - offset, 1
        while groups and groups[-1][0] > mean:
            before, number = groups.pop()
            mean, size = (before * number + mean * size) / (number + size), number + size
        groups.append((mean, size))
    bases = [mean for mean, size in groups for _ in range(size)]
    return [base + offset for base, offset in zip(bases, offsets, strict=False)]


def _columns(
    rows: Sequence[Sequence[str]], sizes: Mapping[str, tuple[float, float]]
) -> tuple[list[float], list[float], float]:
    """The left edge and the width of each layer, and the width of all."""
    widths = [max((sizes[name][0] for name in row if name in sizes), default=0.0) for row in rows]
    lefts, at = [], 0.0
    for width in widths:
        lefts.append(at)
        at += width + _COLUMN_GAP
    return lefts, widths, max(0.0, at - _COLUMN_GAP)


def _way(source: Box, target: Box, bends: Sequence[Point]) -> list[Point]:
    """From the right side of a node to the left of the next; one that goes back does so from left to right."""
    goes_back = target.x <= source.x
    start = (source.x if goes_back else source.x + source.width, source.y + source.height / 2)
    end = (target.x + target.width if goes_back else target.x, target.y + target.height / 2)
    return [start, *bends, end]


def _neighbours(links: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, target in links:
        found.setdefault(source, []).append(target)
        found.setdefault(target, []).append(source)
    return found


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
