"""Automations fire when Prefect's own evaluation made them fire: values seen on 3.8.8 and 3.9.1, a rule at a time."""

from __future__ import annotations

from typing import Any

import pytest

from prefect_provider.events.replay import by_phase, evaluate
from tests.events.written import BASE, automation, events, fired, firings, trigger

PER_RESOURCE = ["prefect.resource.id"]
X, Y, Z = (trigger(expect=[name]) for name in "xyz")
RELATED = [
    {"prefect.resource.id": "prefect.flow.1", "prefect.resource.role": "flow", "x": "1"},
    {"prefect.resource.id": "prefect.flow.2", "prefect.resource.role": "flow", "x": "2"},
]
TAGS = [
    {"prefect.resource.id": "prefect.tag.x", "prefect.resource.role": "tag"},
    {"prefect.resource.id": "prefect.tag.y", "prefect.resource.role": "tag"},
]


def compound(*children: dict[str, Any], require: Any = "all", within: float | None = 60) -> dict[str, Any]:
    """A compound trigger."""
    return {"type": "compound", "require": require, "within": within, "triggers": list(children)}


def sequence(*children: dict[str, Any], within: float | None = 60) -> dict[str, Any]:
    """A sequence trigger."""
    return {"type": "sequence", "within": within, "triggers": list(children)}


@pytest.mark.parametrize(
    ("of", "happened", "expected"),
    [
        pytest.param(trigger(expect=["foo*"]), [(1, "foo"), (2, "foox")], [2], id="star-needs-a-character"),
        pytest.param(trigger(expect=["foo.?ar"]), [(1, "foo.bar")], [], id="question-mark-in-a-name"),
        pytest.param(trigger(expect=["foo.[ab]ar"]), [(1, "foo.bar")], [], id="set-in-a-name"),
        pytest.param(trigger(expect=["a.*.c"]), [(1, "a.b.c"), (2, "a.b.d")], [1], id="star-in-the-middle"),
        pytest.param(trigger(expect=["flow-run.Comp"]), [(1, "flow-run.Completed")], [], id="not-a-prefix"),
        pytest.param(trigger(expect=["!x"]), [(1, "y"), (2, "x")], [], id="negated-name"),
        pytest.param(trigger(), [(1, "q")], [1], id="any-name"),
        pytest.param(trigger(), [(1, "prefect.log.write")], [], id="logs-are-not-evaluated"),
        pytest.param(
            trigger(expect=["e"], match={"k": ["!a", "!b"]}),
            [(1, "e", {"k": "a"}), (2, "e", {"k": "c"}), (3, "e")],
            [1, 2],
            id="two-negations-always-hold-but-for-a-missing-label",
        ),
        pytest.param(
            trigger(expect=["e"], match={"prefect.resource.id": "r.?"}),
            [(1, "e"), (2, "e", {"prefect.resource.id": "r.22"})],
            [1],
            id="glob-in-a-value",
        ),
        pytest.param(trigger(expect=["e"], match={"k": []}), [(1, "e", {"k": "a"})], [], id="no-values"),
        pytest.param(
            trigger(expect=["e"], match_related={"prefect.resource.id": "!prefect.tag.x"}),
            [(1, "e", {"related": TAGS})],
            [1],
            id="negation-of-related-means-some-other",
        ),
        pytest.param(
            trigger(expect=["e"], match_related=[{"x": "1"}, {"x": "2"}]),
            [(1, "e", {"related": RELATED})],
            [1],
            id="each-object-another-resource",
        ),
        pytest.param(trigger(expect=["e"], match_related=[]), [(1, "e")], [1], id="no-objects"),
    ],
)
def test_what_matches(of: dict[str, Any], happened: list[tuple[Any, ...]], expected: list[float]) -> None:
    """Names as globs over all of the name; labels that have to be there."""
    assert fired(of, happened, 10) == expected


@pytest.mark.parametrize(
    ("of", "happened", "expected"),
    [
        pytest.param(
            trigger(expect=["e"], within=60),
            [(1, "e"), (30, "e"), (70, "e"), (100, "e"), (130, "e")],
            [1, 70, 130],
            id="windows-tile-and-fire-once-each",
        ),
        pytest.param(
            trigger(expect=["e"], within=60, threshold=2),
            [(1, "e"), (65, "e"), (66, "e")],
            [66],
            id="too-slow",
        ),
        pytest.param(
            trigger(expect=["e"], within=30, threshold=2),
            [(0, "e"), (1, "e", {"occurred": -600})],
            [1],
            id="late-by-less-than-a-quarter-of-an-hour",
        ),
        pytest.param(
            trigger(expect=["e"], within=30, threshold=2),
            [(0, "e"), (1, "e", {"occurred": -1000})],
            [],
            id="late-by-more",
        ),
        pytest.param(
            trigger(expect=["e"], within=60),
            [(1, "e", {"occurred": 100}), (2, "e", {"occurred": 2}), (3, "e", {"occurred": 170})],
            [1, 3],
            id="from-the-future",
        ),
        pytest.param(
            trigger(expect=["e"], threshold=2),
            [(1, "e"), (2, "e"), (3, "e"), (4, "e")],
            [2, 4],
            id="every-second",
        ),
        pytest.param(
            trigger(expect=["e"], threshold=2, for_each=PER_RESOURCE),
            [(1, "e"), (2, "e", {"prefect.resource.id": "r.2"}), (3, "e")],
            [3],
            id="for-each-resource",
        ),
        pytest.param(
            trigger(expect=["e"], threshold=2, for_each=["nolabel"]),
            [(1, "e"), (2, "e", {"prefect.resource.id": "r.2"})],
            [2],
            id="all-without-the-label-share-a-key",
        ),
        pytest.param(
            trigger(expect=["e"], threshold=3),
            [(0, "e"), (50, "e"), (100, "e"), (101, "e"), (102, "e")],
            [102],
            id="an-unfinished-count-is-swept",
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"]), [(1, "a"), (58, "b")], [58], id="opened-58-seconds-ago"
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"]), [(1, "a"), (71, "b")], [], id="opened-70-seconds-ago"
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"], threshold=2),
            [(1, "a"), (2, "b"), (3, "b"), (4, "b")],
            [],
            id="immediate-after-and-threshold-never-fires",
        ),
        pytest.param(
            trigger(after=["a"], expect=["a"]),
            [(1, "a"), (2, "a"), (3, "a")],
            [],
            id="immediate-overlap-never-fires",
        ),
        pytest.param(
            trigger(after=["a"]),
            [(1, "q"), (2, "a"), (3, "z"), (4, "z")],
            [],
            id="immediate-after-and-any-never-fires",
        ),
        pytest.param(
            trigger(after=["a"], expect=["a"], within=60),
            [(1, "a"), (2, "a"), (3, "a"), (4, "a")],
            [2, 4],
            id="overlap-fires-every-second-time",
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"], within=30),
            [(0, "a"), (31, "b"), (32, "b")],
            [],
            id="too-late-after",
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"], within=30),
            [(0, "a"), (1, "b"), (2, "b"), (3, "a"), (4, "b")],
            [1, 4],
            id="one-opening-one-firing",
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"], within=30),
            [(0, "a"), (25, "a"), (40, "b")],
            [],
            id="a-second-opening-does-not-extend",
        ),
        pytest.param(
            trigger(after=["a"], expect=["b"], within=30),
            [(1, "a"), (31, "b")],
            [],
            id="the-end-is-not-inside",
        ),
        pytest.param(
            trigger(expect=["e"], threshold=0, within=10), [(1, "e")], [1], id="threshold-0-is-as-1"
        ),
    ],
)
def test_reactive(of: dict[str, Any], happened: list[tuple[Any, ...]], expected: list[float]) -> None:
    """Windows, thresholds, openings and late events of Reactive triggers; ticks are at 0, 5, 10 ..."""
    assert fired(of, happened, 140) == expected


@pytest.mark.parametrize(
    ("of", "happened", "until", "expected"),
    [
        pytest.param(trigger("Proactive", expect=["e"], within=12), [], 60, [15, 30, 45, 60], id="silence"),
        pytest.param(
            trigger("Proactive", expect=["e"], within=10),
            [(12, "e")],
            60,
            [10, 40, 50, 60],
            id="blind-after-an-event",
        ),
        pytest.param(
            trigger("Proactive", after=["a"], expect=["b"], within=30),
            [],
            130,
            [30, 90],
            id="after-is-not-respected",
        ),
        pytest.param(
            trigger("Proactive", expect=["e"], within=30, for_each=PER_RESOURCE),
            [(1, "e")],
            200,
            [],
            id="for-each-without-after-never-fires",
        ),
        pytest.param(
            trigger("Proactive", expect=["e"], within=30, threshold=2, for_each=PER_RESOURCE),
            [(1, "e")],
            200,
            [35, 65, 95, 125, 155, 185],
            id="for-each-with-threshold-fires-for-ever",
        ),
        pytest.param(
            trigger("Proactive", after=["a"], expect=["b"], within=30, for_each=PER_RESOURCE),
            [(1, "a")],
            130,
            [35],
            id="after-for-each",
        ),
        pytest.param(
            trigger("Proactive", after=["a"], expect=["b"], within=30, for_each=PER_RESOURCE),
            [(1, "a"), (3, "b"), (6, "a")],
            130,
            [],
            id="an-opening-in-a-satisfied-window-is-lost",
        ),
        pytest.param(
            trigger("Proactive", expect=["e"], threshold=0, within=10), [(1, "e")], 60, [], id="threshold-0"
        ),
        pytest.param(
            trigger("Proactive", after=["h"], expect=["h", "done"], within=30, for_each=PER_RESOURCE),
            [(0, "h"), (20, "h"), (40, "h")],
            200,
            [70],
            id="heartbeat-stops",
        ),
        pytest.param(
            trigger("Proactive", after=["h"], expect=["h", "done"], within=30, for_each=PER_RESOURCE),
            [(0, "h"), (20, "h"), (40, "h"), (55, "done")],
            200,
            [],
            id="heartbeat-is-done",
        ),
        pytest.param(trigger("Proactive", expect=["e"]), [], 30, [10, 20, 30], id="within-is-10-by-default"),
    ],
)
def test_proactive(
    of: dict[str, Any], happened: list[tuple[Any, ...]], until: float, expected: list[float]
) -> None:
    """What is expected and does not come, seen at ticks at 0, 5, 10 ..."""
    assert fired(of, happened, until) == expected


def test_the_phase_of_ticks_shifts_a_proactive_trigger() -> None:
    """With ticks at 2, 7, 12 ... the same silence is found at other times."""
    assert fired(trigger("Proactive", expect=["e"], within=10), [(12, "e")], 60, phase=2)[0] == 12


@pytest.mark.parametrize(("version", "expected"), [("3.8.8", [35]), ("3.9.1", [])])
def test_out_of_order_before_and_since_3_9(version: str, expected: list[float]) -> None:
    """What was expected comes before what opens the window, though it occurred after: counted since 3.9."""
    of = trigger("Proactive", after=["a"], expect=["b"], within=30, for_each=PER_RESOURCE)
    happened = [(3, "b", {"occurred": 2}), (4, "a", {"occurred": 1})]
    assert fired(of, happened, 130, version=version) == expected


def test_globs_before_3_6_23() -> None:
    """Only a star at the end was a wildcard, in names and in values."""
    happened = [(1, "a.b.c", {"k": "xy"})]
    for of in (trigger(expect=["a.*.c"]), trigger(expect=["a.b.c"], match={"k": "?y"})):
        assert fired(of, happened, 10, version="3.6.22") == []
        assert fired(of, happened, 10, version="3.6.23") == [1]
    assert fired(trigger(expect=["a.*"], match={"k": "x*"}), happened, 10, version="3.6.22") == [1]


def test_heartbeats_before_3_4_15() -> None:
    """A satisfied window did not start anew: that heartbeats had stopped after a second one was not seen."""
    of = trigger("Proactive", after=["h"], expect=["h", "done"], within=30, for_each=PER_RESOURCE)
    happened = [(0, "h"), (20, "h")]
    assert fired(of, happened, 200, version="3.4.14") == []
    assert fired(of, happened, 200, version="3.4.15") == [50]


@pytest.mark.parametrize(
    ("of", "happened", "expected"),
    [
        pytest.param(compound(X, Y, within=None), [(1, "x"), (5000, "y")], [5000], id="memory-without-end"),
        pytest.param(
            compound(X, Y, within=10),
            [(0, "x"), (10, "y"), (20, "x"), (30.5, "y")],
            [10],
            id="exactly-within-ago-counts",
        ),
        pytest.param(
            compound(X | {"for_each": PER_RESOURCE}, Y | {"for_each": PER_RESOURCE}),
            [(1, "x", {"prefect.resource.id": "r.1"}), (2, "y", {"prefect.resource.id": "r.2"})],
            [2],
            id="keys-of-children-are-not-compared",
        ),
        pytest.param(compound(X, Y, require=1), [(1, "x"), (2, "y")], [1, 2], id="one-is-enough"),
        pytest.param(compound(X, Y, require="any"), [(1, "x"), (2, "y")], [1, 2], id="any"),
        pytest.param(
            compound(X, Y, Z, require=2), [(1, "x"), (2, "x"), (3, "z"), (4, "y")], [3], id="two-of-three"
        ),
        pytest.param(sequence(X, Y), [(1, "x"), (2, "y")], [2], id="in-order"),
        pytest.param(sequence(X, Y), [(1, "y"), (2, "x"), (3, "y")], [3], id="a-repeat-heals"),
        pytest.param(sequence(X, Y), [(1, "x"), (2, "x"), (3, "y")], [3], id="twice-the-first"),
        pytest.param(
            sequence(X, Y, Z), [(1, "x"), (2, "z"), (3, "y"), (4, "z")], [4], id="x-z-y-z-fires-at-the-last"
        ),
        pytest.param(sequence(X), [(1, "x"), (2, "x")], [1, 2], id="one-child"),
        pytest.param(sequence(), [(1, "x")], [], id="no-children"),
        pytest.param(
            compound(X, compound(Y, Z, within=5)),
            [(1, "y"), (3, "z"), (9, "x")],
            [9],
            id="a-composite-in-another",
        ),
        pytest.param(
            compound(
                trigger(expect=["e"]), trigger(expect=["e"], match={"prefect.resource.id": "r.*"}), within=0
            ),
            [(1, "e")],
            [],
            id="never-within-nothing",
        ),
    ],
)
def test_composites(of: dict[str, Any], happened: list[tuple[Any, ...]], expected: list[float]) -> None:
    """How many children, in which order, and how long their firings are remembered."""
    assert fired(of, happened, 5010) == expected


def test_a_firing_tells_its_window_and_its_children() -> None:
    """Key, count and window of the trigger that fired; of a composite the firings that it combined, and where."""
    of = compound(trigger(expect=["x"], within=60, threshold=2, for_each=PER_RESOURCE), Y, within=60)
    (firing,) = firings(of, [(1, "x"), (2, "x"), (3, "y")], 10)
    first, second = firing.firings
    assert (firing.trigger, firing.at - BASE, firing.event, firing.key) == ((), 3_000_000, second.event, ())
    assert (first.trigger, first.key, first.counted) == ((0,), ("r.1",), 2)
    assert (first.start - BASE, first.end - BASE) == (-899_000_000, 61_000_000)
    assert second.trigger == (1,)
    assert second.event is not None
    assert second.event.id == "event-2"


def test_disabled_and_metric_never_fire() -> None:
    """Neither is evaluated; that a metric trigger is not modelled is said."""
    metric = {"type": "metric", "metric": {"name": "duration", "operator": ">", "threshold": 1}}
    assert evaluate(automation(X, enabled=False), events([(1, "x")])) == []
    assert evaluate(automation(compound(X, metric, require="any")), events([(1, "x")])) != []
    assert not automation(compound(X, metric)).is_modelled
    assert automation(X).is_modelled


def test_a_negation_is_of_events_that_another_name_covers() -> None:
    """``!a`` opens at every event that ``expect`` lets the trigger see, and alone it sees none."""
    of = trigger(after=["!a"], expect=["b"], within=30)
    assert fired(of, [(1, "c"), (2, "b")], 10) == []
    assert fired(of, [(1, "b"), (2, "b")], 10) == [2]


def test_an_opening_is_lost_in_a_window_that_is_over() -> None:
    """Until a tick sweeps it, a minute after its end, an old window is in the way of a new one."""
    of = trigger(after=["a"], expect=["b"], within=30)
    assert fired(of, [(0, "a"), (50, "a"), (55, "b")], 120) == []
    assert fired(of, [(0, "a"), (91, "a"), (95, "b")], 120) == [95]


def test_an_event_waits_for_the_one_that_it_follows() -> None:
    """It is evaluated after that, at that time; after 15 minutes without it; and at once if that is not among these."""
    of = trigger(after=["a"], expect=["b"], within=30)
    follower = (1, "b", {"occurred": 2, "follows": "first"})
    assert fired(of, [follower, (3, "a", {"occurred": 1, "id": "first"})], 100) == [3]
    assert fired(of, [follower, (3, "a", {"occurred": 1, "id": "another"})], 100) == []
    expected = trigger(expect=["b"])
    assert fired(expected, [follower, (1200, "a", {"id": "first"})], 2000) == [905]
    assert fired(expected, [follower], 2000) == [1]


def test_an_event_counts_once_in_half_an_hour() -> None:
    """One that arrives again is passed over."""
    of = trigger(expect=["e"])
    assert fired(of, [(0, "e", {"id": "x"}), (5, "e", {"id": "x"}), (9, "e", {"id": "y"})], 10) == [0, 9]
    assert fired(of, [(0, "e", {"id": "x"}), (1801, "e", {"id": "x"})], 2000) == [0, 1801]


def test_the_range_over_all_phases() -> None:
    """A count that is swept in one phase and not in another; what no phase changes is evaluated once."""
    of = trigger(expect=["e"], threshold=2)
    happened = events([(0, "e"), (62, "e")])
    found = by_phase(automation(of), happened)
    assert (found.least, found.most) == (0, 1)
    assert [len(one) for one in found.firings.values()] == [0, 0, 0, 1, 1]
    assert list(by_phase(automation(X), happened).firings) == [0]
