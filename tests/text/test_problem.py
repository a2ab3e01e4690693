"""One way to say what is wrong: whole sentences, with one full stop, whatever the parts end in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.text.problem import Problem, expectation, say, sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("   ", ""),
        ("it is so", "it is so."),
        (" it is so. ", "it is so."),
        ("it is so..", "it is so."),
        ("and so on...", "and so on..."),
        ("is it so?", "is it so?"),
        ("it is so!", "it is so!"),
        ("these:", "these:"),
        ('Write "a."', 'Write "a."'),
        ("Write `a.`", "Write `a.`"),
        ('Write "a"', 'Write "a".'),
        ("so (see there)", "so (see there)."),
        ("so (It is there.)", "so (It is there.)"),
        ("version 1.5", "version 1.5."),
    ],
)
def test_a_sentence_has_one_end(text: str, expected: str) -> None:
    """None is doubled and none is missing, also after quotes and brackets."""
    assert sentence(text) == expected


@pytest.mark.parametrize(
    ("expected", "got", "text"),
    [
        ("a UUID", '"x"', 'expected a UUID, got "x"'),
        ("a UUID", "", "expected a UUID"),
        ("", '"x"', 'got "x"'),
        ("", "", ""),
        ("a number.", "1.", "expected a number, got 1"),
        ("a list", '"abc...', 'expected a list, got "abc...'),
    ],
)
def test_an_expectation_reads_on(expected: str, got: str, text: str) -> None:
    """What was expected and what was found, without a full stop in the middle."""
    assert expectation(expected, got) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"what": "the name is wrong"}, "The name is wrong."),
        ({"what": "the name is wrong.", "remedy": "Change it."}, "The name is wrong. Change it."),
        ({"what": "The name.", "expected": "text.", "got": "1."}, "The name: expected text, got 1."),
        ({"what": "The name:", "expected": "text", "got": "1"}, "The name: expected text, got 1."),
        ({"expected": "text", "got": "1", "remedy": "Quote it"}, "Expected text, got 1. Quote it."),
        ({"what": "wrong.", "where": "a.b[0]"}, "Wrong; at a.b[0]."),
        ({"where": "a.b"}, "At a.b."),
        ({"what": "`name` is missing"}, "`name` is missing."),
        ({"what": "http://x.y is down"}, "http://x.y is down."),
        ({"what": "is it there?", "remedy": ""}, "Is it there?"),
        ({}, ""),
    ],
)
def test_all_of_it_is_sentences(parts: dict[str, str], text: str) -> None:
    """A capital at the start but for an address, one end for each sentence, and nothing for what is left out."""
    assert say(**parts) == text


_WORDS = st.text(alphabet=st.sampled_from([*'ab 1.:"`()']), max_size=12)


@given(what=_WORDS, expected=_WORDS, got=_WORDS, where=_WORDS, remedy=_WORDS)
def test_no_full_stop_is_doubled(what: str, expected: str, got: str, where: str, remedy: str) -> None:
    """Whatever the parts end in, no sentence gets a second full stop at its end."""
    if any(".." in part or ".:" in part or ":." in part for part in (what, expected, got, where, remedy)):
        return
    text = say(what, expected=expected, got=got, where=where, remedy=remedy)
    assert ".." not in text
    assert not text.endswith((".:", ":."))


def test_a_problem_names_its_place() -> None:
    """As text it begins with the path; without one it is the message alone."""
    assert str(Problem(("trigger", "event", "expect"), "a name is empty", "Leave it out.")) == (
        "trigger.event.expect: a name is empty. Leave it out."
    )
    assert str(Problem((), "a name is empty.")) == "A name is empty."
    assert str(Problem(("actions", 0), "expected text, got 1")) == "actions[0]: expected text, got 1."
