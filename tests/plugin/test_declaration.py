"""The declaration language: how classes become attributes, and rules their messages."""

from __future__ import annotations

import pytest

from prefect_provider.plugin.language.declaration import (
    UNSET,
    Attribute,
    ConflictsWith,
    Declaration,
    ExactlyOneOf,
    RequiresAll,
    Rule,
    computed,
    optional,
    required,
)
from prefect_provider.plugin.language.kinds import Integer, String
from prefect_provider.plugin.language.types import NUMBER, STRING, ObjectType
from tests.plugin.toy.things import Frame, Part, Thing


class Base(Declaration):
    """What several have in common."""

    id = computed(String(), "Its id.")
    name = optional(String(), "Its name.", source="title")


class Child(Base):
    """More of it.

    And a second paragraph.
    """

    name = required(String(), "Its name, now needed.")
    from_ = optional(Integer(), "A name that Python keeps for itself.", default=0)


def test_attributes_keep_their_order_and_are_inherited() -> None:
    """A subclass keeps the base's attributes first, may declare one anew, and leaves the base alone."""
    assert list(Child.attributes) == ["id", "name", "from"]
    assert Child.attributes["name"].required
    assert not Base.attributes["name"].required
    assert Child.object_type() == ObjectType({"id": STRING, "name": STRING, "from": NUMBER})


def test_an_attribute_knows_its_name_here_and_in_the_api() -> None:
    """A trailing underscore is dropped, and the API's name is the same unless another is given."""
    assert (Child.attributes["from"].name, Child.attributes["from"].source) == ("from", "from")
    assert Base.attributes["name"].source == "title"


@pytest.mark.parametrize(
    ("attribute", "configurable", "is_computed"),
    [
        (required(String(), ""), True, False),
        (optional(String(), ""), True, False),
        (optional(String(), "", default=None), True, True),
        (optional(String(), "", server_default=True), True, True),
        (optional(String(), "", null_is=""), True, True),
        (computed(String(), ""), False, True),
    ],
)
def test_what_the_provider_may_fill_in_is_computed(
    attribute: Attribute, configurable: bool, is_computed: bool
) -> None:
    """Terraform is told of an attribute as computed exactly when leaving it out may give it a value."""
    assert attribute.configurable is configurable
    assert attribute.computed is is_computed


def test_null_can_mean_a_value() -> None:
    """Null and what it stands for are the same value of the attribute, and nothing else is."""
    note = Part.attributes["note"]
    assert note.same(None, "")
    assert not note.same(None, "a")
    assert not Part.attributes["label"].same(None, "")


def test_documentation_is_the_docstring() -> None:
    """The text has no indentation of the code."""
    assert Child.documentation() == "More of it.\n\nAnd a second paragraph."


def test_nested_declarations_are_found_by_name() -> None:
    """Asking a plain attribute for its nested declaration is a mistake that says so."""
    assert Thing.nested("frame") is Frame
    with pytest.raises(TypeError, match=r"Thing\.name is a string, not a nested object"):
        Thing.nested("name")


def test_unset_is_not_null() -> None:
    """Not given is false, and has a name of its own."""
    assert not UNSET
    assert UNSET is not None
    assert repr(UNSET) == "UNSET"


@pytest.mark.parametrize(
    ("rule", "given", "unsure", "problem"),
    [
        (ExactlyOneOf("a", "b"), ["a"], [], None),
        (ExactlyOneOf("a", "b"), [], [], "Set exactly one of `a`, `b`, got none of them."),
        (ExactlyOneOf("a", "b"), ["a", "b"], [], "Set exactly one of `a`, `b`, got `a` and `b`."),
        (ExactlyOneOf("a", "b"), [], ["b"], None),
        (ConflictsWith("a", "b"), ["a"], ["b"], None),
        (ConflictsWith("a", "b"), ["a", "b"], [], "`a` and `b` cannot be set together; remove one of them."),
        (RequiresAll("a", "b", "c"), ["b"], [], None),
        (RequiresAll("a", "b", "c"), ["a", "b"], [], "`a` needs `c` to be set as well."),
        (RequiresAll("a", "b", "c"), ["a"], ["b", "c"], None),
    ],
)
def test_rules_say_what_is_wrong(
    rule: Rule, given: list[str], unsure: list[str], problem: str | None
) -> None:
    """A rule names the attributes concerned, and waits for what is not known yet."""
    assert rule.problem(given, unsure) == problem
