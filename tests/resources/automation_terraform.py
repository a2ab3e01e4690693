"""Automations driven as Terraform drives them, without Terraform: the rules by which it judges a provider included."""

from __future__ import annotations

import asyncio
import copy
import os
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from prefect_provider.api import Client, RetryPolicy, resolve
from prefect_provider.plugin import lifecycle
from prefect_provider.plugin.codec import decode, encode
from prefect_provider.plugin.kinds import NestedKind
from prefect_provider.plugin.types import NUMBER, STRING
from prefect_provider.plugin.values import Dynamic, Unknown, Value, Values
from prefect_provider.provider import PrefectProvider
from prefect_provider.resources.automation import Automation

if TYPE_CHECKING:
    from prefect_provider.plugin.declaration import Declaration
    from prefect_provider.plugin.diagnostics import Diagnostic
    from prefect_provider.plugin.lifecycle import Outcome
    from tests.environment.prefect_server import PrefectServer

__all__ = ["Managed", "World", "assert_plan_valid", "config", "require", "shown", "unique"]

_T = TypeVar("_T")

explain = PrefectProvider().explain


def unique(stem: str = "automation") -> str:
    """A name that no other test uses."""
    return f"{stem}-{uuid4().hex[:12]}"


def require(value: str | int) -> Dynamic:
    """The value of the outermost ``require``, as Terraform passes it on."""
    return Dynamic(STRING if isinstance(value, str) else NUMBER, value)


def config(**values: Any) -> Values:
    """A whole configuration: what is not given is null, at every depth; it has passed over the wire once."""
    given = {"name": "n", "trigger": {"event": {"posture": "Reactive", "expect": ["a.b"]}}} | values
    return _over_the_wire(_filled(Automation, given))


def _filled(declaration: type[Declaration], values: Mapping[str, Any]) -> Values:
    surplus = values.keys() - declaration.attributes.keys()
    assert not surplus, f"no such attributes: {surplus}"
    return {
        name: _filled_attribute(attribute.kind, values.get(name))
        for name, attribute in declaration.attributes.items()
    }


def _filled_attribute(kind: object, value: Any) -> Any:
    if isinstance(kind, NestedKind) and isinstance(value, dict):
        return _filled(kind.nested, value)
    if isinstance(kind, NestedKind) and isinstance(value, list):
        return [_filled(kind.nested, item) if isinstance(item, dict) else item for item in value]
    return value


def _over_the_wire(values: Values) -> Values:
    type_ = Automation.object_type()
    passed: Values = decode(encode(values, type_), type_)
    return passed


def shown(diagnostics: object) -> list[str]:
    """Each diagnostic in one line."""
    assert isinstance(diagnostics, lifecycle.Diagnostics)
    return [repr(item) for item in diagnostics]


def assert_plan_valid(
    declaration: type[Declaration], prior: Values | None, given: Values, planned: Values, at: str = ""
) -> None:
    """What Terraform checks of a plan: it has the configuration's value or the prior one, and only the
    attributes that are computed may have another when the configuration leaves them out."""
    for name, attribute in declaration.attributes.items():
        here = f"{at}.{name}"
        was = (prior or {}).get(name)
        _assert_value_valid(attribute.kind, was, given[name], planned[name], here, computed=attribute.computed)


def _assert_value_valid(
    kind: object, was: Value, given: Value, planned: Value, at: str, *, computed: bool
) -> None:
    if planned == given or (planned == was and was is not None and given is not None):
        return
    if given is None:
        assert computed, f"{at}: planned {planned!r} though it is not configured and not computed"
        return
    assert isinstance(kind, NestedKind), f"{at}: planned {planned!r} for {given!r}, which was {was!r}"
    if kind.mode == "single":
        assert_plan_valid(kind.nested, was, given, planned, at)
        return
    assert len(planned) == len(given), f"{at}: planned {len(planned)} elements for {len(given)}"
    for index, (one, wanted) in enumerate(zip(planned, given, strict=True)):
        before = was[index] if isinstance(was, list) and index < len(was) else None
        assert_plan_valid(kind.nested, before, wanted, one, f"{at}[{index}]")


def _assert_consistent(planned: Value, actual: Value, at: str = "") -> None:
    """What Terraform checks of an apply: the state has everything that was planned and known."""
    if isinstance(planned, Unknown):
        assert not isinstance(actual, Unknown), f"{at}: still unknown after apply"
        return
    if isinstance(planned, dict) and isinstance(actual, dict):
        for name, value in planned.items():
            _assert_consistent(value, actual[name], f"{at}.{name}")
    elif isinstance(planned, list) and isinstance(actual, list) and len(planned) == len(actual):
        for index, value in enumerate(planned):
            _assert_consistent(value, actual[index], f"{at}[{index}]")
    else:
        assert planned == actual, f"{at}: inconsistent result, planned {planned!r}, got {actual!r}"


class World:
    """A client of a real server, in an event loop that lasts as long as the test."""

    def __init__(self, server: PrefectServer) -> None:
        self.server = server
        self._runner = asyncio.Runner()
        settings = resolve({"endpoint": server.api_url}, os.environ | {"PREFECT_API_KEY": ""})
        self.client = Client(settings, policy=RetryPolicy(max_retries=20))

    def close(self) -> None:
        """Close the client and end the loop."""
        self.run(self.client.aclose())
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """The result of what is awaited."""
        return self._runner.run(work)

    def remote(self, id_: str) -> dict[str, Any]:
        """The automation as the server has it."""
        found: dict[str, Any] = self.server.call("GET", f"/automations/{id_}")
        return found

    def change(self, id_: str, **fields: Any) -> None:
        """Change the automation behind Terraform's back."""
        body = self.remote(id_) | fields
        self.server.call("PUT", f"/automations/{id_}", _without(body, "id", "created", "updated"))

    def import_state(self, id_: str) -> Outcome:
        """``terraform import``."""
        return self.run(lifecycle.import_state(Automation, self.client, id_, explain))


def _without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


class Managed:
    """One automation and the state that Terraform has of it."""

    def __init__(self, world: World, state: Values | None = None) -> None:
        self.world = world
        self.state = state
        self.private: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """Its id."""
        assert self.state is not None
        return str(self.state["id"])

    def plan(self, given: Values) -> Outcome:
        """Plan; Terraform accepts the result."""
        outcome = self.world.run(
            lifecycle.plan(
                Automation,
                self.world.client,
                copy.deepcopy(self.state),
                copy.deepcopy(given),
                copy.deepcopy(self.private),
                explain,
            )
        )
        if not outcome.diagnostics.has_errors:
            assert outcome.state is not None
            assert_plan_valid(Automation, self.state, given, outcome.state)
        return outcome

    def changes(self, given: Values) -> list[str]:
        """The attributes that a plan would show as changing, without those that follow."""
        outcome = self.plan(given)
        assert shown(outcome.diagnostics) == []
        assert outcome.state is not None
        before = self.state or {}
        return [
            name for name, value in outcome.state.items() if name != "updated" and value != before.get(name)
        ]

    def apply(self, given: Values) -> list[Diagnostic]:
        """Validate, plan, apply and refresh, each as Terraform accepts it; afterwards nothing is left to do."""
        checked = self.world.run(lifecycle.validate_config(Automation, given, explain))
        assert not checked.has_errors, shown(checked)
        planned = self.plan(given)
        assert shown(planned.diagnostics) == []
        assert planned.state is not None
        applied = self.world.run(
            lifecycle.apply(
                Automation,
                self.world.client,
                self.state,
                copy.deepcopy(planned.state),
                given,
                planned.private,
                explain,
            )
        )
        assert shown(applied.diagnostics) == []
        assert applied.state is not None
        _assert_consistent(planned.state, applied.state)
        self.state, self.private = _over_the_wire(applied.state), applied.private
        self.assert_settled(given)
        return list(checked)

    def assert_settled(self, given: Values) -> None:
        """Neither a plan nor a refresh finds a difference."""
        before = copy.deepcopy(self.state)
        assert self.changes(given) == []
        self.refresh()
        assert self.state == before
        assert self.changes(given) == []

    def refresh(self) -> Outcome:
        """Read it anew."""
        assert self.state is not None
        outcome = self.world.run(
            lifecycle.refresh(Automation, self.world.client, self.state, self.private, explain)
        )
        self.state = None if outcome.state is None else _over_the_wire(outcome.state)
        return outcome

    def destroy(self) -> None:
        """Delete it."""
        outcome = self.world.run(
            lifecycle.apply(Automation, self.world.client, self.state, None, {}, self.private, explain)
        )
        assert shown(outcome.diagnostics) == []
        self.state = outcome.state
