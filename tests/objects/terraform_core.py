"""Resources driven as Terraform drives them, without Terraform: the rules by which it judges a provider included.

Every value passes over the wire form once, as it does between Terraform and a provider.
"""

from __future__ import annotations

import asyncio
import copy
import os
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from prefect_provider.api import Client, RetryPolicy, resolve
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import Unknown, Value, Values
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.provider import PrefectProvider
from prefect_provider.text.path import show_path
from tests.environment.prefect_cloud import PrefectCloud
from tests.environment.prefect_server import PrefectServer

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from prefect_provider.plugin.engine.lifecycle import Outcome
    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.resource import DataSource, Resource

__all__ = [
    "Managed",
    "World",
    "assert_consistent",
    "assert_plan_valid",
    "configuration",
    "explain",
    "over_the_wire",
    "shown",
    "unique",
]

_T = TypeVar("_T")

explain = PrefectProvider().explain


def unique(stem: str) -> str:
    """A name that no other test uses."""
    return f"{stem}-{uuid4().hex[:12]}"


def configuration(kind: type[Resource | DataSource], given: Mapping[str, Any]) -> Values:
    """A whole configuration: what is not given is null, at every depth."""
    return over_the_wire(kind, _filled(kind, given))


def _filled(declaration: type[Declaration], values: Mapping[str, Any]) -> Values:
    surplus = values.keys() - declaration.attributes.keys()
    assert not surplus, f"no such attributes: {surplus}"
    return {
        name: _filled_attribute(attribute.kind, values.get(name))
        for name, attribute in declaration.attributes.items()
    }


def _filled_attribute(kind: object, value: Any) -> Any:
    if not isinstance(kind, NestedKind):
        return value
    if kind.mode == "single" and isinstance(value, dict):
        return _filled(kind.nested, value)
    if kind.mode == "map" and isinstance(value, dict):
        return {key: _filled(kind.nested, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(kind.nested, item) if isinstance(item, dict) else item for item in value]
    return value


def over_the_wire(kind: type[Resource | DataSource], values: Values) -> Values:
    """The values, after Terraform has had them."""
    type_ = kind.object_type()
    passed: Values = decode(encode(values, type_), type_)
    return passed


def shown(diagnostics: Diagnostics) -> list[str]:
    """Each diagnostic in one line."""
    return [repr(item) for item in diagnostics]


def _telling(diagnostics: Diagnostics) -> Diagnostics:
    """Without what is always said: that on a server actions on resolve are never done, and a key is shown once only."""
    kept = Diagnostics()
    for one in diagnostics:
        if one.severity == "error" or show_path(one.path) not in ("actions_on_resolve", "api_key", "key"):
            kept.add(one)
    return kept


def assert_plan_valid(
    declaration: type[Declaration], prior: Values | None, given: Values, planned: Values, at: str = ""
) -> None:
    """What Terraform checks of a plan.

    It has the configuration's value or the prior one, and only the attributes that are computed may have another
    when the configuration leaves them out.
    """
    for name, attribute in declaration.attributes.items():
        if attribute.write_only:
            assert planned[name] is None, f"{at}.{name}: a write-only value was planned"
            continue
        was = (prior or {}).get(name)
        _assert_value_valid(
            attribute.kind, was, given[name], planned[name], f"{at}.{name}", computed=attribute.computed
        )


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
    elif kind.mode == "map":
        assert planned.keys() == given.keys(), f"{at}: planned {list(planned)} for {list(given)}"
        for key, one in planned.items():
            assert_plan_valid(kind.nested, (was or {}).get(key), given[key], one, f"{at}.{key}")
    else:
        assert len(planned) == len(given), f"{at}: planned {len(planned)} elements for {len(given)}"
        for index, (one, wanted) in enumerate(zip(planned, given, strict=True)):
            before = was[index] if isinstance(was, list) and index < len(was) else None
            assert_plan_valid(kind.nested, before, wanted, one, f"{at}[{index}]")


def assert_consistent(planned: Value, actual: Value, at: str = "") -> None:
    """What Terraform checks of an apply: the state has everything that was planned and known."""
    if isinstance(planned, Unknown):
        assert not isinstance(actual, Unknown), f"{at}: still unknown after apply"
    elif isinstance(planned, dict) and isinstance(actual, dict):
        for name, value in planned.items():
            assert_consistent(value, actual[name], f"{at}.{name}")
    elif isinstance(planned, list) and isinstance(actual, list) and len(planned) == len(actual):
        for index, value in enumerate(planned):
            assert_consistent(value, actual[index], f"{at}[{index}]")
    else:
        assert planned == actual, f"{at}: inconsistent result, planned {planned!r}, got {actual!r}"


class World:
    """A client of a real server, or of a workspace of a simulated Prefect Cloud, as long as a test lasts.

    It has an event loop of its own.
    """

    def __init__(self, server: PrefectServer | PrefectCloud) -> None:
        self._asked = server
        self._runner = asyncio.Runner()
        key = server.key if isinstance(server, PrefectCloud) else ""
        self.settings = resolve({"endpoint": server.api_url}, os.environ | {"PREFECT_API_KEY": key})
        self.client = Client(self.settings, policy=RetryPolicy(max_retries=20))

    @property
    def server(self) -> PrefectServer:
        """The server that it is a client of."""
        assert isinstance(self._asked, PrefectServer)
        return self._asked

    @property
    def cloud(self) -> PrefectCloud:
        """The simulated Prefect Cloud that it is a client of."""
        assert isinstance(self._asked, PrefectCloud)
        return self._asked

    def close(self) -> None:
        """Close the client and end the loop."""
        self.run(self.client.aclose())
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """The result of what is awaited."""
        return self._runner.run(work)

    def call(self, method: str, path: str, json: Any = None) -> Any:
        """Ask the server directly, behind Terraform's back."""
        return self._asked.call(method, path, json)

    def import_state(self, kind: type[Resource], id_: str) -> Outcome:
        """``terraform import``."""
        return self.run(lifecycle.import_state(kind, self.client, id_, explain))


class Managed:
    """One object and the state that Terraform has of it."""

    def __init__(self, world: World, kind: type[Resource], state: Values | None = None) -> None:
        self.world = world
        self.kind = kind
        self.state = state
        self.private: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.held["id"])

    @property
    def held(self) -> Values:
        """The state, which there must be."""
        assert self.state is not None
        return self.state

    def validate(self, given: Mapping[str, Any]) -> Diagnostics:
        """Check a configuration."""
        return self.world.run(lifecycle.validate_config(self.kind, configuration(self.kind, given), explain))

    def plan(self, given: Values, *, prior: Values | None) -> Outcome:
        """Plan; Terraform accepts the result."""
        outcome = self.world.run(
            lifecycle.plan(
                self.kind,
                self.world.client,
                copy.deepcopy(prior),
                copy.deepcopy(given),
                copy.deepcopy(self.private),
                explain,
            )
        )
        if not outcome.diagnostics.has_errors:
            assert outcome.state is not None
            assert_plan_valid(self.kind, prior, given, outcome.state)
        outcome.diagnostics = _telling(outcome.diagnostics)
        return outcome

    def changes(self, given: Mapping[str, Any]) -> list[str]:
        """The attributes that a plan would show as changing, without the volatile ones."""
        outcome = self.plan(configuration(self.kind, given), prior=self.state)
        assert shown(outcome.diagnostics) == []
        assert outcome.state is not None
        before = self.state or {}
        return [
            name
            for name, value in outcome.state.items()
            if not self.kind.attributes[name].volatile and value != before.get(name)
        ]

    def apply(self, given: Mapping[str, Any], *, warns: bool = False) -> list[Diagnostic]:
        """Validate, plan, apply and refresh, each as Terraform accepts it; afterwards nothing is left to do.

        Returns the warnings of plan and apply, of which there are none unless ``warns``.
        """
        wanted = configuration(self.kind, given)
        checked = self.validate(given)
        assert not checked.has_errors, shown(checked)
        planned = self.plan(wanted, prior=self.state)
        assert not planned.diagnostics.has_errors, shown(planned.diagnostics)
        if not warns:
            assert shown(planned.diagnostics) == [], shown(planned.diagnostics)
        warnings = list(planned.diagnostics)
        if planned.replace:
            self.destroy()
            planned = self.plan(wanted, prior=None)
        elif self.state is not None and planned.state == self.state:
            return []
        assert planned.state is not None
        applied = self.world.run(
            lifecycle.apply(
                self.kind,
                self.world.client,
                copy.deepcopy(self.state),
                copy.deepcopy(planned.state),
                wanted,
                planned.private,
                explain,
            )
        )
        assert not applied.diagnostics.has_errors, shown(applied.diagnostics)
        if not warns:
            assert shown(applied.diagnostics) == [], shown(applied.diagnostics)
        assert applied.state is not None
        assert_consistent(planned.state, applied.state)
        self.state, self.private = over_the_wire(self.kind, applied.state), applied.private
        self.assert_settled(given)
        return warnings + list(applied.diagnostics)

    def assert_settled(self, given: Mapping[str, Any]) -> None:
        """Neither a plan nor a refresh finds a difference."""
        before = copy.deepcopy(self.state)
        assert self.changes(given) == [], self.changes(given)
        identity = self.refresh().identity
        assert self.state == before, (before, self.state)
        assert self.changes(given) == [], self.changes(given)
        assert identity is not None
        self._assert_generated(identity)

    def _assert_generated(self, identity: Values) -> None:
        """It is imported by its identity, and the configuration that Terraform generates then changes nothing."""
        world = self.world
        found = world.run(lifecycle.import_identity(self.kind, world.client, identity, explain))
        assert not found.diagnostics.has_errors, shown(found.diagnostics)
        assert found.identity == identity
        assert found.state is not None
        other = Managed(world, self.kind, over_the_wire(self.kind, found.state))
        generated = {
            # Terraform writes `null # sensitive`.
            name: None if self.kind.attributes[name].sensitive else value
            for name, value in generate(self.kind, other.held).items()
        }
        checked = other.validate(generated)
        assert not checked.has_errors, shown(checked)
        planned = other.plan(configuration(self.kind, generated), prior=other.state)
        assert not planned.diagnostics.has_errors, shown(planned.diagnostics)
        assert planned.state == other.state, (generated, planned.state, other.state)

    def refresh(self) -> Outcome:
        """Read it anew."""
        outcome = self.world.run(
            lifecycle.refresh(self.kind, self.world.client, self.held, self.private, explain)
        )
        assert not outcome.diagnostics.has_errors, shown(outcome.diagnostics)
        self.state = None if outcome.state is None else over_the_wire(self.kind, outcome.state)
        return outcome

    def destroy(self) -> list[Diagnostic]:
        """Delete it; returns the warnings."""
        outcome = self.world.run(
            lifecycle.apply(self.kind, self.world.client, self.state, None, {}, self.private, explain)
        )
        assert not outcome.diagnostics.has_errors, shown(outcome.diagnostics)
        self.state, self.private = outcome.state, {}
        return list(outcome.diagnostics)

    @classmethod
    def imported(cls, world: World, kind: type[Resource], id_: str) -> Managed:
        """An object taken over with ``terraform import``."""
        outcome = world.import_state(kind, id_)
        assert shown(_telling(outcome.diagnostics)) == []
        assert outcome.state is not None
        managed = cls(world, kind, over_the_wire(kind, outcome.state))
        managed.private = outcome.private
        managed.refresh()
        return managed
