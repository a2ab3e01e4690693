"""Schedules, in every form that people have them in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import prefect_constructs as pc
from tests.constructs.stacks import attributes, new_stack

CRON = "0 3 * * *"


def written(schedules: Any) -> Any:
    """A deployment's schedules as they are synthesized."""
    stack = new_stack()
    pc.Deployment(stack, "nightly", flow_name="f", schedules=schedules)
    return attributes(stack, "prefect_deployment").get("schedules")


@pytest.mark.parametrize(
    ("schedules", "expected"),
    [
        (CRON, {"cron": {"cron": CRON}}),
        (pc.Cron(CRON), {"cron": {"cron": CRON}}),
        ([CRON, pc.Interval(60)], {"cron": {"cron": CRON}, "interval": {"interval": 60}}),
        ((pc.Interval("PT2H", slug="x"),), {"x": {"interval": 7200}}),
        ({"cron": CRON, "timezone": "Europe/Berlin"}, {"cron": {"cron": CRON, "timezone": "Europe/Berlin"}}),
        ({"interval": "PT1H", "slug": "hourly"}, {"hourly": {"interval": 3600}}),
        (
            {"interval": timedelta(minutes=1), "active": False},
            {"interval": {"interval": 60, "active": False}},
        ),
        (
            [{"rrule": "FREQ=DAILY", "parameters": {"a": 1}}],
            {"rrule": {"rrule": "FREQ=DAILY", "parameters": '{"a":1}'}},
        ),
        (
            {"nightly": CRON, "cron": pc.Cron("0 4 * * *"), "daily": {"rrule": "FREQ=DAILY"}},
            {"nightly": {"cron": CRON}, "cron": {"cron": "0 4 * * *"}, "daily": {"rrule": "FREQ=DAILY"}},
        ),
        ({"weekly": {"interval": 604800, "slug": "weekly"}}, {"weekly": {"interval": 604800}}),
        (
            {
                "id": "x",
                "created": "y",
                "schedule": {"cron": CRON, "timezone": None, "day_or": True},
                "slug": None,
            },
            {"cron": {"cron": CRON, "day_or": True}},
        ),
        ([], {}),
        ({}, {}),
        (None, None),
    ],
)
def test_written(schedules: Any, expected: Any) -> None:
    """One or several, by slug, as text, as documents of `prefect.yaml` and of the API."""
    assert written(schedules) == expected


@pytest.mark.parametrize(
    ("schedules", "message"),
    [
        ("every day", "schedules.cron: Not a valid cron expression"),
        ([CRON, "0 4 * * *"], 'schedules: Two schedules have the slug "cron". Give each its own: `slug`.'),
        (
            [pc.Cron(CRON), pc.Cron(CRON)],
            'schedules: Two schedules have the slug "cron". Give each its own: Cron(..., slug="...").',
        ),
        ([pc.Cron(CRON), pc.Interval(0)], "schedules[1].interval: Expected more than 0 seconds"),
        ({"a": {"cron": CRON, "slug": "b"}}, 'schedules.a: The schedule has another slug, "b".'),
        ({"cron": CRON, "timezon": "UTC"}, "schedules.timezon: A schedule has no `timezon`. Did you mean"),
        (
            [{"cron": CRON, "replaces": "old"}],
            "schedules[0].replaces: A schedule has no `replaces`. Terraform knows",
        ),
        (
            [{"interval": "1h"}],
            'schedules[0].interval: Expected a number of seconds, or a duration such as "PT10M"',
        ),
        ([5], 'schedules[0]: Expected a schedule, such as `Cron("0 3 * * *")`, got 5 (int).'),
        (5, 'schedules: Expected a schedule, such as `Cron("0 3 * * *")`, got 5 (int).'),
        ([{}], "schedules[0]: Expected exactly one of cron, interval, rrule, got none."),
        ({"a": {"schedule": 5}}, "schedules.a.schedule: Expected a schedule, got 5."),
    ],
)
def test_refused(schedules: Any, message: str) -> None:
    """The error names the schedule where it was written."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        written(schedules)
    assert str(caught.value).startswith(f"MyStack/nightly: {message}"), str(caught.value)


def test_anchor_in_a_document() -> None:
    """An anchor that a document has is the user's."""
    now = datetime.now(UTC).isoformat()
    assert written({"interval": 60, "anchor_date": now}) == {"interval": {"interval": 60, "anchor_date": now}}
