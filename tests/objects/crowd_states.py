"""The state that Terraform has of a crowd, as a state file: what an apply of its configuration would have left."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Client, resolve
from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.planning import configured_names
from prefect_provider.plugin.wire.state_json import to_json
from tests.objects.terraform_core import explain, shown

if TYPE_CHECKING:
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values
    from tests.objects.crowds import Crowd

__all__ = ["state_of"]

_KINDS: Final[dict[str, type[Resource]]] = {
    kind.type_name.removeprefix("prefect_"): kind for kind in SERVER_RESOURCES
}


def state_of(crowd: Crowd, made: dict[str, list[dict[str, Any]]], api_url: str) -> dict[str, Any]:
    """The state file; ``made`` is what :meth:`.Crowd.settle` returned, and the objects are read by the provider."""
    read = asyncio.run(_read(crowd, made, api_url))
    resources = crowd.configuration()["resource"]
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "00000000-0000-4000-8000-000000000000",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": f"prefect_{kind}",
                "name": f"n{number}",
                "provider": 'provider["registry.terraform.io/prefect-iac/prefect"]',
                "instances": [
                    {
                        "schema_version": _KINDS[kind].schema_version,
                        "attributes": json.loads(to_json(values, _KINDS[kind].object_type())),
                        "sensitive_attributes": [],
                        "private": _private(_KINDS[kind], resources[f"prefect_{kind}"][f"n{number}"]),
                        "dependencies": crowd.references(kind, number),
                    }
                ],
            }
            for kind, states in read.items()
            for number, values in enumerate(states)
        ],
    }


def _private(kind: type[Resource], configured: Values) -> str:
    noted = configured_names(kind, dict.fromkeys(kind.attributes) | configured)
    return base64.b64encode(json.dumps({"own": {}, "configured": noted}).encode()).decode()


async def _read(crowd: Crowd, made: dict[str, list[dict[str, Any]]], api_url: str) -> dict[str, list[Values]]:
    gate = asyncio.Semaphore(32)
    async with Client(resolve({"endpoint": api_url}, {})) as client:

        async def refreshed(kind: type[Resource], held: Values) -> Values:
            async with gate:
                outcome = await lifecycle.refresh(kind, client, held, {}, explain)
            assert outcome.state is not None, shown(outcome.diagnostics)
            return outcome.state

        return {
            kind: await asyncio.gather(*(refreshed(_KINDS[kind], _held(crowd, kind, one)) for one in objects))
            for kind, objects in made.items()
        }


def _held(crowd: Crowd, kind: str, data: dict[str, Any]) -> Values:
    """Enough of an object's state to read it, with what the server does not say."""
    values: Values = dict.fromkeys(_KINDS[kind].attributes) | {"id": data["id"], "name": data["name"]}
    if kind == "work_queue":
        values["work_pool_name"] = data["work_pool_name"]
    if kind == "deployment":
        number = int(data["name"].rpartition("-")[2])
        flow = crowd.name("flow", crowd.referred("flow", number))
        values |= {"flow_id": data["flow_id"], "flow_name": flow}
    if kind == "block":
        values |= {"data": "{}", "type_slug": "secret"}
    return values
