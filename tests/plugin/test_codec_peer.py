"""The codec against another implementation of Terraform's value encoding, where that one is installed."""

from __future__ import annotations

import pytest
from hypothesis import given

from prefect_provider.plugin.codec import decode, encode
from prefect_provider.plugin.types import STRING, Type, type_to_json
from prefect_provider.plugin.values import UNKNOWN, Unknown, Value
from tests.plugin.strategies import REFINEMENTS, same, typed_values

codec = pytest.importorskip("pyvider.cty.codec")
parser = pytest.importorskip("pyvider.cty.parser")


def through_peer(wire: bytes, type_: Type) -> bytes:
    """The bytes that the other implementation writes for the value that it reads."""
    cty_type = parser.parse_tf_type_to_ctytype(type_to_json(type_))
    written: bytes = codec.cty_to_msgpack(codec.cty_from_msgpack(wire, cty_type), cty_type)
    return written


@given(typed_values(unknowns=False, nulls=False))
def test_known_values(typed: tuple[Type, Value]) -> None:
    """Any known value means the same to the other implementation, and comes back from it unchanged."""
    type_, value = typed
    assert same(decode(through_peer(encode(value, type_), type_), type_), value, type_)


@pytest.mark.parametrize("unknown", [UNKNOWN, *map(Unknown, REFINEMENTS.values())])
def test_unknown(unknown: Unknown) -> None:
    """An unknown and its refinements have the same bytes in both implementations."""
    wire = encode(unknown, STRING)
    assert through_peer(wire, STRING) == wire
