"""Kinds: what they accept, and which values mean the same."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Float,
    Integer,
    Json,
    Kind,
    ListOf,
    MapOf,
    Number,
    SetOf,
    String,
    Timestamp,
    Uuid,
    freeze,
)
from prefect_provider.plugin.language.nested import NestedSet, NestedSingle
from prefect_provider.plugin.language.types import NUMBER, STRING, ListType, ObjectType, SetType, TupleType
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from tests.plugin.toy.things import Core, Part

UUID = "0123abcd-89ab-cdef-0123-456789abcdef"

SAME: list[tuple[Kind, Any, Any]] = [
    (String(), "a", "a"),
    (Number(), 1, Decimal("1.0")),
    (Float(), Decimal("0.1"), Decimal("0.1000000000000000055511151231257827")),
    (Float(), 2, Decimal("2.0")),
    (Json(), '{"a":1,"b":[ ]}', '{ "b": [], "a": 1.0 }'),
    (Json(), "1e2", "100"),
    (Json(), "not json", "not json"),
    (Uuid(), UUID, UUID.upper()),
    (Timestamp(), "2030-01-31T12:00:00Z", "2030-01-31T13:00:00.000+01:00"),
    (Timestamp(), "2030-01-31T12:00:00", "2030-01-31T12:00:00Z"),
    (SetOf(String()), ["a", "b"], ["b", "a", "a"]),
    (ListOf(Json()), ["{}"], ["{ }"]),
    (MapOf(Uuid()), {"a": UUID}, {"a": UUID.upper()}),
    (AnyValue(), Dynamic(ListType(STRING), ["a"]), Dynamic(TupleType((STRING,)), ["a"])),
    (AnyValue(), Dynamic(ObjectType({"a": NUMBER}), {"a": 1}), Dynamic(ObjectType({"a": NUMBER}), {"a": 1})),
    (AnyValue(), Dynamic(STRING, None), None),
    (NestedSingle(Part), {"label": "x", "note": ""}, {"label": "x", "note": None}),
    (NestedSet(Core), [{"spec": "{}"}, {"spec": "[]"}], [{"spec": "[ ]"}, {"spec": "{ }"}]),
    (String(), UNKNOWN, UNKNOWN),
]

DIFFERENT: list[tuple[Kind, Any, Any]] = [
    (String(), "", None),
    (String(), "a", UNKNOWN),
    (Number(), Decimal("0.1"), Decimal("0.1000000000000000055511151231257827")),
    (Float(), Decimal("0.1"), Decimal("0.10000000000000002")),
    (Float(), 2**53, 2**53 + 1),
    (Json(), '{"a":1}', '{"a":true}'),
    (Json(), "[1,2]", "[2,1]"),
    (Json(), "1.00000000000000000000001", "1"),
    (Json(), "{", "{ "),
    (Timestamp(), "soon", "later"),
    (ListOf(String()), ["a", "b"], ["b", "a"]),
    (SetOf(Json()), ["{}"], ["[]"]),
    (AnyValue(), Dynamic(NUMBER, 1), Dynamic(STRING, "1")),
    (NestedSingle(Part), {"label": "x"}, {"label": "y"}),
]


@pytest.mark.parametrize(("kind", "left", "right"), SAME)
def test_what_means_the_same_is_the_same(kind: Kind, left: Any, right: Any) -> None:
    """Other spellings of one meaning are equal, both ways, and hash alike."""
    assert kind.same(left, right)
    assert kind.same(right, left)
    assert hash(kind.freeze(left)) == hash(kind.freeze(right))


@pytest.mark.parametrize(("kind", "left", "right"), DIFFERENT)
def test_what_means_something_else_is_not_the_same(kind: Kind, left: Any, right: Any) -> None:
    """Null, unknown, booleans, digits and order count where they mean something."""
    assert not kind.same(left, right)
    assert not kind.same(right, left)


PROBLEMS: list[tuple[Kind, Any, list[tuple[tuple[str | int, ...], str]]]] = [
    (String(choices=("a", "b")), "c", [((), "one of `a`, `b`")]),
    (String(pattern="[a-z]+"), "a1", [((), "text matching `[a-z]+`")]),
    (
        String(pattern="[a-z]+", form="letters", max_length=2),
        "ab1",
        [((), "letters"), ((), "at most 2 characters")],
    ),
    (Number(minimum=0, maximum=1), Decimal("1.5"), [((), "a number not above 1")]),
    (Integer(minimum=1), Decimal("0.5"), [((), "a whole number"), ((), "a number not below 1")]),
    (Json(), "{", [((), "a JSON document: wrap the value in jsonencode()")]),
    (Json(), "NaN", [((), "a JSON document: wrap the value in jsonencode()")]),
    (Json(), "[" * 100_000, [((), "a JSON document: wrap the value in jsonencode()")]),
    (Json("object"), "[]", [((), "a JSON object")]),
    (Json(), '["\\ud800"]', [((), "text of whole characters")]),
    (Json(), '{"\\udfff": 1}', [((), "text of whole characters")]),
    (Json(), "[1e400]", [((), "numbers that a 64-bit float can hold, of up to 308 digits")]),
    (Json(), "[1e-400]", [((), "numbers that a 64-bit float can hold")]),
    (Json(), "[" * 250 + "]" * 250, [((), "at most 200 levels of arrays and objects")]),
    (Json(), "[" * 150 + "1e300" + "]" * 150, []),
    (String(), "a\ud800", [((), "text of whole characters")]),
    (Json("array"), "null", [((), "a JSON array")]),
    (Uuid(), "1234", [((), "a UUID such as 01234567-89ab-cdef-0123-456789abcdef")]),
    (Timestamp(), "soon", [((), "an RFC 3339 timestamp such as 2030-01-31T12:00:00Z")]),
    (ListOf(Uuid()), [UUID, None, UNKNOWN], [((1,), "a UUID")]),
    (MapOf(Integer(minimum=0)), {"a": 1, "b": -1}, [(("b",), "a number not below 0")]),
    (SetOf(String(max_length=1)), ["a", "bc"], [((), "at most 1 characters")]),
    (Bool(), True, []),
    (AnyValue(), Dynamic(NUMBER, 1), []),
]


@pytest.mark.parametrize(("kind", "value", "problems"), PROBLEMS)
def test_problems_say_where_and_what_was_expected(
    kind: Kind, value: Any, problems: list[tuple[tuple[str | int, ...], str]]
) -> None:
    """Each wrong value is found at its place; what is unknown is not judged."""
    assert [(problem.path, problem.expected) for problem in kind.problems(value)] == problems


def test_a_problem_shows_a_number_with_all_digits_and_a_text_in_short() -> None:
    """What was got is printed as it was written, however long it is."""
    (problem,) = Integer().problems(Decimal("0.12345678901234567890"))
    assert problem.got == "0.1234567890123456789"
    (problem,) = Uuid().problems("x" * 1000)
    assert len(problem.got) == 80
    (problem,) = Number(maximum=5).problems(10**5000)
    assert len(problem.got) == 80


documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(documents)
def test_a_dumped_document_is_the_same_when_loaded(document: Any) -> None:
    """Writing a document as JSON keeps its meaning, in one canonical text."""
    text = Json.dump(document)
    assert freeze(Json.load(text)) == freeze(document)
    assert Json.dump(Json.load(text)) == text
    assert freeze(json.loads(text, parse_float=Decimal)) == freeze(document)


def test_json_is_written_as_terraform_writes_it() -> None:
    """No spaces, sorted keys, every digit, and what HTML could misread escaped."""
    document = {"b": Decimal("0.12345678901234567890123"), "a": ["<é&>", 10**30, None, True]}
    assert Json.dump(document) == (
        '{"a":["\\u003cé\\u0026\\u003e",1000000000000000000000000000000,null,true],"b":0.12345678901234567890123}'
    )


def test_the_types_of_collections_follow_their_elements() -> None:
    """A kind knows the Terraform type that it travels as, nested objects included."""
    assert SetOf(Integer()).type == SetType(NUMBER)
    assert NestedSet(Core).type == SetType(
        ObjectType({"material": STRING, "density": NUMBER, "spec": STRING})
    )


def test_a_choice_that_was_nearly_right_is_named() -> None:
    """The near choice is the remedy."""
    (problem,) = String(choices=("cancel-flow-run", "do-nothing")).problems("cancel-flow-rum")

    assert problem.remedy == "Did you mean `cancel-flow-run`?"
