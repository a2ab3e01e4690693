"""What ``terraform show -json <plan>`` prints: the state before the plan, and what is configured.

Terraform refreshes the state when it plans, so what it found changed is listed apart, and put back here: drift is
told against what Terraform knew before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.drift.shown import hidden_places, shown_objects
from prefect_iac.drift.stored_object import StateError, StoredObject, damaged, entries, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["is_plan", "planned_objects"]

_INDEX: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]')


def is_plan(document: Mapping[str, Any]) -> bool:
    """Whether a document is a plan rather than a state."""
    return any(name in document for name in ("planned_values", "resource_changes", "configuration"))


def planned_objects(plan: Mapping[str, Any]) -> Iterator[StoredObject]:
    """The managed objects as Terraform knew them before it planned, with what is configured of each.

    Raises :class:`~.stored_object.StateError` where the plan is damaged.
    """
    before = _before_refresh(plan)
    configured = _configured(field(plan, "configuration", dict, {}))
    for stored in shown_objects(field(plan, "prior_state", dict, {})):
        known = before.pop(stored.address, stored)
        if not stored.damage:
            known = known._replace(schema_version=stored.schema_version)
        yield known._replace(configured=configured.get(_INDEX.sub("", stored.address)))
    # What is left is gone from the server, as Terraform found out.
    yield from before.values()


def _before_refresh(plan: Mapping[str, Any]) -> dict[str, StoredObject]:
    """The objects that Terraform found changed, as they were."""
    found: dict[str, StoredObject] = {}
    for place, drifted in entries(plan, "resource_drift", ""):
        if isinstance(drifted, StoredObject):
            found[place] = drifted
            continue
        try:
            known = _as_it_was(drifted)
        except StateError as error:
            kind = drifted["type"] if isinstance(drifted.get("type"), str) else ""
            known = damaged(place, kind, str(error))
        if known is not None:
            found[known.address] = known
    return found


def _as_it_was(drifted: Mapping[str, Any]) -> StoredObject | None:
    change = field(drifted, "change", dict)
    before = change.get("before")
    if drifted.get("mode") != "managed" or "deposed" in drifted or before is None:
        return None
    return StoredObject(
        field(drifted, "address", str),
        field(drifted, "type", str),
        field(drifted, "provider_name", str, ""),
        None,
        field(change, "before", dict),
        shown=True,
        sensitive=hidden_places(change.get("before_sensitive"))
        | hidden_places(change.get("after_sensitive")),
    )


def _configured(configuration: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Which attributes are set, by address without indexes."""
    return dict(_of_module(field(configuration, "root_module", dict, {}), ""))


def _of_module(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    for _, resource in entries(module, "resources", ""):
        if isinstance(resource, StoredObject):
            continue
        address, expressions = resource.get("address"), resource.get("expressions")
        if isinstance(address, str) and isinstance(expressions, dict):
            set_names = (name for name, one in expressions.items() if one != {"constant_value": None})
            yield f"{prefix}{address}", frozenset(set_names)
    for name, call in field(module, "module_calls", dict, {}).items():
        inside = field(call, "module", dict, {}) if isinstance(call, dict) else {}
        yield from _of_module(inside, f"{prefix}module.{name}.")
