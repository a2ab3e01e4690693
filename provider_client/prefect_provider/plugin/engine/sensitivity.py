"""Makes the values of sensitive attributes known to the log, which then never shows them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.kinds import Json, Kind
from prefect_provider.plugin.language.nested import NestedKind, nested_items
from prefect_provider.text.masking import secret

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.plugin.language.values import Values

__all__ = ["remember_secrets"]


def remember_secrets(declaration: type[Declaration], values: Values) -> None:
    """Remember every text in a sensitive attribute; in JSON, the texts inside."""
    for name, attribute in declaration.attributes.items():
        value = values.get(name)
        if attribute.sensitive or attribute.write_only:
            secret(_document(attribute.kind, value))
        elif isinstance(attribute.kind, NestedKind) and isinstance(value, (dict, list)):
            for _, item in nested_items(attribute.kind, value):
                if isinstance(item, dict):
                    remember_secrets(attribute.kind.nested, item)


def _document(kind: Kind, value: Any) -> Any:
    """What holds the texts: the document in a JSON text, else the value itself."""
    if isinstance(kind, Json) and isinstance(value, str):
        # What is not JSON is reported elsewhere; here it is one text.
        with contextlib.suppress(ValueError):
            return Json.load(value)
    return value
