"""A trigger covers and expects the events that Prefect's own triggers cover and expect."""

from __future__ import annotations

import json
import subprocess
from random import Random
from typing import Any

import pytest

from prefect_provider.events.matching import ANY, Event, covers, expects, opens
from prefect_provider.plugin.language.values import UNKNOWN
from tests.rules.prefect_python import PREFECT_PYTHON

RESOURCE = {"prefect.resource.id": "prefect.flow-run.1", "a": "x"}
RELATED = [
    {"prefect.resource.id": "prefect.tag.etl", "prefect.resource.role": "tag"},
    {"prefect.resource.id": "prefect.flow.2", "prefect.resource.role": "flow"},
]


def event(name: str = "foo.bar", **labels: Any) -> Event:
    """An event of one resource with a tag and a flow."""
    return Event(name, {**RESOURCE, **labels}, RELATED)


@pytest.mark.parametrize(
    ("trigger", "name", "expected"),
    [
        ({}, "anything", True),
        ({"expect": ["foo.bar"]}, "foo.bar", True),
        ({"expect": ["foo.*"]}, "foo.bar", True),
        ({"expect": ["foo.bar*"]}, "foo.bar", False),
        ({"expect": ["*"]}, "foo.bar", True),
        ({"expect": ["f*.b*r"]}, "foo.bar", True),
        ({"expect": ["Foo.bar"]}, "foo.bar", False),
        ({"expect": ["foo.?ar"]}, "foo.bar", False),
        ({"expect": ["foo.[ab]ar"]}, "foo.bar", False),
        ({"expect": ["foo.?ar"], "after": ["foo.*"]}, "foo.bar", True),
        ({"expect": ["!other"]}, "foo.bar", False),
        ({"expect": ["x"], "after": ["foo.bar"]}, "foo.bar", False),
        ({"expect": ["prefect.*"]}, "prefect.log.write", False),
        ({"match": {"a": "x"}}, "e", True),
        ({"match": {"a": ["y", "x"]}}, "e", True),
        ({"match": {"a": "!x"}}, "e", False),
        ({"match": {"a": ["!x", "!y"]}}, "e", True),
        ({"match": {"a": []}}, "e", False),
        ({"match": {"b": "!x"}}, "e", False),
        ({"match": {"prefect.resource.id": "prefect.flow-run.[0-9]"}}, "e", True),
        ({"match_related": {}}, "e", True),
        ({"match_related": []}, "e", True),
        ({"match_related": {"prefect.resource.role": "tag"}}, "e", True),
        (
            {"match_related": {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.flow.*"}},
            "e",
            False,
        ),
        (
            {"match_related": [{"prefect.resource.role": "tag"}, {"prefect.resource.id": "prefect.flow.*"}]},
            "e",
            True,
        ),
        (
            {"match_related": [{"prefect.resource.role": "tag"}, {"prefect.resource.role": "deployment"}]},
            "e",
            False,
        ),
        ({"match_related": {"prefect.resource.id": "!prefect.tag.etl"}}, "e", True),
    ],
    ids=str,
)
def test_what_a_trigger_expects(trigger: dict[str, Any], name: str, expected: bool) -> None:
    """Globs and prefixes in names, lists and negations of values, several related resources."""
    assert expects(trigger, event(name)) is expected


def test_what_opens_a_trigger() -> None:
    """A name in ``after``, of a resource that matches; none without ``after``."""
    assert opens({"after": ["foo.*"], "expect": ["done"]}, event())
    assert not opens({"after": ["foo.*"], "expect": ["done"], "match": {"a": "y"}}, event())
    assert not opens({"expect": ["foo.*"]}, event())


def test_what_is_not_known_matches_nothing() -> None:
    """An unknown part of the trigger has the benefit of the doubt; an unknown label of the event matches only all."""
    for trigger in (
        {"expect": UNKNOWN},
        {"expect": [UNKNOWN]},
        {"match": UNKNOWN},
        {"match": {"a": UNKNOWN}},
        {"match_related": [UNKNOWN]},
    ):
        assert not covers(trigger, event(), is_unknown=lambda value: value is UNKNOWN)
    assert covers({"match": {"a": "*"}}, event(a=ANY))
    assert not covers({"match": {"a": ["x", "!x"]}}, event(a=ANY))
    assert not covers({"match": {"a": "*"}}, event(a=None))


def by_chance(random: Random, count: int) -> list[tuple[dict[str, Any], Event]]:
    """Triggers and events of few names and labels, so that many match."""
    names = ["a.b", "a.bc", "a.c.d", "prefect.flow-run.Failed", "prefect.log.write", "A.b", "a"]
    patterns = [
        *names,
        "a.*",
        "*",
        "a*",
        "*.b",
        "a.?",
        "a.[bc]",
        "!a.b",
        "prefect.*",
        "prefect.flow-run.*",
        "a.b*",
        "*c*",
        ".",
    ]
    values = ["x", "y", "*", "x*", "!x", "!x*", "?", "[xy]", "", "!"]

    def labels() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for label in ("l", "m", "prefect.resource.role")[: random.choice((0, 1, 1, 2, 3))]:
            some = [random.choice([*values, "tag"]) for _ in range(random.choice((0, 1, 1, 2)))]
            found[label] = some if random.random() < 0.5 or not some else some[0]
        return found

    def resource(id_: str) -> dict[str, str]:
        return {
            "prefect.resource.id": id_,
            **{label: random.choice(["x", "y", "xz"]) for label in random.choice(("", "l", "m", "lm"))},
        }

    cases = []
    for _ in range(count):
        trigger: dict[str, Any] = {
            "expect": random.sample(patterns, random.choice((0, 1, 1, 2))),
            "after": random.sample(patterns, random.choice((0, 0, 1, 2))),
            "match": labels() if random.random() < 0.5 else {},
            "match_related": [labels() for _ in range(random.choice((0, 1, 2)))]
            if random.random() < 0.5
            else labels(),
        }
        related = [
            {**resource(f"r.{index}"), "prefect.resource.role": random.choice(["tag", "x"])}
            for index in range(random.choice((0, 1, 2)))
        ]
        cases.append((trigger, Event(random.choice(names), resource("p.1"), related)))
    return cases


@pytest.mark.skipif(not PREFECT_PYTHON, reason="there is no Python with Prefect")
def test_prefect_agrees() -> None:
    """Triggers and events by chance: Prefect's own trigger covers, expects and begins after the same ones."""
    cases = by_chance(Random(5), 4000)  # noqa: S311 - the same ones each time
    code = """
import json, sys
from datetime import timedelta
from uuid import uuid4
from prefect.server.events import triggers
from prefect.server.events.schemas.automations import EventTrigger
from prefect.server.events.schemas.events import ReceivedEvent
from prefect.types._datetime import now
answers = []
for fields, (name, resource, related, *_) in json.load(sys.stdin):
    trigger = EventTrigger(posture="Reactive", threshold=1, within=timedelta(0), **fields)
    event = ReceivedEvent(occurred=now("UTC"), event=name, resource=resource, related=related, id=uuid4())
    triggers.clear_loaded_automations()
    triggers.triggers[trigger.id] = trigger
    triggers._index_trigger(trigger)
    covered = bool(triggers.find_interested_triggers(event))
    answers.append([covered, covered and trigger.expects(name), covered and trigger.starts_after(name)])
print(json.dumps(answers))
"""
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", code], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    theirs = json.loads(done.stdout.splitlines()[-1])
    differences = []
    for (trigger, happened), answer in zip(cases, theirs, strict=True):
        if happened.name == "prefect.log.write":
            continue  # its trigger would, and the evaluation does not ask it
        ours = [covers(trigger, happened), expects(trigger, happened), opens(trigger, happened)]
        if ours != answer:
            differences.append((trigger, happened, answer))
    assert differences == []
    assert 200 < sum(answer[1] for answer in theirs) < 3000
