"""The job templates that a plan gives to work pools, for the deployments that are planned after them.

A pool that is still to be created, or that gets another template, has on the server none yet, or the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from prefect_provider.objects.mapping import plain
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.plugin.language.values import UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["note_template", "planned_template"]

_PLANNED: Final[WeakKeyDictionary[Any, dict[tuple[str, str], Any]]] = WeakKeyDictionary()


def note_template(client: Any, prefix: str, pool: Any, template: Any) -> None:
    """Note the template, as JSON text, that is planned for a pool; unknown where the server chooses it.

    ``prefix`` is that of the pool's `Scope`. To be called by the plan of each pool, with its planned values.
    """
    if client is not None and isinstance(pool, str):
        known = plain(Json.load(template)) if isinstance(template, str) else UNKNOWN
        _PLANNED.setdefault(client, {})[prefix, pool] = known


def planned_template(client: Any, prefix: str, pool: str) -> Mapping[str, Any] | Unknown | None:
    """What is planned; ``None`` if this process has not planned such a pool."""
    found: Mapping[str, Any] | Unknown | None = _PLANNED.get(client, {}).get((prefix, pool))
    return found
