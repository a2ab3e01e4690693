"""Actions at the level of messages: what is said as they go, and that each stream ends with how it went."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.action import Action
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Integer, String
from prefect_provider.plugin.language.provider import Provider
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.wire.codec import encode
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.provider import PrefectProvider

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from prefect_provider.plugin.language.values import Values


class Count(Action):
    """Counts."""

    type_name = "toy_count"

    to = required(Integer(minimum=1), "How far.")
    trouble = optional(String(), "What happens then.")

    async def plan(self, config: Values) -> None:
        """Warn of what takes long."""
        if isinstance(config["to"], int) and config["to"] > 100:
            self.diagnostics.warning("This takes long", "", ("to",))

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """Count, and then fail if that is wanted."""
        for number in range(config["to"]):
            yield f"\x1b[31m{number}"
        match config["trouble"]:
            case "error":
                msg = "Enough"
                raise ProviderError(msg, "No more.", ("to",))
            case "defect":
                msg = "a defect"
                raise ZeroDivisionError(msg)
            case "warning":
                self.diagnostics.warning("Hm", "It went.")


class Counting(Provider):
    """Counts."""

    name = "toy"
    version = "1"

    def actions(self) -> Sequence[type[Action]]:
        """One."""
        return (Count,)

    async def configure(self, config: Values, terraform_version: str, diagnostics: object) -> Any:
        """There is a client."""
        return object()


class Asked:
    """The service, called as Terraform calls it."""

    def __init__(self, *, configured: bool = True) -> None:
        self._service = ProviderService(Counting())
        self._methods, self._streams = self._service.methods(), self._service.streams()
        if configured:
            config = pb.DynamicValue(msgpack=encode({}, Counting.object_type()))
            self.call("ConfigureProvider", config=config)

    def call(self, name: str, **fields: Any) -> Any:
        """The one answer."""
        request_type, response_type, handler = self._methods[name]

        async def ask() -> Any:
            return await handler(request_type(**fields))

        answer = asyncio.run(ask())
        assert type(answer) is response_type
        return answer

    def invoke(self, type_: str = "toy_count", **config: Any) -> tuple[list[str], list[Any]]:
        """What was said, and the diagnostics of the last event; there is none after it, and none that is empty."""
        request_type, event_type, handler = self._streams["InvokeAction"]

        async def ask() -> list[Any]:
            request = request_type(action_type=type_, config=given(**config))
            return [event async for event in handler(request)]

        events = asyncio.run(ask())
        assert {type(event) for event in events} == {event_type}
        assert [event.WhichOneof("type") for event in events] == ["progress"] * (len(events) - 1) + [
            "completed"
        ]
        return [event.progress.message for event in events[:-1]], list(events[-1].completed.diagnostics)


def given(**config: Any) -> Any:
    """A configuration as a message."""
    return pb.DynamicValue(msgpack=encode({"to": None, "trouble": None} | config, Count.object_type()))


def test_progress_and_the_end() -> None:
    """Each text is an event, without what a terminal obeys; warnings come with the end."""
    said, diagnostics = Asked().invoke(to=2, trouble="warning")
    assert [text[-1] for text in said] == ["0", "1"]
    assert "\x1b" not in "".join(said)
    assert [(one.severity, one.summary) for one in diagnostics] == [(pb.Diagnostic.WARNING, "Hm")]


def test_a_failure_is_said_at_the_end() -> None:
    """What was said before stays, and the error, a defect as well, is in the event that ends the stream."""
    for trouble, summary in (("error", "Enough"), ("defect", "Unexpected error in invoking toy_count")):
        said, diagnostics = Asked().invoke(to=1, trouble=trouble)
        assert len(said) == 1
        assert [one.summary for one in diagnostics] == [summary]


def test_what_is_known_only_now_is_checked() -> None:
    """A value that was unknown when the action was validated is held against the declaration before it is used."""
    asked = Asked()
    assert not asked.call("ValidateActionConfig", type_name="toy_count", config=given(to=UNKNOWN)).diagnostics
    assert asked.call("ValidateActionConfig", type_name="toy_count", config=given(to=0)).diagnostics
    said, (error,) = asked.invoke(to=0)
    assert said == []
    assert error.attribute.steps[0].attribute_name == "to"


def test_an_action_that_there_is_not() -> None:
    """The end of the stream names those that there are."""
    _, (error,) = Asked().invoke("toy_cuont")
    assert error.summary == "This provider has no action `toy_cuont`"
    assert "toy_count" in error.detail


def test_plans() -> None:
    """A plan says what can be seen."""
    answer = Asked().call("PlanAction", action_type="toy_count", config=given(to=101))
    assert [one.summary for one in answer.diagnostics] == ["This takes long"]
    assert not answer.HasField("deferred")


def test_deferred_only_when_asked_and_needed() -> None:
    """A provider that is not configured yet puts the action off if Terraform allows that, and plans it if not."""
    allowed = pb.ClientCapabilities(deferral_allowed=True)
    for configured, capabilities, deferred in (
        (False, allowed, True),
        (False, pb.ClientCapabilities(), False),
        (True, allowed, False),
    ):
        asked = Asked(configured=configured)
        fields = {"action_type": "toy_count", "config": given(to=1), "client_capabilities": capabilities}
        answer = asked.call("PlanAction", **fields)
        assert answer.HasField("deferred") is deferred
        assert not deferred or answer.deferred.reason == pb.Deferred.PROVIDER_CONFIG_UNKNOWN
        assert not answer.diagnostics
    _, (error,) = Asked(configured=False).invoke(to=1)
    assert error.summary == "The provider is not configured yet"


def test_schemas() -> None:
    """They are among the schemas and the names; nothing of an action is computed, also of the real ones."""
    asked = Asked()
    schemas = asked.call("GetProviderSchema").action_schemas
    assert set(schemas) == {one.type_name for one in asked.call("GetMetadata").actions} == {"toy_count"}
    assert [one.name for one in schemas["toy_count"].schema.block.attributes] == ["to", "trouble"]
    for kind in PrefectProvider().actions():
        assert [one.name for one in kind.attributes.values() if one.computed or one.write_only] == []
