"""What must be true after an apply: what is in state is on the server, once, and nothing else; no secret was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.catalogue import SERVER_RESOURCES
from tests.faults.configurations import APART, SECRET
from tests.faults.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.environment.prefect_server import PrefectServer

__all__ = ["assert_same", "assert_secretive", "on_server"]

_LISTS: Final = {
    kind.type_name: f"{kind.collection or kind.by_id.removesuffix('/{id}')}/filter"
    for kind in SERVER_RESOURCES
    # A schedule is in the answer for its deployment.
    if kind.collection or kind.by_id
}
_LEFT: Final = ("default", "-left")
"""What comes with a pool, and flows that stay when the deployment that needed them goes."""


def on_server(server: PrefectServer, name: str) -> dict[str, list[str]]:
    """The ids of all objects that a trial can have made, by type."""
    found: dict[str, list[str]] = {}
    stems = (name, name.replace("-", "_"))
    for type_name, path in _LISTS.items():
        offset = 0
        while page := server.call("POST", path, {"limit": 200, "offset": offset}):
            offset += len(page)
            own = [one for one in page if _name(one).startswith(stems) and not _name(one).endswith(_LEFT)]
            found.setdefault(type_name, []).extend(one["id"] for one in own)
            if type_name == "prefect_deployment":
                apart = [one["schedules"] for one in own if one["name"].endswith(APART)]
                schedules = found.setdefault("prefect_deployment_schedule", [])
                schedules.extend(one["id"] for listed in apart for one in listed)
            if len(page) < 200:
                break
    return {type_name: sorted(ids) for type_name, ids in found.items() if ids}


def _name(data: Mapping[str, Any]) -> str:
    """What a trial named it; limits of tags have a tag, and schemas of blocks the name of their type."""
    return str(data.get("name") or data.get("tag") or (data.get("block_type") or {}).get("name") or "")


def assert_same(server: PrefectServer, name: str, in_state: Mapping[str, Iterable[str]]) -> None:
    """State and server have the same objects."""
    state = {type_name: sorted(ids) for type_name, ids in in_state.items() if ids}
    there = on_server(server, name)
    assert state == there, f"in state {state}, on the server {there}"


def assert_secretive(texts: Iterable[str]) -> None:
    """None of the texts shows a secret."""
    for text in texts:
        for secret in (SECRET, KEY, KEY.partition(":")[2]):
            at = text.find(secret)
            assert at < 0, f"a secret in: {text[max(0, at - 200) : at + 50]}"
