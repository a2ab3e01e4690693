"""Makes the values of sensitive attributes known to the log, which then never shows them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.kinds import Json, NestedKind
from prefect_provider.plugin.logs import secret
from prefect_provider.plugin.validation import nested_items

if TYPE_CHECKING:
    from prefect_provider.plugin.declaration import Declaration
    from prefect_provider.plugin.values import Values

__all__ = ["remember_secrets"]

_SHORTEST: Final = 6
"""Masking shorter texts wherever they occur would make a log unreadable, and protect nothing worth the name."""


def remember_secrets(declaration: type[Declaration], values: Values) -> None:
    """Remember every text in a sensitive attribute; in JSON, the texts inside."""
    for name, attribute in declaration.attributes.items():
        value = values.get(name)
        if attribute.sensitive or attribute.write_only:
            for text in _texts(value, json=isinstance(attribute.kind, Json)):
                secret(text)
        elif isinstance(attribute.kind, NestedKind) and isinstance(value, (dict, list)):
            for _, item in nested_items(attribute.kind, value):
                if isinstance(item, dict):
                    remember_secrets(attribute.kind.nested, item)


def _texts(value: Any, *, json: bool = False) -> list[str]:
    match value:
        case str() if json:
            # What is not JSON is reported elsewhere; here it is one text.
            with contextlib.suppress(ValueError):
                return _texts(Json.load(value))
            return [value]
        case str():
            return [value] if len(value) >= _SHORTEST else []
        case dict():
            return [text for item in value.values() for text in _texts(item)]
        case list():
            return [text for item in value for text in _texts(item)]
    return []
