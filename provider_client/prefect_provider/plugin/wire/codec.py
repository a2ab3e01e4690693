"""Terraform's MessagePack encoding of values.

The wire carries no types: the type from the schema says how to read. What is not obvious:

- unknown is an extension, of type 12 when it has refinements and of type 0 when not;
- a number travels as an integer, as a float when the float is exactly that number, else as its digits;
- a dynamic value is ``[type as JSON bytes, value]``, but nil or an extension when its type is not known;
- an object has every attribute as a key, a set has no duplicates.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgpack  # type: ignore[import-untyped]

from prefect_provider.plugin.language.types import DYNAMIC, Type, type_to_json
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Unknown, Value
from prefect_provider.plugin.wire.codec_error import CodecError, mismatch, too_deep
from prefect_provider.plugin.wire.conversion import CanonicalWalk, Form, Walk, read_type
from prefect_provider.text.number import Number, exact_float, number_from_float, number_text, parse_number

__all__ = ["CodecError", "decode", "encode"]

_REFINED = 12
_UNREFINED = msgpack.ExtType(0, b"\0")  # three bytes on the wire, the shortest extension there is

_SMALLEST_INTEGER = -(2**63)
_LARGEST_INTEGER = 2**64 - 1


def encode(value: Value, type_: Type) -> bytes:
    """The MessagePack of a value.

    An attribute that an object lacks becomes null. A refinement is passed on as it came, so an unknown must
    stay in a place of the type that it came from. Raises ``CodecError`` when the value is not of the type.
    """
    try:
        return _pack(_ENCODER.convert(value, type_))
    except (RecursionError, ValueError):  # either walk or packer: both have a limit
        wrong = too_deep()
    raise wrong


def decode(data: bytes, type_: Type) -> Value:
    """The value in MessagePack bytes.

    Raises ``CodecError`` when the bytes are no MessagePack or hold something that is not of the type.
    """
    try:
        form = msgpack.unpackb(data, ext_hook=_unknown, strict_map_key=False)
    except (ValueError, RecursionError) as error:
        wrong = CodecError(expected="MessagePack", got=f"bytes that are not ({type(error).__name__})")
    else:
        try:
            return _DECODER.convert(form, type_)
        except RecursionError:
            wrong = too_deep()
    raise wrong  # not raised above: as its context the other error would hold the bytes


def _unknown(code: int, payload: bytes) -> Unknown:
    # Terraform defines no other extensions, and takes any of them for an unknown value.
    return Unknown(payload) if code == _REFINED and len(payload) > 1 else UNKNOWN


def _pack(form: Form) -> bytes:
    data: bytes = msgpack.packb(form)
    return data


class _Encoder(CanonicalWalk):
    def identity(self, form: Form) -> bytes:
        return _pack(form)

    def unknown(self, item: Unknown) -> Form:
        return msgpack.ExtType(_REFINED, item.refinement) if item.refinement else _UNREFINED

    def number(self, item: Any) -> Any:
        value = super().number(item)
        if isinstance(value, Decimal):
            nearest = exact_float(value)
            return number_text(value) if nearest is None else nearest
        return value if _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER else number_text(value)

    def typed(self, type_: Type, form: Form) -> Form:
        return [json.dumps(type_to_json(type_), separators=(",", ":"), sort_keys=True).encode(), form]


class _Decoder(Walk):
    def unknown(self, item: Unknown) -> Value:
        return item

    def number(self, item: Any) -> Number:
        if isinstance(item, int) and not isinstance(item, bool):
            return item
        try:
            if isinstance(item, float):
                return number_from_float(item)
            if isinstance(item, str):
                return parse_number(item)
        except ValueError as error:
            raise CodecError(expected="`number`", got=str(error)) from None
        raise mismatch(item, "number")

    def dynamic(self, item: Any) -> Value:
        if not isinstance(item, list) or len(item) != 2 or not isinstance(item[0], bytes | str):
            raise CodecError(expected="a type beside a `dynamic` value", got=f"`{type(item).__name__}`")
        try:
            form = json.loads(item[0])
        except (ValueError, RecursionError):
            form = None
        inner = read_type(form)
        value = self.convert(item[1], inner)
        return value if inner == DYNAMIC else Dynamic(inner, value)


_ENCODER = _Encoder()
_DECODER = _Decoder(missing_is_null=False, ignore_extra=False)
