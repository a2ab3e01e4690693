"""The times of a schedule's runs are those at which the server makes them."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from prefect_provider.rules.cron import cron_fault
from prefect_provider.rules.cron_expression import DAY, read_cron
from prefect_provider.rules.occurrences import next_runs
from prefect_provider.rules.recurrence import recurrence_fault
from tests.rules.prefect_python import PREFECT_PYTHON
from tests.rules.schedule_texts import cron_expressions, recurrence_rules

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", None)

_STARTS = (
    "2026-03-28T20:17:03+00:00",  # the evening before the clocks of Berlin go on
    "2026-10-24T20:00:00+00:00",  # and before they go back
    "2026-03-07T18:30:00.250000+00:00",  # New York
    "2026-10-31T20:00:00+00:00",
    "2026-04-04T08:00:00+00:00",  # Lord Howe, by half an hour
    "2026-12-31T23:59:59+00:00",
    "2028-02-28T12:00:00+00:00",
)

_KNOWN = datetime(2037, 1, 1, tzinfo=UTC).timestamp()
"""Up to then Prefect's libraries know when clocks change; it uses several, which do not agree on the time after it."""

_PREFECT = """
import json, signal, sys
from datetime import datetime
from pydantic import TypeAdapter
from prefect.server.schemas.schedules import SCHEDULE_TYPES
read = TypeAdapter(SCHEDULE_TYPES)
class Slow(BaseException):
    pass
def stop(*_):
    raise Slow
signal.signal(signal.SIGALRM, stop)
def runs(schedule, start, number):
    signal.setitimer(signal.ITIMER_REAL, 0.25)
    try:
        found = list(read.validate_python(schedule)._get_dates_generator(n=number, start=datetime.fromisoformat(start)))
    except (Exception, Slow) as error:
        return repr(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return sorted(one.timestamp() for one in found)
print(json.dumps([runs(*one) for one in json.load(sys.stdin)]))
"""


def _prefects(questions: list[tuple[dict[str, Any], str, int]]) -> list[Any]:
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", _PREFECT],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def _questions() -> list[tuple[dict[str, Any], str, int]]:
    random = Random(20261125)  # noqa: S311 - the same ones each time
    schedules: list[dict[str, Any]] = [
        *(
            {"cron": text, "day_or": random.random() < 0.7}
            for text in cron_expressions(1500, 7)
            if not cron_fault(text) and 31 not in read_cron(text).fields[DAY]
        ),
        *(
            {"cron": text}
            for text in ("0 3 * * *", "30 2 * * *", "*/20 * * * *", "0 0 29 2 *", "15 1-3 * * 7", "@weekly")
        ),
        *({"rrule": text} for text in recurrence_rules(120, 11) if not recurrence_fault(text)),
        *({"rrule": text} for text in ("FREQ=DAILY", "FREQ=HOURLY;INTERVAL=5", "FREQ=MINUTELY;INTERVAL=7")),
        *(
            {"interval": seconds, "anchor_date": f"{year}-0{month}-15T09:30:00+00:00"}
            for seconds in (300, 3600, 5400, 86400, 90000, 7 * 86400, 100.5)
            for year, month in ((2025, 1), (2026, 7), (2029, 9))
        ),
    ]
    return [
        (
            one | {"timezone": random.choice(_ZONES[:5] if "rrule" in one else _ZONES)},
            random.choice(_STARTS),
            12,
        )
        for one in schedules
    ]


@pytest.mark.skipif(not PREFECT_PYTHON, reason="there is no Python with Prefect")
def test_prefect_computes_the_same_runs() -> None:
    """Schedules by chance and those that people write, in zones whose clocks change: the next dozen of runs of each.

    Without those on a 31st: after a month that has none, Prefect's library now and then passes one over.
    """
    questions = _questions()
    answers = _prefects(questions)
    assert len(questions) > 300
    different = []
    for (schedule, start, number), theirs in zip(questions, answers, strict=True):
        ours = next_runs(schedule, datetime.fromisoformat(start), number)
        if not isinstance(theirs, str) and _early(ours) != _early(theirs):
            different.append((schedule, start, _early(ours), _early(theirs)))
    assert not different
    assert sum(isinstance(theirs, list) for theirs in answers) > len(answers) * 0.9


def _early(moments: list[Any] | None) -> list[str] | None:
    if moments is None:
        return None
    stamps = [one.timestamp() if isinstance(one, datetime) else one for one in moments]
    return [str(datetime.fromtimestamp(one, UTC)) for one in stamps if one < _KNOWN]


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ({"cron": "30 2 * * *"}, ["03-28T01:30", "03-29T00:30", "03-30T00:30"]),
        ({"cron": "0 3 * * *"}, ["03-28T02:00", "03-29T01:00", "03-30T01:00"]),
        (
            {"interval": 86400, "anchor_date": "2026-01-01T02:00:00Z"},
            ["03-28T02:00", "03-29T01:00", "03-30T01:00"],
        ),
        (
            {"interval": 43200.0, "anchor_date": "2026-01-01T02:00:00Z"},
            ["03-28T02:00", "03-28T14:00", "03-29T02:00"],
        ),
        ({"rrule": "FREQ=DAILY;BYHOUR=3"}, ["03-28T02:00", "03-29T01:00", "03-30T01:00"]),
    ],
)
def test_runs_over_summer_time(schedule: dict[str, Any], runs: list[str]) -> None:
    """In Berlin, where it is 3 o'clock after 1:59 on the 29th: clock times stay, and hours are hours."""
    start = datetime(2026, 3, 28, tzinfo=UTC)
    found = next_runs(schedule | {"timezone": "Europe/Berlin"}, start, 3)
    assert found is not None
    assert [f"{one:%m-%dT%H:%M}" for one in found] == runs


@pytest.mark.parametrize(
    "schedule",
    [
        {"cron": "x"},
        {"cron": "0 3 * * *", "timezone": "Europe/Atlantis"},
        {"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
        {"interval": 60},
    ],
)
def test_runs_that_cannot_be_told(schedule: dict[str, Any]) -> None:
    """What the server refuses, never runs, or would anchor at a time that is not known yet."""
    assert next_runs(schedule, datetime(2026, 3, 28, tzinfo=UTC), 3) is None


def test_runs_end_with_their_schedule() -> None:
    """A rule with a last occurrence has no runs after it."""
    start = datetime(2026, 3, 28, tzinfo=UTC)
    found = next_runs({"rrule": "DTSTART:20260327T090000\nRRULE:FREQ=DAILY;COUNT=3"}, start, 5)
    assert found == [datetime(2026, 3, 28, 9, tzinfo=UTC), start + timedelta(days=1, hours=9)]
