"""Schedules: cron expressions, recurrence rules, what goes with what, and what the server makes of it."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.cron import cron_fault, cron_surprises
from prefect_provider.rules.recurrence import (
    recurrence_fault,
    recurrence_surprises,
    same_recurrence,
)
from prefect_provider.rules.schedules import ENTRY_FIELDS, KIND_FIELDS, problems, same, to_api
from prefect_provider.text.path import Path
from tests.rules.prefect_python import PREFECT_PYTHON

CRON_GOOD = (
    *("0 0 * * *", "*/5,10-20 8-18 * * 1-5", "5/10 * * * *", "*/70 * * * *", "01 02 * * *", " 0 0 * * * "),
    *("0 0 * * 7", "* * * * 0-7", "* * * * 6-7", "* * * * fri-mon", "* * * dec-feb *", "* * * JAN MON-FRI/2"),
    *(
        "* * ? * ?",
        "* * L * *",
        "* * 1-L * *",
        "* * * * mon#2",
        "* * * * 0#1,1#1",
        "* * * * L5",
        "*,5 * * * *",
    ),
    *("0 0 * * * 30", "0 0 * * * 0 2030", "@daily", "@HOURLY", "@midnight", "@annually"),
    *(
        "0 0 * * mon,mon#1",
        "0 0 29 2 *",
        "0 0 5-5 * *",
        "0 0 0 * * 0",
        "0 0 31 1,2 *",
        "* * * * \N{ARABIC-INDIC DIGIT ONE}",
    ),
)
CRON_BAD = (
    *("", "* * * *", "* * * * * * * *", "60 * * * *", "* 24 * * *", "0 0 0 * *", "0 0 * 0 *", "* * 32 * *"),
    *("* * * 13 *", "0 0 * * 8", "* * * * * 60", "* * * * * * 1969", "* * * * * * 2100", "* * * foo *"),
    *("*/0 * * * *", "1,,2 * * * *", "? * * * *", "* * ?,1 * *", "*-5 * * * *", "-1 * * * *", "1.5 * * * *"),
    *("1-70 * * * *", "1-5-9 * * * *", "1/2/3 * * * *", "mon * * * *", "L * * * *", "* * * L *", "* * * * L"),
    *(
        "* * * * 5L",
        "* * LW * *",
        "* * 15W * *",
        "* * L-2 * *",
        "* * * * mon#6",
        "* * * * mon#1,2",
        "* * * * *#2",
    ),
    *(
        "h 0 * * *",
        "h/5 * * * *",
        "r * * * *",
        "@reboot",
        " @daily",
        "five * * * *",
        "0 0 * * 7 0",
        "0 0 * 2 * 0 x",
        "0 0 * * mon#1 0 7-0",
    ),
)
CRON_BROKEN_LATER = (
    *(
        "0 0 31 2 *",
        "0 0 30 2 1",
        "0 0 31 4,6,9,11 *",
        "0 0 31,L 11 *",
        "0 0 31 2 * 0 2030",
        "r(1-5) * * * *",
    ),
    "0 0 30 feb mon#1",
)
RULES_GOOD = (
    *(
        "FREQ=DAILY",
        "RRULE:FREQ=DAILY",
        "freq=weekly;byday=mo,+1tu",
        "FREQ=MINUTELY;INTERVAL=7",
        "  FREQ=DAILY  ",
    ),
    *(
        "FREQ=DAILY;UNTIL=20300101T000000",
        "DTSTART:20240101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20300101T000000Z",
    ),
    *(
        "DTSTART:20240101T000000\nFREQ=DAILY\nEXDATE:20240102T000000",
        "RDATE:20300101T000000Z",
        "FREQ=DAILY;WKST=MO",
    ),
    *("FREQ=SECONDLY;BYMONTH=5;BYHOUR=23;BYDAY=MO", "FREQ=DAILY;BYMONTH=1,13", "FREQ=DAILY;UNTIL=20300101"),
    *("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-1;BYSETPOS=1", "FREQ=DAILY;COUNT=3", "FREQ=DAILY\r\nFREQ=WEEKLY"),
)
RULES_REFUSED = (
    *("FREQ=WEEKLY;WKST=1MO", "FREQ=MONTHLY;BYDAY=0MO", "FREQ=WEEKLY;BYDAY=MO(0)", "FREQ=DAILY;BYDAY="),
    *("", "FREQ=NOPE", "FREQ=DAILY;", "FREQ=DAILY; INTERVAL=2", "FREQ=DAILY;FOO=1", "FREQ=DAILY;INTERVAL=x"),
    *("FREQ=DAILY;BYHOUR=25", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;BYSETPOS=0", "FOO:BAR", "RRULE:INTERVAL=2"),
    *("DTSTART:20240101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20300101T000000", "DTSTART:20240101"),
    "FREQ=DAILY;EXDATE=" + "1" * 6500,
)
RULES_BROKEN_LATER = (
    *(
        "FREQ=DAILY;UNTIL=20300101T000000Z",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
    ),
    *("FREQ=DAILY;BYMONTH=13", "FREQ=YEARLY;BYMONTHDAY=32", "EXDATE:20300101T000000"),
    *(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=HOURLY;BYSETPOS=2",
    ),
    *(
        "FREQ=DAILY;UNTIL=20191231T000000",
        "FREQ=DAILY;COUNT=1\nEXDATE:20200101T000000",
        "FREQ=MONTHLY;BYDAY=9MO",
    ),
    *("FREQ=SECONDLY;BYYEARDAY=367;BYHOUR=15", "FREQ=WEEKLY;BYDAY=MO;BYYEARDAY=400"),
    *("FREQ=MINUTELY;BYSETPOS=-3;BYSECOND=1,2", "FREQ=DAILY\nFREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
)
CRON = {"cron": "0 6 * * *"}


@pytest.mark.parametrize("text", CRON_GOOD)
def test_good_cron_expressions_pass(text: str) -> None:
    """What the server takes has no fault."""
    assert cron_fault(text) is None


@pytest.mark.parametrize("text", [*CRON_BAD, *CRON_BROKEN_LATER])
def test_bad_cron_expressions_have_a_fault(text: str) -> None:
    """What the server refuses has one, and what it takes and can never run."""
    assert cron_fault(text)


@pytest.mark.parametrize("text", RULES_GOOD)
def test_good_recurrence_rules_pass(text: str) -> None:
    """What the server takes and runs has no fault."""
    assert recurrence_fault(text) is None


@pytest.mark.parametrize("text", [*RULES_REFUSED, *RULES_BROKEN_LATER])
def test_bad_recurrence_rules_have_a_fault(text: str) -> None:
    """What the server refuses, or takes and then cannot run, has one."""
    assert recurrence_fault(text)


@pytest.mark.skipif(not PREFECT_PYTHON, reason="there is no Python with Prefect")
def test_prefect_agrees_on_every_example() -> None:
    """Prefect's own checks accept and refuse the same examples as these lists say."""
    code = """
import json, sys
from prefect.server.schemas.schedules import CronSchedule, RRuleSchedule
def accepts(make):
    try:
        make()
    except Exception:
        return False
    return True
crons, rules = json.load(sys.stdin)
print(json.dumps([[accepts(lambda: CronSchedule(cron=c)) for c in crons],
                  [accepts(lambda: RRuleSchedule(rrule=r)) for r in rules]]))
"""
    crons = [*CRON_GOOD, *CRON_BROKEN_LATER, *CRON_BAD]
    rules = [*RULES_GOOD, *RULES_BROKEN_LATER, *RULES_REFUSED]
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", code],
        input=json.dumps([crons, rules]),
        capture_output=True,
        text=True,
        check=True,
    )
    cron_answers, rule_answers = json.loads(done.stdout.splitlines()[-1])
    assert dict(zip(crons, cron_answers, strict=True)) == {text: text not in CRON_BAD for text in crons}
    assert dict(zip(rules, rule_answers, strict=True)) == {text: text not in RULES_REFUSED for text in rules}


@pytest.mark.parametrize(
    ("schedule", "path", "words"),
    [
        ({}, (), "exactly one of"),
        ({**CRON, "interval": 5}, ("interval",), "cron and interval"),
        ({"crons": "0 6 * * *", **CRON}, ("crons",), "Did you mean `cron`?"),
        ({"cron": "0 25 * * *"}, ("cron",), "hour: expected 0 to 23"),
        ({"cron": 5}, ("cron",), "expected text"),
        ({"interval": 0}, ("interval",), "more than 0"),
        ({"interval": -1}, ("interval",), "0 seconds or more"),
        ({"interval": "1h"}, ("interval",), "number of seconds"),
        ({"rrule": "FREQ=FOO"}, ("rrule",), "FREQ"),
        ({"interval": 5, "day_or": False}, ("day_or",), "belongs to cron"),
        ({**CRON, "anchor_date": "2024-01-01"}, ("anchor_date",), "belongs to interval"),
        ({"rrule": "FREQ=DAILY", "anchor_date": "2024-01-01"}, ("anchor_date",), "as DTSTART"),
        ({"interval": 5, "anchor_date": "yesterday"}, ("anchor_date",), "2024-01-01T09:00:00Z"),
        ({**CRON, "timezone": "Europe/Pris"}, ("timezone",), '"Europe/Paris"'),
        ({**CRON, "timezone": ""}, ("timezone",), "time zone"),
        ({**CRON, "max_scheduled_runs": 0}, ("max_scheduled_runs",), "1 or more"),
        ({**CRON, "slug": ""}, ("slug",), "empty text"),
        ({**CRON, "active": "yes"}, ("active",), "true or false"),
        ({**CRON, "parameters": "x"}, ("parameters",), "object"),
    ],
    ids=str,
)
def test_a_mistake_is_one_error_at_its_place(schedule: dict[str, Any], path: Path, words: str) -> None:
    """Each mistake gives one error, with the path of the attribute and the remedy."""
    found = problems(schedule)
    assert [(one.path, one.severity) for one in found] == [(path, "error")]
    assert words in str(found[0])


def test_unknown_values_are_enough() -> None:
    """A schedule whose values are not yet known has no problems; of two kinds, one may be null in the end."""
    values = dict.fromkeys(KIND_FIELDS["interval"] | ENTRY_FIELDS, UNKNOWN)
    assert problems(values, is_unknown=lambda value: value is UNKNOWN) == []
    two = {"cron": UNKNOWN, "rrule": UNKNOWN}
    assert problems(two, is_unknown=lambda value: value is UNKNOWN) == []


def test_day_or_decides_which_days_are_needed() -> None:
    """29 February 2028 is a Tuesday: both never come together, each comes; and no mode helps where one never comes."""
    text = "0 0 29 2 mon 0 2028"
    assert cron_fault(text, day_or=False)
    assert cron_fault(text, day_or=True) is None
    assert cron_fault("0 0 31 2 mon", day_or=True)
    assert [one.path for one in problems({"cron": text, "day_or": False})] == [("cron",)]
    assert problems({"cron": text, "day_or": UNKNOWN}, is_unknown=lambda value: value is UNKNOWN) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 6 * * * *", "every second of the minute"),
        ("0 0 5-5 * *", "counted from the start of the field; to mean one value write 5"),
        ("*/70 * * * *", "a step of 70 is larger than the field"),
        ("0 0 * * * 0 2020", "does not run in the next 50 years: the last one given is 2020"),
        ("0 0 29 2 * 0 2021,2096", "does not run in the next 50 years"),
    ],
)
def test_a_surprising_cron_expression_is_a_warning(text: str, words: str) -> None:
    """It works otherwise than it reads."""
    (found,) = cron_surprises(text, today=date(2026, 1, 1), path=("cron",))
    assert (found.path, found.severity) == (("cron",), "warning")
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DTSTART;TZID=Europe/Paris:20240101T000000\nFREQ=DAILY", "ignores its TZID"),
        ("DTSTART:20240101T000000Z\nFREQ=DAILY", "for that of Europe/Paris, not of UTC"),
        (
            "FREQ=DAILY;COUNT=3",
            "it ended on 2020-01-03, so it does not run again, for the server starts a rule",
        ),
        ("DTSTART:20240101T000000\nFREQ=DAILY;COUNT=3", "it ended on 2024-01-03, so it does not run again"),
        ("FREQ=DAILY;UNTIL=20250101T000000", "it ended on 2025-01-01"),
        ("RDATE:20250101T000000,20240101T000000", "it ended on 2025-01-01"),
        ("FREQ=DAILY;BYMONTH=1,13", "BYMONTH: expected 1 to 12, got 13; it never matches"),
        ("FREQ=WEEKLY;BYDAY=+1MO", "numbers of days do not count in a WEEKLY rule"),
        ("DTSTART:20200101T000000\nFREQ=SECONDLY", "goes through the 189388800 occurrences since DTSTART"),
        ("FREQ=MINUTELY;INTERVAL=2;BYMINUTE=0", "depends on the time it is"),
    ],
)
def test_a_surprising_recurrence_rule_is_a_warning(text: str, words: str) -> None:
    """It works otherwise than it reads, and the warning says since when or how."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert recurrence_fault(text) is None
    (found,) = recurrence_surprises(text, timezone="Europe/Paris", now=now, path=("rrule",))
    assert (found.path, found.severity) == (("rrule",), "warning")
    assert words in found.message


@pytest.mark.parametrize(
    "text",
    [
        "DTSTART:20240101T000000\nFREQ=DAILY",
        "DTSTART:20240101T000000Z\nFREQ=DAILY",
        "FREQ=DAILY;UNTIL=20300101T000000",
        "DTSTART:20251201T000000\nFREQ=DAILY;COUNT=90",
        "FREQ=DAILY;COUNT=3\nRDATE:20300101T000000",
    ],
)
def test_a_rule_that_does_what_it_says_is_none(text: str) -> None:
    """One that goes on, in the zone that it says, is no surprise."""
    assert recurrence_surprises(text, timezone="UTC", now=datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_surprises_are_warnings_of_the_schedule() -> None:
    """Seconds in a cron expression and a large number of runs are warnings, and a usual schedule has none."""
    found = problems({"cron": "0 6 * * * *", "max_scheduled_runs": 51})
    assert [one.severity for one in found] == ["warning"] * 2
    assert problems({"cron": "0 6 * * *"}) == []


def test_time_zones_are_known_without_a_database_of_the_system() -> None:
    """On a machine that has none, UTC and Europe/Paris are accepted and a misspelling has its near name."""
    code = (
        "from prefect_provider.rules.schedules import problems; "
        "print([str(one) for zone in ('UTC', 'Europe/Paris', 'US/Pacific', 'Europe/Pari') "
        "for one in problems({'cron': '0 6 * * *', 'timezone': zone})])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("expected the name of a time zone") == 1
    assert 'Did you mean "Europe/Paris"?' in done.stdout


def test_the_body_has_what_the_server_would_fill_in() -> None:
    """Each kind's body is complete, and leaves out only the anchor that the server has to choose."""
    assert to_api({"cron": "0 6 * * *"}) == {
        "active": True,
        "max_scheduled_runs": None,
        "parameters": {},
        "slug": None,
        "schedule": {"cron": "0 6 * * *", "timezone": None, "day_or": True},
    }
    assert to_api({"interval": timedelta(hours=1)})["schedule"] == {"interval": 3600.0, "timezone": "UTC"}
    anchored = {"interval": Decimal("1.5"), "anchor_date": datetime(2024, 1, 1, tzinfo=UTC)}
    assert to_api(anchored)["schedule"]["anchor_date"] == "2024-01-01T00:00:00+00:00"
    assert to_api({"rrule": "FREQ=DAILY"})["schedule"]["timezone"] == "UTC"
    assert to_api({"cron": "0 6 * * *", "active": False, "day_or": False})["schedule"]["day_or"] is False


@pytest.mark.parametrize(
    ("configured", "stored", "equal"),
    [
        (CRON, {**CRON, "timezone": None, "day_or": True, "active": True, "parameters": {}}, True),
        (CRON, {**CRON, "timezone": "UTC"}, True),
        (CRON, {**CRON, "timezone": "Europe/Paris"}, False),
        (CRON, {**CRON, "day_or": False}, False),
        (CRON, {**CRON, "active": False}, False),
        (CRON, {**CRON, "slug": "x"}, False),
        (CRON, {"interval": 60.0, "timezone": "UTC"}, False),
        (
            {"interval": 60},
            {"interval": 60.0, "timezone": "UTC", "anchor_date": "2026-01-01T00:00:00Z"},
            True,
        ),
        (
            {"interval": 60, "anchor_date": "2024-01-01T02:00:00+02:00"},
            {"interval": 60.0, "timezone": "UTC", "anchor_date": "2024-01-01T00:00:00Z"},
            True,
        ),
        (
            {"interval": 60, "anchor_date": "2024-01-01T00:00:00", "timezone": "Europe/Paris"},
            {"interval": 60.0, "timezone": "Europe/Paris", "anchor_date": "2024-01-01T00:00:00Z"},
            True,
        ),
        (
            {"interval": 60, "anchor_date": "2024-01-01T00:00:01Z"},
            {"interval": 60.0, "timezone": "UTC", "anchor_date": "2024-01-01T00:00:00Z"},
            False,
        ),
        ({"rrule": "FREQ=DAILY"}, {"rrule": "DTSTART:20200101T000000\nFREQ=DAILY", "timezone": "UTC"}, True),
        (
            {"rrule": "FREQ=DAILY"},
            {"rrule": "DTSTART:20200101T000000\nFREQ=WEEKLY", "timezone": "UTC"},
            False,
        ),
    ],
    ids=str,
)
def test_what_the_server_fills_in_is_no_difference(
    configured: dict[str, Any], stored: dict[str, Any], equal: bool
) -> None:
    """A configured schedule equals its stored form, and not another schedule."""
    assert same(configured, stored) is equal


def test_only_an_added_start_is_overlooked() -> None:
    """A DTSTART that the user wrote is part of the rule."""
    assert same_recurrence("FREQ=MINUTELY", "DTSTART:20261121T092600\nFREQ=MINUTELY")
    assert not same_recurrence("DTSTART:20200101T000000\nFREQ=DAILY", "FREQ=DAILY")
    assert not same_recurrence("DTSTART:20200101T000000\nFREQ=DAILY", "DTSTART:20210101T000000\nFREQ=DAILY")
