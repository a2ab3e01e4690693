"""JSON documents without what may be secret in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from prefect_iac.secrecy.names import sounds_secret
from prefect_iac.secrecy.texts import is_flag_of_secret, is_reference, masked_text
from prefect_provider.text import json
from prefect_provider.text.masking import SENSITIVE

__all__ = ["document_in", "hidden_items", "hidden_keys", "is_open", "masked"]

_NAMING: Final = frozenset({"name", "key", "env", "variable", "parameter", "header", "field"})
_NAMED: Final = frozenset({"value", "val", "default", "content", "values"})


def masked(document: Any, *, secret: bool = False) -> Any:
    """The document with :data:`SENSITIVE` in the place of whatever may be secret; ``secret``: all of it may be.

    A text that is JSON itself stays a text, masked inside.
    """
    if secret:
        return document if is_open(document) else SENSITIVE
    match document:
        case str():
            inside = document_in(document)
            return masked_text(document) if inside is None else _still_text(document, inside)
        case Mapping():
            hidden = hidden_keys(document)
            return {key: masked(item, secret=key in hidden) for key, item in document.items()}
        case list() | tuple():
            hidden_at = hidden_items(document)
            return [masked(item, secret=index in hidden_at) for index, item in enumerate(document)]
    return document


def is_open(value: Any) -> bool:
    """Whether the value gives nothing away, wherever it stands: nothing, yes or no, or the name of a secret."""
    return value is None or isinstance(value, bool) or (isinstance(value, str) and is_reference(value))


def hidden_keys(document: Mapping[str, Any]) -> frozenset[str]:
    """The keys of an object whose values may be secret.

    That is what sounds so, and in a pair such as ``{"name": "DB_PASSWORD", "value": "x"}`` the value.
    """
    hidden = {key for key in document if sounds_secret(key)}
    naming = [key for key in document if key.lower() in _NAMING and isinstance(document[key], str)]
    named = [key for key in document if key.lower() in _NAMED]
    if naming and named:
        # In {"key": ..., "value": ...} the key is a name.
        hidden -= set(naming)
        if any(sounds_secret(document[key]) for key in naming):
            hidden |= set(named)
    return frozenset(hidden)


def hidden_items(items: list[Any] | tuple[Any, ...]) -> frozenset[int]:
    """The places in a list that may be secret: what follows ``--password`` in the arguments of a program."""
    return frozenset(
        index
        for index, before in enumerate(items, start=1)
        if isinstance(before, str) and is_flag_of_secret(before) and index < len(items)
    )


def document_in(text: str) -> Any:
    """The object or array whose JSON the text is; ``None`` where it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        document = json.parse(text)
    except ValueError:
        return None
    return document if isinstance(document, dict | list) else None


def _still_text(text: str, inside: Any) -> str:
    shown = masked(inside)
    return text if shown == inside else json.write(shown)
