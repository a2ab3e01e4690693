"""Which deployments have a block as their storage or infrastructure: Prefect deletes them along with it.

The server has no filter for that, so all deployments are looked through, once for blocks that ask at about the same
time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.snapshots import everything

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["deployments_using"]

_FRESH: Final = 5.0
"""Seconds for which a look at all deployments serves; what it finds is asked for again one by one."""

_ROLES: Final = ("storage_document_id", "infrastructure_document_id")


async def deployments_using(client: Client, scope: Scope, block_id: str) -> list[dict[str, Any]]:
    """The deployments that use a block now; raises ApiError."""
    everyone = await everything(client, scope, "/deployments", fresh=_FRESH)
    ids = {one["id"] for role in _ROLES for one in (everyone.of({role: block_id}) if everyone else ())}
    deployments = [await scope.collection("/deployments").read(id_) for id_ in sorted(ids)]
    return [one for one in deployments if one is not None and block_id.lower() in _blocks(one)]


def _blocks(deployment: dict[str, Any]) -> set[str]:
    return {str(deployment[role]).lower() for role in _ROLES if deployment.get(role)}
