"""Measures what the project takes of requests, time and memory.

``make bench`` measures everything, which takes a quarter of an hour, and rewrites docs/performance.json, the chart, and
the figures in docs/performance.md. ``make bench ARGS='--size 100 --print'`` measures less, and only prints.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.figures import machine
from bench.paper import publish
from bench.synthesis import automations
from bench.table import table
from bench.worlds import few_among_many, mixed, one_variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.figures import Figure

_SIZES: Final = (100, 1000, 5000)
_SYNTHESES: Final = (1000, 5000)


def main() -> None:
    """Measure, print as it goes, publish."""
    options = _options()
    print(", ".join(f"{name} {value}" for name, value in machine().items()), flush=True)
    figures = list(_figures(options.size or _SIZES, whole=not options.size))
    print("\n".join(table(figures)))
    if not options.print:
        publish(machine(), figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--size",
        type=int,
        action="append",
        help="measure only workspaces of so many objects; may be repeated; nothing is published",
    )
    parser.add_argument("--print", action="store_true", help="only print")
    options = parser.parse_args()
    options.print = options.print or bool(options.size)
    return options


def _figures(sizes: list[int] | tuple[int, ...], *, whole: bool) -> Iterator[Figure]:
    measures: list[Callable[[Path], Iterator[Figure]]] = []
    for size in sizes:
        measures.append(lambda directory, size=size: mixed(directory, size))
    if whole:
        measures += [few_among_many, one_variable]
        for size in _SYNTHESES:
            measures.append(lambda directory, size=size: automations(directory, size))
    for measure in measures:
        with tempfile.TemporaryDirectory() as directory:
            for one in measure(Path(directory)):
                print("\n".join(table([one])[2:]), flush=True)
                yield one


if __name__ == "__main__":
    main()
