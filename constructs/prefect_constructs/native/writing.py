"""JSON as the CDK writes it: keys sorted, two spaces, numbers as JavaScript has them."""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any, Final

from prefect_constructs.native.numbers import number_text

__all__ = ["json_lines", "without_notes"]

_STEP: Final = "  "


def json_lines(document: Any) -> str:
    """The text of a document."""
    parts: list[str] = []
    _write(document, "\n", parts)
    return "".join(parts)


def without_notes(value: Any) -> Any:
    """The document without any key ``//``, in which the CDK keeps what it knows of its constructs."""
    if isinstance(value, dict):
        return {key: without_notes(one) for key, one in value.items() if key != "//"}
    if isinstance(value, list):
        return [without_notes(one) for one in value]
    return value


def _write(value: Any, line: str, parts: list[str]) -> None:
    kind = type(value)
    if kind is str:
        parts.append(_text(value))
    elif kind is dict:
        if not value:
            parts.append("{}")
            return
        inner = line + _STEP
        before = "{"
        for key in _sorted(value):
            parts.append(f"{before}{inner}{_text(key)}: ")
            _write(value[key], inner, parts)
            before = ","
        parts.append(f"{line}}}")
    elif kind is list:
        if not value:
            parts.append("[]")
            return
        inner = line + _STEP
        before = "["
        for one in value:
            parts.append(before + inner)
            _write(one, inner, parts)
            before = ","
        parts.append(f"{line}]")
    elif value is None:
        parts.append("null")
    elif kind is bool:
        parts.append("true" if value else "false")
    else:
        parts.append(number_text(value))


def _text(text: str) -> str:
    written = encode_basestring(text)
    if text.isascii():
        return written
    return "".join(f"\\u{ord(one):04x}" if "\ud800" <= one <= "\udfff" else one for one in written)


def _sorted(mapping: dict[str, Any]) -> list[str]:
    """Its keys in the order of their UTF-16, which is that of JavaScript."""
    keys = sorted(mapping)
    if keys[-1] > "\ud7ff" or any(max(key, default="") > "\uffff" for key in keys if not key.isascii()):
        keys.sort(key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return keys
