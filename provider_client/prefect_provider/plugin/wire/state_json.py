"""The JSON form of a state: what Terraform stores, and sends when it asks to upgrade a state.

It differs from the wire in three ways: a dynamic value is ``{"type": ..., "value": ...}``, nothing is
unknown, and it may be older than the schema. So Terraform's own conversions between primitive types apply:
``"5"`` is a number, ``5`` a string, ``"true"`` a boolean.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from prefect_provider.plugin.language.types import DYNAMIC, Type, type_to_json
from prefect_provider.plugin.language.values import Dynamic, Unknown, Value
from prefect_provider.plugin.wire.codec_error import CodecError, mismatch, too_deep
from prefect_provider.plugin.wire.conversion import CanonicalWalk, Form, Walk, read_type
from prefect_provider.text import json
from prefect_provider.text.number import Number, canonical, number_text, parse_number

__all__ = ["from_json", "to_json"]

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def from_json(data: bytes | Form, type_: Type, *, ignore_extra: bool) -> Value:
    """The value in a state's JSON, as bytes or as already parsed.

    Attributes that the JSON lacks become null. Those that the type lacks, because the schema has since lost
    them, are dropped when ``ignore_extra`` and otherwise an error. Raises ``CodecError`` when the bytes are
    no JSON or hold something that is not of the type.
    """
    try:
        form = json.parse(data) if isinstance(data, bytes) else data
    except (ValueError, RecursionError) as error:
        wrong = CodecError(expected="JSON", got=f"bytes that are not ({type(error).__name__})")
    else:
        try:
            return (_LENIENT_READER if ignore_extra else _READER).convert(form, type_)
        except RecursionError:
            wrong = too_deep()
    raise wrong  # not raised above: as its context the other error would hold the state


def to_json(value: Value, type_: Type) -> bytes:
    """The JSON of a value, compact, with sorted keys and every digit of every number.

    Raises ``CodecError`` when the value is not of the type or holds an unknown.
    """
    try:
        return json.write(_WRITER.convert(value, type_)).encode()
    except RecursionError:
        wrong = too_deep()
    raise wrong


class _Reader(Walk):
    def unknown(self, item: Unknown) -> Value:
        raise mismatch(item, "JSON value")

    def string(self, item: Any) -> str:
        if isinstance(item, bool):
            return "true" if item else "false"
        if isinstance(item, int | float | Decimal):
            return number_text(self.number(item))
        return super().string(item)

    def boolean(self, item: Any) -> bool:
        return _BOOLEANS[item] if isinstance(item, str) and item in _BOOLEANS else super().boolean(item)

    def number(self, item: Any) -> Number:
        if isinstance(item, bool):
            raise mismatch(item, "number")
        try:
            if isinstance(item, int | Decimal):
                return canonical(item)
            if isinstance(item, float):  # of JSON parsed elsewhere: these were its digits
                return canonical(Decimal(repr(item)))
            if isinstance(item, str):
                return parse_number(item)
        except ValueError as error:
            raise CodecError(expected="`number`", got=str(error)) from None
        raise mismatch(item, "number")

    def dynamic(self, item: Any) -> Value:
        if not isinstance(item, dict) or item.keys() != {"type", "value"}:
            raise CodecError(expected="`type` and `value` of a `dynamic`", got=f"`{type(item).__name__}`")
        inner = read_type(item["type"])
        value = self.convert(item["value"], inner)
        return value if inner == DYNAMIC else Dynamic(inner, value)


class _Writer(CanonicalWalk):
    def identity(self, form: Form) -> bytes:
        return json.write(form).encode()

    def unknown(self, item: Unknown) -> Form:
        raise mismatch(item, "known value")

    def typed(self, type_: Type, form: Form) -> Form:
        return {"type": type_to_json(type_), "value": form}


_READER = _Reader(missing_is_null=True, ignore_extra=False)
_LENIENT_READER = _Reader(missing_is_null=True, ignore_extra=True)
_WRITER = _Writer()
