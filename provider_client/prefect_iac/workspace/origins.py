"""What a server makes by itself, which is nobody's to configure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["FIRST_QUEUE", "is_servers", "prefects_types"]

FIRST_QUEUE: Final = "default"
"""The queue that a server makes along with a pool."""

_AGENTS: Final = "default-agent-pool"
"""A pool that servers make for agents of Prefect 2."""

_PREFECTS_PICTURES: Final = (
    "https://cdn.sanity.io/images/3ugk85nk/",
    "https://raw.githubusercontent.com/PrefectHQ/",
)
"""Where the pictures are of the block types that Prefect and its integrations register by themselves."""


def prefects_types(types: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of the block types that Prefect and its integrations bring."""
    return frozenset(str(one.get("id")) for one in types if _is_prefects_type(one))


def is_servers(type_name: str, data: Mapping[str, Any], types: Collection[str]) -> bool:
    """Whether the server itself made it; ``types`` are the ids of the block types that Prefect brings."""
    match type_name:
        case "prefect_work_pool":
            return data.get("name") == _AGENTS
        case "prefect_work_queue":
            return data.get("name") == FIRST_QUEUE
        case "prefect_block_type":
            return str(data.get("id")) in types
        case "prefect_block_schema":
            return str(data.get("block_type_id")) in types
        case "prefect_block":
            return bool(data.get("is_anonymous"))
    return False


def _is_prefects_type(data: Mapping[str, Any]) -> bool:
    return bool(data.get("is_protected")) or str(data.get("logo_url")).startswith(_PREFECTS_PICTURES)
