"""Schedules that are resources of their own, on a real server."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.existing import keep_notes, set_on_existing
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule
from prefect_provider.objects.unrecorded import Unrecorded
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.path import show_path
from tests.objects.connections import break_at, count_requests
from tests.objects.terraform_core import (
    Managed,
    World,
    assert_consistent,
    configuration,
    explain,
    shown,
    unique,
)

if TYPE_CHECKING:
    from pathlib import Path

NIGHTLY = {"cron": "0 3 * * *"}
UUID = "01234567-89ab-cdef-0123-456789abcdef"


class Scheduled:
    """A deployment that somebody made, and a schedule of it that is a resource of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.flow_name, self.name = unique("flow"), unique("deployment")
        flow = world.call("POST", "/flows/", {"name": self.flow_name})["id"]
        self.body = {"name": self.name, "flow_id": flow}
        self.deployment_id: str = world.call("POST", "/deployments/", self.body)["id"]
        self.managed = Managed(world, DeploymentSchedule)

    def given(self, **fields: Any) -> dict[str, Any]:
        """A configuration."""
        return {"deployment_id": self.deployment_id} | fields

    def apply(self, **fields: Any) -> None:
        """Have the schedule like this."""
        self.managed.apply(self.given(**fields))

    @property
    def path(self) -> str:
        """Of the schedules."""
        return f"/deployments/{self.deployment_id}/schedules"

    @property
    def stored(self) -> dict[str, Any]:
        """The only schedule on the server."""
        [found] = self.world.call("GET", self.path)
        assert isinstance(found, dict)
        return found

    def post_again(self) -> None:
        """Post the deployment anew with its schedules, as its labels or `prefect deploy` do: all get new ids."""
        kept = ("schedule", "active", "parameters")
        schedules = [
            {name: one[name] for name in kept} | {"slug": one["slug"] or one["id"]}
            for one in self.world.call("GET", self.path)
        ]
        self.world.call("POST", "/deployments/", self.body | {"schedules": schedules})


@pytest.fixture
def scheduled(world: World) -> Scheduled:
    """A deployment that somebody made, and a schedule of it that is a resource of its own."""
    return Scheduled(world)


def test_new_schedule_is_active_and_a_paused_one_stays_so(scheduled: Scheduled) -> None:
    """Without `active` a new schedule makes runs; one that somebody pauses is no difference; with it, it is."""
    scheduled.apply(slug="s", **NIGHTLY)
    assert scheduled.stored["active"] is True

    scheduled.world.call("PATCH", f"{scheduled.path}/{scheduled.managed.id}", {"active": False})
    scheduled.managed.refresh()
    assert scheduled.managed.changes(scheduled.given(slug="s", **NIGHTLY)) == []
    scheduled.apply(slug="s", cron="0 4 * * *")
    assert scheduled.stored["active"] is False

    assert scheduled.managed.changes(scheduled.given(slug="s", cron="0 4 * * *", active=True)) == ["active"]
    scheduled.apply(slug="s", cron="0 4 * * *", active=True)
    assert scheduled.stored["active"] is True


def test_day_or_can_be_false(scheduled: Scheduled) -> None:
    """That both days of a cron expression must fit is sent, kept and taken back."""
    scheduled.apply(cron="0 3 1 * 1", day_or=False)
    assert scheduled.stored["schedule"]["day_or"] is False
    scheduled.apply(cron="0 3 1 * 1")
    assert scheduled.stored["schedule"]["day_or"] is True


def test_only_what_changes_is_unknown(scheduled: Scheduled) -> None:
    """A change of one field shows that field and when it was changed, and nothing else as known after apply."""
    scheduled.apply(slug="s", **NIGHTLY)
    wanted = configuration(DeploymentSchedule, scheduled.given(slug="s", cron="0 4 * * *"))
    planned = scheduled.managed.plan(wanted, prior=scheduled.managed.state).state
    assert planned is not None
    assert [name for name, value in planned.items() if value == UNKNOWN] == ["updated"]


def test_what_a_change_does_not_clear_is_made_anew(scheduled: Scheduled) -> None:
    """A slug or a number of runs that is removed is gone from the server, and the plan says that it takes a new one."""
    full = {"slug": "s", "max_scheduled_runs": 5, "timezone": "Europe/Berlin", "parameters": '{"a":1}'}
    scheduled.apply(**NIGHTLY, **full)
    for name in ("max_scheduled_runs", "slug"):
        del full[name]
        wanted = configuration(DeploymentSchedule, scheduled.given(**NIGHTLY, **full))
        assert scheduled.managed.plan(wanted, prior=scheduled.managed.state).replace == [(name,)]
        scheduled.apply(**NIGHTLY, **full)
        assert scheduled.stored[name] is None
    scheduled.apply(**NIGHTLY)
    assert scheduled.stored["parameters"] == {}
    assert scheduled.stored["schedule"]["timezone"] in (None, "UTC")


def test_change_of_one_field_keeps_the_others(scheduled: Scheduled) -> None:
    """Parameters, which a PATCH without them empties, and an anchor, which it moves, survive a change beside them."""
    scheduled.apply(interval=900, parameters='{"a":1}', max_scheduled_runs=3)
    anchor = scheduled.stored["schedule"]["anchor_date"]
    scheduled.apply(interval=1800, parameters='{"a":1}', max_scheduled_runs=3)
    assert scheduled.stored["parameters"] == {"a": 1}
    assert scheduled.stored["max_scheduled_runs"] == 3
    kept = scheduled.stored["schedule"]["anchor_date"]
    assert datetime.fromisoformat(kept) == datetime.fromisoformat(anchor)


def test_schedule_becomes_another_kind_and_back(scheduled: Scheduled) -> None:
    """A schedule changes between cron, interval and rule under its id, each time as configured."""
    kinds: list[dict[str, Any]] = [
        {"cron": "0 3 1 * 1", "day_or": False},
        {"interval": 16777217},
        {"rrule": "FREQ=DAILY"},
        {"interval": 60, "anchor_date": "2030-01-01T00:00:00Z"},
        {"cron": "0 4 * * *"},
        {"rrule": "DTSTART:20300101T000000\nFREQ=DAILY", "timezone": "Europe/Berlin"},
    ]
    ids = set()
    for kind in kinds:
        scheduled.apply(slug="s", **kind)
        ids.add(scheduled.managed.id)
        of = {"cron", "interval", "rrule"}
        assert scheduled.stored["schedule"].keys() & of == kind.keys() & of
    assert len(ids) == 1


@pytest.mark.parametrize("anchor", ["2030-01-01T00:00:00Z", "2030-01-01T02:00:00+02:00"])
def test_anchor_in_any_spelling(scheduled: Scheduled, anchor: str) -> None:
    """An anchor keeps its spelling, and another spelling of the same instant is no change."""
    scheduled.apply(interval=900, anchor_date=anchor)
    assert scheduled.managed.held["anchor_date"] == anchor
    other = scheduled.given(interval=900, anchor_date="2030-01-01T01:00:00+01:00")
    assert scheduled.managed.changes(other) == []


def test_empty_stands_for_none(scheduled: Scheduled) -> None:
    """What a module passes on for "not set", empty text and zero, is not set."""
    empty = {
        "interval": 0,
        "rrule": "",
        "timezone": "",
        "anchor_date": "",
        "slug": "",
        "max_scheduled_runs": 0,
    }
    scheduled.apply(**NIGHTLY, **empty)
    assert (scheduled.stored["slug"], scheduled.stored["max_scheduled_runs"]) == (None, None)
    assert scheduled.managed.changes(scheduled.given(**NIGHTLY)) == []


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "exactly one of cron, interval, rrule, got none"),
    ({"cron": "", "interval": 0}, "", "exactly one of cron, interval, rrule, got none"),
    (NIGHTLY | {"interval": 60}, "interval", "got cron and interval"),
    ({"cron": "every day"}, "cron", "ot a valid cron expression"),
    ({"rrule": "FREQ=SOMETIMES"}, "rrule", "ot a valid recurrence rule"),
    (NIGHTLY | {"anchor_date": "2030-01-01T00:00:00Z"}, "anchor_date", "belongs to interval"),
    ({"interval": 60, "day_or": False}, "day_or", "belongs to cron"),
    (NIGHTLY | {"timezone": "Europe/Berln"}, "timezone", 'Did you mean "Europe/Berlin"?'),
    ({"interval": 60, "anchor_date": "tomorrow"}, "anchor_date", "RFC 3339"),
    (NIGHTLY | {"parameters": "[]"}, "parameters", "a JSON object"),
]


@pytest.mark.parametrize(("schedule", "path", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_schedule_is_refused(world: World, schedule: dict[str, Any], path: str, text: str) -> None:
    """A schedule that Prefect would refuse or misread is refused at validate, with its place and remedy."""
    found = Managed(world, DeploymentSchedule).validate({"deployment_id": UUID} | schedule)
    [error] = found
    assert show_path(error.path) == path
    assert text in error.detail


def test_deployment_that_is_not_there(world: World) -> None:
    """The server's word on a deployment that does not exist is shown at its id."""
    managed = Managed(world, DeploymentSchedule)
    wanted = configuration(DeploymentSchedule, {"deployment_id": UUID} | NIGHTLY)
    planned = managed.plan(wanted, prior=None)
    outcome = world.run(
        lifecycle.apply(DeploymentSchedule, world.client, None, planned.state, wanted, {}, explain)
    )
    [error] = outcome.diagnostics
    assert error.path == ("deployment_id",)
    assert outcome.state is None


def test_schedule_of_a_deleted_deployment_is_gone(scheduled: Scheduled) -> None:
    """A refresh after somebody deleted the deployment finds nothing, and neither plan nor destroy fails."""
    scheduled.apply(slug="s", **NIGHTLY)
    held = scheduled.managed.held
    scheduled.world.call("DELETE", f"/deployments/{scheduled.deployment_id}")
    scheduled.managed.refresh()
    assert scheduled.managed.state is None
    scheduled.managed.state = held
    assert scheduled.managed.destroy() == []


# ------------------------------------------------------------------ new ids


@pytest.mark.parametrize("slug", ["s", None])
def test_schedule_survives_that_its_deployment_is_posted_anew(scheduled: Scheduled, slug: str | None) -> None:
    """A schedule that was made anew with another id, again and again, is the same: read, changed and deleted."""
    scheduled.apply(slug=slug, **NIGHTLY)
    for _ in range(2):
        scheduled.post_again()
        scheduled.managed.refresh()
        assert scheduled.managed.id == scheduled.stored["id"]
        assert scheduled.managed.changes(scheduled.given(slug=slug, **NIGHTLY)) == []

    scheduled.post_again()
    wanted = configuration(DeploymentSchedule, scheduled.given(slug=slug, cron="0 4 * * *"))
    managed = scheduled.managed
    planned = managed.plan(wanted, prior=managed.held)
    assert planned.state is not None
    applied = scheduled.world.run(
        lifecycle.apply(
            DeploymentSchedule,
            scheduled.world.client,
            managed.held,
            planned.state,
            wanted,
            planned.private,
            explain,
        )
    )
    assert shown(applied.diagnostics) == []
    assert applied.state is not None
    assert_consistent(planned.state, applied.state)
    managed.state, managed.private = applied.state, applied.private
    managed.refresh()
    assert managed.id == scheduled.stored["id"]
    assert scheduled.stored["schedule"]["cron"] == "0 4 * * *"

    scheduled.post_again()
    scheduled.managed.destroy()
    assert scheduled.world.call("GET", scheduled.path) == []


def test_deleted_schedule_is_not_mistaken_for_a_sibling(scheduled: Scheduled) -> None:
    """Of several schedules, the one that somebody deleted is gone, whatever the others are called."""
    scheduled.apply(**NIGHTLY)
    scheduled.world.call("POST", scheduled.path, [{"slug": "other", "schedule": {"interval": 60.0}}])
    scheduled.world.call("DELETE", f"{scheduled.path}/{scheduled.managed.id}")
    scheduled.managed.refresh()
    assert scheduled.managed.state is None


# ------------------------------------------------------------------ a slug that is taken


def _plan(world: World, given: dict[str, Any]) -> lifecycle.Outcome:
    return Managed(world, DeploymentSchedule).plan(configuration(DeploymentSchedule, given), prior=None)


def test_taken_slug_is_refused_with_an_import_that_works(scheduled: Scheduled) -> None:
    """A slug that a schedule has is refused at plan, and the block that is shown imports it with an empty plan."""
    scheduled.world.call("POST", scheduled.path, [{"slug": "s", "schedule": NIGHTLY}])
    given = scheduled.given(slug="s", **NIGHTLY)

    [error] = _plan(scheduled.world, given).diagnostics
    assert error.path == ("slug",)
    id_ = f"{scheduled.deployment_id},s"
    assert f'id = "{id_}"' in error.detail

    imported = Managed.imported(scheduled.world, DeploymentSchedule, id_)
    assert imported.changes(given) == []


def test_taken_slug_is_taken_over_when_asked(scheduled: Scheduled) -> None:
    """With `on_existing = "adopt"` the schedule of that slug is changed to what is configured, with a warning."""
    [theirs] = scheduled.world.call("POST", scheduled.path, [{"slug": "s", "schedule": {"interval": 60.0}}])
    set_on_existing(scheduled.world.client, "adopt")
    warnings = scheduled.managed.apply(scheduled.given(slug="s", **NIGHTLY), warns=True)
    assert {one.severity for one in warnings} == {"warning"}
    assert (scheduled.stored["id"], scheduled.stored["schedule"]["cron"]) == (theirs["id"], "0 3 * * *")


def test_two_resources_with_one_slug(scheduled: Scheduled) -> None:
    """Two new schedules of one slug are refused at plan, with the slug."""
    assert shown(_plan(scheduled.world, scheduled.given(slug="s", **NIGHTLY)).diagnostics) == []
    [error] = _plan(scheduled.world, scheduled.given(slug="s", interval=60)).diagnostics
    assert error.summary == "The schedule is managed twice"
    assert error.path == ("slug",)
    assert '"s"' in error.detail


def test_slug_changes_in_place(scheduled: Scheduled) -> None:
    """Another slug is another name of the same schedule; one that is taken is refused."""
    scheduled.apply(slug="s", **NIGHTLY)
    id_ = scheduled.managed.id
    scheduled.apply(slug="t", **NIGHTLY)
    assert (scheduled.stored["id"], scheduled.stored["slug"]) == (id_, "t")

    scheduled.world.call("POST", scheduled.path, [{"slug": "taken", "schedule": NIGHTLY}])
    wanted = configuration(DeploymentSchedule, scheduled.given(slug="taken", **NIGHTLY))
    [error] = scheduled.managed.plan(wanted, prior=scheduled.managed.state).diagnostics
    assert error.path == ("slug",)


# ------------------------------------------------------------------ import


FORMS: list[str] = [
    "{deployment_id},{slug}",
    "{flow}/{name},{slug}",
    "{deployment_id},{id}",
    "{flow}/{name},{id}",
]


@pytest.mark.parametrize("form", FORMS)
def test_import(scheduled: Scheduled, form: str) -> None:
    """A schedule is imported by its deployment, by id or by names, and its slug or id; then the plan is empty."""
    fields = {"slug": "a slug", "active": False, "timezone": "Europe/Berlin"} | NIGHTLY
    scheduled.apply(**fields)
    id_ = form.format(
        deployment_id=scheduled.deployment_id,
        slug="a slug",
        flow=scheduled.flow_name,
        name=scheduled.name,
        id=scheduled.managed.id,
    )
    imported = Managed.imported(scheduled.world, DeploymentSchedule, id_)
    assert imported.id == scheduled.managed.id
    assert imported.changes(scheduled.given(**fields)) == []


def test_import_by_identity(scheduled: Scheduled) -> None:
    """A schedule is imported by the ids of its deployment and its own, and nothing is found under another's."""
    scheduled.apply(**NIGHTLY)
    identity = {"deployment_id": scheduled.deployment_id, "id": scheduled.managed.id}
    for given, is_there in (
        (identity, True),
        (identity | {"id": UUID}, False),
        (identity | {"deployment_id": UUID}, False),
    ):
        place = {"account_id": None, "workspace_id": None}
        outcome = scheduled.world.run(
            lifecycle.import_identity(DeploymentSchedule, scheduled.world.client, given | place, explain)
        )
        assert (outcome.state is not None) is is_there
        if outcome.state is not None:
            assert outcome.identity == identity | place
            managed = Managed(scheduled.world, DeploymentSchedule, outcome.state)
            assert managed.changes(scheduled.given(**NIGHTLY)) == []


def test_import_without_a_slug(scheduled: Scheduled) -> None:
    """A schedule that has no slug is imported by its id."""
    scheduled.apply(interval=60)
    id_ = f"{scheduled.deployment_id},{scheduled.managed.id}"
    assert (
        Managed.imported(scheduled.world, DeploymentSchedule, id_).changes(scheduled.given(interval=60)) == []
    )


def test_import_of_what_is_not_there(scheduled: Scheduled) -> None:
    """A schedule that the deployment does not have is reported with those that it has; so is a missing deployment."""
    scheduled.apply(slug="nightly", **NIGHTLY)
    [error] = scheduled.world.import_state(
        DeploymentSchedule, f"{scheduled.deployment_id},nighly"
    ).diagnostics
    assert error.summary == "No such object"
    assert "`nightly`" in error.detail
    for id_ in (f"{UUID},nightly", f"{scheduled.flow_name}/none,nightly"):
        [error] = scheduled.world.import_state(DeploymentSchedule, id_).diagnostics
        assert error.summary == "No such object"


# ------------------------------------------------------------------ requests


def test_schedules_are_read_with_their_deployments(world: World) -> None:
    """Many schedules cost as many requests as reading their deployments together does, several of one no more."""
    ones = [Scheduled(world) for _ in range(12)]
    states = []
    for one in ones:
        for slug in ("a", "b"):
            managed = Managed(world, DeploymentSchedule)
            managed.apply(one.given(slug=slug, **NIGHTLY))
            states.append(managed.held)
    asked = count_requests(world)

    async def refresh() -> list[lifecycle.Outcome]:
        return await asyncio.gather(
            *(lifecycle.refresh(DeploymentSchedule, world.client, state, {}, explain) for state in states)
        )

    outcomes = world.run(refresh())

    assert [outcome.state for outcome in outcomes] == states
    assert len(asked) == 1, asked


# ------------------------------------------------------------------ lost answers


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize("slug", ["s", None])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/schedules$"), ("PATCH", "/schedules/"), ("DELETE", "/schedules/")]
)
def test_connection_that_breaks(
    scheduled: Scheduled, method: str, path: str, slug: str | None, *, heard: bool
) -> None:
    """A schedule is made once, changed and deleted although the connection breaks, heard or not."""
    breaking = break_at(scheduled.world, method, path, heard=heard)
    scheduled.apply(slug=slug, **NIGHTLY)
    scheduled.apply(slug=slug, interval=60)
    assert scheduled.stored["id"] == scheduled.managed.id
    scheduled.managed.destroy()
    assert breaking.creations >= 1
    assert scheduled.world.call("GET", scheduled.path) == []


@pytest.mark.parametrize("answered", [True, False])
def test_schedule_of_a_command_that_was_cut_off(
    scheduled: Scheduled, tmp_path: Path, *, answered: bool
) -> None:
    """A schedule that was made and is in no state, because Terraform was killed, is taken over with a warning."""
    notes = Unrecorded(str(tmp_path), timedelta)
    keep_notes(scheduled.world.client, notes)
    if answered:
        scheduled.apply(slug="s", **NIGHTLY)
    else:
        notes.begin(f"{scheduled.world.server.api_url}{scheduled.path}", "s")
        scheduled.world.call("POST", scheduled.path, [{"slug": "s", "schedule": {"interval": 60.0}}])
    made = scheduled.stored["id"]
    notes.leave(in_peace=False)
    world = World(scheduled.world.server)
    try:
        keep_notes(world.client, Unrecorded(str(tmp_path), timedelta))
        again = Managed(world, DeploymentSchedule)
        warnings = again.apply(scheduled.given(slug="s", **NIGHTLY), warns=True)
    finally:
        world.close()
    assert any("cut off" in one.summary for one in warnings)
    assert (again.id, scheduled.stored["schedule"]["cron"]) == (made, "0 3 * * *")
