"""JSON documents as the text of an attribute, also when they hold values that Terraform works out.

Without such values the text is that of Terraform's ``jsonencode``: no spaces, keys sorted. Where a value is
not known yet, its place in the text is ``${jsonencode(<reference>)}``, so that whatever it turns out to be is
encoded: a text with quotes, a number, a list.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs._runtime import Fn
from prefect_constructs.plain_values import is_finite, plain_value, text_of
from prefect_constructs.sdk import as_document
from prefect_constructs.tokens import TOKEN, expression_problem, is_expression, is_unresolved, unescape
from prefect_provider.text.number import canonical, number_text
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["DocumentError", "for_node", "has_unresolved", "json_text", "plain", "resolved"]

_LARGEST_WHOLE: Final = 2**53
"""The largest whole number up to which a 64-bit float holds every one."""


class DocumentError(ValueError):
    """A part of a document that JSON, or Terraform, has no place for; ``path`` leads to it."""

    def __init__(self, path: Path, expected: str, got: str) -> None:
        super().__init__(expectation(expected, got))
        self.path = path
        self.expected = expected
        self.got = got


def plain(document: Any, path: Path = ()) -> Any:
    """The document in ``dict``, ``list`` and JSON's other types, tokens as they are.

    Numbers keep their digits: what is not whole is a ``float`` or a ``Decimal``, as it was.

    :raises DocumentError: some part is of another type, or it is nested too deeply, perhaps in itself.
    """
    try:
        return _plain(document, path)
    except RecursionError:
        expected = "a document that does not contain itself"
    raise DocumentError(path, expected, "one that is nested too deeply")


def _plain(document: Any, path: Path) -> Any:
    value = plain_value(document)
    if is_unresolved(value):
        _check_text(value, path)
        return value
    match value:
        case None | bool() | str():
            return value
        case int() | float() | Decimal():
            return _number(value, path)
        case Mapping():
            return {_key(key, path): _plain(item, (*path, str(key))) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, (*path, index)) for index, item in enumerate(value)]
    text = text_of(value)
    if text is not None:
        return text
    model = as_document(value)
    if model is not None:
        return _plain(model, path)
    expected = "text, a number, True, False, None, a mapping or a list"
    remedy = "pass its `.id`, `.name` or another of its attributes" if hasattr(value, "fqn") else "convert it"
    raise DocumentError(path, expected, f"{type(value).__name__} ({remedy})")


def _number(value: float | Decimal, path: Path) -> Any:
    if not is_finite(value):
        raise DocumentError(path, "a number that JSON has", str(value))
    try:
        exact = canonical(value if isinstance(value, int | Decimal) else Decimal(repr(value)))
    except ValueError as error:
        raise DocumentError(path, "a number that Prefect can store", f"one of {error}") from error
    return exact if isinstance(exact, int) or isinstance(value, Decimal) else value


def _key(key: object, path: Path) -> str:
    text = plain_value(key)
    if not isinstance(text, str):
        raise DocumentError(path, "texts as keys", repr(key))
    return text


def for_node(document: Any) -> Any:
    """A plain document for the CDK, whose numbers are those of JavaScript: 64-bit floats.

    A number that they cannot hold becomes an expression, which Terraform reads with every digit.
    """
    match document:
        case dict():
            return {key: for_node(item) for key, item in document.items()}
        case list():
            return [for_node(item) for item in document]
        case bool():
            return document
        case int() if abs(document) > _LARGEST_WHOLE:
            return f"${{{number_text(document)}}}"
        case Decimal():
            near = float(document)
            exact = math.isfinite(near) and Decimal(repr(near)) == document
            return near if exact else f"${{{number_text(document)}}}"
    return document


def _check_text(value: Any, path: Path) -> None:
    shell = expression_problem(value) if isinstance(value, str) else None
    if shell is not None:
        raise DocumentError(path, "Terraform expressions in ${ } and %{ } (see `literal`)", f"`{shell}`")


def has_unresolved(document: Any) -> bool:
    """Whether the document or any part of it is worked out by Terraform."""
    if is_unresolved(document):
        return True
    match document:
        case Mapping():
            return any(is_unresolved(key) or has_unresolved(value) for key, value in document.items())
        case list() | tuple():
            return any(has_unresolved(value) for value in document)
    return False


def resolved(document: Any) -> Any:
    """A plain document without tokens, as Terraform will read it: ``literal`` undone."""
    match document:
        case str():
            return unescape(document)
        case dict():
            return {unescape(key): resolved(value) for key, value in document.items()}
        case list():
            return [resolved(value) for value in document]
    return document


def json_text(document: Any) -> str:
    """The text of a plain document."""
    return "".join(_pieces(document))


def _pieces(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield _text(document)
    elif is_unresolved(document):
        yield Fn.jsonencode(document)
    elif isinstance(document, dict):
        yield "{"
        for index, (key, value) in enumerate(sorted(document.items())):
            yield f"{',' if index else ''}{_quoted(key)}:"
            yield from _pieces(value)
        yield "}"
    elif isinstance(document, list):
        yield "["
        for index, value in enumerate(document):
            yield "," if index else ""
            yield from _pieces(value)
        yield "]"
    elif isinstance(document, int | Decimal) and not isinstance(document, bool):
        yield number_text(document)
    else:
        yield json.dumps(document)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _text(text: str) -> str:
    tokens = TOKEN.findall(text)
    if not tokens:
        alone = text.startswith("${") and text.endswith("}") and not is_expression(text[2:])
        return f"${{jsonencode({text[2:-1]})}}" if alone else _quoted(text)
    if text == tokens[0]:
        encoded: str = Fn.jsonencode(text)
        return encoded
    between = TOKEN.split(text)
    if any(is_expression(part) for part in between):
        # The CDK would take the expressions for plain text. Unencoded they are right for ids and names.
        return _quoted(text)
    parts = [_for_function(between[0])]
    for token, part in zip(tokens, between[1:], strict=True):
        parts += [token, _for_function(part)]
    joined: str = Fn.jsonencode(Fn.join("", [part for part in parts if part]))
    return joined


def _for_function(text: str) -> str:
    """A text as an argument of the CDK's functions.

    They escape ``${``, but no quotes; a text that is in quotes they take as it is.
    """
    return _quoted(unescape(text)) if text else ""
