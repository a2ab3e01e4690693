"""Names and ids of flows, each asked for once by a process: no flow is ever renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import join_path
from prefect_provider.objects.answers import object_of, refuse_answer
from prefect_provider.objects.identity import Key
from prefect_provider.objects.made_here import note_made_here
from prefect_provider.objects.once import forget, know, once
from prefect_provider.plugin.language.kinds import String

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.api import Client, Scope

__all__ = [
    "FLOW_KEY",
    "find_flow",
    "find_or_create_flow",
    "forget_flow",
    "keys_with_flows",
    "name_of_flow",
    "note_flow",
]

FLOW_KEY = Key("{name}", path="/flows/name/{name}")
_COLLECTION = "/flows"


def note_flow(client: Client, scope: Scope, flow_id: str, name: str) -> None:
    """Remember the name of a flow that was read or made."""
    know(client, _named(scope, flow_id), name)


def forget_flow(client: Client, scope: Scope, flow_id: str, name: str) -> None:
    """The flow is deleted."""
    forget(client, _named(scope, flow_id))
    forget(client, _made(scope, name))


async def name_of_flow(client: Client, scope: Scope, flow_id: str) -> str | None:
    """The name of the flow with that id; ``None`` if there is none."""
    return await once(client, _named(scope, flow_id), _ask_name(scope, flow_id))


async def find_flow(scope: Scope, name: str) -> dict[str, Any] | None:
    """The flow of a name as it is now, asked for together with others."""
    flows = scope.collection(FLOW_KEY.listing(_COLLECTION))
    return await flows.find(name, path=join_path("flows", "name", name))


async def find_or_create_flow(client: Client, scope: Scope, name: str) -> str:
    """The id of the flow of that name, of which there is one from then on."""
    return await once(client, _made(scope, name), _find_or_create(client, scope, name))


async def keys_with_flows(
    client: Client, scope: Scope, deployments: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """The keys of deployments, which have the ids of their flows only."""
    import asyncio

    flows = await asyncio.gather(
        *(name_of_flow(client, scope, str(one.get("flow_id"))) for one in deployments)
    )
    return [
        {"flow_name": flow, "name": str(one.get("name"))}
        for flow, one in zip(flows, deployments, strict=True)
        if flow is not None
    ]


def _made(scope: Scope, name: str) -> tuple[str, str, str]:
    return ("flow named", scope.prefix, name)


async def _find_or_create(client: Client, scope: Scope, name: str) -> str:
    # A flow that exists is answered as it is.
    reply = await scope.post("/flows/", {"name": name}, retry="safe", inserts=True)
    if not isinstance(reply.data, dict) or not isinstance(reply.data.get("id"), str):
        refuse_answer("POST /flows/", "flow", ["`id` is missing"])
    flow_id: str = reply.data["id"]
    if reply.status == 201:
        note_made_here(flow_id, client, along=True)
    note_flow(client, scope, flow_id, name)
    return flow_id


def _named(scope: Scope, flow_id: str) -> tuple[str, str, str]:
    return ("flow", scope.prefix, flow_id.lower())


async def _ask_name(scope: Scope, flow_id: str) -> str | None:
    flow = await scope.collection(_COLLECTION).read(flow_id)
    if flow is None:
        return None
    return str(object_of(f"GET {_COLLECTION}/{flow_id}", "flow", flow, name=String())["name"])
