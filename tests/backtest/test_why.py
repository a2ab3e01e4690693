"""Why an event made an automation fire, or did not, out of a history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.backtest.subjects import BacktestError
from prefect_iac.backtest.why import answer, asked_about, query_around
from prefect_iac.output import FORMATS
from prefect_iac.output.why import why_report
from prefect_provider.events.behaviour import NEWEST
from tests.backtest.made import change, history_of, outlook, triggered
from tests.graph.made import automation, on
from tests.history.made_up import event, moved

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_iac.backtest.why import Answer
    from prefect_iac.workspace.outlook import Outlook


def why(
    looked: Outlook, events: list[dict[str, Any]], about: dict[str, Any], directory: Path, name: str = "one"
) -> Answer:
    """What is said of an automation and an event."""
    history = history_of(events, directory)
    asked = asked_about(looked, name, NEWEST)
    return answer(asked, about, history, query_around(asked, about, None, None))


def test_what_came_before_is_read(tmp_path: Path) -> None:
    """The third event in a window makes it fire, the second does not; and the story has both before it."""
    events = [event(60 * number, number=number + 1, resource=f"r.{number}") for number in range(4)]
    looked = outlook([automation("one", on("a.b", threshold=3, within=600))])

    second, third = (why(looked, events, events[number], tmp_path) for number in (1, 2))

    assert not second.fired
    assert second.explanation.verdict == "counted"
    assert third.fired
    story = third.explanation.triggers[0].story
    assert [step.event.id for step in story if step.event and step.kind == "counted"] == [
        one["id"] for one in events[:3]
    ]
    assert len(second.explanation.triggers[0].story) < len(story)


@pytest.mark.parametrize(
    ("trigger", "reach", "ahead"),
    [
        (on("a.b"), timedelta(hours=1), timedelta(seconds=65)),
        (on("a.b", within=3600), timedelta(hours=3, minutes=16), timedelta(hours=1, seconds=65)),
        (
            {"type": "compound", "require": "all", "within": 7200, "triggers": [on("a.b"), on("c.d")]},
            timedelta(hours=2, minutes=16),
            timedelta(hours=2, seconds=65),
        ),
        (
            {"type": "sequence", "within": None, "triggers": [on("a.b"), on("c.d")]},
            timedelta(days=7, minutes=16),
            timedelta(days=7, seconds=65),
        ),
    ],
)
def test_how_far_is_read(trigger: dict[str, Any], reach: timedelta, ahead: timedelta) -> None:
    """Three windows back and what composites remember; ahead until what the event began is over."""
    asked = asked_about(outlook([automation("one", trigger)]), "one", NEWEST)

    query = query_around(asked, event(0), None, None)

    assert query.since == moved(0) - reach
    assert query.until == moved(0) + ahead
    assert query_around(asked, event(0), moved(-5), moved(5))[1:3] == (moved(-5), moved(5))


def test_what_the_server_recorded_is_said(tmp_path: Path) -> None:
    """Whether it fired by the event is told beside the replay; and that it was saved after it."""
    events = [event(1, number=1), event(100, number=2)]
    recorded = triggered(2, "one", events[0]["id"])
    looked = outlook([automation("one", on("a.b"), updated=moved(50).isoformat())])

    first, second = (why(looked, [*events, recorded], one, tmp_path) for one in events)

    assert first.recorded == moved(2)
    assert first.saved == moved(50)
    assert second.fired
    assert second.recorded is None
    assert second.is_recorded
    assert second.saved is None
    assert "has recorded no firing by this event" in FORMATS["text"](why_report(second))
    text = FORMATS["text"](why_report(first, "http://prefect.example"))
    assert f"http://prefect.example/events/event/2026-11-20/{events[0]['id']}" in text
    assert "recorded that it fired by this event, at 20 Nov 2026 12:00:02 UTC" in text
    assert "changed after the event, at 20 Nov 2026 12:00:50 UTC" in text


def test_an_automation_of_a_plan(tmp_path: Path) -> None:
    """With a plan it is the planned one that is explained, of which no server has recorded anything."""
    now, planned = automation("one", on("a.b")), automation("one", on("c.d"))
    about = event(1, number=1)
    recorded = triggered(2, "one", about["id"])

    found = why(outlook([now], change(now, planned)), [about, recorded], about, tmp_path)

    assert found.explanation.verdict == "not matched"
    assert not found.is_recorded
    assert why(outlook([now]), [about, recorded], about, tmp_path).fired
    with pytest.raises(BacktestError, match="The plan deletes one"):
        asked_about(outlook([now], change(now, None)), "one", NEWEST)


def test_what_depends_on_ticks_is_said(tmp_path: Path) -> None:
    """The opening of an immediate trigger is swept a minute later: an event just then fires with some phases only."""
    events = [event(0, "a.b", number=1), event(62.5, "c.d", number=2)]
    looked = outlook([automation("one", on("c.d", after=["a.b"]))])

    found = why(looked, events, events[1], tmp_path)

    assert {"fired", "unopened"} <= set(found.verdicts.values())
    text = FORMATS["text"](why_report(found))
    assert f"with {list(found.verdicts.values()).count('fired')} of 5 phases" in text


def test_who_is_meant(tmp_path: Path) -> None:
    """Two of a name are told apart by their ids, and one that no server takes is said with the reason."""
    twins = [automation("one", on("a.b"), id=f"id-{number}") for number in range(2)]

    with pytest.raises(BacktestError, match=r'There are 2 automations "one"\. Name one of `id-0`, `id-1`'):
        asked_about(outlook(twins), "one", NEWEST)
    assert why(outlook(twins), [event(1)], event(1), tmp_path, "id-1").fired
    broken = automation("one", {"type": "event", "posture": "Odd", "expect": ["a.b"]})
    with pytest.raises(BacktestError, match='The automation "one" cannot be evaluated: The posture'):
        asked_about(outlook([broken]), "one", NEWEST)


def test_which_child_of_a_composite(tmp_path: Path) -> None:
    """Of a sequence it is told which child the event made fire, and what it still waits for."""
    events = [event(0, "a.b", number=1), event(10, "c.d", number=2)]
    sequence = {"type": "sequence", "within": 60, "triggers": [on("a.b"), on("c.d"), on("e.f")]}

    found = why(outlook([automation("one", sequence)]), events, events[1], tmp_path)

    (composite,) = found.explanation.composites
    assert found.explanation.verdict == "remembered"
    assert [one.fired is not None for one in composite.children] == [True, True, False]
