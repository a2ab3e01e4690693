"""What is made for speed says what the slow and plain way says."""

from __future__ import annotations

import pickle
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from bench.events import automations, happened
from prefect_provider.events.behaviour import NEWEST
from prefect_provider.events.evaluation import Evaluation
from prefect_provider.events.event import Event
from prefect_provider.events.interest import Interest
from prefect_provider.events.matching import expects, opens
from prefect_provider.events.replay import evaluate, lag_of, replay
from prefect_provider.events.ticks import Lag, Ticks
from prefect_provider.events.triggers import TriggerError, compile_automation, phase_matters
from tests.events.chance import case
from tests.events.test_matching import by_chance
from tests.events.written import BASE, automation, events, trigger

if TYPE_CHECKING:
    from prefect_provider.events.firing import Firing


def _nothing(_: Firing) -> None:
    """What becomes of firings that nobody looks at."""


def _interest(triggers: list[dict[str, Any]]) -> Interest:
    evaluations = [
        Evaluation(compile_automation({"trigger": {"type": "event", **one}}), Ticks(0), Lag(), _nothing)
        for one in triggers
    ]
    return Interest([windows for one in evaluations for windows in one.windows])


def test_compiled_triggers_match_alike() -> None:
    """By chance, each alone and hundreds in one index: the same events are expected, and open, as by plain matching."""
    cases = by_chance(Random(7), 4000)  # noqa: S311 - the same ones each time
    met = 0
    for start in range(0, len(cases), 200):
        some = cases[start : start + 200]
        interest = _interest([fields for fields, _ in some])
        for _, event in some[:20]:
            found = {
                id(windows.trigger.fields): (expected, opening)
                for windows, expected, opening in interest.of(event)
            }
            met += len(found)
            for fields, _ in some:
                alone = _interest([fields]).of(event)
                wanted = (expects(fields, event), opens(fields, event))
                assert [(expected, opening) for _, expected, opening in alone] == [wanted] * any(wanted), (
                    fields,
                    event,
                )
            assert len(found) == sum(expects(fields, event) or opens(fields, event) for fields, _ in some)
    assert met > 1000


def test_only_those_are_asked_that_may_be_meant() -> None:
    """Of 200 automations about failures of one deployment each, an event of one of them asks one."""
    of = [
        trigger(
            expect=["prefect.flow-run.Failed"],
            match_related={
                "prefect.resource.role": "deployment",
                "prefect.resource.id": f"prefect.deployment.{number}",
            },
        )
        for number in range(200)
    ]
    interest = _interest(of)
    related = [
        {"prefect.resource.id": "prefect.flow.1", "prefect.resource.role": "flow"},
        {"prefect.resource.id": "prefect.deployment.7", "prefect.resource.role": "deployment"},
    ]
    event = Event("prefect.flow-run.Failed", {"prefect.resource.id": "prefect.flow-run.1"}, related)
    assert interest.candidates(event) == len(interest.of(event)) == 1
    assert interest.candidates(event._replace(name="prefect.flow-run.Running")) == 0


def test_many_automations_fire_as_each_alone() -> None:
    """Forty of them over the events of all: what each does is what it does alone, and all is in the order of time."""
    random = Random(11)  # noqa: S311 - the same ones each time
    cases = [case(random) for _ in range(40)]
    automations = [
        compile_automation({"id": str(number), "trigger": one["trigger"]}) for number, one in enumerate(cases)
    ]
    happened = events(
        sorted(
            (
                (
                    event["received"],
                    event["event"],
                    event["resource"] | {"related": event["related"], "id": event["id"]},
                )
                for one in cases
                for event in one["events"]
            ),
            key=lambda event: event[0],
        )
    )
    until = BASE + 200_000_000
    together = list(replay(automations, happened, since=BASE, until=until))
    assert [one.at for one in together] == sorted(one.at for one in together)
    assert len(together) > 200
    for one in automations:
        assert [firing for firing in together if firing.automation == one.id] == evaluate(
            one, happened, since=BASE, until=until
        )


def test_parts_fire_as_the_whole() -> None:
    """Events spread by the key of a Reactive trigger, and evaluated apart, also with what is late and swept."""
    of = automation(trigger(expect=["e"], after=["a"], for_each=["prefect.resource.id", "k"], within=20))
    assert of.partition_labels == ("k", "prefect.resource.id")
    random = Random(3)  # noqa: S311 - the same ones each time
    happened = events(
        [
            (
                time,
                random.choice("ae"),
                {
                    "prefect.resource.id": random.choice(("r.1", "r.2")),
                    "k": random.choice("xyz"),
                    "occurred": time - random.choice((0, 0, 9)),
                },
            )
            for time in range(600)
        ]
    )
    lag = lag_of(happened, since=BASE)
    parts: dict[tuple[str, ...], list[Event]] = {}
    for event in happened:
        parts.setdefault(of.partition(event), []).append(event)
    # As another process would be given them.
    of, lag, parts = pickle.loads(pickle.dumps((of, lag, parts)))  # noqa: S301 - it is our own
    spread = [
        firing
        for part in parts.values()
        for firing in evaluate(of, part, since=BASE, until=happened[-1].arrived, lag=lag)
    ]
    whole = evaluate(of, happened, since=BASE)
    assert len(parts) == 6
    assert len(whole) > 20
    assert sorted(spread, key=str) == sorted(whole, key=str)


def test_what_cannot_be_spread() -> None:
    """Composites, Proactive triggers, and those without for_each are evaluated whole."""
    each = trigger(for_each=["prefect.resource.id"])
    assert automation(each | {"posture": "Proactive"}).partition_labels is None
    assert automation(trigger()).partition_labels is None
    compound = {"type": "compound", "require": "any", "within": 5, "triggers": [each]}
    assert automation(compound).partition_labels is None


def test_when_the_phase_matters() -> None:
    """Where ticks evaluate, or remove what an event would have found."""
    assert not phase_matters(automation(trigger(expect=["e"], within=60, threshold=3)))
    assert not phase_matters(automation(trigger(expect=["e"])))
    for of in (
        trigger("Proactive"),
        trigger(after=["a"], within=60),
        trigger(threshold=2),
        {"type": "sequence", "within": 5, "triggers": [trigger(), trigger(threshold=2)]},
    ):
        assert phase_matters(automation(of))


def test_both_forms_of_a_trigger_are_read() -> None:
    """As the API has it, and as Terraform nests it."""
    api = trigger("Proactive", expect=["e"], within=None)
    nested = {"event": {"posture": "Proactive", "expect": ["e"]}}
    for of in (api, nested):
        (found,) = compile_automation({"trigger": of}, NEWEST).event_triggers
        assert (found.proactive, found.within, found.threshold) == (True, 10_000_000, 1)


@pytest.mark.parametrize(
    ("of", "message"),
    [
        ({"trigger": None}, "The automation has no trigger: expected an object, got null."),
        (
            {"trigger": {"type": "event", "posture": "Maybe"}},
            'The posture is unknown: expected `Reactive` or `Proactive`, got "Maybe".',
        ),
        (
            {"trigger": {"type": "event", "posture": "Proactive", "within": 5}},
            "`within` of a Proactive trigger is too short: expected 10 or more, got 5.0.",
        ),
        (
            {"trigger": {"type": "compound", "require": 3, "within": 5, "triggers": [trigger()]}},
            "`require` of a compound trigger is none: expected `any`, `all`, or a number from 1 to 1, got 3.",
        ),
        (
            {"trigger": {"type": "other"}},
            'The trigger is of no known type: expected `event`, `metric`, `compound` or `sequence`, got "other".',
        ),
    ],
)
def test_what_no_server_takes(of: dict[str, Any], message: str) -> None:
    """It is refused, and the message says why."""
    with pytest.raises(TriggerError) as caught:
        compile_automation(of)
    assert str(caught.value) == message


def test_the_work_of_many_automations() -> None:
    """Of the benchmark's 200 automations an event asks a few about its labels, and 10 times as many ask no more."""
    some = happened(500)

    def asked(count: int) -> float:
        evaluated = [Evaluation(one, Ticks(0), Lag(), _nothing) for one in automations(count)]
        interest = Interest([windows for one in evaluated for windows in one.windows])
        return sum(interest.candidates(event) for event in some) / len(some)

    assert asked(200) < 12
    few, many = (
        _interest(
            [
                trigger(
                    expect=["prefect.flow-run.Failed"],
                    match_related={"prefect.resource.id": f"prefect.deployment.{number}"},
                )
                for number in range(count)
            ]
        )
        for count in (400, 4000)
    )
    assert [few.candidates(event) for event in some] == [many.candidates(event) for event in some]
