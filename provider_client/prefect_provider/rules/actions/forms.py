"""Actions as the API has them, and as two of them are compared."""

from __future__ import annotations

from collections.abc import Mapping
from json import dumps
from typing import TYPE_CHECKING, Any

from prefect_provider.rules.actions.table import ACTION_FIELDS, ACTIONS
from prefect_provider.rules.values import seconds_of

if TYPE_CHECKING:
    from prefect_provider.rules.actions.table import FieldKind

__all__ = ["canonical", "payload_text", "to_api"]


def to_api(action: Mapping[str, Any]) -> dict[str, Any]:
    """The complete JSON body of an action: its type's fields only, each optional one explicit.

    It does not check. Given the server's own answer it drops what a newer server added. The payload of a
    webhook may be an object; it becomes indented JSON, as the server would store it.

    :raises KeyError: the type is not one of :data:`ACTIONS`.
    """
    spec = ACTIONS[action["type"]]
    body: dict[str, Any] = {"type": spec.type}
    for name in sorted(spec.fields):
        value = action.get(name)
        if value is None:
            if name in spec.defaults:
                body[name] = spec.defaults[name]
            continue
        body[name] = _to_api(ACTION_FIELDS[name].kind, value)
    return body


def _to_api(kind: FieldKind, value: Any) -> Any:
    match kind:
        case "payload":
            return payload_text(value)
        case "seconds":
            return seconds_of(value)
        case "identifier":
            return str(value)
        case "object":
            return dict(value)
        case "addresses":
            return list(value)
    # A member of an enumeration becomes plain text, of which `str()` would make its name.
    return str.__str__(value) if isinstance(value, str) else value


def canonical(action: Mapping[str, Any]) -> dict[str, Any]:
    """A form in which two actions are equal exactly when the server treats them alike.

    Fields that the server computes are left out, and of a run's parameters and job variables an empty object
    is the same as none. An action of a type that is not in :data:`ACTIONS` is returned as it is, without
    ``None``.
    """
    if action.get("type") not in ACTIONS:
        return {name: value for name, value in action.items() if value is not None}
    body = to_api(action)
    for name in ACTIONS[body["type"]].computed:
        body.pop(name, None)
    for name in body.keys() & ACTION_FIELDS.keys():
        kind = ACTION_FIELDS[name].kind
        if kind == "identifier":
            body[name] = body[name] and body[name].lower()
        elif kind == "object":
            body[name] = body[name] or None
    return body


def payload_text(value: object) -> object:
    """A webhook's payload as the server stores it: an object or a list becomes indented JSON."""
    return dumps(value, indent=2, ensure_ascii=False) if isinstance(value, (Mapping, list)) else value
