"""A provider that is not configured yet puts off what needs its client, but only for a Terraform that allows that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from tests.plugin.toy.provider import Token, ToyProvider
from tests.plugin.toy.things import Thing, ThingData

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Declaration

ALLOWED = pb.ClientCapabilities(deferral_allowed=True)


def asked(name: str, **fields: Any) -> Any:
    """The answer of a provider whose configuration is not known."""
    request_type, response_type, handler = ProviderService(ToyProvider()).methods()[name]

    async def ask() -> Any:
        return await handler(request_type(**fields))

    answer = asyncio.run(ask())
    assert type(answer) is response_type
    return answer


def message(kind: type[Declaration], **values: Any) -> Any:
    """Values as a message."""
    return pb.DynamicValue(msgpack=encode(dict.fromkeys(kind.attributes) | values, kind.object_type()))


def test_reads() -> None:
    """An object stays as it is in the state, and keeps its private data; one that is looked up is not known yet."""
    state = message(Thing, name="a", id="toy_thing-1")
    fields = {"type_name": "toy_thing", "current_state": state, "private": b"{}"}
    answer = asked("ReadResource", **fields, client_capabilities=ALLOWED)
    assert answer.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
    assert (answer.new_state, answer.private, list(answer.diagnostics)) == (state, b"{}", [])
    assert asked("ReadResource", **fields).diagnostics
    config = message(ThingData, name="a")
    answer = asked("ReadDataSource", type_name="toy_thing", config=config, client_capabilities=ALLOWED)
    assert answer.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
    found = decode(answer.state.msgpack, ThingData.object_type())
    assert found == {"name": "a", "id": UNKNOWN, "text": UNKNOWN, "parts": UNKNOWN}
    assert asked("ReadDataSource", type_name="toy_thing", config=config).diagnostics


def test_imports() -> None:
    """The object is looked for later."""
    answer = asked("ImportResourceState", type_name="toy_thing", id="a", client_capabilities=ALLOWED)
    assert answer.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
    assert not answer.imported_resources
    answer = asked("ImportResourceState", type_name="toy_thing", id="a")
    assert not answer.HasField("deferred")
    assert answer.diagnostics


def test_plans_need_no_client() -> None:
    """A change is planned as it is without the permission, and as it was where Terraform sends what was planned first.

    Nothing is chosen by a plan, so there is nothing in the private data of the first that the second has to keep to.
    """
    config = message(Thing, name="a", text="t")
    nothing = pb.DynamicValue(msgpack=encode(None, Thing.object_type()))
    fields = {
        "type_name": "toy_thing",
        "prior_state": nothing,
        "proposed_new_state": config,
        "config": config,
    }
    plain = asked("PlanResourceChange", **fields)
    assert not plain.HasField("deferred")
    again = asked(
        "PlanResourceChange",
        **fields,
        planned_private=plain.planned_private,
        client_capabilities=pb.ClientCapabilities(deferral_allowed=True, store_planned_private=True),
    )
    assert again == plain


def test_ephemeral_resources() -> None:
    """Deferred if that is allowed, else an error."""
    config = message(Token, name="door")
    answer = asked("OpenEphemeralResource", type_name="toy_token", config=config, client_capabilities=ALLOWED)
    assert answer.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
    assert not answer.diagnostics
    answer = asked("OpenEphemeralResource", type_name="toy_token", config=config)
    assert not answer.HasField("deferred")
    assert answer.diagnostics
