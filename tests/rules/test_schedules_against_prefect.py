"""Cron expressions and recurrence rules by chance are judged as the libraries of the pinned server judge them.

The server's own schedules, in its own Python, say of each text whether it is refused, and whether it ever runs.
"""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, date, datetime
from typing import Any

import pytest

from prefect_provider.rules.cron import cron_fault, cron_surprises
from prefect_provider.rules.recurrence import recurrence_fault, recurrence_surprises
from tests.rules.prefect_python import PREFECT_PYTHON
from tests.rules.schedule_texts import cron_expressions, recurrence_rules

TODAY = date(2026, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

CRONS = cron_expressions(4000, seed=8)
RULES = recurrence_rules(500, seed=8)

PREFECT = """
import datetime, json, signal, sys, warnings
warnings.simplefilter("ignore")
from prefect._internal.schemas.validators import normalize_rrule_string, validate_cron_string
from prefect._vendor.croniter import croniter
from prefect.server.schemas.schedules import RRuleSchedule

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
LONG_AGO = datetime.datetime(1990, 1, 1, tzinfo=datetime.timezone.utc)
# Rules that no date fits are searched for till then; 9999 takes minutes.
datetime.MAXYEAR = 2100

class Endless(BaseException):
    pass

def stop(*_):
    raise Endless

signal.signal(signal.SIGALRM, stop)

def cron(text, day_or):
    try:
        validate_cron_string(text)
    except Exception:
        return "refused"
    try:
        croniter(text, NOW.replace(tzinfo=None), day_or=day_or).get_next()
    except Exception:
        return "never"
    return "runs"

def after(schedule, moment):
    try:
        return next(iter(schedule.to_rrule().xafter(moment, count=1, inc=True)), None)
    except Exception:
        return None

def occurs(text):
    try:
        made = RRuleSchedule(rrule=text)
    except Exception:
        return "refused"
    stored = RRuleSchedule(rrule=normalize_rrule_string(made.rrule, now=NOW))
    if not after(stored, LONG_AGO):
        return "never"
    ends = any(word in text.upper() for word in ("COUNT=", "UNTIL=")) or "FREQ=" not in text.upper()
    return "never" if ends and not after(stored, NOW) else "runs"

def rule(text):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        found = occurs(text)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return found
    except Endless:
        return "undecided"

crons, rules = json.load(sys.stdin)
print(json.dumps([[[cron(text, True), cron(text, False)] for text in crons], [rule(text) for text in rules]]))
"""


@pytest.fixture(scope="module")
def verdicts() -> tuple[list[list[str]], list[str]]:
    """What Prefect says: of each cron expression with ``day_or`` true and false, and of each rule."""
    if not PREFECT_PYTHON:
        pytest.skip("there is no Python with Prefect")
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", PREFECT],
        input=json.dumps([CRONS, RULES]),
        capture_output=True,
        text=True,
        check=True,
    )
    crons, rules = json.loads(done.stdout.splitlines()[-1])
    return crons, rules


def test_cron_expressions(verdicts: tuple[list[list[str]], list[str]]) -> None:
    """An expression has no fault, and years to come, exactly when the server takes it and finds a next run."""
    differences: list[Any] = []
    for text, both in zip(CRONS, verdicts[0], strict=True):
        for day_or, theirs in zip((True, False), both, strict=True):
            fault = cron_fault(text, day_or=day_or)
            late = fault is None and any(
                "does not run" in one.message for one in cron_surprises(text, day_or=day_or, today=TODAY)
            )
            if (fault is None and not late) != (theirs == "runs"):
                differences.append((text, day_or, theirs, fault))
    assert differences == []
    found = {verdict for both in verdicts[0] for verdict in both}
    assert found == {"runs", "never", "refused"}


def test_recurrence_rules(verdicts: tuple[list[list[str]], list[str]]) -> None:
    """A rule has no fault, and has not ended, exactly when the server takes it and finds a next run.

    Two exceptions: beside another rule or date, one that no date fits is refused here, for the server looks for it
    till the year 9999; and when so many hours of certain days are over is not worked out.
    """
    differences: list[Any] = []
    for text, theirs in zip(RULES, verdicts[1], strict=True):
        fault = recurrence_fault(text)
        surprises = [] if fault else [one.message for one in recurrence_surprises(text, now=NOW)]
        if (
            theirs == "undecided"
            or "INTERVAL=0" in text.upper()
            or any("depends on the time" in one for one in surprises)
        ):
            continue
        runs = fault is None and not any("it ended" in one for one in surprises)
        several = text.upper().count("FREQ=") + ("RDATE" in text.upper()) > 1
        hours = "COUNT=" in text.upper() and re.search("FREQ=(HOUR|MINUTE|SECOND)LY", text, re.IGNORECASE)
        if runs == (theirs == "runs") or (several and not runs) or (hours and runs):
            continue
        differences.append((text, theirs, fault))
    assert differences == []
    decided = [verdict for verdict in verdicts[1] if verdict != "undecided"]
    assert set(decided) == {"runs", "never", "refused"}
    assert len(decided) > 0.9 * len(RULES)
