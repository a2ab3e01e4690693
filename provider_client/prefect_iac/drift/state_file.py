"""The state file, version 4: what a backend stores, and ``terraform state pull`` prints."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from prefect_iac.plan.stored_object import StateError, StoredObject, damaged, entries, field, json_kind
from prefect_provider.text import json
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.text.path import Path

__all__ = ["stored_objects"]


def stored_objects(document: Mapping[str, Any]) -> Iterator[StoredObject]:
    """The managed objects, in their order; what cannot be read is among them, with its damage.

    Raises :class:`StateError` where there is no list of resources.
    """
    for place, resource in entries(document, "resources", ""):
        if isinstance(resource, StoredObject):
            yield resource
        else:
            yield from _instances(resource, place)


def _instances(resource: Mapping[str, Any], place: str) -> Iterator[StoredObject]:
    named = resource.get("type")
    kind = named if isinstance(named, str) else ""
    try:
        if field(resource, "mode", str) != "managed":
            return
        kind = field(resource, "type", str)
        name = field(resource, "name", str)
        address = ".".join(filter(None, (field(resource, "module", str, ""), kind, name)))
        for _, instance in entries(resource, "instances", f"{place}."):
            if isinstance(instance, StoredObject):
                yield instance._replace(address=address, type=kind, provider=_source(resource))
            elif instance.get("deposed") is None:
                yield _instance(address, kind, _source(resource), instance)
    except StateError as error:
        yield damaged(place, kind, str(error))


def _instance(address: str, kind: str, provider: str, instance: Mapping[str, Any]) -> StoredObject:
    if "index_key" in instance:
        address += f"[{json.write(instance['index_key'])}]"
    try:
        return StoredObject(
            address,
            kind,
            provider,
            field(instance, "schema_version", int, 0),
            field(instance, "attributes", dict, {}),
            shown=False,
            configured=_configured(instance.get("private")),
            sensitive=_sensitive(instance.get("sensitive_attributes")),
        )
    except StateError as error:
        return damaged(address, kind, str(error))._replace(provider=provider)


def _source(resource: Mapping[str, Any]) -> str:
    """The source in ``module.a.provider["<source>"].alias``."""
    provider = resource.get("provider")
    return provider.partition('["')[2].partition('"]')[0] if isinstance(provider, str) else ""


def _configured(private: Any) -> frozenset[str] | None:
    """What this provider noted beside the attributes; ``None`` without such a note, as beside an imported object."""
    try:
        document = json.parse(base64.b64decode(private or ""))
    except (TypeError, ValueError):
        return None
    names = document.get("configured") if isinstance(document, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return frozenset(names)


def _sensitive(paths: Any) -> frozenset[Path]:
    """The paths that Terraform wrote in the notation of its language; one that cannot be read hides everything."""
    if paths is None:
        return frozenset()
    if not isinstance(paths, list):
        msg = (
            f"the state is damaged: {expectation('a JSON array as `sensitive_attributes`', json_kind(paths))}"
        )
        raise StateError(msg)
    return frozenset(_path(path) for path in paths)


def _path(steps: Any) -> Path:
    path: list[str | int] = []
    for step in steps if isinstance(steps, list) else ():
        value = step.get("value") if isinstance(step, dict) else None
        if isinstance(value, dict):
            value = value.get("value")
        # What is below a place that cannot be named is hidden together with it.
        if isinstance(value, bool) or not isinstance(value, str | int):
            break
        path.append(value)
    return tuple(path)
