"""Validation of whole configurations."""

from __future__ import annotations

from typing import Any

from prefect_provider.plugin.engine.validation import validate
from prefect_provider.plugin.language.declaration import ExactlyOneOf, Nested, optional
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
from prefect_provider.plugin.language.kinds import String
from prefect_provider.plugin.language.nested import NestedList, NestedSet, NestedSingle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from tests.plugin.toy.things import Part


class Choice(Nested):
    """One of two."""

    left = optional(String(max_length=3), "Left.")
    right = optional(String(max_length=3), "Right.")
    rules = (ExactlyOneOf("left", "right"),)


class Everything(Nested):
    """Choices, and things that are secret."""

    choices = optional(NestedList(Choice), "Some.")
    vault = optional(NestedSingle(Choice), "Secret as a whole.", sensitive=True)
    pin_wo = optional(String(max_length=1), "Never stored.", write_only=True)
    parts = optional(NestedSet(Part), "No two the same.")


def found(**config: Any) -> list[Diagnostic]:
    """What is wrong with a configuration."""
    diagnostics = Diagnostics()
    validate(Everything, dict.fromkeys(Everything.attributes) | config, diagnostics)
    return diagnostics.items


def test_rules_hold_inside_nested_objects() -> None:
    """The combination is reported at the object it is wrong in, once for each."""
    items = found(
        choices=[{"left": "a", "right": None}, {"left": "a", "right": "b"}, {"left": None, "right": None}]
    )
    assert [item.path for item in items] == [("choices", 1, "right"), ("choices", 2)]
    assert items[1].detail == "Set exactly one of `left`, `right`, got none of them."


def test_what_is_unknown_is_not_judged() -> None:
    """An unknown value, object or list may still turn out right."""
    assert found(choices=UNKNOWN) == []
    assert found(choices=[UNKNOWN]) == []
    assert found(choices=[{"left": UNKNOWN, "right": None}]) == []
    assert found(choices=[{"left": Dynamic(STRING, UNKNOWN), "right": "b"}]) == []


def test_a_null_of_any_type_is_null() -> None:
    """Terraform sends some nulls with their type; they are as good as left out."""
    assert found(choices=[{"left": "a", "right": Dynamic(STRING, None)}]) == []


def test_secrets_are_not_shown() -> None:
    """A wrong value that is secret, or is in something secret, or is write-only, is not printed."""
    items = found(vault={"left": "hush-hush", "right": None}, pin_wo="hush")
    assert len(items) == 2
    assert "hush" not in repr(items)
    assert all("got a sensitive value" in item.detail for item in items)


def test_two_objects_of_a_set_must_not_mean_the_same() -> None:
    """What the server would merge is refused, unless something of it is unknown."""
    twice = [{"label": "x"}, {"label": "x", "weight": 1, "note": ""}]
    (item,) = found(parts=twice)
    assert (item.summary, item.path) == ("Two objects in `parts` mean the same", ("parts",))
    assert found(parts=[{"label": "x"}, {"label": "x", "weight": UNKNOWN}]) == []
    assert found(parts=[{"label": "x"}, {"label": "x", "weight": 2}]) == []
