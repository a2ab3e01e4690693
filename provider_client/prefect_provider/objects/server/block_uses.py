"""Which deployments have a block as their storage or infrastructure: Prefect deletes them along with it.

So it does where the block goes with its type or its schema.

The server has no filter for that, so all deployments are looked through, once for blocks that ask at about the same
time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.cascades import Dependents, Loss
from prefect_provider.objects.existing import going_ids
from prefect_provider.objects.snapshots import everything

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Client, Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["deployments_using", "lost_with_block", "lost_with_blocks"]

_FRESH: Final = 5.0
"""Seconds for which a look at all deployments serves; what it finds is asked for again one by one."""

_WOULD: Final = Dependents("deployments", "would delete")
_DOES: Final = Dependents("deployments", "deletes")

_ROLES: Final = ("storage_document_id", "infrastructure_document_id")


async def deployments_using(client: Client, scope: Scope, *block_ids: str) -> list[dict[str, Any]]:
    """The deployments that use one of the blocks now; raises ApiError."""
    everyone = await everything(client, scope, "/deployments", fresh=_FRESH) if block_ids else None
    if everyone is None:
        return []
    ids = {one["id"] for role in _ROLES for block in block_ids for one in everyone.of({role: block})}
    deployments = [await scope.collection("/deployments").read(id_) for id_ in sorted(ids)]
    wanted = {block.lower() for block in block_ids}
    return [one for one in deployments if one is not None and not wanted.isdisjoint(_blocks(one))]


def _blocks(deployment: dict[str, Any]) -> set[str]:
    return {str(deployment[role]).lower() for role in _ROLES if deployment.get(role)}


async def lost_with_block(resource: RemoteObject, prior: Values) -> list[Loss]:
    """The deployments that would go with a block; raises nothing."""
    return await _lost(resource, prior, _WOULD, {"id": str(prior["id"])})


async def lost_with_blocks(resource: RemoteObject, prior: Values, owner: str) -> list[Loss]:
    """The deployments that go with the blocks of a type, or of a schema, to which ``owner`` of a block refers.

    Raises nothing.
    """
    return await _lost(resource, prior, _DOES, {owner: str(prior["id"])})


async def _lost(
    resource: RemoteObject, prior: Values, what: Dependents, blocks: Mapping[str, str]
) -> list[Loss]:
    client = resource.client
    if client is None:
        return []
    scope, ids = resource.scope(prior), [blocks["id"]] if "id" in blocks else []
    try:
        if not ids and (found := await everything(client, scope, "/block_documents", fresh=_FRESH)):
            ids = [str(one["id"]) for one in found.of(blocks)]
        used_by = await deployments_using(client, scope, *ids)
    except ApiError as error:
        return [Loss(what, None, reason=str(error))]
    going = going_ids(client, "prefect_deployment")
    stay = [str(one["name"]) for one in used_by if one["id"].lower() not in going]
    return [Loss(what, len(stay), tuple(stay))] if stay else []
