"""Pairs between the elements of two sets, which have no index and no key to go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["pair"]


def pair(wants: int, offers: int, fits: Callable[[int, int], bool]) -> list[int | None]:
    """For each want the offer that it gets, none of them twice; ``None`` where nothing is left that fits.

    As many wants as possible get one. ``fits(want, offer)`` is asked at most once for each pair, and for two sets in
    the same order only once for each want.
    """
    known: dict[tuple[int, int], bool] = {}
    taken_by: dict[int, int] = {}

    def fit(want: int, offer: int) -> bool:
        if (want, offer) not in known:
            known[want, offer] = fits(want, offer)
        return known[want, offer]

    def find(want: int, tried: set[int]) -> bool:
        for step in range(offers):
            offer = (want + step) % offers
            if offer in tried or not fit(want, offer):
                continue
            tried.add(offer)
            # Whoever has it may be content with another one.
            if offer not in taken_by or find(taken_by[offer], tried):
                taken_by[offer] = want
                return True
        return False

    for want in range(wants):
        find(want, set())
    given = {want: offer for offer, want in taken_by.items()}
    return [given.get(want) for want in range(wants)]
