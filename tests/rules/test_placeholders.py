"""Placeholders of `prefect.yaml`: which there are, what they stand for, and which are left for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.rules.placeholders import Known, fill

if TYPE_CHECKING:
    from prefect_provider.text.problem import Problem

KNOWN = Known.of(
    environment={"STAGE": "test", "PORT": 80},
    variables={"number": 7, "list": ["a"], "nothing": None},
    blocks={
        "secret.token": "s3",
        "json.settings": {"value": {"a": {"b": [0, {"c": 1}]}}},
        "s3.bucket": {"name": "n"},
    },
    outputs={"build-image": {"image": "i", "tags": ["t"]}},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("{{ $STAGE }}", "test"),
        ("{{$STAGE}}-{{ $PORT }}", "test-80"),
        ("{{ STAGE }}", "test"),
        ("{{ $PORT }}", "80"),
        ("{{ prefect.variables.number }}", 7),
        ("{{ prefect.variables.list }}", ["a"]),
        ("{{ prefect.variables.nothing }}", None),
        ("n{{ prefect.variables.number }}", "n7"),
        ("{{ prefect.blocks.secret.token }}/x", "s3/x"),
        ("{{ prefect.blocks.secret.token.value }}", "s3"),
        ("{{ prefect.blocks.json.settings }}", {"a": {"b": [0, {"c": 1}]}}),
        ("{{ prefect.blocks.json.settings.value.a.b[1].c }}", 1),
        ("{{ prefect.blocks.json.settings.a.b[0] }}", 0),
        ("{{ prefect.blocks.s3.bucket }}", {"name": "n"}),
        ("{{ prefect.blocks.s3.bucket.name }}", "n"),
        ("{{ build-image.image }}", "i"),
        ("{{ build-image }}", {"image": "i", "tags": ["t"]}),
        ("{{ build-image.tags[0] }}!", "t!"),
        ("{{ ctx.flow_run.id }}", "{{ ctx.flow_run.id }}"),
        ("{{ two words }} {% if %} {{ x | y }}", "{{ two words }} {% if %} {{ x | y }}"),
    ],
)
def test_what_they_stand_for(text: str, value: Any) -> None:
    """A whole text becomes the value with its type, a part of one is written out, and other braces are text."""
    problems: list[Problem] = []
    assert fill({"k": [text]}, ("parameters",), KNOWN, problems) == {"k": [value]}
    assert problems == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ $MISSING }}", "the variable MISSING of the environment"),
        ("x{{ prefect.variables.missing }}", "the variable missing"),
        ("{{ prefect.blocks.secret.missing.value }}", "the block secret.missing"),
        ("{{ prefect.blocks.json.settings.a.x }}", "the block json.settings"),
        ("{{ other-step.image }}", "what the step other-step put out"),
        ("{{ build-image.missing }}", "what the step build-image put out"),
        ("a {{ prefect.variables.list }}", "Name a part of it"),
    ],
)
def test_what_has_no_value(text: str, named: str) -> None:
    """It is a problem at its place that says what to give; nothing is emptied without a word."""
    problems: list[Problem] = []
    fill({"k": text}, ("parameters",), KNOWN, problems)
    (problem,) = problems
    assert problem.path == ("parameters", "k")
    assert named in problem.remedy


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("pull", 0), "{{ $STAGE }}", "test"),
        (("pull", 0), "{{ $MISSING }}", "{{ $MISSING }}"),
        (("pull", 0), "{{ prefect.blocks.secret.token }}", "{{ prefect.blocks.secret.token }}"),
        (("pull", 0), "{{ build-image.image }}", "i"),
        (("pull", 0), "{{ clone.directory }}", "{{ clone.directory }}"),
        (("triggers", 0, "parameters", "p"), "{{ event }}", "{{ event }}"),
        (("triggers", 0, "parameters", "p"), "{{ STAGE }}", "{{ STAGE }}"),
        (("triggers", 0, "parameters", "p"), "{{ $STAGE }}", "test"),
        (("triggers", 0, "job_variables", "p"), "{{ event.id }}", "{{ event.id }}"),
    ],
)
def test_what_is_left_for_later(path: tuple[str | int, ...], text: str, value: str) -> None:
    """Pull steps are rendered when a run starts, parameters of a trigger when it fires."""
    problems: list[Problem] = []
    assert fill(text, path, KNOWN, problems) == value
    assert problems == []
