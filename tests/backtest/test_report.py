"""How a backtest is shown: in words, in every format, and without anything that events hold."""

from __future__ import annotations

import json
import string
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prefect_iac.backtest.backtest import Selection, backtest
from prefect_iac.backtest.why import answer, asked_about, query_around
from prefect_iac.history.query import Query
from prefect_iac.output import FORMATS
from prefect_iac.output.backtest import Shown, backtest_page, backtest_report
from prefect_iac.output.event_pages import event_page, pages_of
from prefect_iac.output.html import render
from prefect_iac.output.why import why_report
from prefect_provider.api import resolve
from prefect_provider.events.behaviour import NEWEST
from tests.backtest.made import change, history_of, outlook, run_event, triggered
from tests.graph.made import DEPLOYMENTS, automation, on, run
from tests.history.made_up import NOON, event

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_iac.backtest.backtest import Backtest

_DAY = 86_400
ACCOUNT = "11111111-1111-4111-8111-111111111111"
WORKSPACE = "22222222-2222-4222-8222-222222222222"
FAILED = "prefect.flow-run.Failed"


@pytest.fixture
def found(tmp_path: Path) -> Backtest:
    """A plan that makes an automation quieter, adds one that feeds itself, and deletes one; over eight days."""
    loud, quiet = automation("loud", on("a.b")), automation("loud", on("a.b", threshold=3, within=3600))
    missing = automation("missing", on("a.z", posture="Proactive", within=43_200))
    events = [
        event(_DAY * day + 60 * turn, number=100 * day + turn + 1) for day in range(8) for turn in range(day)
    ]
    runs = [run_event(_DAY * 3 + turn, FAILED, DEPLOYMENTS["a"]) for turn in range(4)]
    recorded = [triggered(_DAY + 1, "loud", events[0]["id"]), triggered(_DAY + 2, "loud", "of-before")]
    return backtest(
        outlook(
            [loud, missing, automation("alone", on("a.b"))],
            change(loud, quiet),
            change(missing, None),
            change(None, automation("restart", on(FAILED), run("a"))),
        ),
        history_of([event(0, "x.y"), *events, *runs, *recorded], tmp_path),
        Query(since=NOON - timedelta(days=3)),
    )


def test_in_words(found: Backtest) -> None:
    """The counts now and planned with a bar a day, what comes and goes, the check, and what is not known."""
    text = FORMATS["text"](backtest_report(found, Shown("http://prefect.example")))

    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "automation now planned per day" in lines
    assert any(line.startswith("~ loud 28 5 ") for line in lines), text
    assert any(line.startswith("- missing 14 - ") and "deleted" in line for line in lines), text
    assert "+ restart - 4 ···█···· new; 4 caused by runs of a deployment that it starts itself" in lines, text
    assert "1 more that the plan does not change." in lines
    assert "4 of 4 firings are caused by runs of a deployment that it starts itself" in text
    assert "prefect_automation.loud fired 28 times, and would have fired 5 times" in text
    assert "prefect_automation.missing fired 14 times, and will be gone" in text
    assert "prefect_automation.restart is new, and would have fired 4 times" in text
    assert f"http://prefect.example/events/event/2026-11-27/{found.tested[0].lost[-1].event_id}" in text
    less = "There is less: from 20 Nov 2026 12:00 UTC to 27 Nov 2026 12:06 UTC (7 d 6 min). Its first event is of then."
    assert less in text
    assert any(line.startswith("loud 20 Nov 12:00 28 2 1 27 1 3") for line in lines), text
    assert lines[-1].startswith("3 automations over 20 Nov to 27 Nov 2026: 3 would fire otherwise than now.")


def test_of_many_only_the_counts_are_shown(tmp_path: Path) -> None:
    """Of a server with more automations than one reads about, samples are shown of those that are named."""
    history = history_of([event(1)], tmp_path)
    looked = outlook([automation(f"n{number}", on("a.b")) for number in range(11)])

    every = backtest_report(backtest(looked, history))
    one = backtest_report(backtest(looked, history, selection=Selection(("n3",))))

    assert "n3" not in [section.title for section in every.sections]
    assert "--automation" in FORMATS["text"](every)
    assert "n3" in [section.title for section in one.sections]
    assert len(every.document["automations"]) == 11


def test_for_programs(found: Backtest) -> None:
    """The document has the counts of each day, samples, the check and the coverage."""
    document = json.loads(FORMATS["json"](backtest_report(found)))

    loud, missing, restart = document["automations"]
    assert document["version"] == 1
    assert document["coverage"] == {"since": "2026-11-20T12:00:00Z", "why": "its first event", "whole": False}
    assert loud["now"]["per_day"] == {f"2026-11-{20 + day}": day for day in range(1, 8)}
    assert loud["no_longer"]["count"] == 23
    assert loud["would_fire"]["count"] == 0
    assert len(loud["no_longer"]["samples"]) == 5
    assert loud["check"] == {
        "since": "2026-11-20T12:00:00Z",
        "replayed": 28,
        "recorded": 2,
        "alike": 1,
        "only_replayed": 27,
        "only_recorded": 1,
        "percent": 3,
    }
    assert missing["planned"] is None
    assert restart["now"] is None
    assert (restart["action"], restart["planned"]["own_deployment"]) == ("create", 4)


def test_who_fires_too_often(found: Backtest) -> None:
    """An automation that would fire more than allowed on some day is an error, with the worst day."""
    report = backtest_report(found, Shown(most_per_day=3))

    errors = [one for one in report.findings if one.level == "error"]
    assert [(one.rule, one.subject, one.message) for one in errors] == [
        (
            "backtest/too-many",
            "prefect_automation.restart",
            "would fire 4 times on 23 Nov 2026, more often than 3",
        )
    ]
    assert not [one for one in backtest_report(found, Shown(most_per_day=4)).findings if one.level == "error"]


def test_on_a_time_line(found: Backtest) -> None:
    """The page has each automation's firings, now and planned, and since when there are events."""
    data = backtest_page(found)

    assert data.timeline is not None
    assert data.timeline.start == NOON - timedelta(days=3)
    assert data.timeline.covered_from == NOON
    assert [(one.automation, len(one.now), len(one.planned)) for one in data.timeline.rows] == [
        ("loud", 28, 5),
        ("missing", 14, 0),
        ("restart", 0, 4),
    ]


@pytest.mark.parametrize(
    ("endpoint", "page"),
    [
        ("http://127.0.0.1:4200/api", "http://127.0.0.1:4200/events/event/2026-11-20/id%2F1"),
        ("https://prefect.example/team/api/", "https://prefect.example/team/events/event/2026-11-20/id%2F1"),
        (
            f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}",
            f"https://app.prefect.cloud/account/{ACCOUNT}/workspace/{WORKSPACE}/events/event/2026-11-20/id%2F1",
        ),
    ],
)
def test_pages_of_events(endpoint: str, page: str) -> None:
    """A server's own page of an event, also behind a path, and Prefect Cloud's; none without an id."""
    settings = resolve({"endpoint": endpoint}, {"PREFECT_API_KEY": "pnu_x"})

    assert event_page(pages_of(settings), "id/1", int(NOON.timestamp()) * 1_000_000) == page
    assert event_page(pages_of(settings), "", 0) == ""
    assert event_page("", "id", 0) == ""


_SECRETS = st.text(string.ascii_letters, min_size=12, max_size=20).map(lambda text: f"s3cret{text}")
_PAYLOADS = st.recursive(
    _SECRETS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_SECRETS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads=st.lists(_PAYLOADS, min_size=3, max_size=3))
def test_no_payload_in_any_format(payloads: list[Any], tmp_path: Path) -> None:
    """Whatever payloads hold, nothing of it is in any format of a backtest, in its page, or in what `why` says."""
    now, planned = automation("one", on("a.*")), automation("one", on("a.b", threshold=2, within=60))
    events = [
        event(number, payload={"x": payload}, number=number + 1) for number, payload in enumerate(payloads)
    ]
    recorded = triggered(5, "one", events[0]["id"]) | {"payload": {"triggering_event": events[0]}}
    history = history_of([*events, recorded], tmp_path)
    looked = outlook([now], change(now, planned))

    found = backtest(looked, history, selection=Selection(everything=True))
    asked = asked_about(outlook([now]), "one", NEWEST)
    why = answer(asked, events[1], history, query_around(asked, events[1], None, None))

    for name, render_as in FORMATS.items():
        for report in (
            backtest_report(found, Shown("http://x.example", 1)),
            why_report(why, "http://x.example"),
        ):
            assert "s3cret" not in render_as(report), name
    assert "s3cret" not in render(backtest_report(found), backtest_page(found))
