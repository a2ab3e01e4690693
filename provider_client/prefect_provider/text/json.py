"""JSON with every digit of its numbers: read and written without a float in between."""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

from prefect_provider.text.number import number_text, parse_number

__all__ = ["kind_of", "parse", "write"]


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
