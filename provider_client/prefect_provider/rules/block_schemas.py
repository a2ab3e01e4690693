"""By what Prefect tells schemas of blocks apart: a checksum of their fields (`prefect/blocks/core.py`)."""

from __future__ import annotations

import json
from typing import Any, Final

__all__ = ["CHECKSUM_PATTERN", "checksum", "without_references"]

CHECKSUM_PATTERN: Final = "sha256:[0-9a-f]{64}"
_SECRETS: Final = "secret_fields"
_POINTER: Final = "#/definitions/"


def checksum(fields: dict[str, Any]) -> str:
    """The checksum of a schema's fields, which does not tell what is secret; ``sha256:`` and 64 digits."""
    from hashlib import sha256

    counted = _used_definitions(_without_secrets(fields))
    text = json.dumps([[counted], {}], sort_keys=True)
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def without_references(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without what the server adds, drops or finds out by itself."""
    used = _used_definitions(fields)
    return {name: value for name, value in used.items() if name != "block_schema_references" or value}


def _without_secrets(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _without_secrets(item) for name, item in value.items() if name != _SECRETS}


def _used_definitions(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with those definitions only that they refer to, and that are not other blocks."""
    definitions = fields.get("definitions")
    if not definitions or not isinstance(definitions, dict):
        return fields
    used: dict[str, Any] = {}
    _collect(fields, definitions, used)
    rest = {name: value for name, value in fields.items() if name != "definitions"}
    return rest | {"definitions": used} if used else rest


def _collect(value: Any, definitions: dict[str, Any], used: dict[str, Any]) -> None:
    for reference in _references(value):
        name = reference.replace(_POINTER, "")
        definition = definitions.get(name)
        if not isinstance(definition, dict) or definition.get("block_type_slug") is not None or name in used:
            continue
        used[name] = definition
        _collect(definition, definitions, used)


def _references(value: Any) -> list[str]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value["$ref"]] if isinstance(value, dict) and isinstance(value.get("$ref"), str) else []
    return own + [reference for item in items for reference in _references(item)]
