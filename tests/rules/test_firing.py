"""Triggers that never fire, or otherwise than they read: told from their shape, and proved by the evaluation.

What is said of a shape is what the evaluation does with it: with a minimal sequence of events, and for shapes that can
never fire with any events by chance.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from prefect_provider.events.triggers import EventTrigger, compile_automation
from prefect_provider.rules.firing import (
    endless_memory,
    firing_problem,
    lost_openings,
    resolving_problem,
)
from prefect_provider.rules.trigger_forms import keyed, to_api
from prefect_provider.rules.triggers import keyed_problems, problems
from tests.events.chance import case
from tests.events.written import fired, trigger

EACH = ["prefect.resource.id"]
NOT_KNOWN = object()


def rules(of: dict[str, Any], **options: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """The kinds of problems that a trigger has, and where."""
    return [(one.rule, one.path) for one in problems(of, **options) if one.rule]


@pytest.mark.parametrize(
    ("dead", "at", "happened", "mended"),
    [
        pytest.param(
            trigger(after=["a"], expect=["b"], threshold=2),
            "within",
            [(1, "a"), (2, "b"), (3, "b"), (4, "a"), (5, "b"), (6, "b")],
            {"within": 60},
            id="after-without-within-counts-no-further-than-1",
        ),
        pytest.param(
            trigger(after=["a"], expect=["a", "b"]),
            "after",
            [(1, "a"), (2, "b"), (3, "a"), (4, "a"), (5, "b")],
            {"within": 60},
            id="after-is-expected-too",
        ),
        pytest.param(
            trigger(after=["a.b"], expect=["a.*"]),
            "after",
            [(1, "a.b"), (2, "a.c"), (3, "a.b"), (4, "a.c")],
            {"expect": ["a.c"], "within": 60},
            id="after-is-covered-by-a-pattern",
        ),
        pytest.param(
            trigger(after=["a"]),
            "expect",
            [(1, "a"), (2, "b"), (3, "a"), (4, "b")],
            {"expect": ["b"], "within": 60},
            id="everything-is-expected",
        ),
        pytest.param(
            trigger("Proactive", expect=["a"], for_each=EACH, within=10),
            "for_each",
            [(1, "a"), (30, "a")],
            {"for_each": []},
            id="for-each-without-after",
        ),
    ],
)
@pytest.mark.parametrize("version", ["3.4.0", "3.8.8", "3.9.1"])
def test_never_fires(
    dead: dict[str, Any], at: str, happened: list[Any], mended: dict[str, Any], version: str
) -> None:
    """The smallest sequence on which one would expect it to fire leaves it silent; mended, it fires on the same."""
    assert rules(dead) == [("dead-trigger", (at,))]
    assert fired(dead, happened, 120, version=version) == []
    assert rules(dead | mended) == []
    assert fired(dead | mended, happened, 120, version=version)


def test_no_event_by_chance_fires_what_never_fires() -> None:
    """Of thousands of triggers and events by chance, none that is said to be dead fires on any version."""
    random = Random(8)  # noqa: S311 - no secret
    dead = living = 0
    for _ in range(12_000):
        made = case(random)
        of = to_api(made["trigger"])
        if of["type"] != "event":
            continue
        told = firing_problem(of)
        is_dead = told is not None and told.rule == "dead-trigger"
        if not is_dead and living > 500:
            continue
        happened = [
            (one["received"], one["event"], one["resource"] | {"occurred": one["occurred"]})
            for one in _flat(made["events"])
        ]
        version = random.choice(("3.4.0", "3.4.25", "3.6.20", "3.8.8", "3.9.1"))
        times = fired(of, happened, made["until"], phase=made["phase"], version=version)
        if is_dead:
            assert times == [], (of, happened)
            dead += 1
        else:
            living += bool(times)
    assert dead > 300
    assert living > 300


def _flat(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "event": one["event"],
            "resource": {**one["resource"], "related": one.get("related", ())},
            "occurred": one["occurred"],
            "received": one.get("received", one["occurred"]),
        }
        for one in events
    ]


@pytest.mark.parametrize("number", [0, -1])
def test_fewer_than_none(number: int) -> None:
    """A Proactive trigger that waits for fewer than 0 events never fires, and that is said once."""
    of = trigger("Proactive", expect=["a"], threshold=number)
    assert rules(of) == [("dead-trigger", ("threshold",))]
    assert fired(of, [(1, "b")], 120) == []
    # A Reactive one fires as with 1, so that it only is refused.
    assert rules(trigger(expect=["a"], threshold=number)) == []
    assert fired(trigger(expect=["a"], threshold=number), [(1, "a")], 10) == [1]


def test_false_alarm() -> None:
    """Without `for_each` a Proactive trigger fires although what it is to come after never came."""
    of = trigger("Proactive", after=["a"], expect=["b"], within=10)
    assert rules(of) == [("false-alarm", ("after",))]
    assert fired(of, [], 40)
    assert rules(of | {"for_each": EACH}) == []
    assert fired(of | {"for_each": EACH}, [], 40) == []


def test_endless_alarm() -> None:
    """Of a `for_each` value that is gone a Proactive trigger without `after` reports for ever that too few came."""
    of = trigger("Proactive", expect=["a"], for_each=EACH, within=10, threshold=2)
    assert rules(of) == [("endless-alarm", ("for_each",))]
    assert len(fired(of, [(1, "a")], 600)) > 30


def test_expires() -> None:
    """Without `within` an opening event is forgotten about a minute later."""
    of = trigger(after=["a"], expect=["b"])
    assert rules(of) == [("expires", ("within",))]
    assert fired(of, [(1, "a"), (59, "b")], 90) == [59]
    assert fired(of, [(1, "a"), (72, "b")], 90) == []
    assert fired(of | {"within": 120}, [(1, "a"), (72, "b")], 90) == [72]


def test_short_memory() -> None:
    """Without `within` an unfinished count is forgotten about a minute after its first event."""
    of = trigger(expect=["a"], threshold=2)
    assert rules(of) == [("short-memory", ("within",))]
    assert fired(of, [(1, "a"), (30, "a")], 90) == [30]
    assert fired(of, [(1, "a"), (72, "a")], 90) == []


def test_long_memory() -> None:
    """A composite trigger without `within` puts together what is weeks apart; that is asked for, so rules pass it."""
    parts = [trigger(expect=["a"]), trigger(expect=["b"])]
    for kind, require in (("compound", {"require": "all"}), ("sequence", {})):
        of = {"type": kind, "triggers": parts, "within": None, **require}
        told = endless_memory(kind, of)
        assert told is not None
        assert (told.rule, told.path) == ("long-memory", ("within",))
        assert rules(of) == []
        assert fired(of, [(1, "a"), (1_000_000, "b")], 1_000_001) == [1_000_000]
        assert endless_memory(kind, of | {"within": 60}) is None
        assert endless_memory(kind, of | {"triggers": parts[:1]}) is None
    assert endless_memory("compound", {"triggers": parts, "require": "any"}) is None


def test_lost_opening() -> None:
    """An opening event in a window that is satisfied already is lost, so that what should follow it is not missed."""
    of = trigger("Proactive", after=["a"], expect=["b"], for_each=EACH, within=30)
    told = lost_openings(of)
    assert told is not None
    assert (told.rule, told.path) == ("lost-opening", ("after",))
    assert fired(of, [(1, "a"), (3, "b"), (6, "a")], 120) == []
    assert fired(of, [(1, "a"), (3, "b"), (40, "a")], 120) != []
    assert lost_openings(of | {"after": ["prefect.flow-run.Running"]}) is None
    assert lost_openings(of | {"expect": ["a", "b"]}) is None
    assert rules(of) == []


def test_sequence_of_nothing() -> None:
    """Composites without triggers, and those that forget at once, are told as never firing."""
    assert rules({"type": "sequence", "triggers": []}) == [("dead-trigger", ("triggers",))]
    parts = [trigger(expect=["a"]), trigger(expect=["b"])]
    assert rules({"type": "sequence", "triggers": parts, "within": 0}) == [("dead-trigger", ("within",))]


def test_inside_of_others() -> None:
    """A trigger inside of others is judged at its place, in both forms."""
    dead = trigger("Proactive", expect=["a"], for_each=EACH, within=10)
    of = {"type": "sequence", "within": 60, "triggers": [trigger(expect=["b"]), dead]}
    assert ("dead-trigger", ("triggers", 1, "for_each")) in rules(of)
    told = [(one.rule, one.path) for one in keyed_problems(keyed(of))]
    assert ("dead-trigger", ("sequence", "triggers", 1, "event", "for_each")) in told


@pytest.mark.parametrize("part", ["posture", "after", "for_each", "threshold", "within"])
def test_what_is_not_known_may_be_right(part: str) -> None:
    """Nothing is said of a trigger while a part of it that decides is not known."""
    for of in (
        trigger("Proactive", expect=["a"], for_each=EACH, within=10),
        trigger(after=["a"], expect=["b"], threshold=2),
        trigger(after=["a"], expect=["b"]),
    ):
        told = rules(of | {part: NOT_KNOWN}, is_unknown=lambda value: value is NOT_KNOWN)
        assert told in ([], [("short-memory", ("within",))])


@pytest.mark.parametrize("part", ["after", "expect"])
def test_a_name_that_is_not_known(part: str) -> None:
    """Names that are not known may be others than those that are expected too."""
    of = trigger(after=["a"], expect=["a", "b"]) | {part: ["a", NOT_KNOWN]}
    assert rules(of, is_unknown=lambda value: value is NOT_KNOWN) == []


def test_resolving() -> None:
    """On a server of one's own nothing resolves; on Prefect Cloud, and where the server is not known, it may."""
    told = resolving_problem([{"type": "do-nothing"}], cloud=False, path=("actions_on_resolve",))
    assert told is not None
    assert (told.rule, told.path) == ("never-resolves", ("actions_on_resolve",))
    assert resolving_problem([], cloud=False) is None
    assert resolving_problem([{"type": "do-nothing"}], cloud=True) is None
    assert resolving_problem([{"type": "do-nothing"}], cloud=None) is None


def test_the_rules_read_what_is_evaluated() -> None:
    """The trigger that is judged is the one that is evaluated: both put the same for what is left out."""
    compiled = compile_automation({"trigger": trigger("Proactive", expect=["a"], for_each=EACH)}).trigger
    assert isinstance(compiled, EventTrigger)
    assert (compiled.within, compiled.threshold) == (10_000_000, 1)
