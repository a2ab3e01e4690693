"""Requests by kind: their method and path, the same for each object."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.environment.fault_proxy import Exchange

__all__ = ["by_kind", "kind_of"]

_BEFORE_NAMES: Final = ("name", "queues", "slug", "work_pools")
"""Parts of a path that a name follows."""


def kind_of(method: str, path: str) -> str:
    """Method and path with placeholders for ids and names: ``GET /flows/{id}``."""
    shown: list[str] = []
    for part in path.removeprefix("/api").split("/"):
        is_name = (shown and shown[-1] in _BEFORE_NAMES) or shown[-2:] == ["name", "{name}"]
        if is_uuid(part):
            shown.append("{id}")
        elif is_name and part not in ("", "filter"):
            shown.append("{name}")
        else:
            shown.append(part)
    return f"{method} {'/'.join(shown)}"


def by_kind(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """How many requests there were of each kind, most first; with the status where it is one of failure."""
    counted = Counter(
        kind_of(one.method, one.path) + ("" if 200 <= one.status < 300 else f" ({one.status})")
        for one in exchanges
    )
    return dict(counted.most_common())
