"""Negated values of labels: what they hold for is what the evaluation lets through."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from prefect_provider.events.event import Event
from prefect_provider.events.matching import covers
from prefect_provider.rules.negations import always_holds, negation_problem
from prefect_provider.rules.triggers import problems
from prefect_provider.rules.values import nothing_unknown
from tests.events.written import fired, trigger


def rules(**fields: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """The kinds of problems of a Reactive trigger, and where."""
    return [(one.rule, one.path) for one in problems(trigger(expect=["e"], **fields)) if one.rule]


def lets_through(match: dict[str, Any], value: str) -> bool:
    """Whether a trigger looks at an event whose resource has this value."""
    return covers({"expect": ["e"], "match": match}, Event("e", {"k": value}))


@pytest.mark.parametrize(
    ("values", "always"),
    [
        (["!a", "!b"], True),
        (["!a*", "!b*"], True),
        (["!a", "!b*"], True),
        (["!*.dev", "!*.test"], True),
        (["!a", "a"], True),
        (["!a", "a*"], True),
        (["!ab*", "a*"], True),
        (["!a", "*"], True),
        (["!a*", "!ab*"], False),
        (["!a*", "!ab"], False),
        (["!a*b", "!*b"], False),
        (["!a"], False),
        (["!a", "b"], False),
        (["!a*", "ab"], False),
        (["*"], False),
        (["a", "b"], False),
        ([], False),
    ],
)
def test_always_true(values: list[str], always: bool) -> None:
    """A list narrows nothing exactly if each value that a label may have passes."""
    told = always_holds(values, ("match", "k"))
    assert (told is not None) is always
    if told is not None:
        assert (told.rule, told.path) == ("always-true", ("match", "k"))
        random = Random(1)  # noqa: S311 - no secret
        texts = ["", *("".join(random.choices("ab.devtst", k=random.randint(1, 5))) for _ in range(500))]
        assert all(lets_through({"k": values}, text) for text in ["a", "b", "ab", "x.dev", *texts])
    elif values and values != ["*"]:
        tried = ["a", "b", "ab", "abc", "c", "aab"]
        assert not all(lets_through({"k": values}, text) for text in tried)


def test_lists_by_chance() -> None:
    """No list that is said to narrow nothing keeps anything out."""
    random = Random(3)  # noqa: S311 - no secret
    patterns = ("a", "b", "a*", "b*", "*a", "*b", "ab", "a?", "[ab]", "*", "a*b", "?", "[!a]")
    told = 0
    for _ in range(3000):
        values = [
            random.choice(("!", "!", "")) + one for one in random.sample(patterns, random.randint(1, 3))
        ]
        if always_holds(values, ()) is None:
            continue
        told += 1
        for text in ("", "a", "b", "ab", "ba", "aa", "c", "abb", "xa", "]"):
            assert lets_through({"k": values}, text), (values, text)
    assert told > 500


def test_two_negations_are_found_where_they_are() -> None:
    """In `match` and in each object of `match_related`, at the list; a missing label still keeps an event out."""
    assert rules(match={"k": ["!a", "!b"]}) == [("always-true", ("match", "k"))]
    assert rules(match_related=[{"x": "1"}, {"k": ["!a", "!b"]}]) == [
        ("always-true", ("match_related", 1, "k"))
    ]
    of = trigger(expect=["e"], match={"k": ["!a", "!b"]})
    assert fired(of, [(1, "e", {"k": "a"}), (2, "e")], 10) == [1]


TAGS = [
    {"prefect.resource.id": "prefect.tag.dev", "prefect.resource.role": "tag"},
    {"prefect.resource.id": "prefect.tag.etl", "prefect.resource.role": "tag"},
]


@pytest.mark.parametrize(
    "labels",
    [
        {"prefect.resource.id": "!prefect.tag.dev"},
        {"prefect.resource.role": "tag", "prefect.resource.id": "!prefect.tag.dev"},
        {"prefect.resource.role": "tag", "prefect.resource.id": ["!prefect.tag.dev"]},
        {"prefect.resource.role": "!flow"},
    ],
)
def test_related_negation(labels: dict[str, Any]) -> None:
    """A negation there lets through an event that has what it is to keep out, by another resource."""
    told = negation_problem(labels, (), nothing_unknown)
    assert told is not None
    assert told.rule == "related-negation"
    assert fired(trigger(expect=["e"], match_related=labels), [(1, "e", {"related": TAGS})], 10) == [1]


@pytest.mark.parametrize(
    "labels",
    [
        {"prefect.resource.role": "flow", "prefect.resource.id": "!prefect.flow.*"},
        {"prefect.resource.role": ["flow", "deployment"], "prefect.resource.name": "!nightly"},
        {"prefect.resource.id": "prefect.tag.*"},
        {"prefect.resource.id": "prefect.flow.*", "prefect.resource.name": "!nightly"},
        {},
    ],
)
def test_negations_of_what_there_is_one_of(labels: dict[str, Any]) -> None:
    """Of a flow or a deployment an event has one, so that a negation means what it says."""
    assert negation_problem(labels, (), nothing_unknown) is None
    assert rules(match_related=labels) == []


def test_what_is_not_known_may_be_right() -> None:
    """Nothing is said of labels of which one is not known."""
    labels = {"prefect.resource.id": "!prefect.tag.dev", "prefect.resource.role": 7}
    assert negation_problem(labels, (), lambda value: value == 7) is None
    of = trigger(expect=["e"], match={"k": ["!a", "!b", 7]})
    assert problems(of, is_unknown=lambda value: value == 7) == []
