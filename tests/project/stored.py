"""What deployments and automations are on a server, field by field, without what every making of them changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

__all__ = ["plain", "remove_stored", "stored", "stored_ids"]

_OF_THE_SERVER: Final = frozenset(
    {"id", "created", "updated", "created_by", "updated_by", "last_polled", "status", "deployment_id"}
)
_IDS: Final = frozenset({"work_queue_id", "concurrency_limit_id", "version_id", "owner_resource"})
_SETS: Final = frozenset({"after", "expect", "for_each"})


def stored(server: PrefectServer, others: frozenset[str]) -> dict[str, Any]:
    """The deployments and automations by name, without ``others``; ids that they refer to are replaced by names."""
    deployments, automations = _all(server, "deployments"), _all(server, "automations")
    flows = {flow["id"]: f"<flow {flow['name']}>" for flow in _all(server, "flows")}
    names = {one["id"]: f"<deployment {one['name']}>" for one in deployments} | flows
    mine = {
        "deployments": [one for one in deployments if one["id"] not in others],
        "automations": [one for one in automations if one["id"] not in others],
    }
    text = json.dumps(mine)
    for identity, name in names.items():
        text = text.replace(identity, name)
    found: dict[str, Any] = {}
    for kind, listed in json.loads(text).items():
        for one in listed:
            called = f"{kind}: {one['name']}"
            assert called not in found
            found[called] = plain(one)
    return found


def stored_ids(server: PrefectServer) -> frozenset[str]:
    """The ids of all deployments, automations and flows."""
    return frozenset(
        one["id"] for kind in ("automations", "deployments", "flows") for one in _all(server, kind)
    )


def remove_stored(server: PrefectServer, others: frozenset[str]) -> None:
    """Delete all deployments, automations and flows but ``others``."""
    for kind in ("automations", "deployments", "flows"):
        for one in _all(server, kind):
            if one["id"] not in others:
                server.call("DELETE", f"/{kind}/{one['id']}")


def _all(server: PrefectServer, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = server.call("POST", f"/{kind}/filter", {"limit": 200, "offset": len(found)})
        found += page
        if len(page) < 200:
            return found


def plain(value: Any) -> Any:
    """What was stored, without what every making of it changes, and sets as sorted lists."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: sorted(item) if key in _SETS and isinstance(item, list) else plain(item)
        for key, item in value.items()
        if key not in _OF_THE_SERVER | _IDS
    }
