"""The service: every RPC of the protocol answers, whatever it is asked."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.service.reporting import reporting_stream
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from tests.plugin.toy.provider import ToyProvider
from tests.plugin.toy.things import Thing
from tests.plugin.toy.trouble import Faulty

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable
    from pathlib import Path

    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values


class Toy:
    """The toy's service, called as Terraform calls it."""

    def __init__(self, path: Path) -> None:
        self.methods = ProviderService(ToyProvider()).methods()
        config = encode({"store": str(path)}, ToyProvider.object_type())
        answer = self.call("ConfigureProvider", config=pb.DynamicValue(msgpack=config))
        assert not answer.diagnostics

    def call(self, name: str, /, **fields: Any) -> Any:
        """The answer to a request, which must be one of its type."""
        request_type, response_type, handler = self.methods[name]
        answer: Any = asyncio.run(_answer(handler(request_type(**fields))))
        assert type(answer) is response_type
        return answer

    def apply(self, kind: type[Resource], prior: Values | None, config: Values, private: bytes = b"") -> Any:
        """Plan and apply."""
        before, written = value(kind, prior), value(kind, dict.fromkeys(kind.attributes) | config)
        plan = self.call(
            "PlanResourceChange",
            type_name=kind.type_name,
            prior_state=before,
            proposed_new_state=written,
            config=written,
            prior_private=private,
        )
        assert not plan.diagnostics
        return self.call(
            "ApplyResourceChange",
            type_name=kind.type_name,
            prior_state=before,
            planned_state=plan.planned_state,
            config=written,
            planned_private=plan.planned_private,
        )


async def _answer(work: Awaitable[Any]) -> Any:
    return await work


def value(kind: type[Resource], values: Values | None) -> Any:
    """Values as a message."""
    return pb.DynamicValue(msgpack=encode(values, kind.object_type()))


def values(kind: type[Resource], message: Any) -> Values:
    """A message as values."""
    decoded: Values = decode(message.msgpack, kind.object_type())
    return decoded


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    """A configured toy."""
    return Toy(tmp_path / "store.json")


def test_the_schema_may_be_kept_and_names_everything(toy: Toy) -> None:
    """Metadata and schema list the same names, and allow Terraform to ask but once."""
    metadata, schema = toy.call("GetMetadata"), toy.call("GetProviderSchema")
    assert schema.server_capabilities.get_provider_schema_optional
    assert schema.server_capabilities.move_resource_state
    assert metadata.server_capabilities == schema.server_capabilities
    assert {item.type_name for item in metadata.resources} == set(schema.resource_schemas)
    assert set(schema.resource_schemas) == {"toy_thing", "toy_faulty", "toy_slow"}
    assert (
        set(schema.data_source_schemas) == {item.type_name for item in metadata.data_sources} == {"toy_thing"}
    )
    assert set(schema.ephemeral_resource_schemas) == {"toy_token"}
    assert (
        set(schema.functions) == set(toy.call("GetFunctions").functions) == {"upper", "glue", "half", "same"}
    )
    assert schema.resource_schemas["toy_thing"].version == 1


@pytest.mark.parametrize(
    "name",
    [
        "ValidateResourceConfig",
        "UpgradeResourceState",
        "ReadResource",
        "PlanResourceChange",
        "ApplyResourceChange",
        "ImportResourceState",
        "ValidateDataResourceConfig",
        "ReadDataSource",
        "ValidateEphemeralResourceConfig",
        "OpenEphemeralResource",
        "RenewEphemeralResource",
        "CloseEphemeralResource",
    ],
)
def test_an_unknown_type_is_a_diagnostic(toy: Toy, name: str) -> None:
    """A type that the provider does not have is answered with those that it has."""
    (diagnostic,) = toy.call(name, type_name="toy_ghost").diagnostics
    assert "`toy_ghost`" in diagnostic.summary
    assert "It has: toy_" in diagnostic.detail


def test_bytes_that_are_no_value_are_a_diagnostic(toy: Toy) -> None:
    """A message that cannot be read is an error that names the call, and the state stays as it was."""
    broken = pb.DynamicValue(msgpack=b"\xc1")
    answer = toy.call("ReadResource", type_name="toy_thing", current_state=broken)
    assert "toy_thing" in answer.diagnostics[0].summary
    assert answer.new_state == broken
    answer = toy.call("ApplyResourceChange", type_name="toy_thing", prior_state=broken, planned_private=b"{}")
    assert answer.diagnostics
    assert answer.new_state == broken
    assert answer.private == b"{}"


def test_an_object_lives(toy: Toy) -> None:
    """Created, read, updated and deleted through messages alone."""
    made = toy.apply(Thing, None, {"name": "a", "text": "t", "quota": 3})
    state = values(Thing, made.new_state)
    assert json.loads(made.private) == {"configured": ["quota"], "own": {"writes": 1}}
    read = toy.call("ReadResource", type_name="toy_thing", current_state=made.new_state, private=made.private)
    assert (read.new_state, read.private) == (made.new_state, made.private)
    after = toy.apply(Thing, state, {"name": "a", "text": "u"}, made.private)
    assert values(Thing, after.new_state)["quota"] == 10
    nothing = value(Thing, None)
    gone = toy.call(
        "ApplyResourceChange",
        type_name="toy_thing",
        prior_state=after.new_state,
        planned_state=nothing,
        config=nothing,
    )
    assert gone.new_state == nothing
    gone = toy.call("ReadResource", type_name="toy_thing", current_state=after.new_state)
    assert gone.new_state == nothing


def test_a_value_of_the_wrong_type_does_not_lose_the_object(toy: Toy) -> None:
    """What a handler returned wrongly becomes null with an error; the rest of the object is stored."""
    answer = toy.apply(Faulty, None, {"fault": "create ill-typed"})
    (diagnostic,) = answer.diagnostics
    assert diagnostic.summary == "toy_faulty returned a wrong value for `token`"
    state = values(Faulty, answer.new_state)
    assert state["id"] == "toy_faulty-1"
    assert state["token"] is None


def test_a_state_of_the_same_version_is_read_leniently(toy: Toy) -> None:
    """Attributes that are gone are dropped, those that are new are null."""
    raw = json.dumps({"name": "a", "gone": 1, "whole": "5"}).encode()
    answer = toy.call(
        "UpgradeResourceState", type_name="toy_thing", version=1, raw_state=pb.RawState(json=raw)
    )
    state = values(Thing, answer.upgraded_state)
    assert (state["name"], state["whole"], state["text"]) == ("a", 5, None)


def test_functions_answer_and_fail_by_argument(toy: Toy) -> None:
    """A wrong argument is reported by its position, also when there are too many; an unknown function by name."""

    def arguments(*texts: str) -> list[Any]:
        return [pb.DynamicValue(msgpack=encode(text, STRING)) for text in texts]

    answer = toy.call("CallFunction", name="glue", arguments=arguments("-", "a", "b"))
    assert decode(answer.result.msgpack, STRING) == "a-b"
    answer = toy.call("CallFunction", name="glue", arguments=arguments("-", "a", "b-"))
    assert answer.error.function_argument == 2
    answer = toy.call("CallFunction", name="upper", arguments=arguments("a", "b"))
    assert (answer.error.text, answer.error.function_argument) == ("upper takes 1 arguments", 1)
    answer = toy.call("CallFunction", name="ghost")
    assert "`ghost`" in answer.error.text


def test_stopping_is_answered(toy: Toy) -> None:
    """A provider that has nothing to stop says so without an error."""
    assert toy.call("StopProvider").Error == ""


def test_a_stream_that_fails_ends_with_an_error() -> None:
    """What a stream gave before it failed is kept, and the failure is an event in the form of its RPC."""

    async def fail(_: Any) -> AsyncGenerator[Any, None]:
        yield "the first"
        msg = "no more"
        raise ValueError(msg)

    async def events(name: str, request: Any) -> list[Any]:
        return [event async for event in reporting_stream(name, fail)(request)]

    first, last = asyncio.run(events("ListResource", pb.ListResource.Request(type_name="toy_thing")))
    assert first == "the first"
    [error] = last.diagnostic
    assert (error.severity, error.summary) == (pb.Diagnostic.ERROR, "Unexpected error in toy_thing")
    assert "ListResource: ValueError: no more" in error.detail
    _, last = asyncio.run(events("InvokeAction", pb.InvokeAction.Request(action_type="toy_act")))
    assert last.WhichOneof("type") == "completed"
    assert [error.summary for error in last.completed.diagnostics] == ["Unexpected error in toy_act"]


def test_a_stream_that_nobody_reads_any_more_is_closed() -> None:
    """What a stream holds open is closed as soon as Terraform has enough."""
    closed: list[bool] = []

    async def endless(_: Any) -> AsyncGenerator[Any, None]:
        try:
            while True:
                yield "one more"
        finally:
            closed.append(True)

    async def read_one() -> None:
        events: Any = reporting_stream("ListResource", endless)(pb.ListResource.Request())
        assert await anext(events) == "one more"
        await events.aclose()
        assert closed == [True]

    asyncio.run(read_one())
