"""Attributes in the form that ``cdktf synth --hcl`` renders.

The CDK's renderer guesses: a text that starts with a brace or a bracket it writes as an object or list, so a
JSON text has to come with its quotes; a text with an expression it puts into quotes itself, so that one comes
without.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["hcl_attributes", "hcl_list"]

_EXPRESSION: Final = re.compile(r"(\$\{[^}]*\})")


def hcl_attributes(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Each attribute with what the renderer wants to know of it."""
    return {
        name: {"value": _form(value), "isBlock": False, "type": "any", "storageClassType": "any"}
        for name, value in configuration.items()
    }


def hcl_list(references: Sequence[str]) -> str:
    """A list of bare references, as text: the renderer puts the elements of a real list into quotes."""
    return f"[{', '.join(references)}]"


def _form(value: Any) -> Any:
    match value:
        case str() if "${" in value:
            parts = _EXPRESSION.split(value)
            return "".join(part if index % 2 else _quoted(part)[1:-1] for index, part in enumerate(parts))
        case str():
            return _quoted(value)
        case dict():
            return {key: _form(item) for key, item in value.items() if item is not None}
        case list():
            return [_form(item) for item in value]
    return value


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
