"""The life of an object without Terraform: what each call leaves of it, above all after a failure."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.plugin.language.kinds import ListOf, String, Uuid
from prefect_provider.plugin.language.resource import Resource
from prefect_provider.plugin.language.values import UNKNOWN, Values
from tests.plugin.toy.server import Store
from tests.plugin.toy.things import Thing, ThingData
from tests.plugin.toy.trouble import Faulty, Slow

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_provider.plugin.engine.planning import Plan

NOTHING: Values = dict.fromkeys(Faulty.attributes)


def explain(error: Exception) -> Diagnostic | None:
    """The toy knows no error of its own but this."""
    return (
        Diagnostic("error", "Not there", "Look elsewhere.", ("id",)) if isinstance(error, KeyError) else None
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store.json")


async def made(store: Store, kind: type[Resource] = Faulty, **written: Any) -> lifecycle.Outcome:
    """A new object."""
    config = dict.fromkeys(kind.attributes) | written
    planned = await lifecycle.plan(kind, store, None, config, {}, explain)
    return await lifecycle.apply(kind, store, None, planned.state, config, planned.private, explain)


async def changed(
    store: Store, prior: lifecycle.Outcome, kind: type[Resource] = Faulty, **written: Any
) -> lifecycle.Outcome:
    """The object after an update."""
    config = dict.fromkeys(kind.attributes) | written
    planned = await lifecycle.plan(kind, store, prior.state, config, dict(prior.private), explain)
    return await lifecycle.apply(kind, store, prior.state, planned.state, config, planned.private, explain)


def summaries(outcome: lifecycle.Outcome) -> list[str]:
    """What the diagnostics say in short."""
    return [item.summary for item in outcome.diagnostics]


def run(work: Any) -> Any:
    """The result of a coroutine."""
    return asyncio.run(work)


def test_a_failed_creation_leaves_nothing_or_the_half_that_was_made(store: Store) -> None:
    """Without a state in the error there is no object; with one it is kept, and what is not known of it is null."""
    outcome = run(made(store, name="f", fault="create crash"))
    assert outcome.state is None
    assert summaries(outcome) == ['Unexpected error in creating toy_faulty "f"']
    outcome = run(made(store, name="f", fault="create partial"))
    assert outcome.state["id"] == store.ids("toy_faulty")[0]
    assert summaries(outcome) == ["Only half of it was made"]


def test_what_was_made_survives_a_defect(store: Store) -> None:
    """Once a creation has said what is true of the object, no exception of any kind loses it."""

    class Half(Faulty):
        """Makes the object, then breaks."""

        async def create(self, planned: Values, config: Values) -> Values:
            """Hold what was made, and fail as nobody expects."""
            self.hold(planned | {"id": "toy-1"})
            msg = "a defect"
            raise RuntimeError(msg)

    outcome = run(made(store, Half, name="f"))

    assert (outcome.state["id"], outcome.state["name"]) == ("toy-1", "f")
    assert summaries(outcome) == ['Unexpected error in creating toy_faulty "f"']


def test_taking_charge_of_a_value_is_a_change(store: Store) -> None:
    """A value that the server chose and the configuration now repeats is known as ours, so that removing it resets it.

    Terraform drops private data with a plan that changes nothing. Of an import nothing is known, and its plan is empty.
    """
    before = run(made(store, Thing, name="r", text="t"))
    assert before.private["configured"] == []
    config = dict.fromkeys(Thing.attributes) | {"name": "r", "text": "t", "quota": before.state["quota"]}

    plan = run(lifecycle.plan(Thing, store, before.state, config, dict(before.private), explain))
    imported = run(lifecycle.plan(Thing, store, before.state, config, {}, explain))

    assert [name for name in config if plan.state[name] != before.state[name]] == ["revision"]
    assert imported.state == before.state
    taken = run(changed(store, before, Thing, name="r", text="t", quota=before.state["quota"]))
    assert taken.private["configured"] == ["quota"]
    assert run(changed(store, taken, Thing, name="r", text="t")).state["quota"] == 10


def test_ignoring_all_changes_takes_charge_of_nothing(store: Store) -> None:
    """With `ignore_changes = all` Terraform gives the state for the configuration, and the plan changes nothing."""
    before = run(made(store, Thing, name="r", text="t"))
    read_only = {name: None for name, attribute in Thing.attributes.items() if not attribute.configurable}

    plan = run(
        lifecycle.plan(Thing, store, before.state, before.state | read_only, dict(before.private), explain)
    )

    assert plan.state == before.state
    assert plan.private["configured"] == []


def test_a_failed_update_or_delete_leaves_what_was(store: Store) -> None:
    """After an error the prior state is still true."""
    before = run(made(store, name="f"))
    after = run(changed(store, before, name="f", fault="update crash"))
    assert after.state == before.state
    before = run(changed(store, before, name="f", fault="delete error"))
    gone = run(lifecycle.apply(Faulty, store, before.state, None, {}, {}, explain))
    assert gone.state == before.state
    assert [(item.summary, item.path) for item in gone.diagnostics] == [
        ("The server says no", ("parts", 1, "label"))
    ]


def test_a_failed_read_is_no_disappearance(store: Store) -> None:
    """An error while reading keeps the state; only ``None`` means that the object is gone."""
    before = run(made(store, name="f", fault="read crash"))
    outcome = run(lifecycle.refresh(Faulty, store, before.state, {}, explain))
    assert outcome.state == before.state
    assert outcome.diagnostics.has_errors
    store.delete(before.state["id"])
    outcome = run(lifecycle.refresh(Faulty, store, before.state | {"fault": ""}, {}, explain))
    assert (outcome.state, outcome.diagnostics.items) == (None, [])


def test_an_error_that_the_provider_can_explain_names_the_object(store: Store) -> None:
    """An exception of the provider's own libraries is explained, any other is called a defect."""
    outcome = run(lifecycle.refresh(Slow, store, {"read_seconds": 0}, {}, explain))
    assert outcome.diagnostics.items == [
        Diagnostic("error", "Not there", "reading toy_slow: Look elsewhere.", ("id",))
    ]


def test_the_server_changing_a_value_is_a_warning(store: Store) -> None:
    """What was sent stays in state, so that the next plan shows the difference, and a secret is not printed."""

    class Stubborn(Thing):
        """Knows better."""

        async def create(self, planned: Values, config: Values) -> Values:
            """Store something else."""
            return await super().create(planned, config) | {"text": "theirs", "secret": "other"}

    outcome = run(made(store, Stubborn, name="a", text="mine", secret="hush"))
    assert (outcome.state["text"], outcome.state["secret"]) == ("mine", "hush")
    assert summaries(outcome) == ["The server changed `text`", "The server changed `secret`"]
    assert "hush" not in repr(outcome.diagnostics.items)


def test_what_others_change_between_plan_and_apply_is_no_answer_to_what_was_sent(store: Store) -> None:
    """A value that the change did not touch is told as somebody else's, in Terraform's spelling, without a secret."""

    class Touched(Thing):
        """Changed by somebody else."""

        async def update(self, prior: Values, planned: Values, config: Values) -> Values:
            """Find what somebody else stored."""
            theirs = {"text": "theirs", "secret": "other"}
            return await super().update(prior, planned, config) | theirs

    before = run(made(store, Touched, name="a", secret="hush"))
    outcome = run(changed(store, before, Touched, size=7, secret="hush"))
    told = [item for item in outcome.diagnostics if item.path in (("text",), ("secret",))]
    assert [item.summary for item in told] == [
        f"`{name}` was changed elsewhere" for name in ("text", "secret")
    ]
    assert 'it was null, and now it is "theirs"' in told[0].detail
    assert "hush" not in repr(outcome.diagnostics.items)


def test_a_failed_removal_is_remembered(store: Store) -> None:
    """An attribute that was configured and removed is still known as removed after the update has failed."""
    before = run(made(store, size=5))
    assert before.private == {"configured": ["size"], "own": {}}
    failed = run(changed(store, before, fault="update crash"))
    assert failed.private["configured"] == ["size"]
    after = run(changed(store, failed))
    assert (after.state["size"], after.private["configured"]) == (10, [])


def test_an_import_has_no_write_only_value_and_the_value_that_null_stands_for(store: Store) -> None:
    """The imported state is one that Terraform accepts and that no configuration has to change."""

    class Chatty(Thing):
        """Says too much."""

        async def import_state(self, id_: str) -> Values | None:
            """With a secret, and without a note."""
            found = await super().import_state(id_)
            return None if found is None else found | {"secret_wo": "hush", "note": None}

    before = run(made(store, Chatty, name="a"))
    outcome = run(lifecycle.import_state(Chatty, store, before.state["id"], explain))
    assert (outcome.state["secret_wo"], outcome.state["note"]) == (None, "")
    missing = run(lifecycle.import_state(Chatty, store, "toy-9", explain))
    assert (missing.state, summaries(missing)) == (None, ["No such object"])


def test_a_data_source_keeps_what_was_written(store: Store) -> None:
    """The configuration's own spelling stays, the rest is what was found; an error leaves nothing."""
    before = run(made(store, Thing, name="a", text="t"))
    config = dict.fromkeys(ThingData.attributes)
    outcome = run(lifecycle.read_data(ThingData, store, config | {"name": "a"}, explain))
    assert outcome.state == {"name": "a", "id": before.state["id"], "text": "t", "parts": None}
    outcome = run(lifecycle.read_data(ThingData, store, config | {"name": "b"}, explain))
    assert (outcome.state, summaries(outcome)) == (None, ["No thing is called b"])


def test_a_resource_validates_only_what_its_declaration_accepts() -> None:
    """The resource's own checks see no values that are wrong already."""
    config = dict.fromkeys(Thing.attributes) | {"name": "a", "text": "wrong"}
    found = run(lifecycle.validate_config(Thing, config, explain))
    assert [item.summary for item in found] == ["Wrong text"]
    found = run(lifecycle.validate_config(Thing, config | {"name": "A"}, explain))
    assert [item.summary for item in found] == ["Invalid value for `name`"]
    found = run(lifecycle.validate_config(Thing, config | {"text": UNKNOWN}, explain))
    assert found.items == []


class Guarded(Thing):
    """A thing that is not given up without a word."""

    async def plan_destroy(self, prior: Values) -> None:
        """Refuse some, and warn of the others."""
        if prior["name"] == "dear":
            self.diagnostics.error("Too dear")
        else:
            self.diagnostics.warning("Gone for good")


@pytest.mark.parametrize(("name", "said"), [("dear", ["Too dear"]), ("a", ["Gone for good"])])
def test_what_a_deletion_takes_with_it_is_said_in_the_plan(store: Store, name: str, said: list[str]) -> None:
    """A resource can warn of a planned deletion, or refuse it."""
    prior = dict.fromkeys(Guarded.attributes) | {"name": name}
    outcome = run(lifecycle.plan(Guarded, store, prior, None, {}, explain))
    assert (outcome.state, summaries(outcome)) == (None, said)


class Choosy(Thing):
    """A thing that tells a plan from the one right before its creation."""

    async def plan(self, plan: Plan) -> None:
        """Say which it is."""
        self.diagnostics.warning("last" if plan.applies else "first")


@pytest.mark.parametrize(("applies", "said"), [(True, ["last"]), (False, ["first"])])
def test_plan_right_before_the_apply_is_told_apart(store: Store, *, applies: bool, said: list[str]) -> None:
    """A resource knows that an apply follows at once."""
    config = dict.fromkeys(Choosy.attributes) | {"name": "a"}
    outcome = run(lifecycle.plan(Choosy, store, None, config, {}, explain, applies=applies))
    assert summaries(outcome) == said


class Referring(Resource):
    """A thing that refers to others."""

    type_name = "toy_referring"

    other = optional(Uuid(), "Another.")
    others = optional(ListOf(Uuid()), "More.")
    name = optional(String(), "No id.")

    async def validate(self, config: Values) -> None:
        """Show what it is given."""
        self.diagnostics.warning(repr([config[name] for name in ("other", "others", "name")]))


def test_made_up_ids_count_as_not_known() -> None:
    """In a run that may be mocked an id that is no UUID is no mistake, and any other text stays as it is."""
    id_ = "01234567-89ab-cdef-0123-456789abcdef"
    config = {"other": "abc", "others": [id_, "abc"], "name": "abc"}
    real = run(lifecycle.validate_config(Referring, config, explain))
    assert [item.path for item in real] == [("other",), ("others", 1)]
    [shown] = run(lifecycle.validate_config(Referring, config, explain, real=False))
    assert shown.summary == repr([UNKNOWN, [id_, UNKNOWN], "abc"])
