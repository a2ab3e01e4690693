"""A pretend server: objects in a JSON file, and every bad habit of real servers.

It decides what is unknown, and it gives values back in other words than it got them: JSON with other spaces and
another order of keys, sets in another order, UUIDs in capitals, instants in another time zone, an empty text
for null. Everything is driven by declarations, so it serves any resource.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.declaration import UNSET
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Json,
    Kind,
    ListOf,
    MapOf,
    Number,
    SetOf,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic, Unknown, Value, Values
from prefect_provider.plugin.wire.state_json import from_json, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.resource import Resource

__all__ = ["Store", "decide", "quiet", "respell"]


class Store:
    """Objects by id in a JSON file; one process uses it at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _load(self) -> dict[str, Any]:
        if not self.path.exists():
            return {"serial": 0, "objects": {}}
        loaded: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return loaded

    def _save(self, content: dict[str, Any]) -> None:
        self.path.write_text(json.dumps(content, indent=1), encoding="utf-8")

    def ids(self, type_name: str) -> list[str]:
        """The ids of all objects of a type, oldest first."""
        objects = self._load()["objects"]
        return [id_ for id_, item in objects.items() if item["type"] == type_name]

    def get(self, kind: type[Resource], id_: str) -> Values | None:
        """An object in the server's words; ``None`` if it is not there."""
        item = self._load()["objects"].get(id_)
        if item is None:
            return None
        values: Values = from_json(item["values"].encode(), kind.object_type(), ignore_extra=True)
        return respell(kind, values)

    def find(self, kind: type[Resource], name: str) -> Values | None:
        """The object of that name."""
        for id_ in self.ids(kind.type_name):
            values = self.get(kind, id_)
            if values is not None and values.get("name") == name:
                return values
        return None

    def create(self, kind: type[Resource], planned: Values) -> Values:
        """Make an object, and return it in the server's words."""
        content = self._load()
        content["serial"] += 1
        id_ = f"{kind.type_name}-{content['serial']}"
        return self._put(kind, content, planned | {"id": id_})

    def replace(self, kind: type[Resource], id_: str, values: Values) -> Values:
        """Give an object new values, and return it in the server's words."""
        content = self._load()
        content["serial"] += 1
        return self._put(kind, content, values | {"id": id_})

    def _put(self, kind: type[Resource], content: dict[str, Any], values: Values) -> Values:
        decided = decide(kind, values, content["serial"])
        text = to_json(decided, kind.object_type()).decode()
        content["objects"][decided["id"]] = {"type": kind.type_name, "values": text}
        self._save(content)
        return respell(kind, decided)

    def delete(self, id_: str) -> None:
        """Remove an object, if it is there."""
        content = self._load()
        content["objects"].pop(id_, None)
        self._save(content)


def decide(declaration: type[Declaration], values: Values, serial: int) -> Values:
    """The values with everything decided that was unknown, and nothing kept that is write-only."""
    return {
        name: None if attribute.write_only else _decide(attribute.kind, values.get(name), serial)
        for name, attribute in declaration.attributes.items()
    }


def _decide(kind: Kind, value: Value, serial: int) -> Value:
    if isinstance(value, Unknown):
        return _invent(kind, serial)
    if isinstance(kind, NestedKind) and value is not None:
        return kind.map_objects(value, lambda item: decide(kind.nested, item, serial))
    return value


def _invent(kind: Kind, serial: int) -> Value:
    match kind:
        case Timestamp():
            return f"2030-01-01T00:00:{serial % 60:02d}Z"
        case Uuid():
            return f"00000000-0000-0000-0000-{serial:012x}"
        case Json():
            return json.dumps({"chosen": serial})
        case Bool():
            return True
        case Number():
            return serial
        case AnyValue():
            return Dynamic(STRING, f"chosen-{serial}")
        case ListOf() | SetOf():
            return [_invent(kind.element, serial)]
        case MapOf():
            return {"chosen": _invent(kind.element, serial)}
        case NestedKind():
            one = decide(kind.nested, dict.fromkeys(kind.nested.attributes, Unknown()), serial)
            return {"single": one, "map": {"chosen": one}}.get(kind.mode, [one])
    return f"chosen-{serial}"


def respell(declaration: type[Declaration], values: Values) -> Values:
    """The same values in other words."""
    return {
        name: _respell_attribute(attribute, values.get(name))
        for name, attribute in declaration.attributes.items()
    }


def quiet(declaration: type[Declaration], values: Values) -> Values:
    """The values as a server gives them that keeps silent: null for what null stands for."""
    said = {}
    for name, attribute in declaration.attributes.items():
        value = values.get(name)
        if isinstance(attribute.kind, NestedKind):
            nested = attribute.kind.nested
            value = attribute.kind.map_objects(value, partial(quiet, nested))
        said[name] = None if attribute.null_is is not UNSET and attribute.same(value, None) else value
    return said


def _respell_attribute(attribute: Attribute, value: Value) -> Value:
    if value is None and attribute.null_is is not UNSET:
        value = attribute.null_is
    return _respell(attribute.kind, value)


def _respell(kind: Kind, value: Value) -> Value:
    if value is None or isinstance(value, Unknown):
        return value
    match kind:
        case Json():
            return _spaced(_reversed(Json.load(value)))
        case Uuid():
            return value.upper()
        case Timestamp():
            return datetime.fromisoformat(value).astimezone(timezone(timedelta(hours=2))).isoformat()
        case ListOf():
            return [_respell(kind.element, item) for item in value]
        case SetOf():
            return [_respell(kind.element, item) for item in reversed(value)]
        case MapOf():
            return {key: _respell(kind.element, item) for key, item in reversed(value.items())}
        case NestedKind():
            done = kind.map_objects(value, lambda item: respell(kind.nested, item))
            return list(reversed(done)) if kind.mode == "set" else done
    return value


def _reversed(document: Any) -> Any:
    match document:
        case dict():
            return {key: _reversed(item) for key, item in reversed(document.items())}
        case list():
            return [_reversed(item) for item in document]
    return document


def _spaced(document: Any) -> str:
    """A document with spaces where ``jsonencode`` has none, and its keys in their order."""
    match document:
        case dict():
            return f"{{ {', '.join(f'{_spaced(key)} : {_spaced(item)}' for key, item in document.items())} }}"
        case list():
            return f"[ {', '.join(map(_spaced, document))} ]"
    return Json.dump(document)
