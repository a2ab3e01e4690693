"""The engine on random declarations and configurations, against a server with bad habits and Terraform's rules."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.resource import Resource
from prefect_provider.plugin.language.values import Values, has_unknown
from tests.plugin.declarations import configurations, declarations, revisions, shown, with_unknowns
from tests.plugin.terraform_rules import contradictions, equal, invalid, unexpected_unknowns
from tests.plugin.toy.server import decide, quiet, respell

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from prefect_provider.plugin.language.diagnostics import Diagnostic

MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


class Memory:
    """The server: one object, given back in other words or, if it is quiet, with null wherever it can."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.say = quiet if is_quiet else respell
        self.values: Values | None = None
        self.serial = 0

    def recall(self, kind: type[Resource]) -> Values:
        """The object in the server's words."""
        assert self.values is not None
        return self.say(kind, self.values)


class Kept(Resource):
    """An object in the memory."""

    async def create(self, planned: Values, config: Values) -> Values:
        """Keep it."""
        self.client.serial += 1
        self.client.values = decide(type(self), planned, self.client.serial)
        recalled: Values = self.client.recall(type(self))
        return recalled

    async def read(self, state: Values) -> Values | None:
        """Recall it."""
        recalled: Values = self.client.recall(type(self))
        return recalled

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Keep it anew."""
        return await self.create(planned, config)

    async def import_state(self, id_: str) -> Values | None:
        """Recall it."""
        recalled: Values = self.client.recall(type(self))
        return recalled


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing; an event loop would take longer than the work."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value
    msg = "it waited"
    raise AssertionError(msg)


def unexplained(_: Exception) -> Diagnostic | None:
    """No exception is expected."""
    return None


class Life:
    """One object as terraform drives it, with every rule checked on the way."""

    def __init__(self, kind: type[Resource], *, is_quiet: bool) -> None:
        self.kind = kind
        self.memory = Memory(is_quiet=is_quiet)
        self.state: Values | None = None
        self.private: dict[str, Any] = {}

    def plan(self, config: Values) -> lifecycle.Outcome:
        """A plan that breaks no rule."""
        private = copy.deepcopy(self.private)
        given = copy.deepcopy((self.state, config))
        outcome: lifecycle.Outcome = run(
            lifecycle.plan(self.kind, self.memory, self.state, config, private, unexplained)
        )
        assert (self.state, config) == given, "planning changed what it was given"
        assert not outcome.diagnostics.items
        assert outcome.state is not None
        assert not list(invalid(self.kind, self.state, config, outcome.state))
        return outcome

    def apply(self, uncertain: Values, config: Values) -> None:
        """Plan while some of the configuration is unknown, plan again when it is known, apply."""
        first = self.plan(uncertain)
        if first.replace:
            self.state, self.private = None, {}
            first = self.plan(uncertain)
        final = self.plan(config)
        assert not final.replace
        assert not list(contradictions(first.state, final.state))
        assert final.state is not None
        assert not list(unexpected_unknowns(self.kind, config, final.state))
        if self.state is not None and self.same(final.state, self.state):
            return
        outcome = run(
            lifecycle.apply(
                self.kind, self.memory, self.state, final.state, config, final.private, unexplained
            )
        )
        assert not outcome.diagnostics.items
        assert not has_unknown(outcome.state)
        assert not list(contradictions(final.state, outcome.state))
        self.state, self.private = outcome.state, outcome.private

    def refresh(self) -> None:
        """Read it again; that must not look like a change."""
        assert self.state is not None
        outcome = run(lifecycle.refresh(self.kind, self.memory, self.state, self.private, unexplained))
        assert not outcome.diagnostics.items
        assert outcome.state is not None
        assert self.same(outcome.state, self.state)
        self.state, self.private = outcome.state, outcome.private

    def import_(self) -> None:
        """Forget it, and import it."""
        outcome = run(lifecycle.import_state(self.kind, self.memory, "it", unexplained))
        assert not outcome.diagnostics.items
        self.state, self.private = outcome.state, outcome.private

    def assert_settled(self, config: Values) -> None:
        """Nothing is to do."""
        outcome = self.plan(config)
        assert self.state is not None
        assert outcome.state is not None
        assert self.same(outcome.state, self.state)
        assert not outcome.replace

    def same(self, left: Values, right: Values) -> bool:
        """Whether two states are one to terraform."""
        return equal(left, right, self.kind.object_type())


@MANY
@given(st.data())
def test_whatever_is_applied_is_settled(data: st.DataObject) -> None:
    """After any apply nothing drifts and nothing is to do, however the configuration is edited in between."""
    kind = data.draw(declarations(Kept))
    note(shown(kind))
    life = Life(kind, is_quiet=data.draw(st.booleans()))
    config = data.draw(configurations(kind))
    for _ in range(3):
        uncertain = data.draw(with_unknowns(kind, config, is_new=life.state is None))
        life.apply(uncertain, config)
        if life.state is None:
            return
        life.refresh()
        life.assert_settled(config)
        config = data.draw(revisions(kind, config))


@MANY
@given(st.data())
def test_whatever_is_imported_plans_no_more_than_spelling(data: st.DataObject) -> None:
    """An imported object of the same meaning plans nothing but what null or another spelling stands for."""
    kind = data.draw(declarations(Kept))
    note(shown(kind))
    life = Life(kind, is_quiet=data.draw(st.booleans()))
    config = data.draw(configurations(kind))
    life.apply(config, config)
    life.import_()
    life.assert_settled(config)
