"""States that releases wrote: recorded by `scripts/record_states.py`, and brought to the objects of another server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.stored_schema import stored_schema
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["STATES", "breaks", "moved", "releases", "schemas"]

STATES: Final = ROOT / "tests" / "terraform" / "states"

# What every server chooses anew.
_OWN: Final = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)"
)


def releases() -> list[Path]:
    """The directories of all releases whose states are recorded, oldest first."""
    found = [path for path in STATES.iterdir() if path.is_dir()]
    return sorted(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path.name)])


def schemas() -> dict[str, Any]:
    """For each resource type: the version of its schema, and the Terraform type of each attribute that a state has."""
    answer = pb.GetProviderSchema.Response.FromString(stored_schema())
    return {
        name: {
            "version": schema.version,
            "attributes": dict(sorted(_types(schema.block.attributes, "").items())),
        }
        for name, schema in sorted(answer.resource_schemas.items())
    }


def _types(attributes: Any, prefix: str) -> dict[str, str]:
    found = {}
    for attribute in attributes:
        path = f"{prefix}{attribute.name}"
        if attribute.HasField("nested_type"):
            nesting = pb.Schema.Object.NestingMode.Name(attribute.nested_type.nesting).lower()
            found[path] = f"nested {nesting}"
            found |= _types(attribute.nested_type.attributes, f"{path}.")
        else:
            found[path] = attribute.type.decode()
    return found


def breaks(recorded: dict[str, Any], current: dict[str, Any]) -> list[str]:
    """What of a recorded schema is gone or of another type, though the version is the same; a sentence each.

    Attributes may be added freely: a state that lacks one reads as if it were null.
    """
    found = []
    for name, before in recorded.items():
        now = current.get(name)
        if now is None:
            found.append(f"{name} is gone: states that have one can no longer be read")
            continue
        if now["version"] < before["version"]:
            found.append(
                f"{name}: expected schema version {before['version']} or higher, got {now['version']}"
            )
        if now["version"] != before["version"]:
            continue
        for path, kind in before["attributes"].items():
            got = now["attributes"].get(path)
            if got != kind:
                found.append(
                    f"{name}.{path}: expected {kind}, got {got or 'no such attribute'}; raise schema_version "
                    "and write `upgrade`"
                )
    return found


def moved(recorded: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    """A recorded state, with the ids and times that another server gave the same objects; the rest is as recorded."""
    instances = {_address(one): one["instances"][0]["attributes"] for one in fresh["resources"]}
    ids: dict[str, str] = {}
    state: dict[str, Any] = json.loads(json.dumps(recorded))
    for one in state["resources"]:
        _collect(one["instances"][0]["attributes"], instances[_address(one)], ids)
    for one in state["resources"]:
        one["instances"][0]["attributes"] = _replaced(one["instances"][0]["attributes"], ids)
    return state | {"lineage": fresh["lineage"], "serial": fresh["serial"] + 1}


def _address(resource: dict[str, Any]) -> str:
    return f"{resource['type']}.{resource['name']}"


def _collect(before: Any, now: Any, ids: dict[str, str]) -> None:
    """Note which text of one's own stands for which on the other server."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in before.keys() & now.keys():
            _collect(before[name], now[name], ids)
    elif isinstance(before, list) and isinstance(now, list):
        for one, other in zip(before, now, strict=False):
            _collect(one, other, ids)
    elif isinstance(before, str) and isinstance(now, str) and _OWN.fullmatch(before) and _OWN.fullmatch(now):
        ids[before] = now


def _replaced(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(item, ids) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, ids) for item in value]
    if isinstance(value, str):
        return _OWN.sub(lambda found: ids.get(found[0], found[0]), value)
    return value
