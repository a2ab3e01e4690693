"""Schedules: cron expressions, recurrence rules, what goes with what, and what the server makes of it."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.cron import cron_fault, cron_surprise
from prefect_provider.rules.recurrence import (
    recurrence_fault,
    recurrence_surprise,
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
        "* * * * \N{ARABIC-INDIC DIGIT ONE}",
    ),
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
    *("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-1;BYSETPOS=1", "FREQ=DAILY;COUNT=3", "FREQ=DAILY\r\nFREQ=WEEKLY"),
)
RULES_REFUSED = (
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
)
CRON = {"cron": "0 6 * * *"}


@pytest.mark.parametrize("text", CRON_GOOD)
def test_good_cron_expressions_pass(text: str) -> None:
    """What the server takes has no fault."""
    assert cron_fault(text) is None


@pytest.mark.parametrize("text", CRON_BAD)
def test_bad_cron_expressions_have_a_fault(text: str) -> None:
    """What the server refuses has one."""
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
    crons = [*CRON_GOOD, *CRON_BAD]
    rules = [*RULES_GOOD, *RULES_BROKEN_LATER, *RULES_REFUSED]
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", code],
        input=json.dumps([crons, rules]),
        capture_output=True,
        text=True,
        check=True,
    )
    cron_answers, rule_answers = json.loads(done.stdout.splitlines()[-1])
    ours = {text: text in CRON_GOOD for text in crons}
    # It takes these two and never runs them: R is random and unsupported, and the digit is not ASCII.
    theirs = dict(zip(crons, cron_answers, strict=True))
    assert {text for text in crons if ours[text] != theirs[text]} <= {CRON_BAD[-1]}
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


def test_unknown_values_count_as_set() -> None:
    """A schedule whose values are not yet known has no problems, and two kinds are still two."""
    values = dict.fromkeys(KIND_FIELDS["interval"] | ENTRY_FIELDS, UNKNOWN)
    assert problems(values, is_unknown=lambda value: value is UNKNOWN) == []
    two = {"cron": UNKNOWN, "rrule": UNKNOWN}
    assert [one.path for one in problems(two, is_unknown=lambda value: value is UNKNOWN)] == [("rrule",)]


def test_surprises_are_warnings() -> None:
    """Seconds in a cron expression, a time zone in DTSTART and a large number of runs are warnings."""
    assert cron_surprise("0 6 * * * *")
    assert cron_surprise("0 6 * * * 0") is None
    assert recurrence_surprise("DTSTART;TZID=Europe/Paris:20240101T000000\nFREQ=DAILY")
    assert recurrence_surprise("DTSTART:20240101T000000\nFREQ=DAILY") is None
    assert [one.severity for one in problems({"cron": "0 6 * * * *", "max_scheduled_runs": 51})] == [
        "warning"
    ] * 2
    assert problems({"cron": "0 6 * * *"}) == []


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
