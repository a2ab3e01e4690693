"""Terraform values to the API's JSON and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.objects.mapping import (
    dynamic_from_json,
    from_api,
    number_from_json,
    plain,
    to_api,
    value_to_json,
)
from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Integer,
    Json,
    ListOf,
    MapOf,
    Number,
    SetOf,
    String,
    freeze,
)
from prefect_provider.plugin.language.nested import NestedList, NestedMap, NestedSingle
from prefect_provider.plugin.language.types import BOOL, DYNAMIC, NUMBER, STRING, ObjectType, TupleType
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from prefect_provider.plugin.wire.codec import decode, encode

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.text(max_size=5)
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


class Inner(Nested):
    """An object inside another."""

    when = optional(Number(), "Seconds.", source="at")
    note = optional(Json("object"), "A document.")


class Outer(Nested):
    """An object with an attribute of each kind."""

    name = required(String(), "Name.", source="title")
    on = optional(Bool(), "Flag.")
    count = optional(Integer(), "Number.")
    document = optional(Json(), "A document.")
    tags = optional(SetOf(String()), "Tags.")
    steps = optional(ListOf(Number()), "Numbers.")
    labels = optional(MapOf(String()), "Labels.")
    one = optional(NestedSingle(Inner), "One.")
    many = optional(NestedList(Inner), "Many.")
    named = optional(NestedMap(Inner), "Named.")
    anything = optional(AnyValue(), "Anything.")
    ours = optional(String(), "Terraform's alone.", source=None)
    secret = optional(String(), "Never stored.", write_only=True)
    theirs = computed(String(), "The server's.")


VALUES: dict[str, Any] = {
    "name": "n",
    "on": False,
    "count": 0,
    "document": '{"a":[1,2.5,null]}',
    "tags": [],
    "steps": [1, Decimal("2.5")],
    "labels": {"a": ""},
    "one": {"when": 30, "note": "{}"},
    "many": [{"when": None, "note": None}],
    "named": {"k": {"when": Decimal("0.5"), "note": None}},
    "anything": Dynamic(ObjectType({"x": TupleType((NUMBER, DYNAMIC))}), {"x": [1, None]}),
}
FIELDS: dict[str, Any] = {
    "title": "n",
    "on": False,
    "count": 0,
    "document": {"a": [1, 2.5, None]},
    "tags": [],
    "steps": [1, 2.5],
    "labels": {"a": ""},
    "one": {"at": 30, "note": {}},
    "many": [{"at": None, "note": None}],
    "named": {"k": {"at": 0.5, "note": None}},
    "anything": {"x": [1, None]},
}


def test_values_become_fields_and_back() -> None:
    """Each kind of attribute is sent under its name in the API, and read back as it was."""
    assert to_api(Outer, VALUES | {"ours": "x", "secret": "s", "theirs": "t"}) == FIELDS | {"secret": "s"}

    back = from_api(Outer, FIELDS | {"theirs": "t", "secret": "leak", "newer": 1})

    assert back == VALUES | {"ours": None, "secret": None, "theirs": "t"}


def test_null_is_sent_and_unknown_is_not() -> None:
    """Null clears a field; what is not known yet is left to the server."""
    assert to_api(Outer, {"name": None, "on": UNKNOWN}, ["name", "on"]) == {"title": None}
    assert value_to_json(ListOf(String()), None) is None


def test_numbers_are_whole_where_they_can_be() -> None:
    """`30.0` is `30` on both sides, and other numbers keep their digits."""
    assert [number_from_json(value) for value in (30.0, 2, 0.1, Decimal("1.50"))] == [
        30,
        2,
        Decimal("0.1"),
        Decimal("1.50"),
    ]
    assert repr(plain([Decimal("30.0"), Decimal("0.1"), True])) == "[30, 0.1, True]"


@given(JSON)
def test_any_document_is_a_dynamic_value(document: Any) -> None:
    """Every JSON document passes through Terraform's wire form and comes back the same."""
    dynamic = dynamic_from_json(document)

    passed = decode(encode(dynamic, DYNAMIC), DYNAMIC)

    assert freeze(plain(passed)) == freeze(document)


def test_types_of_a_document() -> None:
    """Arrays are tuples, objects are objects, and null has no type."""
    assert dynamic_from_json({"a": [1, "x", True, None]}).type == ObjectType(
        {"a": TupleType((NUMBER, STRING, BOOL, DYNAMIC))}
    )


def test_what_is_no_json_is_refused() -> None:
    """A value that no JSON document has is an error that names its type."""
    with pytest.raises(TypeError, match="not a JSON value: set"):
        dynamic_from_json({"a": {1}})
