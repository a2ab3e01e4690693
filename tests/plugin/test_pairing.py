"""Pairs between the elements of two sets."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.plugin.engine.pairing import pair


@given(st.integers(0, 4), st.integers(0, 4), st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_as_many_as_possible_get_one(wants: int, offers: int, fitting: set[tuple[int, int]]) -> None:
    """Every pair fits, no offer is given twice, and no other choice would serve more."""
    pairs = pair(wants, offers, lambda want, offer: (want, offer) in fitting)
    given_away = [offer for offer in pairs if offer is not None]
    assert len(pairs) == wants
    assert len(set(given_away)) == len(given_away)
    assert all((want, offer) in fitting for want, offer in enumerate(pairs) if offer is not None)
    padded = [*range(offers), *[-1] * wants]
    best = max(
        sum((want, offer) in fitting for want, offer in enumerate(choice))
        for choice in permutations(padded, wants)
    )
    assert len(given_away) == best


def test_two_sets_in_the_same_order_are_paired_at_once() -> None:
    """A thousand elements that match their counterparts are asked about a thousand times, not a million."""
    asked = []

    def fits(want: int, offer: int) -> bool:
        asked.append((want, offer))
        return want == offer

    assert pair(1000, 1000, fits) == list(range(1000))
    assert len(asked) == 1000
