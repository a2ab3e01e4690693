"""What ``terraform show -json <plan>`` prints: the state before the plan, and what is configured.

Terraform refreshes the state when it plans, so what it found changed is listed apart, and put back here: drift is
told against what Terraform knew before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.plan.references import References
from prefect_iac.plan.shown import hidden_places, shown_objects
from prefect_iac.plan.stored_object import StateError, StoredObject, damaged, entries, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["planned_objects"]

_INDEX: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]')


def planned_objects(plan: Mapping[str, Any]) -> Iterator[StoredObject]:
    """The managed objects as Terraform knew them before it planned, with what is configured of each.

    Raises :class:`StateError` where the plan is damaged.
    """
    before = _before_refresh(plan)
    configured = References(field(plan, "configuration", dict, {})).configured()
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
