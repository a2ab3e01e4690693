"""Texts and numbers that stand for values which Terraform works out: CDK tokens, and expressions in texts.

A token is what a construct's property returns (``deployment.id``): a text, number, list or mapping in which
the CDK finds a marker. A text may also hold Terraform expressions, ``"${var.region}"``, and directives, ``"%{
if ... }"``: in a text Terraform interprets nothing else, so Prefect's templates, ``"{{ event }}"``, pass as
they are. For a text that is to hold ``${`` or ``%{`` itself there is :func:`literal`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from prefect_constructs._runtime import Token
from prefect_provider.text.number import number_text

__all__ = [
    "TOKEN",
    "expression_problem",
    "is_expression",
    "is_unresolved",
    "literal",
    "literally",
    "number_in_text",
    "unescape",
]

TOKEN: Final = re.compile(r"\$\{TfToken\[[^\]]+\]\}")
"""A token in a text."""

_OPENING: Final = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_ESCAPED: Final = re.compile(r"\$(\$\{)|%(%\{)")

# ${HOME}, ${HOME:-x}: a single name is no value in Terraform, and the rest is no expression.
_SHELL_VARIABLE: Final = re.compile(r"\$\{(?!(?:true|false|null)\})[A-Za-z_]\w*(?:\}|:?[-=?+#%/][^}]*\})")
_NO_DIRECTIVE: Final = re.compile(r"%\{(?!~?\s*(?:if|else|endif|for|endfor)\b)[^}]*\}?")

_LEAST_NUMBER: Final = -1e280


def literal(text: str) -> str:
    """The text as one that Terraform leaves alone, as in ``literal("echo ${HOME}")``."""
    return text.replace("${", "$${").replace("%{", "%%{")


def literally(value: Any) -> Any:
    """A document in whose texts nothing is an expression of Terraform, such as what a file says."""
    match value:
        case str():
            return literal(value)
        case dict():
            return {literal(key): literally(item) for key, item in value.items()}
        case list():
            return [literally(item) for item in value]
    return value


def number_in_text(value: Any) -> str:
    """A number as it stands in a text: the digits, or the expression that Terraform works out."""
    if is_unresolved(value):
        return value if isinstance(value, str) else str(Token.as_string(value))
    return number_text(Decimal(repr(value)))


def unescape(text: str) -> str:
    """What Terraform makes of a text without expressions: :func:`literal` undone."""
    return _ESCAPED.sub(lambda found: found[1] or found[2], text)


def is_expression(text: str) -> bool:
    """Whether Terraform has to work out the text, or a part of it."""
    return _OPENING.search(text) is not None


def expression_problem(text: str) -> str | None:
    """The part that Terraform would take for an expression and refuse: it is one of a shell."""
    first = _OPENING.search(text)
    if first is None:
        return None
    # Only the first: inside of a proper expression, single names can be those of a loop.
    found = _SHELL_VARIABLE.match(text, first.start()) or _NO_DIRECTIVE.match(text, first.start())
    return found[0] if found else None


def is_unresolved(value: Any) -> bool:
    """Whether the value itself, not a part of it, is worked out by Terraform."""
    # Before the questions about values in general, which take time.
    kind = type(value)
    if kind is str:
        return "{" in value and is_expression(value)
    if kind is dict:
        return _stands_for_mapping(value)
    match value:
        case str():
            return is_expression(value)
        case bool() | int() | None:
            return False
        case float():
            return value < _LEAST_NUMBER
        case list() | tuple():
            return len(value) == 1 and _stands_for_list(value[0])
        case Mapping():
            return _stands_for_mapping(value)
    if hasattr(value, "resolve"):
        return hasattr(value, "__jsii_ref__") or hasattr(value, "creation_stack")
    # Asking the CDK about anything but its own objects is an error.
    return hasattr(value, "__jsii_ref__") and bool(Token.is_unresolved(value))


def _stands_for_mapping(value: Mapping[Any, Any]) -> bool:
    return any(type(key) is str and "&{TfToken[" in key for key in value)


def _stands_for_list(element: object) -> bool:
    if isinstance(element, str):
        return element.startswith("#{TfToken[")
    return isinstance(element, float) and element < _LEAST_NUMBER
