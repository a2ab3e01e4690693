"""Which deployments have a block as their storage or infrastructure: Prefect deletes them along with it.

The server has no filter for that, so all deployments are looked through, once for blocks that ask at about the same
time.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from prefect_provider.objects.answers import refuse_answer

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope

__all__ = ["deployments_using"]

_PAGE: Final = 200
_FRESH: Final = 5.0
"""Seconds for which a look at all deployments serves; what it finds is asked for again one by one."""

_ROLES: Final = ("storage_document_id", "infrastructure_document_id")


class _Look(NamedTuple):
    began: float
    found: asyncio.Task[dict[str, list[str]]]
    """The ids of deployments by the id of the block that they use."""


_LOOKS: Final[WeakKeyDictionary[Client, dict[str, _Look]]] = WeakKeyDictionary()


async def deployments_using(client: Client, scope: Scope, block_id: str) -> list[dict[str, Any]]:
    """The deployments that use a block now; raises ApiError."""
    looks = _LOOKS.setdefault(client, {})
    look = looks.get(scope.prefix)
    now = time.monotonic()
    if look is None or now - look.began > _FRESH or (look.found.done() and look.found.exception()):
        look = looks[scope.prefix] = _Look(now, asyncio.create_task(_look(scope)))
    ids = (await asyncio.shield(look.found)).get(block_id.lower(), [])
    deployments = [await scope.collection("/deployments").read(id_) for id_ in ids]
    return [one for one in deployments if one is not None and block_id.lower() in _blocks(one)]


async def _look(scope: Scope) -> dict[str, list[str]]:
    uses: dict[str, list[str]] = {}
    offset = 0
    while True:
        body = {"limit": _PAGE, "offset": offset, "sort": "CREATED_DESC"}
        page = (await scope.post("/deployments/filter", body)).data
        if not isinstance(page, list) or not all(isinstance(one, dict) and one.get("id") for one in page):
            refuse_answer("POST /deployments/filter", "list of deployments", ["`id` is missing"])
        for deployment in page:
            for block in _blocks(deployment):
                uses.setdefault(block, []).append(deployment["id"])
        offset += _PAGE
        if len(page) < _PAGE:
            return uses


def _blocks(deployment: dict[str, Any]) -> set[str]:
    return {str(deployment[role]).lower() for role in _ROLES if deployment.get(role)}
