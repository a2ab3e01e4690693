"""Automations in two forms: Terraform's values, and the API's JSON.

The API marks a trigger with its ``type`` (``{"type": "event", "expect": ...}``); Terraform nests it below its
kind (``{"event": {"expect": ...}}``) and holds JSON as text. The server's answer is not trusted to be what
this version knows: what has no place in the declaration is left out and named, and nothing of it raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

from prefect_provider.objects.mapping import from_api, plain
from prefect_provider.objects.server.automation.actions import Action, without_defaults
from prefect_provider.objects.server.automation.triggers import RequireText, Trigger
from prefect_provider.plugin.language.declaration import UNSET, Declaration
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Json,
    Kind,
    ListOf,
    Number,
    SetOf,
    String,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedKind, NestedSingle
from prefect_provider.plugin.language.values import Dynamic, Unknown, Value, Values
from prefect_provider.rules import actions as action_rules
from prefect_provider.rules import trigger_forms as trigger_form
from prefect_provider.rules.actions import ACTIONS
from prefect_provider.rules.triggers import infer_kind
from prefect_provider.text.path import Path, show_path

__all__ = ["action_to_api", "actions_from_api", "document", "trigger_from_api", "trigger_to_api"]


def trigger_to_api(trigger: Values) -> dict[str, Any]:
    """The complete body of a trigger whose values are all known."""
    return trigger_form.to_api(trigger_form.tagged(plain(document(Trigger, trigger))))


def action_to_api(action: Values) -> dict[str, Any]:
    """The complete body of an action; a block that Prefect is to make is left out."""
    known = {
        name: value for name, value in document(Action, action).items() if not isinstance(value, Unknown)
    }
    return action_rules.to_api(plain(without_defaults(known)))


def document(declaration: type[Declaration], values: Values) -> dict[str, Any]:
    """An object with its JSON texts parsed and its dynamic values bare; what is unknown stays so."""
    return {
        name: None if (value := values.get(name)) is None else _document(attribute.kind, value)
        for name, attribute in declaration.attributes.items()
    }


def _document(kind: Kind, value: Value) -> Any:
    if isinstance(value, Unknown):
        return value
    match kind:
        case Json():
            return Json.load(value)
        case NestedSingle():
            return document(kind.nested, value)
        case NestedKind():
            return [item if isinstance(item, Unknown) else document(kind.nested, item) for item in value]
        case RequireText() if value.isdigit():
            return int(value)
    return value.value if isinstance(value, Dynamic) else value


def trigger_from_api(data: Any, strange: list[str], path: Path = ("trigger",)) -> Values:
    """A trigger as the server returned it; what cannot be shown is added to ``strange``."""
    return _trigger(Trigger, data, path, strange)


def _trigger(declaration: type[Declaration], data: Any, path: Path, strange: list[str]) -> Values:
    values: Values = dict.fromkeys(declaration.attributes)
    kind = infer_kind(data) if isinstance(data, Mapping) else None
    if kind is None or kind not in values:
        what = f"of type {data.get('type')!r}" if isinstance(data, Mapping) else f"that is {data!r}"
        deep = ", combined more than three levels deep" if kind else ""
        strange.append(f"`{show_path(path)}`: a trigger {what}{deep}")
        return values
    nested, here = declaration.nested(kind), (*path, kind)
    fields = _fields(nested, data, here, strange)
    if "triggers" in nested.attributes:
        children = data.get("triggers")
        fields["triggers"] = [
            _trigger(nested.nested("triggers"), child, (*here, "triggers", index), strange)
            for index, child in enumerate(children if isinstance(children, list) else ())
        ]
    values[kind] = fields
    return values


def actions_from_api(data: Any, name: str, strange: list[str]) -> list[Values]:
    """The actions of one list as the server returned them; what cannot be shown is added to ``strange``."""
    found: list[Values] = []
    for index, action in enumerate(data if isinstance(data, list) else ()):
        path = (name, index)
        fields = dict(action) if isinstance(action, Mapping) else {}
        # The API takes an action without a type for one that does nothing.
        type_ = fields.setdefault("type", "do-nothing")
        if isinstance(type_, str) and type_ in ACTIONS:
            known = ACTIONS[type_].fields | {"type"}
            fields = {field: value for field, value in fields.items() if field in known}
        else:
            strange.append(f"`{show_path(path)}`: an action of type {type_!r}")
        found.append(_fields(Action, fields, path, strange))
    return found


def _fields(
    declaration: type[Declaration], data: Mapping[str, Any], path: Path, strange: list[str]
) -> Values:
    """The fields of one object; what is missing, or not of its kind, is what leaving it out means."""
    fitting: dict[str, Any] = {}
    for name, attribute in declaration.attributes.items():
        value = data.get(name)
        if name == "triggers" or value is None:
            continue
        if isinstance(attribute.kind, RequireText) and isinstance(value, int):
            value = str(value)
        if _fits(attribute.kind, value):
            fitting[name] = value
        else:
            strange.append(f"`{show_path((*path, name))}`: {value!r}")
    inner = {
        name: _fields(declaration.nested(name), fitting.pop(name), (*path, name), strange)
        for name in list(fitting)
        if isinstance(declaration.attributes[name].kind, NestedSingle)
    }
    values = from_api(declaration, fitting) | inner
    for name, attribute in declaration.attributes.items():
        if values[name] is None and attribute.default is not UNSET:
            values[name] = deepcopy(attribute.default)
    return values


def _fits(kind: Kind, value: Any) -> bool:
    if isinstance(kind, ListOf | SetOf):
        return isinstance(value, list) and all(_fits(kind.element, item) for item in value)
    shape = next(shape for known, shape in _SHAPES if isinstance(kind, known))
    # To Python a truth value is a number.
    return shape is object or (isinstance(value, shape) and isinstance(value, bool) == (shape is bool))


_SHAPES: Final[tuple[tuple[type[Kind], Any], ...]] = (
    (Json, object),
    (AnyValue, object),
    (Bool, bool),
    (Number, (int, float, Decimal)),
    (String, str),
    (Uuid, str),
    (NestedSingle, Mapping),
)
