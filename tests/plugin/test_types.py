"""Types: their JSON form, equality and hash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from prefect_provider.plugin.language.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    type_from_json,
    type_to_json,
)
from tests.plugin.strategies import terraform_types


@pytest.mark.parametrize(
    ("type_", "form"),
    [
        (STRING, "string"),
        (NUMBER, "number"),
        (BOOL, "bool"),
        (DYNAMIC, "dynamic"),
        (ListType(STRING), ["list", "string"]),
        (SetType(NUMBER), ["set", "number"]),
        (MapType(ListType(BOOL)), ["map", ["list", "bool"]]),
        (TupleType(()), ["tuple", []]),
        (TupleType((STRING, DYNAMIC)), ["tuple", ["string", "dynamic"]]),
        (ObjectType({}), ["object", {}]),
        (ObjectType({"a": STRING}), ["object", {"a": "string"}]),
        (
            ObjectType({"a": STRING, "b": BOOL}, frozenset("ba")),
            ["object", {"a": "string", "b": "bool"}, ["a", "b"]],
        ),
    ],
)
def test_json_form(type_: Type, form: Any) -> None:
    """Every kind of type has the JSON form that Terraform gives it, and is read back from it."""
    assert type_to_json(type_) == form
    assert type_from_json(form) == type_


@given(terraform_types())
def test_round_trip(type_: Type) -> None:
    """Any type survives the way through JSON text, with its hash."""
    again = type_from_json(json.loads(json.dumps(type_to_json(type_))))
    assert again == type_
    assert hash(again) == hash(type_)


@pytest.mark.parametrize(
    "form",
    [
        None,
        7,
        "text",
        "",
        [],
        ["list"],
        ["list", "string", "string"],
        [["list"], "string"],
        [{}, "string"],
        ["set", "nothing"],
        ["tuple", "string"],
        ["tuple", {"a": "string"}],
        ["tuple", ["string"], []],
        ["object", ["string"]],
        ["object", {"a": "nothing"}],
        ["object", {"a": "string"}, "a"],
        ["object", {"a": "string"}, [["a"]]],
        ["object", {"a": "string"}, ["b"]],
        ["object", {"a": "string"}, ["a"], []],
        {"list": "string"},
    ],
)
def test_not_a_type(form: Any) -> None:
    """What Terraform defines as no type is refused, whatever its shape."""
    with pytest.raises(ValueError, match="not a Terraform type constraint"):
        type_from_json(form)


def test_not_a_type_to_json() -> None:
    """Something that is no type has no JSON form."""
    with pytest.raises(TypeError, match="not a Terraform type"):
        type_to_json("string")  # type: ignore[arg-type]


def test_different_types_differ() -> None:
    """Types of equal parts but of different kinds are not equal, nor are objects with other optional sets."""
    types = [
        STRING,
        ListType(STRING),
        SetType(STRING),
        MapType(STRING),
        TupleType((STRING,)),
        ObjectType({"a": STRING}),
        ObjectType({"a": NUMBER}),
        ObjectType({"a": STRING}, frozenset("a")),
    ]
    for i, left in enumerate(types):
        for j, right in enumerate(types):
            assert (left == right) is (i == j)
    assert len(set(types)) == len(types)
    assert STRING != "string"


def test_attributes_are_fixed() -> None:
    """An object type does not change with the mapping that it was made of."""
    attributes: dict[str, Type] = {"a": STRING}
    type_ = ObjectType(attributes)
    attributes["b"] = BOOL
    assert type_ == ObjectType({"a": STRING})


def test_repr() -> None:
    """A type shows as the expression that makes it."""
    assert repr(ListType(STRING)) == "ListType(Primitive('string'))"
