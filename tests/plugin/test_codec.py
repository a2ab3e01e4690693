"""The MessagePack codec: Terraform's bytes, both ways, and errors that say where but never what."""

from __future__ import annotations

import traceback
from decimal import Decimal
from typing import Any

import msgpack  # type: ignore[import-untyped]
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
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Unknown, Value
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.plugin.wire.codec_error import CodecError
from tests.plugin.strategies import REFINEMENTS, same, typed_values

BINARY_TENTH = Decimal("0.1000000000000000055511151231257827021181583404541015625")  # the float 0.1
PERSON = ObjectType({"name": STRING, "age": NUMBER})
DEEP = ObjectType({"trigger": ObjectType({"event": ObjectType({"within": NUMBER})})})

WIRE: list[tuple[Type, Value, str]] = [
    (STRING, None, "c0"),
    (STRING, UNKNOWN, "d40000"),
    (STRING, Unknown(REFINEMENTS["not null"]), "c7030c8101c2"),
    (STRING, "ab", "a26162"),
    (STRING, "\u00e9", "a2c3a9"),
    (BOOL, True, "c3"),
    (BOOL, False, "c2"),
    (NUMBER, 0, "00"),
    (NUMBER, -1, "ff"),
    (NUMBER, -(2**63), "d38000000000000000"),
    (NUMBER, 2**64 - 1, "cfffffffffffffffff"),
    (NUMBER, 2**64, "b43138343436373434303733373039353531363136"),
    (NUMBER, -(2**63) - 1, "b42d39323233333732303336383534373735383039"),
    (NUMBER, Decimal("0.5"), "cb3fe0000000000000"),
    (NUMBER, Decimal("0.1"), "a3302e31"),
    (ListType(NUMBER), [], "90"),
    (ListType(NUMBER), [1, None, UNKNOWN], "9301c0d40000"),
    (SetType(STRING), ["a", "b"], "92a161a162"),
    (TupleType((STRING, BOOL)), ["a", True], "92a161c3"),
    (MapType(BOOL), {"x": True, "y": None}, "82a178c3a179c0"),
    (ObjectType({}), {}, "80"),
    (PERSON, {"age": 3, "name": "x"}, "82a3616765" + "03" + "a46e616d65" + "a178"),
    (DYNAMIC, None, "c0"),
    (DYNAMIC, UNKNOWN, "d40000"),
    (DYNAMIC, Dynamic(STRING, "x"), "92c40822737472696e6722a178"),
    (DYNAMIC, Dynamic(STRING, None), "92c40822737472696e6722c0"),
    (DYNAMIC, Dynamic(STRING, UNKNOWN), "92c40822737472696e6722d40000"),
]


@pytest.mark.parametrize(("type_", "value", "wire"), WIRE)
def test_wire(type_: Type, value: Value, wire: str) -> None:
    """Each kind of value has exactly the bytes that Terraform writes, and is read back from them."""
    assert encode(value, type_).hex() == wire
    assert same(decode(bytes.fromhex(wire), type_), value, type_)


@given(typed_values())
def test_round_trip(typed: tuple[Type, Value]) -> None:
    """Any value of any type, unknown or dynamic at any depth, survives the wire; and its bytes are stable."""
    type_, value = typed
    wire = encode(value, type_)
    again = decode(wire, type_)
    assert same(again, value, type_)
    assert encode(again, type_) == wire


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ("cb4008000000000000", 3),
        ("cb8000000000000000", 0),
        ("ca3f000000", Decimal("0.5")),
        ("cb3fb999999999999a", BINARY_TENTH),
        ("a5332e353030", Decimal("3.5")),
        ("a3332e30", 3),
        ("a3336532", 300),
        ("d3fffffffffffffffe", -2),
    ],
)
def test_read_number(wire: str, value: Value) -> None:
    """Every way in which a number may travel is read exactly: whole as int, else as Decimal."""
    assert same(decode(bytes.fromhex(wire), NUMBER), value, NUMBER)


def test_decimal_stays_exact() -> None:
    """A configuration's 0.1 and the float nearest to it are two numbers and stay two."""
    written, binary = encode(Decimal("0.1"), NUMBER), encode(BINARY_TENTH, NUMBER)
    assert written != binary
    assert decode(written, NUMBER) != decode(binary, NUMBER)


@pytest.mark.parametrize("value", [Decimal("1.0"), Decimal("1E0"), Decimal("100E-2")])
def test_number_has_one_form(value: Decimal) -> None:
    """A whole Decimal travels as an integer."""
    assert encode(value, NUMBER) == b"\x01"


@pytest.mark.parametrize("value", [Decimal("inf"), Decimal("nan"), Decimal("1e20000")])
def test_number_without_form(value: Decimal) -> None:
    """Infinity, not-a-number and absurd sizes are refused."""
    with pytest.raises(CodecError, match=r"^Expected `number`, got"):
        encode(value, NUMBER)


@pytest.mark.parametrize(
    "wire", ["cb7ff0000000000000", "cb7ff8000000000000", "a3496e66", "ab3165393939393939393939"]
)
def test_read_number_without_value(wire: str) -> None:
    """Infinity, words and absurd sizes on the wire are refused."""
    with pytest.raises(CodecError, match=r"^Expected `number`, got"):
        decode(bytes.fromhex(wire), NUMBER)


@pytest.mark.parametrize("wire", ["c7000c", "d40c00", "d40500", "d60501020304", "c70000"])
def test_any_extension_is_unknown(wire: str) -> None:
    """Extensions without refinements are unknown values, whatever their type and length."""
    assert same(decode(bytes.fromhex(wire), STRING), UNKNOWN, STRING)


def test_refinement_is_dropped_where_the_type_is_unknown() -> None:
    """A wholly unknown dynamic value is written without refinements, as Terraform does."""
    assert encode(Unknown(REFINEMENTS["not null"]), DYNAMIC) == b"\xd4\0\0"


def test_dynamic_type_as_text() -> None:
    """The type beside a dynamic value may be text instead of bytes."""
    assert decode(msgpack.packb(['"bool"', True]), DYNAMIC) == Dynamic(BOOL, True)


def test_dynamic_of_dynamic_is_flat() -> None:
    """A dynamic value of dynamic type is the inner value itself."""
    assert encode(Dynamic(DYNAMIC, Dynamic(BOOL, True)), DYNAMIC) == encode(Dynamic(BOOL, True), DYNAMIC)
    assert decode(msgpack.packb([b'"dynamic"', [b'"bool"', True]]), DYNAMIC) == Dynamic(BOOL, True)
    assert decode(msgpack.packb([b'"dynamic"', None]), DYNAMIC) is None


def test_strings_are_normalised() -> None:
    """Strings and map keys leave and arrive in Unicode form NFC."""
    assert encode("e\u0301", STRING) == encode("\u00e9", STRING)
    assert decode(msgpack.packb("e\u0301"), STRING) == "\u00e9"
    assert encode({"e\u0301": "x"}, MapType(STRING)) == encode({"\u00e9": "x"}, MapType(STRING))


def test_keys_that_become_one() -> None:
    """Two map keys that Terraform would take for one are refused, not merged."""
    with pytest.raises(CodecError, match=r"^Expected distinct keys, "):
        encode({"e\u0301": "x", "\u00e9": "y"}, MapType(STRING))


def test_set_is_canonical() -> None:
    """A set's bytes depend neither on the order of its elements nor on their repetition."""
    people = [{"name": "a", "age": 1}, {"age": 1, "name": "a"}, {"name": "b", "age": Decimal("2.0")}]
    assert encode(people, SetType(PERSON)) == encode([{"name": "b", "age": 2}, people[0]], SetType(PERSON))


def test_unknown_elements_of_a_set_are_not_duplicates() -> None:
    """Two unknown elements may turn out different, so both are kept."""
    element = {"name": "a", "age": UNKNOWN}
    assert decode(encode([element, element], SetType(PERSON)), SetType(PERSON)) == [element, element]


def test_missing_attribute_is_null() -> None:
    """An attribute that an object lacks is written as null."""
    assert encode({"name": "x"}, PERSON) == encode({"name": "x", "age": None}, PERSON)


def test_attribute_that_may_be_missing() -> None:
    """An optional attribute may be missing on the wire, and is then null."""
    type_ = ObjectType({"a": STRING, "b": STRING}, frozenset("b"))
    assert decode(msgpack.packb({"a": "x"}), type_) == {"a": "x", "b": None}


SECRET = "hunter2"

ENCODE_ERRORS: list[tuple[Type, Any, str]] = [
    (STRING, 5, "Expected `string`, got `int` - at `$`"),
    (STRING, b"hunter2", "Expected `string`, got `bytes` - at `$`"),
    (STRING, "hunter2\ud800", "Expected Unicode text, got half of a surrogate pair - at `$`"),
    (NUMBER, True, "Expected `number`, got `bool` - at `$`"),
    (NUMBER, 0.5, "Expected `number`, got `float` - at `$`"),
    (BOOL, 1, "Expected `bool`, got `int` - at `$`"),
    (
        DEEP,
        {"trigger": {"event": {"within": SECRET}}},
        "Expected `number`, got `str` - at `$.trigger.event.within`",
    ),
    (ListType(PERSON), [None, {"age": SECRET}], "Expected `number`, got `str` - at `$[1].age`"),
    (SetType(NUMBER), [1, SECRET], "Expected `number`, got `str` - at `$[1]`"),
    (ListType(STRING), (SECRET,), "Expected `list`, got `tuple` - at `$`"),
    (SetType(STRING), {SECRET}, "Expected `set`, got `set` - at `$`"),
    (MapType(STRING), [SECRET], "Expected `map`, got `list` - at `$`"),
    (MapType(BOOL), {"a b": SECRET}, 'Expected `bool`, got `str` - at `$["a b"]`'),
    (MapType(BOOL), {5: True}, "Expected `string`, got `int` - at `$`"),
    (TupleType((BOOL,)), [True, SECRET], "Expected a `tuple` of 1, got 2 elements - at `$`"),
    (TupleType((BOOL,)), SECRET, "Expected `tuple`, got `str` - at `$`"),
    (PERSON, SECRET, "Expected `object`, got `str` - at `$`"),
    (PERSON, {"nmae": SECRET}, "Expected an attribute of the object, got another name - at `$.nmae`"),
    (DYNAMIC, SECRET, "Expected `dynamic`, got `str` - at `$`"),
    (DYNAMIC, Dynamic(NUMBER, SECRET), "Expected `number`, got `str` - at `$`"),
]


@pytest.mark.parametrize(("type_", "value", "message"), ENCODE_ERRORS)
def test_encode_error(type_: Type, value: Any, message: str) -> None:
    """A value that is not of its type is named by type and place, without the value."""
    with pytest.raises(CodecError) as caught:
        encode(value, type_)
    assert str(caught.value) == message
    assert SECRET not in _report(caught.value)


DECODE_ERRORS: list[tuple[Type, bytes, str]] = [
    (STRING, b"", "Expected MessagePack, got bytes that are not (ValueError) - at `$`"),
    (STRING, b"\xa5hunt", "Expected MessagePack, got bytes that are not (ValueError) - at `$`"),
    (STRING, b"\xa7hunter2\xa1x", "Expected MessagePack, got bytes that are not (ExtraData) - at `$`"),
    (
        STRING,
        b"\xa8hunter2\xff",
        "Expected MessagePack, got bytes that are not (UnicodeDecodeError) - at `$`",
    ),
    (NUMBER, msgpack.packb(SECRET), "Expected `number`, got not a decimal number - at `$`"),
    (NUMBER, msgpack.packb(True), "Expected `number`, got `bool` - at `$`"),
    (NUMBER, msgpack.packb([]), "Expected `number`, got `list` - at `$`"),
    (STRING, msgpack.packb(SECRET.encode()), "Expected `string`, got `bytes` - at `$`"),
    (PERSON, msgpack.packb({"name": SECRET}), "Expected a value, got nothing - at `$.age`"),
    (
        PERSON,
        msgpack.packb({"name": "x", "age": 1, "key": SECRET}),
        "Expected an attribute of the object, got another name - at `$.key`",
    ),
    (
        ListType(MapType(BOOL)),
        msgpack.packb([{}, {"x": SECRET}]),
        "Expected `bool`, got `str` - at `$[1].x`",
    ),
    (DYNAMIC, msgpack.packb(SECRET), "Expected a type beside a `dynamic` value, got `str` - at `$`"),
    (DYNAMIC, msgpack.packb([SECRET]), "Expected a type beside a `dynamic` value, got `list` - at `$`"),
    (
        ListType(DYNAMIC),
        msgpack.packb([[SECRET.encode(), 1]]),
        "Expected the type of a `dynamic` value, got something that is no type constraint - at `$[0]`",
    ),
]


@pytest.mark.parametrize(("type_", "wire", "message"), DECODE_ERRORS)
def test_decode_error(type_: Type, wire: bytes, message: str) -> None:
    """Bytes that are not of the type are named by type and place, without the value."""
    with pytest.raises(CodecError) as caught:
        decode(wire, type_)
    assert str(caught.value) == message
    assert SECRET not in _report(caught.value)


def _report(error: BaseException) -> str:
    """All that a log could show of an error and of those behind it, source lines apart."""
    shown = traceback.TracebackException.from_exception(error, lookup_lines=False)
    texts: list[str] = []
    pending: list[traceback.TracebackException | None] = [shown]
    while pending:
        if one := pending.pop():
            texts += one.format_exception_only()
            pending += [one.__cause__, one.__context__]
    return "".join(texts) + repr(error) + repr(vars(error.__context__ or error))


def test_path_ends_at_a_set() -> None:
    """The path for a diagnostic stops at a set, into which Terraform cannot point; the message goes on."""
    type_ = ObjectType({"people": SetType(PERSON)})
    with pytest.raises(CodecError) as caught:
        encode({"people": [{"age": "x"}]}, type_)
    assert caught.value.path == ("people",)
    assert str(caught.value).endswith("`$.people[0].age`")


def test_path_is_a_diagnostic_path() -> None:
    """Elsewhere the path holds every attribute, index and key."""
    with pytest.raises(CodecError) as caught:
        encode({"a": [{"b": 5}]}, ObjectType({"a": ListType(MapType(STRING))}))
    assert caught.value.path == ("a", 0, "b")


def test_too_deep() -> None:
    """A value nested without end is an error of its own on both ways, not a crash."""
    value: Value = Dynamic(BOOL, True)
    for _ in range(2000):
        value = Dynamic(ListType(DYNAMIC), [value])
    with pytest.raises(CodecError, match="nested hundreds of levels deep"):
        encode(value, DYNAMIC)
    with pytest.raises(CodecError, match="bytes that are not"):
        decode(b"\x91" * 100_000 + b"\xc0", DYNAMIC)


def test_large_string() -> None:
    """A string larger than gRPC's usual limit passes unchanged."""
    text = "0123456789abcde\n" * (5 * 2**16)
    assert decode(encode(text, STRING), STRING) == text
