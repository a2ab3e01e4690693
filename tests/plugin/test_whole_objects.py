"""Nested objects that can be spelled in several ways: compared, kept and reported as the wholes that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.plugin.engine.planning import plan_values
from prefect_provider.plugin.engine.reconciliation import differences, settle
from prefect_provider.plugin.language.declaration import Declaration, Nested, optional
from prefect_provider.plugin.language.kinds import String
from prefect_provider.plugin.language.nested import NestedList
from prefect_provider.plugin.language.values import UNKNOWN, Unknown, Value, Values
from prefect_provider.text.path import show_path

if TYPE_CHECKING:
    from collections.abc import Hashable


class Place(Nested):
    """A place, as one text or as two."""

    both = optional(String(), "House and street.")
    house = optional(String(), "House.")
    street = optional(String(), "Street.")


class Places(NestedList):
    """Places, told apart by what they are."""

    whole = True

    def freeze_object(self, value: Value) -> Hashable:
        """House and street, however given."""
        if any(isinstance(part, Unknown) for part in value.values()):
            return super().freeze_object(value)
        return value["both"] or f"{value['house']} {value['street']}"


class Walk(Declaration):
    """Places in order."""

    places = optional(Places(Place), "The places.")


def two(house: Value, street: str) -> Values:
    """A place as two texts."""
    return {"both": None, "house": house, "street": street}


def one(both: str) -> Values:
    """A place as one text."""
    return {"both": both, "house": None, "street": None}


HELD: Values = {"places": [one("1 High"), two("2", "Low")]}


@pytest.mark.parametrize("first", [one("1 High"), two("1", "High")])
@pytest.mark.parametrize("second", [one("2 Low"), two("2", "Low")])
def test_other_spelling_plans_nothing(first: Values, second: Values) -> None:
    """The prior value stays as a whole, whichever spelling the configuration has of each object."""
    assert plan_values(Walk, HELD, {"places": [first, second]}) == HELD


def test_change_is_planned_as_it_is_written() -> None:
    """A list that means something else has the configuration's spelling throughout, which is all Terraform accepts."""
    written = {"places": [two("1", "High"), two("3", "Low")]}
    assert plan_values(Walk, HELD, written) == written


def test_what_is_not_known_is_planned_as_it_is_written() -> None:
    """While a part is not known, nothing can be said to be the same."""
    written = {"places": [two("1", "High"), two(UNKNOWN, "Low")]}
    assert plan_values(Walk, HELD, written) == written


def test_object_that_did_not_change_keeps_its_spelling() -> None:
    """A difference in one object is none in the others, however the server spells them."""
    actual = {"places": [two("1", "High"), two("3", "Low")]}

    settled = settle(Walk, actual, HELD)

    assert settled == {"places": [one("1 High"), two("3", "Low")]}
    assert [show_path(found.path) for found in differences(Walk, actual, HELD)] == ["places[1].house"]
