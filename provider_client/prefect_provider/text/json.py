"""JSON with every digit of its numbers: read and written without a float in between."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

from prefect_provider.text.number import number_text, parse_number

__all__ = ["DEEPEST", "as_stored", "kind_of", "parse", "text_problem", "travel_problem", "write"]

DEEPEST: Final = 200
"""Levels of arrays and objects. No document of use has more, and programs on the way give up at some hundreds."""

_LARGEST: Final = sys.float_info.max


def parse(text: str | bytes) -> Any:
    """The document; numbers are ``int`` or ``Decimal``.

    Raises ``ValueError`` for text that is not JSON, is nested too deeply, holds infinity or not-a-number, or a
    number of over 10 000 digits.
    """
    try:
        return _DECODER.decode(text.decode() if isinstance(text, bytes) else text)
    except RecursionError:
        msg = "it is nested too deeply"
    raise ValueError(msg)


def write(document: Any) -> str:
    """The text: compact, keys sorted, every digit of every number.

    Raises ``ValueError`` for what JSON cannot say, and for a document that is nested too deeply.
    """
    try:
        return _text(document)
    except RecursionError:
        msg = "it is nested too deeply"
    raise ValueError(msg)


def kind_of(document: Any) -> str:
    """What JSON calls it: ``object``, ``array``, ``string``, ``boolean``, ``null`` or ``number``."""
    return _KINDS.get(type(document), "number")


def text_problem(text: str) -> tuple[str, str] | None:
    """What is expected of a text, and what this one is, if it cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return "text of whole characters", f"half of one (\\u{ord(text[error.start]):04x}, a lone surrogate)"
    return None


def travel_problem(document: Any) -> tuple[str, str] | None:
    """What is expected, and what was found, of a document that does not arrive at a server as it is.

    It is nested too deeply, has a number that no 64-bit float comes near, or a text that is no Unicode.
    """
    pending: list[tuple[Any, int]] = [(document, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > DEEPEST:
            return f"at most {DEEPEST} levels of arrays and objects", "more"
        if isinstance(value, dict):
            pending += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, list | tuple):
            pending += [(item, depth + 1) for item in value]
        elif isinstance(value, str):
            if problem := text_problem(value):
                return problem
        elif isinstance(value, int | Decimal) and not -_LARGEST <= value <= _LARGEST:
            return "numbers that a 64-bit float can hold, of up to 308 digits", "a larger one"
        elif isinstance(value, Decimal) and float(value).is_integer():
            return "numbers that a 64-bit float can hold", "one with more digits, or nearer to zero"
    return None


def as_stored(document: Any) -> Any:
    """The document with its fractions as 64-bit floats: servers store no more digits, and return the nearest."""
    match document:
        case Decimal():
            return Decimal(repr(float(document)))
        case dict():
            return {key: as_stored(item) for key, item in document.items()}
        case list():
            return [as_stored(item) for item in document]
    return document


_KINDS: Final = {
    dict: "object",
    list: "array",
    tuple: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
}


def _no_constant(name: str) -> None:
    msg = f"JSON has no {name}"
    raise ValueError(msg)


_DECODER: Final = json.JSONDecoder(
    parse_float=parse_number, parse_int=parse_number, parse_constant=_no_constant
)


def _text(document: Any) -> str:
    # json.dumps would pass a Decimal through a float, and refuse an int of over 4300 digits.
    match document:
        case str():
            return encode_basestring(document)
        case None:
            return "null"
        case bool():
            return "true" if document else "false"
        case int() | Decimal():
            return number_text(document)
        case dict():
            return f"{{{','.join(f'{_text(key)}:{_text(document[key])}' for key in sorted(document))}}}"
        case list() | tuple():
            return f"[{','.join(map(_text, document))}]"
    return json.dumps(document, ensure_ascii=False, allow_nan=False)
