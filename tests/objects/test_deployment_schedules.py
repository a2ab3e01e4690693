"""Schedules of deployments on a real server, and what is refused before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.path import show_path
from tests.objects.connections import break_at
from tests.objects.terraform_core import Managed, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


class Scheduled:
    """A deployment of which only the schedules change."""

    def __init__(self, world: World) -> None:
        self.world = world
        flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
        self.least = {"name": unique("deployment"), "flow_id": flow}
        self.managed = Managed(world, Deployment)

    def apply(self, **schedules: dict[str, Any]) -> None:
        """Have these schedules, by slug."""
        self.managed.apply(self.least | {"schedules": schedules})

    def changes(self, **schedules: dict[str, Any]) -> list[str]:
        """What a plan with these schedules changes."""
        return self.managed.changes(self.least | {"schedules": schedules})

    @property
    def path(self) -> str:
        """Of the schedules."""
        return f"/deployments/{self.managed.id}/schedules"

    @property
    def stored(self) -> dict[str | None, dict[str, Any]]:
        """The schedules on the server, by slug."""
        return {one["slug"]: one for one in self.world.call("GET", self.path)}

    def held(self, slug: str) -> dict[str, Any]:
        """A schedule in state."""
        found: dict[str, Any] = self.managed.held["schedules"][slug]
        return found


@pytest.fixture
def scheduled(world: World) -> Scheduled:
    """A deployment of which only the schedules change."""
    return Scheduled(world)


def test_schedule_is_active_unless_it_says_otherwise(scheduled: Scheduled) -> None:
    """A schedule without `active` makes runs."""
    scheduled.apply(s={"cron": "0 3 * * *"})
    assert scheduled.stored["s"]["active"] is True
    scheduled.apply(s={"cron": "0 3 * * *", "active": False})
    assert scheduled.stored["s"]["active"] is False


def test_day_or_can_be_false(scheduled: Scheduled) -> None:
    """That both days of a cron expression must fit is sent, kept and taken back."""
    scheduled.apply(s={"cron": "0 3 1 * 1", "day_or": False})
    assert scheduled.stored["s"]["schedule"]["day_or"] is False
    scheduled.apply(s={"cron": "0 3 1 * 1"})
    assert scheduled.stored["s"]["schedule"]["day_or"] is True


def test_removed_fields_are_cleared(scheduled: Scheduled) -> None:
    """Time zone, limit and parameters of a schedule that are removed are gone from the server."""
    full = {"timezone": "Europe/Berlin", "max_scheduled_runs": 5, "parameters": '{"a":1}', "active": False}
    scheduled.apply(s={"cron": "0 3 * * *"} | full)
    scheduled.apply(s={"cron": "0 3 * * *"})
    found = scheduled.stored["s"]
    assert found["max_scheduled_runs"] is None
    assert found["parameters"] == {}
    assert found["schedule"]["timezone"] in (None, "UTC")
    assert found["active"] is True


def test_large_and_fractional_numbers_are_exact(scheduled: Scheduled) -> None:
    """An interval keeps every second, also where 32 bits of precision would not be enough."""
    scheduled.apply(s={"interval": 16777217}, t={"interval": 90})
    assert scheduled.stored["s"]["schedule"]["interval"] == 16777217.0
    assert scheduled.held("s")["interval"] == 16777217


@pytest.mark.parametrize(
    "anchor", ["2030-01-01T00:00:00Z", "2030-01-01T00:00:00+00:00", "2030-01-01T02:00:00+02:00"]
)
def test_anchor_in_any_spelling(scheduled: Scheduled, anchor: str) -> None:
    """An anchor keeps its spelling, and another spelling of the same instant is no change."""
    scheduled.apply(s={"interval": 900, "anchor_date": anchor})
    assert scheduled.held("s")["anchor_date"] == anchor
    assert scheduled.changes(s={"interval": 900, "anchor_date": "2030-01-01T01:00:00+01:00"}) == []


def test_anchor_stays_when_the_interval_changes(scheduled: Scheduled) -> None:
    """Where Prefect chose the anchor, a change of the interval or of a sibling does not move it."""
    scheduled.apply(s={"interval": 900})
    anchor = scheduled.stored["s"]["schedule"]["anchor_date"]

    scheduled.apply(s={"interval": 1800}, t={"cron": "0 3 * * *"})
    scheduled.apply(s={"interval": 1800, "active": False, "timezone": "Europe/Berlin"})

    kept = scheduled.stored["s"]["schedule"]["anchor_date"]
    assert datetime.fromisoformat(kept) == datetime.fromisoformat(anchor)


def test_schedule_becomes_another_kind_and_back(scheduled: Scheduled) -> None:
    """A schedule changes between cron, interval and rule under its slug, each time as configured."""
    kinds: list[dict[str, Any]] = [
        {"cron": "0 3 * * *"},
        {"interval": 900},
        {"rrule": "FREQ=DAILY"},
        {"interval": 60},
        {"cron": "0 4 * * *", "day_or": False},
        {"interval": 60, "anchor_date": "2030-01-01T00:00:00Z"},
        {"rrule": "DTSTART:20300101T000000\nFREQ=DAILY", "timezone": "Europe/Berlin"},
    ]
    for kind in kinds:
        scheduled.apply(s=kind)
        [found] = scheduled.stored.values()
        assert found["schedule"].keys() & {"cron", "interval", "rrule"} == kind.keys() & {
            "cron",
            "interval",
            "rrule",
        }


@pytest.mark.since("3.6.26")
def test_start_that_prefect_adds_to_a_rule_is_no_change(scheduled: Scheduled) -> None:
    """A rule keeps its spelling although Prefect stores it with a start."""
    scheduled.apply(s={"rrule": "FREQ=WEEKLY;BYDAY=MO"})
    assert "DTSTART" in scheduled.stored["s"]["schedule"]["rrule"]
    assert scheduled.held("s")["rrule"] == "FREQ=WEEKLY;BYDAY=MO"


def test_schedule_with_slugless_siblings(scheduled: Scheduled) -> None:
    """Where others made schedules without a slug, ours are changed alone, and theirs are removed as configured."""
    scheduled.apply(s={"cron": "0 3 * * *"})
    scheduled.world.call(
        "POST", scheduled.path, [{"schedule": {"cron": "1 1 * * *"}}, {"schedule": {"interval": 60.0}}]
    )
    before = scheduled.stored["s"]["id"]
    scheduled.managed.refresh()
    assert len(scheduled.managed.held["schedules"]) == 3

    scheduled.apply(s={"cron": "0 4 * * *"}, t={"interval": 600})

    assert scheduled.stored.keys() == {"s", "t"}
    assert scheduled.stored["s"]["id"] == before


def test_slugless_schedule_is_kept_by_its_id(scheduled: Scheduled) -> None:
    """A schedule without a slug can be kept, and changed, under its id."""
    scheduled.apply()
    [made] = scheduled.world.call("POST", scheduled.path, [{"schedule": {"cron": "1 1 * * *"}}])
    id_ = made["id"]
    scheduled.managed.refresh()

    scheduled.apply(**{id_: {"cron": "2 2 * * *", "active": False}})

    [found] = scheduled.world.call("GET", scheduled.path)
    assert (found["id"], found["slug"], found["schedule"]["cron"]) == (id_, None, "2 2 * * *")


def test_schedules_left_out_are_left_alone(scheduled: Scheduled) -> None:
    """Without the attribute, schedules that others make and change are no difference and survive an update."""
    scheduled.managed.apply(scheduled.least)
    scheduled.world.call("POST", scheduled.path, [{"slug": "x", "schedule": {"cron": "1 1 * * *"}}])
    scheduled.managed.refresh()
    assert scheduled.managed.changes(scheduled.least) == []
    scheduled.managed.apply(scheduled.least | {"description": "x"})
    assert scheduled.stored.keys() == {"x"}


def test_schedule_deleted_elsewhere_is_made_anew(scheduled: Scheduled) -> None:
    """A schedule that somebody deleted is drift, not an error that stops every plan."""
    scheduled.apply(s={"cron": "0 3 * * *"}, t={"interval": 60})
    scheduled.world.call("DELETE", f"{scheduled.path}/{scheduled.stored['s']['id']}")
    scheduled.managed.refresh()
    assert scheduled.changes(s={"cron": "0 3 * * *"}, t={"interval": 60}) == ["schedules"]
    scheduled.apply(s={"cron": "0 3 * * *"}, t={"interval": 60})
    assert scheduled.stored.keys() == {"s", "t"}


def test_new_slug_is_a_new_schedule(scheduled: Scheduled) -> None:
    """A schedule under another slug takes the place of the old one."""
    scheduled.apply(s={"cron": "0 3 * * *"})
    scheduled.apply(t={"cron": "0 3 * * *"})
    assert scheduled.stored.keys() == {"t"}


CRON = {"cron": "0 3 * * *"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "schedules.s", "exactly one of cron, interval, rrule, got none"),
    ({"cron": "0 3 * * *", "interval": 60}, "schedules.s.interval", "got cron and interval"),
    ({"cron": "0 25 * * *"}, "schedules.s.cron", "ot a valid cron expression"),
    ({"cron": "every day"}, "schedules.s.cron", "ot a valid cron expression"),
    ({"rrule": "FREQ=SOMETIMES"}, "schedules.s.rrule", "ot a valid recurrence rule"),
    ({"interval": 0}, "schedules.s.interval", "more than 0 seconds"),
    (CRON | {"anchor_date": "2030-01-01T00:00:00Z"}, "schedules.s.anchor_date", "belongs to interval"),
    ({"interval": 60, "day_or": False}, "schedules.s.day_or", "belongs to cron"),
    (CRON | {"timezone": "Europe/Berln"}, "schedules.s.timezone", 'Did you mean "Europe/Berlin"?'),
    ({"interval": 60, "anchor_date": "tomorrow"}, "schedules.s.anchor_date", "RFC 3339"),
    (CRON | {"max_scheduled_runs": 0}, "schedules.s.max_scheduled_runs", "not below 1"),
    (CRON | {"parameters": "[]"}, "schedules.s.parameters", "a JSON object"),
]


@pytest.mark.parametrize(("schedule", "path", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_schedule_is_refused(world: World, schedule: dict[str, Any], path: str, text: str) -> None:
    """A schedule that Prefect would refuse or misread is refused at validate, with its place and remedy."""
    found = Managed(world, Deployment).validate(
        {"name": "d", "entrypoint": "f.py:f", "schedules": {"s": schedule}}
    )

    [error] = found
    assert show_path(error.path) == path
    assert text in error.detail


def test_what_is_not_known_yet_is_no_error(world: World) -> None:
    """A schedule, or a field of one, that another resource gives is accepted at validate."""
    schedules = {"t": {"cron": UNKNOWN}, "u": {"interval": 60, "parameters": UNKNOWN}}
    found = Managed(world, Deployment).validate({"name": "d", "entrypoint": "f.py:f", "schedules": schedules})
    assert shown(found) == []


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/schedules$"), ("DELETE", "/schedules/"), ("PATCH", "/schedules/")]
)
def test_change_of_schedules_that_was_not_answered(
    world: World, method: str, path: str, *, heard: bool
) -> None:
    """A connection that breaks while schedules are made, changed or deleted leaves them as they are configured."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    base = {"name": "d", "flow_id": flow}
    managed = Managed(world, Deployment)
    managed.apply(base | {"schedules": {"old": {"cron": "0 0 * * *"}, "kept": {"cron": "1 1 * * *"}}})
    breaking = break_at(world, method, path, heard=heard)

    managed.apply(base | {"schedules": {"new": {"cron": "0 0 * * *"}, "kept": {"cron": "2 2 * * *"}}})

    assert breaking.creations >= 1
    assert len(world.call("GET", f"/deployments/{managed.id}/schedules")) == 2


@pytest.mark.parametrize("heard", [True, False])
def test_new_deployment_whose_schedules_were_not_answered(world: World, *, heard: bool) -> None:
    """A new deployment is complete, and not tainted, when the answer about its schedules is lost."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    break_at(world, "POST", "/schedules$", heard=heard)
    Managed(world, Deployment).apply(
        {"name": "d", "flow_id": flow, "schedules": {"a": {"interval": 60}, "b": {"cron": "1 1 * * *"}}}
    )
