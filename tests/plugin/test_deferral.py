"""A provider that is not configured yet puts off what needs its client, but only for a Terraform that allows that."""

from __future__ import annotations

import asyncio
from typing import Any

from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.wire.codec import encode
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from tests.plugin.toy.provider import Token, ToyProvider

ALLOWED = pb.ClientCapabilities(deferral_allowed=True)


def asked(name: str, **fields: Any) -> Any:
    """The answer of a provider whose configuration is not known."""
    request_type, response_type, handler = ProviderService(ToyProvider()).methods()[name]

    async def ask() -> Any:
        return await handler(request_type(**fields))

    answer = asyncio.run(ask())
    assert type(answer) is response_type
    return answer


def test_ephemeral_resources() -> None:
    """Deferred if that is allowed, else an error."""
    values = dict.fromkeys(Token.attributes) | {"name": "door"}
    config = pb.DynamicValue(msgpack=encode(values, Token.object_type()))
    answer = asked("OpenEphemeralResource", type_name="toy_token", config=config, client_capabilities=ALLOWED)
    assert answer.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
    assert not answer.diagnostics
    answer = asked("OpenEphemeralResource", type_name="toy_token", config=config)
    assert not answer.HasField("deferred")
    assert answer.diagnostics
