"""Measures what the project takes of requests, time and memory.

``make bench`` measures everything, which takes half an hour, and rewrites docs/performance.json, the chart, and the
figures in docs/performance.md. ``make bench ARGS='--size 100'`` measures a part, and only prints; so does
``make bench ARGS='--only events'``.
"""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from bench.events import evaluations
from bench.figures import machine
from bench.paper import publish
from bench.synthesis import automations
from bench.table import table
from bench.worlds import few_among_many, mixed, one_variable, settled, terraform_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bench.figures import Figure

_Measure: TypeAlias = "Callable[[Path], Iterator[Figure]]"

_SIZES: Final = (100, 1000)
_SETTLED: Final = 5000
_ALONE: Final = 1000
_SYNTHESES: Final = (1000, 5000)


_PARTS: Final[Mapping[str, _Measure]] = MappingProxyType({"events": evaluations})
"""What can be measured alone, by name."""


def main() -> None:
    """Measure, print as it goes, publish."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure all, and publish it.")
    parser.add_argument(
        "--size",
        type=int,
        action="append",
        help="measure only a mix of so many objects, and only print; repeatable",
    )
    parser.add_argument("--only", choices=tuple(_PARTS), help="measure only this, and only print")
    arguments = parser.parse_args()
    sizes = arguments.size
    facts = machine()
    print(", ".join(f"{name} {value}" for name, value in facts.items()), flush=True)
    measures: list[_Measure] = [partial(mixed, objects=size) for size in sizes or ()]
    measures += [_PARTS[arguments.only]] if arguments.only else []
    figures = list(_figures(measures or _everything()))
    print("\n".join(table(figures)))
    if not measures:
        publish(facts, figures)


def _everything() -> list[_Measure]:
    return [
        *(partial(mixed, objects=size) for size in _SIZES),
        partial(settled, objects=_SETTLED),
        partial(terraform_alone, objects=_ALONE),
        few_among_many,
        one_variable,
        *(partial(automations, objects=size) for size in _SYNTHESES),
        evaluations,
    ]


def _figures(measures: Iterable[_Measure]) -> Iterator[Figure]:
    for measure in measures:
        with tempfile.TemporaryDirectory() as directory:
            for one in measure(Path(directory)):
                print(table([one])[-1], flush=True)
                yield one


if __name__ == "__main__":
    main()
