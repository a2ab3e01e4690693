"""Values, states and private data, to and from the messages that carry them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.engine.identification import identity_type
from prefect_provider.plugin.engine.sensitivity import remember_secrets
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.plugin.wire.state_json import from_json

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Value, Values

__all__ = [
    "identity_message",
    "private_bytes",
    "read_identity",
    "read_json_object",
    "read_private",
    "read_values",
    "value_message",
]


def read_values(message: pb.DynamicValue, declaration: type[Declaration]) -> Values | None:
    """The values in a message; ``None`` where it says null."""
    type_ = declaration.object_type()
    if message.msgpack:
        value: Value = decode(message.msgpack, type_)
    elif message.json:
        value = from_json(message.json, type_, ignore_extra=False)
    else:
        value = None
    if not isinstance(value, dict):
        return None
    remember_secrets(declaration, value)
    return value


def read_json_object(data: bytes) -> dict[str, Any]:
    """A state as JSON, with all digits of its numbers."""
    document: dict[str, Any] = json.loads(data, parse_float=Decimal)
    return document


def value_message(values: Values | None, declaration: type[Declaration]) -> pb.DynamicValue:
    """The message for the values; null for ``None``."""
    return pb.DynamicValue(msgpack=encode(values, declaration.object_type()))


def read_identity(message: pb.ResourceIdentityData, kind: type[Resource]) -> Values | None:
    """The identity in a message; ``None`` where there is none."""
    data, type_ = message.identity_data, identity_type(kind)
    if data.msgpack:
        value: Value = decode(data.msgpack, type_)
    else:
        value = from_json(data.json, type_, ignore_extra=False) if data.json else None
    return value if isinstance(value, dict) else None


def identity_message(
    identity: Values | None,
    kind: type[Resource],
    otherwise: pb.ResourceIdentityData | None = None,
) -> pb.ResourceIdentityData | None:
    """The message for an identity; ``otherwise`` for ``None``: Terraform forgets one that it is not told again."""
    if identity is None:
        return otherwise if otherwise is not None and otherwise.HasField("identity_data") else None
    data = pb.DynamicValue(msgpack=encode(identity, identity_type(kind)))
    return pb.ResourceIdentityData(identity_data=data)


def read_private(data: bytes) -> dict[str, Any]:
    """Private data; empty where the state was written by another provider in a form of its own."""
    try:
        document = json.loads(data or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def private_bytes(private: dict[str, Any]) -> bytes:
    """What is to be stored of private data; nothing where there are only empty objects.

    Where there is more, they stay: a provider made with HashiCorp's framework that gets the state back drops private
    data that has an object in it, and fails over data that has an empty list and nothing else.
    """
    if all(value == {} for value in private.values()):
        return b""
    return json.dumps(private, separators=(",", ":"), sort_keys=True).encode()
