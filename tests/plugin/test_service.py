"""The service: every RPC of the protocol answers, whatever it is asked."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.plugin.engine.identification import identity_type
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.service.reporting import reporting_stream
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from tests.plugin.toy.provider import ToyProvider
from tests.plugin.toy.things import Part, Thing, ThingList
from tests.plugin.toy.trouble import Faulty

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable
    from pathlib import Path

    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

LISTED = ThingList.object_type()


class Toy:
    """The toy's service, called as Terraform calls it."""

    def __init__(self, path: Path, provider: ToyProvider | None = None) -> None:
        self.path = path
        service = ProviderService(provider or ToyProvider())
        self.methods, self.streams = service.methods(), service.streams()
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


def identity(message: Any) -> Any:
    """An identity message as values."""
    if not message.HasField("identity_data"):
        return None
    return decode(message.identity_data.msgpack, identity_type(Thing))


def identified(values_: Values) -> Any:
    """An identity as a message."""
    data = pb.DynamicValue(msgpack=encode(values_, identity_type(Thing)))
    return pb.ResourceIdentityData(identity_data=data)


def test_every_answer_has_the_identity(toy: Toy) -> None:
    """Only an object that is to be made has none yet; whatever Terraform holds of one that it replaces."""
    written = value(Thing, dict.fromkeys(Thing.attributes) | {"name": "a"})
    nothing = value(Thing, None)
    plan = toy.call(
        "PlanResourceChange",
        type_name="toy_thing",
        prior_state=nothing,
        proposed_new_state=written,
        config=written,
        prior_identity=identified({"id": "toy-of-before"}),
    )
    assert identity(plan.planned_identity) is None

    made = toy.apply(Thing, None, {"name": "a"})
    assert not made.diagnostics
    known = {"id": values(Thing, made.new_state)["id"]}
    assert identity(made.new_identity) == known

    read = toy.call("ReadResource", type_name="toy_thing", current_state=made.new_state)
    assert identity(read.new_identity) == known

    change = {"type_name": "toy_thing", "prior_state": made.new_state, "config": written}
    plan = toy.call("PlanResourceChange", proposed_new_state=written, **change)
    assert identity(plan.planned_identity) == known
    plan = toy.call("PlanResourceChange", proposed_new_state=nothing, **change)
    assert identity(plan.planned_identity) == known

    imported = toy.call("ImportResourceState", type_name="toy_thing", identity=identified(known))
    [found] = imported.imported_resources
    assert identity(found.identity) == known
    assert values(Thing, found.state)["name"] == "a"

    gone = toy.call("ApplyResourceChange", planned_state=nothing, **change)
    assert not gone.diagnostics
    assert identity(gone.new_identity) is None
    read = toy.call(
        "ReadResource",
        type_name="toy_thing",
        current_state=made.new_state,
        current_identity=identified(known),
    )
    assert values(Thing, made.new_state)
    assert identity(read.new_identity) is None


def test_an_error_does_not_lose_the_identity(toy: Toy) -> None:
    """After a read or an update that failed Terraform is told the identity that it has."""
    made = toy.apply(Faulty, None, {"name": "a", "fault": ""})
    state = values(Faulty, made.new_state)
    failing = value(Faulty, state | {"fault": "read crash"})
    for current in (failing, pb.DynamicValue(msgpack=b"\xc1")):
        read = toy.call(
            "ReadResource",
            type_name="toy_faulty",
            current_state=current,
            current_identity=made.new_identity,
        )
        assert read.new_state == current
        assert [error.severity for error in read.diagnostics] == [pb.Diagnostic.ERROR]
        assert read.new_identity == made.new_identity
    failed = toy.apply(Faulty, state, {"name": "b", "fault": "update crash"})
    assert [error.severity for error in failed.diagnostics] == [pb.Diagnostic.ERROR]
    assert failed.new_identity == made.new_identity
    half = toy.apply(Faulty, None, {"name": "c", "fault": "create partial"})
    assert identity(half.new_identity) == {"id": values(Faulty, half.new_state)["id"]}
    never = toy.apply(Faulty, None, {"name": "d", "fault": "create crash"})
    assert identity(never.new_identity) is None


def test_an_identity_that_is_none_is_refused_before_anything_is_looked_up(toy: Toy) -> None:
    """What names the object must be there."""
    answer = toy.call("ImportResourceState", type_name="toy_thing", identity=identified({"id": None}))
    [error] = answer.diagnostics
    assert (error.summary, error.detail) == ("Incomplete identity of toy_thing", "Expected `id`, got none.")


def test_identities_have_schemas_and_are_upgraded(toy: Toy) -> None:
    """Each resource that names its objects has a schema; an older identity is rewritten, a newer one refused."""
    schemas = toy.call("GetResourceIdentitySchemas").identity_schemas
    assert set(schemas) == {"toy_thing", "toy_faulty", "toy_slow"}
    [id_] = schemas["toy_thing"].identity_attributes
    assert (id_.name, id_.type, id_.required_for_import) == ("id", b'"string"', True)

    class Newer(Thing):
        """A thing whose identity was once a number."""

        identity_version = 2

        @classmethod
        def upgrade_identity(cls, version: int, identity: dict[str, Any]) -> dict[str, Any]:
            """Version 1 called it a number."""
            return {"id": f"toy-{identity['number']}"} if version == 1 else identity

    class NewerToy(ToyProvider):
        """The toy of later."""

        def resources(self) -> tuple[type[Resource], ...]:
            """Only these."""
            return (Newer,)

    later = Toy(toy.path, NewerToy())
    for version, stored in ((1, {"number": 7}), (2, {"id": "toy-7"})):
        raw = pb.RawState(json=json.dumps(stored).encode())
        answer = later.call(
            "UpgradeResourceIdentity", type_name="toy_thing", version=version, raw_identity=raw
        )
        assert identity(answer.upgraded_identity) == {"id": "toy-7"}
    answer = later.call("UpgradeResourceIdentity", type_name="toy_thing", version=3, raw_identity=raw)
    assert [error.summary for error in answer.diagnostics] == [
        "The identity of this toy_thing is newer than the provider"
    ]


def test_configuration_is_generated_without_what_says_nothing(toy: Toy) -> None:
    """What equals its default, or what leaving it out resets it to, is left out at every depth; the rest is there."""
    part = {
        "label": "x",
        "weight": 1,
        "tags": [],
        "note": "heavy",
        "core": {"material": "wood", "density": 2},
    }
    made = toy.apply(
        Thing,
        None,
        {
            "name": "a",
            "kind": "plain",
            "note": "",
            "text": "text",
            "marks": [],
            "quota": 10,
            "priority": 4,
            "parts": [dict.fromkeys(Part.attributes) | part],
            "secret": "hush",
        },
    )
    assert not made.diagnostics
    answer = toy.call("GenerateResourceConfig", type_name="toy_thing", state=made.new_state)
    assert not answer.diagnostics
    config = values(Thing, answer.config)
    written = {name: item for name, item in config.items() if item is not None}
    [written_part] = written.pop("parts")
    assert written == {
        "name": "a",
        "text": "text",
        "marks": [],
        "priority": 4,
        "secret": "hush",
        "grade": values(Thing, made.new_state)["grade"],
    }
    inside = written_part["core"]
    assert {name: item for name, item in inside.items() if item is not None} == {"density": 2}
    assert {name for name, item in written_part.items() if item is not None} == {"label", "note", "core"}


def test_a_state_that_terraform_forgets_to_send_gives_no_configuration(toy: Toy) -> None:
    """Terraform 1.14.0 asks without the state."""
    answer = toy.call("GenerateResourceConfig", type_name="toy_thing")
    assert not answer.diagnostics
    assert decode(answer.config.msgpack, Thing.object_type()) is None


def listed(toy: Toy, most: int | None = None, **fields: Any) -> list[Any]:
    """The events of a list; after ``most`` of them nobody wants more."""
    request_type, event_type, handler = toy.streams["ListResource"]
    config = pb.DynamicValue(msgpack=encode({"name_like": fields.pop("name_like", None)}, LISTED))

    async def read() -> list[Any]:
        events: list[Any] = []
        given: Any = handler(request_type(type_name="toy_thing", config=config, **fields))
        async with aclosing(given) as stream:
            async for event in stream:
                assert type(event) is event_type
                events.append(event)
                if len(events) == most:
                    break
        return events

    return asyncio.run(read())


def test_what_exists_is_listed(toy: Toy) -> None:
    """Each object has its identity and a name for people, and its attributes if they are asked for."""
    ids = [values(Thing, toy.apply(Thing, None, {"name": name}).new_state)["id"] for name in ("a", "ab", "b")]
    events = listed(toy)
    assert [identity(event.identity)["id"] for event in events] == ids
    assert [event.display_name for event in events] == ["thing a", "thing ab", "thing b"]
    assert not any(event.HasField("resource_object") for event in events)
    assert not any(event.diagnostic for event in events)

    whole = listed(toy, name_like="b", include_resource_object=True, limit=1)
    assert [values(Thing, event.resource_object)["name"] for event in whole] == ["ab"]


def test_a_list_ends_when_nobody_wants_more(toy: Toy) -> None:
    """At the limit, or when the call is cancelled: what the list holds open is closed, and nothing is an error."""
    for name in ("a", "b", "c"):
        toy.apply(Thing, None, {"name": name})
    note = toy.path.with_suffix(".listed")
    assert [event.display_name for event in listed(toy, limit=2)] == ["thing a", "thing b"]
    assert note.exists()
    note.unlink()
    assert [event.display_name for event in listed(toy, most=1)] == ["thing a"]
    assert note.exists()


def test_a_list_says_what_is_wrong(toy: Toy) -> None:
    """An object that cannot be shown is a warning, and the list goes on; a failure is an error, and its end."""
    for name, text in (("a", "odd"), ("b", None), ("c", "crash"), ("d", None)):
        toy.apply(Thing, None, {"name": name, "text": text})
    odd, fine, end = listed(toy)
    [warning] = odd.diagnostic
    assert (warning.severity, warning.summary) == (pb.Diagnostic.WARNING, "An odd thing")
    assert not warning.attribute.steps
    assert identity(odd.identity) is None
    assert fine.display_name == "thing b"
    [error] = end.diagnostic
    assert (error.severity, error.summary) == (pb.Diagnostic.ERROR, "Unexpected error in listing toy_thing")
    assert identity(end.identity) is None


def test_the_configuration_of_a_list_is_checked(toy: Toy) -> None:
    """What a filter does not take is refused at its place, and a type that cannot be listed by its name."""
    config = pb.DynamicValue(msgpack=encode({"name_like": "A B"}, LISTED))
    answer = toy.call("ValidateListResourceConfig", type_name="toy_thing", config=config)
    [error] = answer.diagnostics
    assert error.attribute.steps[0].attribute_name == "name_like"
    answer = toy.call("ValidateListResourceConfig", type_name="toy_slow", config=config)
    [error] = answer.diagnostics
    assert error.summary == "This provider has no list resource `toy_slow`"
    assert set(toy.call("GetProviderSchema").list_resource_schemas) == {"toy_thing"}


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
