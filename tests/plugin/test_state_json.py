"""A state's JSON: read by type, leniently where Terraform is; written with every digit."""

from __future__ import annotations

import json
from decimal import Decimal
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
)
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Value
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.plugin.wire.state_json import from_json, to_json
from tests.plugin.strategies import same, typed_values

STATE = ObjectType({"name": STRING, "limit": NUMBER, "tags": SetType(STRING), "parameters": DYNAMIC})


@given(typed_values(unknowns=False))
def test_round_trip(typed: tuple[Type, Value]) -> None:
    """Any known value of any type survives the way through JSON, as bytes; and its JSON is stable."""
    type_, value = typed
    text = to_json(value, type_)
    again = from_json(text, type_, ignore_extra=False)
    assert same(again, value, type_)
    assert to_json(again, type_) == text


def test_state() -> None:
    """A whole state is read: a dynamic value by the type beside it, a missing attribute as null."""
    text = b'{"name":"etl","limit":3.0,"parameters":{"value":{"n":1},"type":["object",{"n":"number"}]}}'
    assert from_json(text, STATE, ignore_extra=False) == {
        "name": "etl",
        "limit": 3,
        "tags": None,
        "parameters": Dynamic(ObjectType({"n": NUMBER}), {"n": 1}),
    }


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (NUMBER, "0.1", Decimal("0.1")),
        (NUMBER, "123456789012345678901234567890", 123456789012345678901234567890),
        (NUMBER, "0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        (NUMBER, "2.50", Decimal("2.5")),
        (NUMBER, "1e3", 1000),
        (NUMBER, '"5"', 5),
        (NUMBER, '"0.25"', Decimal("0.25")),
        (STRING, "5", "5"),
        (STRING, "5.50", "5.5"),
        (STRING, "true", "true"),
        (STRING, '"e\u0301"', "\u00e9"),
        (BOOL, '"true"', True),
        (BOOL, '"0"', False),
        (ListType(BOOL), "[true,null]", [True, None]),
        (TupleType((STRING, NUMBER)), '["a",1]', ["a", 1]),
        (MapType(NUMBER), '{"a":1}', {"a": 1}),
        (DYNAMIC, "null", None),
        (DYNAMIC, '{"type":"string","value":null}', Dynamic(STRING, None)),
        (DYNAMIC, '{"type":"dynamic","value":null}', None),
    ],
)
def test_read(type_: Type, text: str, value: Value) -> None:
    """Numbers are read to the last digit, and primitives convert as they do in Terraform."""
    assert same(from_json(text.encode(), type_, ignore_extra=False), value, type_)


def test_many_digits() -> None:
    """A number of more digits than Python turns into an int by itself is read and written."""
    text = b"1" + b"0" * 5000
    assert from_json(text, NUMBER, ignore_extra=False) == 10**5000
    assert to_json(10**5000, NUMBER) == text


@pytest.mark.parametrize(("form", "value"), [(0.1, Decimal("0.1")), (2.0, 2), (10**30, 10**30)])
def test_read_parsed(form: float, value: Value) -> None:
    """JSON that is already parsed is read too: a float stands for the digits that it was read from."""
    assert same(from_json([form], ListType(NUMBER), ignore_extra=False), [value], ListType(NUMBER))


def test_extra_attributes() -> None:
    """Attributes that the schema has lost are dropped when asked for, at any depth, else an error."""
    type_ = ObjectType({"a": ListType(ObjectType({"b": STRING}))})
    text = b'{"a":[{"b":"x","old":1}],"older":{}}'
    assert from_json(text, type_, ignore_extra=True) == {"a": [{"b": "x"}]}
    with pytest.raises(CodecError, match=r"^Expected an attribute of the object, .* `\$\.a\[0\]\.old`$"):
        from_json(text, type_, ignore_extra=False)


def test_write() -> None:
    """JSON is compact, its keys sorted, its sets without duplicates, its numbers without loss."""
    value = {
        "tags": ["b", "a", "b"],
        "name": 'say "hi"\n',
        "limit": Decimal("0.1000000000000000055511151231257827"),
        "parameters": Dynamic(ListType(BOOL), [True]),
    }
    assert to_json(value, STATE).decode() == (
        '{"limit":0.1000000000000000055511151231257827,"name":"say \\"hi\\"\\n",'
        '"parameters":{"type":["list","bool"],"value":[true]},"tags":["a","b"]}'
    )


@given(typed_values(unknowns=False))
def test_write_is_json(typed: tuple[Type, Value]) -> None:
    """What is written is JSON to any other reader."""
    type_, value = typed
    json.loads(to_json(value, type_), parse_int=Decimal, parse_float=Decimal)


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("type_", "text", "message"),
    [
        (STRING, b"", "Expected JSON, got bytes that are not (JSONDecodeError) - at `$`"),
        (STRING, b'"hunter2', "Expected JSON, got bytes that are not (JSONDecodeError) - at `$`"),
        (STRING, b'"hunter2\xff"', "Expected JSON, got bytes that are not (UnicodeDecodeError) - at `$`"),
        (STRING, b'"hunter2\\ud800"', "Expected Unicode text, got half of a surrogate pair - at `$`"),
        (STRING, b'["hunter2"]', "Expected `string`, got `list` - at `$`"),
        (NUMBER, b'"hunter2"', "Expected `number`, got not a decimal number - at `$`"),
        (NUMBER, b"NaN", "Expected JSON, got bytes that are not (ValueError) - at `$`"),
        (NUMBER, b"true", "Expected `number`, got `bool` - at `$`"),
        (NUMBER, b"[]", "Expected `number`, got `list` - at `$`"),
        (BOOL, b'"hunter2"', "Expected `bool`, got `str` - at `$`"),
        (BOOL, b"1", "Expected `bool`, got `int` - at `$`"),
        (MapType(BOOL), b'{"a":"hunter2"}', "Expected `bool`, got `str` - at `$.a`"),
        (DYNAMIC, b'"hunter2"', "Expected `type` and `value` of a `dynamic`, got `str` - at `$`"),
        (DYNAMIC, b'{"value":"hunter2"}', "Expected `type` and `value` of a `dynamic`, got `dict` - at `$`"),
        (
            DYNAMIC,
            b'{"value":1,"type":"hunter2"}',
            "Expected the type of a `dynamic` value, got something that is no type constraint - at `$`",
        ),
    ],
)
def test_read_error(type_: Type, text: bytes, message: str) -> None:
    """JSON that is not of the type is named by type and place, without the value."""
    with pytest.raises(CodecError) as caught:
        from_json(text, type_, ignore_extra=False)
    assert str(caught.value) == message
    assert SECRET not in repr(caught.value)
    assert SECRET not in repr(caught.value.__context__)


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        (STRING, UNKNOWN, "Expected `known value`, got an unknown value - at `$`"),
        (ListType(NUMBER), [SECRET], "Expected `number`, got `str` - at `$[0]`"),
        (NUMBER, Decimal("inf"), "Expected `number`, got not a finite number - at `$`"),
        (DYNAMIC, SECRET, "Expected `dynamic`, got `str` - at `$`"),
    ],
)
def test_write_error(type_: Type, value: Any, message: str) -> None:
    """A value that is not of its type, or not known, has no JSON."""
    with pytest.raises(CodecError) as caught:
        to_json(value, type_)
    assert str(caught.value) == message


def test_unknown_in_parsed_json() -> None:
    """A state holds no unknown values."""
    with pytest.raises(CodecError, match="got an unknown value"):
        from_json(UNKNOWN, STRING, ignore_extra=False)


def test_too_deep() -> None:
    """JSON nested without end is an error of its own on both ways, not a crash."""
    text = b'{"type":["list","dynamic"],"value":[' * 20_000 + b"null" + b"]}" * 20_000
    with pytest.raises(CodecError, match=r"RecursionError|nested hundreds of levels deep|bytes that are not"):
        from_json(text, DYNAMIC, ignore_extra=False)
    value: Value = None
    for _ in range(2000):
        value = Dynamic(ListType(DYNAMIC), [value])
    with pytest.raises(CodecError, match="nested hundreds of levels deep"):
        to_json(value, DYNAMIC)
