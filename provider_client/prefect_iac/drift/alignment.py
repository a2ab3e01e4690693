"""Which elements of two lists belong together, so that a report names the one that was added, removed or changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prefect_provider.plugin.language.kinds import freeze

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

__all__ = ["Pair", "align"]

Pair: TypeAlias = tuple[int | None, int | None]
"""Indexes in the old and in the new list; ``None``: the element is only in the other."""

_MOST: Final = 250_000
"""Pairs of elements; beyond, elements are taken one by one."""

_MOST_ALIKE: Final = 2_500
"""Pairs of elements of which it is worked out how alike they are."""

_ALIKE: Final = 0.25
"""The share of equal fields from which an object is taken for another one, changed."""


def align(was: Sequence[Any], now: Sequence[Any], freeze_one: Callable[[Any], Hashable]) -> list[Pair]:
    """The elements that differ, in pairs; those that mean the same are left out.

    ``freeze_one`` puts an element into a form that is equal for two of the same meaning.
    """
    was_frozen, now_frozen = [freeze_one(item) for item in was], [freeze_one(item) for item in now]
    start = 0
    while start < min(len(was), len(now)) and was_frozen[start] == now_frozen[start]:
        start += 1
    end = 0
    while end < min(len(was), len(now)) - start and was_frozen[-1 - end] == now_frozen[-1 - end]:
        end += 1
    olds, news = range(start, len(was) - end), range(start, len(now) - end)
    if len(olds) * len(news) > _MOST:
        return list(_one_by_one(olds, news))
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(
        None, was_frozen[start : olds.stop], now_frozen[start : news.stop], autojunk=False
    )
    return [
        pair
        for tag, i, to_i, j, to_j in matcher.get_opcodes()
        if tag != "equal"
        for pair in _alike(was, now, olds[i:to_i], news[j:to_j])
    ]


def _alike(was: Sequence[Any], now: Sequence[Any], olds: range, news: range) -> Iterator[Pair]:
    """Pair what is most alike, in order; what is left between two pairs, one by one if it is as many."""
    if len(olds) * len(news) > _MOST_ALIKE:
        yield from _leftover(olds, news)
        return
    best = max(
        (
            (_likeness(was[i], now[j]), -abs((i - olds.start) - (j - news.start)), i, j)
            for i in olds
            for j in news
        ),
        default=(0.0, 0, 0, 0),
    )
    likeness, _, i, j = best
    if likeness < _ALIKE:
        yield from _leftover(olds, news)
        return
    yield from _alike(was, now, range(olds.start, i), range(news.start, j))
    yield i, j
    yield from _alike(was, now, range(i + 1, olds.stop), range(j + 1, news.stop))


def _likeness(was: Any, now: Any) -> float:
    """The share of fields that are equal, in two objects; 0 for anything else."""
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        return 0.0
    fields = [key for key in {*was, *now} if was.get(key) is not None or now.get(key) is not None]
    equal = sum(freeze(was.get(key)) == freeze(now.get(key)) for key in fields)
    return equal / len(fields) if fields else 0.0


def _leftover(olds: range, news: range) -> Iterator[Pair]:
    if len(olds) == len(news):
        yield from zip(olds, news, strict=True)
        return
    yield from ((i, None) for i in olds)
    yield from ((None, j) for j in news)


def _one_by_one(olds: range, news: range) -> Iterator[Pair]:
    both = min(len(olds), len(news))
    yield from zip(olds, news, strict=False)
    yield from ((i, None) for i in olds[both:])
    yield from ((None, j) for j in news[both:])
