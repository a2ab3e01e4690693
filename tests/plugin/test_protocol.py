"""The compiled protocol descriptions."""

from __future__ import annotations

import subprocess
import sys

import compile_protocol
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb


def test_what_is_committed_is_what_the_compiler_writes() -> None:
    """The generated modules and stubs belong to the descriptions beside them."""
    stale = [
        path.name
        for path, text in compile_protocol.compile_protocol().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]

    assert stale == [], "run scripts/compile_protocol.py"


def test_the_numbers_on_the_wire() -> None:
    """A message has the bytes that Terraform's own description of the protocol gives it."""
    response = pb.PlanResourceChange.Response(
        planned_state=pb.DynamicValue(msgpack=b"\xc0"),
        requires_replace=[pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name="a")])],
        planned_private=b"p",
        legacy_type_system=True,
    )

    assert response.SerializeToString().hex() == "0a030a01c0" + "12050a030a0161" + "1a0170" + "2801"


def test_an_unset_number_differs_from_zero() -> None:
    """The argument that a function blames may be the first one, or none."""
    assert not pb.FunctionError(text="x").HasField("function_argument")
    assert pb.FunctionError.FromString(
        pb.FunctionError(text="x", function_argument=0).SerializeToString()
    ).HasField("function_argument")


def test_newer_fields_are_skipped() -> None:
    """What a newer Terraform adds to a message does not disturb the rest."""
    data = pb.ReadResource.Request(type_name="x").SerializeToString() + b"\xfa\x07\x01y"  # field 127

    assert pb.ReadResource.Request.FromString(data).type_name == "x"


def test_the_generated_modules_load_without_a_warning() -> None:
    """The installed protobuf runtime takes the generated code as it is."""
    code = "from prefect_provider.plugin.wire.protocol import tfplugin6_pb2, go_plugin_pb2"

    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=120)
