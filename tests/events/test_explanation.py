"""Why an event made an automation fire, or did not, told of events in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prefect_iac.output import FORMATS
from prefect_iac.output.explanation import explanation_report
from prefect_provider.events.event import SECOND, Event, EventError, as_text, microseconds, read_event
from prefect_provider.events.explanation import Explanation, explain
from tests.events.written import automation, trigger

FILE = Path(__file__).parent / "files" / "orders.ndjson"
EVENTS = [read_event(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines()]
PER_ORDER = ["prefect.resource.id"]
PAID = trigger(after=["order.created"], expect=["order.paid"], for_each=PER_ORDER, within=1800)
ANY_ORDER = PAID | {"after": ["order.*"], "expect": ["x"], "for_each": []}
FIRED = [("opened", "e1", 0), ("counted", "e3", 1), ("fired", "e3", 1)]


def explained(of: dict[str, Any], event: str, *, until: str | None = None, **fields: Any) -> Explanation:
    """What an event of the file did to an automation with a trigger."""
    (about,) = (one for one in EVENTS if one.id == event)
    return explain(
        automation(of, **{"name": "orders", **fields}),
        about,
        EVENTS,
        until=None if until is None else microseconds(until),
    )


def story(found: Explanation, *, later: bool = False) -> list[tuple[str, str | None, int]]:
    """The steps of the only trigger: what, by which event, and the count."""
    (one,) = found.triggers
    steps = one.later if later else one.story
    return [(step.kind, step.event and step.event.id, step.counted) for step in steps]


def test_an_event_is_read() -> None:
    """Times are microseconds; the payload is left aside; what is no event is refused with what is missing."""
    first = EVENTS[0]
    assert (first.occurred, first.received) == (1_793_534_400 * SECOND, 1_793_534_400_500_000)
    assert as_text(first.arrived) == "2026-11-01T12:00:00.500000Z"
    assert "4111" not in str(EVENTS)
    for document, message in (
        ({}, "The event has no name: expected a text in `event`, got null."),
        ({"event": "x"}, "The event has no resource: expected labels in `resource`, got null."),
        ({"event": "x", "resource": {}, "related": 1}, "expected a list of labels in `related`, got 1."),
        (
            {"event": "x", "resource": {}, "occurred": "soon"},
            'expected a time in ISO 8601 in `occurred`, got "soon".',
        ),
    ):
        with pytest.raises(EventError) as caught:
            read_event(document)
        assert str(caught.value).endswith(message)


@pytest.mark.parametrize(
    ("of", "event", "verdict", "steps"),
    [
        (PAID, "e1", "opened", [("opened", "e1", 0)]),
        (PAID, "e3", "fired", FIRED),
        (PAID, "e4", "unopened", [*FIRED, ("unopened", "e4", 0)]),
        # The window of the second order was swept long before it was paid.
        (PAID, "e5", "unopened", [("opened", "e2", 0), ("swept", None, 0), ("unopened", "e5", 0)]),
        (PAID | {"within": 2630}, "e5", "over", [("opened", "e2", 0), ("over", "e5", 0)]),
        (PAID | {"threshold": 2}, "e3", "counted", [("opened", "e1", 0), ("counted", "e3", 1)]),
        (ANY_ORDER, "e2", "left", [("opened", "e1", 0), ("left", "e2", 0)]),
        (PAID | {"match": {"shop": "south"}}, "e3", "not matched", []),
        (PAID | {"expect": ["order.lost"]}, "e3", "not matched", []),
        (
            trigger(expect=["order.paid"], within=60),
            "e4",
            "late",
            [("next", "e3", 0), ("late", "e4", 0)],
        ),
    ],
)  # fmt: skip
def test_the_story_of_a_window(
    of: dict[str, Any], event: str, verdict: str, steps: list[tuple[str, str | None, int]]
) -> None:
    """From the opening of the window that the event found, of its key only, to what the event did."""
    found = explained(of, event)
    assert (found.verdict, found.triggers[0].verdict) == (verdict, verdict)
    assert story(found) == steps
    assert bool(found.firings) == (verdict == "fired")


def test_what_came_later() -> None:
    """A Proactive trigger fires at a tick after the event; told only up to the time that is asked for."""
    of = PAID | {"posture": "Proactive"}
    assert story(explained(of, "e2", until="2026-11-01T12:30:59Z"), later=True) == []
    found = explained(of, "e2", until="2026-11-01T12:40:00Z")
    assert found.verdict == "opened"
    assert story(found, later=True) == [("fired", None, 0)]
    (firing,) = found.later
    assert as_text(firing.at) == "2026-11-01T12:31:00.500000Z"


def test_conditions() -> None:
    """Names, labels, related resources: what is wanted, what there is, which resource has all, and what surprises."""
    of = trigger(
        expect=["order.paid", "!order.lost"],
        match={"shop": ["!south", "!north"], "absent": "!x"},
        match_related=[
            {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.*"},
            {"prefect.resource.role": "flow", "prefect.resource.id": "prefect.tag.vip"},
            {"prefect.resource.id": "!prefect.tag.vip"},
        ],
    )
    (found,) = explained(of, "e3").triggers
    conditions = {
        (one.field, one.index, one.label): (one.got, one.holds, one.by, one.notes) for one in found.conditions
    }
    ids = ("prefect.tag.vip", "prefect.flow.1")
    assert conditions == {
        ("expect", None, None): (("order.paid",), True, None, ("negated name",)),
        ("match", None, "shop"): (("north",), True, None, ("negations",)),
        ("match", None, "absent"): ((), False, None, ("no label",)),
        ("match_related", 0, None): ((), True, "prefect.tag.vip", ()),
        ("match_related", 0, "prefect.resource.role"): (("tag", "flow"), True, None, ()),
        ("match_related", 0, "prefect.resource.id"): (ids, True, None, ()),
        ("match_related", 1, None): ((), False, None, ("no resources",)),
        ("match_related", 1, "prefect.resource.role"): (("tag", "flow"), True, None, ()),
        ("match_related", 1, "prefect.resource.id"): (ids, True, None, ()),
        ("match_related", 2, None): ((), True, "prefect.flow.1", ()),
        ("match_related", 2, "prefect.resource.id"): (ids, True, None, ("some other",)),
    }


def test_composites() -> None:
    """Which children have fired, when the event had been seen, also of a composite in another one."""
    inner = {"type": "compound", "require": "any", "within": None, "triggers": [PAID]}
    lost = trigger(expect=["order.lost"])
    of = {"type": "sequence", "within": 600, "triggers": [inner, lost]}
    found = explained(of, "e3")
    assert found.verdict == "remembered"
    outer, inside = found.composites
    assert (outer.path, outer.kind, outer.needed, outer.fired) == ((), "sequence", 2, None)
    assert [child.fired is not None for child in outer.children] == [True, False]
    assert inside.fired is not None
    assert inside.children[0].fired is not None

    both = explained({**of, "triggers": [trigger(expect=["order.created"]), PAID], "within": 1800}, "e3")
    assert both.verdict == "fired"
    (composite,) = both.composites
    assert [as_text(child.fired.at) for child in composite.children if child.fired] == [
        "2026-11-01T12:01:00Z",
        "2026-11-01T12:05:00Z",
    ]


def test_what_is_not_evaluated() -> None:
    """A disabled automation, and an event that comes again; the conditions are told all the same."""
    assert explained(PAID, "e3", enabled=False).verdict == "disabled"
    again: Event = EVENTS[2]._replace(received=EVENTS[2].occurred + SECOND)
    found = explain(
        automation(PAID), again, [one for one in EVENTS if one.id != "e3"], since=again.arrived + 1
    )
    assert (found.verdict, found.at) == ("not evaluated", None)
    assert found.triggers[0].conditions[0].holds


def test_in_words_and_as_a_document() -> None:
    """The report says why not and tells the window; the payload is in neither."""
    report = explanation_report(explained(PAID, "e5"))
    (finding,) = report.findings
    assert finding.rule == "why/unopened"
    assert report.summary.startswith("orders: order.paid of 2026-11-01T12:45:00Z: no window was open")
    document = json.loads(FORMATS["json"](report))
    assert document["verdict"] == "unopened"
    assert document["triggers"][0]["key"] == {"prefect.resource.id": "order.2"}
    assert [step["what"] for step in document["triggers"][0]["story"]] == ["opened", "swept", "unopened"]
    (section,) = report.sections
    assert section.title == "trigger: Reactive, threshold 1, within 30m"
    shown = str(section.blocks)
    assert "it was removed, a minute after its end" in shown
    assert 'Counted for prefect.resource.id = "order.2".' in shown

    fired = explanation_report(explained(PAID, "e3"))
    assert fired.findings == ()
    assert fired.summary.endswith("it fired.")
    assert "4111" not in str(fired)

    compound = {
        "type": "compound",
        "require": "all",
        "within": 60,
        "triggers": [PAID, {"type": "metric", "metric": {}}],
    }
    sections = explanation_report(explained(compound, "e3")).sections
    assert [section.title for section in sections] == [
        "trigger.triggers[0]: Reactive, threshold 1, within 30m",
        "trigger: compound, 2 of 2, within 1m",
        "What is not known",
    ]
    assert "fired at 2026-11-01T12:05:00Z" in str(sections[1].blocks)
