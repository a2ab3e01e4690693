"""Documents in Prefect's own form: mappings, and the objects of its SDK, which are never imported here."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from prefect_constructs.plain_values import plain_value
from prefect_provider.rules.automations import SERVER_SET

__all__ = ["SERVER_SET", "as_document", "plain_keys", "without_server_set"]


def as_document(value: object) -> Mapping[str, Any] | None:
    """The document that a value is, or ``None`` if it is none.

    It is a mapping, or an object with ``model_dump``, as models of pydantic have it.
    """
    if isinstance(value, Mapping):
        return value
    if isinstance(value, type):
        return None
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        dumped: Mapping[str, Any] = dump(mode="json") if _takes_mode(dump) else dump()
        return dumped
    return None


def _takes_mode(dump: Any) -> bool:
    try:
        inspect.signature(dump).bind(mode="json")
    except (TypeError, ValueError):
        return False
    return True


def without_server_set(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of an automation without what only the server sets; one that is exported has it."""
    return {key: value for key, value in plain_keys(document).items() if key not in SERVER_SET}


def plain_keys(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with members of enumerations among its keys as plain text."""
    return {plain_value(key): value for key, value in document.items()}
