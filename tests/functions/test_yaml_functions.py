"""The functions that read `prefect.yaml` and files of triggers: all of a file is taken, or refused by line and key."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from prefect_provider.functions.yaml_deployments import YamlDeployments
from prefect_provider.functions.yaml_triggers import YamlTriggers
from prefect_provider.plugin.language.function import ArgumentError

DEEP = "{expect: [a]}"
for _ in range(4):
    DEEP = f"{{type: sequence, triggers: [{DEEP}, {{expect: [b]}}]}}"

ENTRY = "deployments:\n- name: d\n  entrypoint: a.py:b\n"


def deployments(text: str) -> dict[str, Any]:
    """What the function gives, without its types."""
    found: dict[str, Any] = asyncio.run(YamlDeployments().call(text)).value
    return found


def triggers(text: str, *deployment: str) -> dict[str, Any]:
    """The same for triggers."""
    found: dict[str, Any] = asyncio.run(YamlTriggers().call(text, *deployment)).value
    return found


def given(values: dict[str, Any]) -> dict[str, Any]:
    """What is not null."""
    return {name: value for name, value in values.items() if value is not None}


def test_every_key_has_its_place() -> None:
    """Pool, limit, schedules, steps and JSON stand where `prefect_deployment` has them."""
    found = deployments("""
pull:
- prefect.deployments.steps.git_clone: {repository: "https://example.com/x.git"}
deployments:
- name: d
  flow_name: f
  entrypoint: a.py:b
  version: "1"
  tags: [a]
  paused: true
  enforce_parameter_schema: false
  parameters: {x: 1, day: 2030-01-01}
  concurrency_limit: {limit: 3, collision_strategy: CANCEL_NEW, grace_period_seconds: 90}
  work_pool: {name: p, work_queue_name: q, job_variables: {image: i}}
  build:
  push: []
  schedules:
  - {cron: 0 3 * * *, timezone: Europe/Berlin, slug: nightly, active: false}
  - {interval: PT1H, anchor_date: 2030-01-01T00:00:00, parameters: {x: 2}}
- {name: e, entrypoint: "a.py:b", concurrency_limit: 4, pull: [{my.steps.fetch: {depth: 3}}]}
""")
    first = given(found["d"])
    assert json.loads(first.pop("parameters")) == {"x": 1, "day": "2030-01-01"}
    assert json.loads(first.pop("job_variables")) == {"image": "i"}
    (step,) = first.pop("pull_steps")
    assert given(step) == {"type": "git_clone", "repository": "https://example.com/x.git"}
    schedules = {slug: given(schedule) for slug, schedule in first.pop("schedules").items()}
    assert schedules == {
        "nightly": {"cron": "0 3 * * *", "timezone": "Europe/Berlin", "active": False},
        "interval": {"interval": 3600, "anchor_date": "2030-01-01T00:00:00+00:00", "parameters": '{"x":2}'},
    }
    assert first == {
        "name": "d",
        "flow_name": "f",
        "entrypoint": "a.py:b",
        "version": "1",
        "tags": ["a"],
        "paused": True,
        "enforce_parameter_schema": False,
        "concurrency_limit": 3,
        "concurrency_options": {"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 90},
        "work_pool_name": "p",
        "work_queue_name": "q",
    }
    second = given(found["e"])
    assert second["concurrency_limit"] == 4
    assert given(second["pull_steps"][0]) == {"type": "my.steps.fetch", "inputs": '{"depth":3}'}


def test_anchors_are_written_out() -> None:
    """What YAML merges and repeats is there in each place, and may be written over."""
    found = deployments("""
definitions:
  pool: &pool {name: p, job_variables: {image: i}}
deployments:
- {name: d, entrypoint: "a.py:b", work_pool: *pool}
- {name: e, entrypoint: "a.py:b", work_pool: {<<: *pool, name: other}}
""")
    assert [found[name]["work_pool_name"] for name in "de"] == ["p", "other"]
    assert [found[name]["job_variables"] for name in "de"] == ['{"image":"i"}'] * 2


def test_blank_tags_are_none() -> None:
    """As for Prefect, so that a placeholder may stand for no tag."""
    text = 'deployments: [{name: d, entrypoint: "a.py:b", tags: [a, "{{ $STAGE }}", " ", "{{ $ZONE }}"]}]'
    values = {"environment": {"STAGE": "", "ZONE": "eu"}}
    assert asyncio.run(YamlDeployments().call(text, values)).value["d"]["tags"] == ["a", "eu"]


@pytest.mark.parametrize("text", ["", "# nothing", "deployments:", "deployments: []", "name: x"])
def test_files_without_deployments(text: str) -> None:
    """They are none, and so are their triggers."""
    assert deployments(text) == triggers(text) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY + "  descripton: x", "line 4, deployments[0].descripton: a deployment has no `descripton`."),
        (ENTRY + "  build:\n  - x: {}", "line 4, deployments[0].build: there is no `build` in Terraform."),
        ("build:\n- x: {}\n" + ENTRY, "line 1, build: there is no `build` in Terraform."),
        ("deploymets: []", "line 1, deploymets: the file has no `deploymets`."),
        (
            ENTRY + "  version: 1.0",
            "line 4, deployments[0].version: expected text, got 1.0. Put it in quotes.",
        ),
        (ENTRY + "  paused: maybe", "line 4, deployments[0].paused: expected true or false"),
        (ENTRY + "  tags: nightly", "line 4, deployments[0].tags: expected a list of texts"),
        (ENTRY + "  parameters: [1]", "line 4, deployments[0].parameters: expected a mapping"),
        (ENTRY + "  work_pool: p", "line 4, deployments[0].work_pool: expected a mapping such as"),
        (ENTRY + "  work_pool:\n    pool: p", "line 5, deployments[0].work_pool.pool: a work pool has no"),
        (ENTRY + "  concurrency_limit: 0", "line 4, deployments[0].concurrency_limit: expected 1 or more"),
        (
            ENTRY + '  version: "{{ $V }}"',
            "line 4, deployments[0].version: `prefect deploy` renders `{{ $V }}`",
        ),
        (
            ENTRY + "  schedules:\n  - cron: 0 99 * * *",
            "line 5, deployments[0].schedules[0].cron: not a valid cron",
        ),
        (
            ENTRY + "  schedules:\n  - interval: soon",
            "line 5, deployments[0].schedules[0].interval: expected a number",
        ),
        (
            ENTRY + "  schedules:\n  - {cron: '@daily', slug: s}\n  - {cron: '@hourly', slug: s}",
            "line 6, deployments[0].schedules[1]: two",
        ),
        (
            ENTRY + "  schedule: {cron: '@daily', tz: UTC}",
            "line 4, deployments[0].schedule.tz: a schedule has no field",
        ),
        (ENTRY + "  pull:\n  - git_clone", "line 5, deployments[0].pull[0]: expected a step with its inputs"),
        (ENTRY + "  pull: x", 'line 4, deployments[0].pull: expected a list of steps, got "x".'),
        ("pull: 3", "line 1, pull: expected a list of steps, got 3."),
        ("deployments:\n- entrypoint: a.py:b", "line 2, deployments[0]: a deployment needs a `name`."),
        (
            ENTRY + "- {name: d}",
            'line 4, deployments[1].name: the deployment "d" is there already, in line 2.',
        ),
        (ENTRY + "  name: e", "line 4: the key `name` is there already, in line 2. Keep one of the two."),
        (ENTRY + "  parameters: {on: 1}", "line 4: expected a text as a key, got `on`"),
        (ENTRY + "  parameters: {x: .nan}", "line 4: expected a value that JSON has, got `.nan`."),
        (ENTRY + "  parameters: {x: 2030-13-01}", 'line 4: "2030-13-01" cannot be read'),
        (ENTRY + "  parameters: {x: !!set {a}}", "line 4: expected a mapping or a list"),
        (ENTRY + "  parameters: &p {x: *p}", "line 4: expected 150 levels or fewer, got more."),
        (ENTRY + "  parameters: {x: !Ref y}", "line 4: could not determine a constructor"),
        ("deployments: [", "line 1: expected the node content"),
        ("a: 1\n---\nb: 2", "line 2: one document is read, and this begins another"),
        ("- d", "line 1: expected a mapping with `deployments` or `triggers`"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """Nothing is dropped: the error names the line and the key, and stands at the argument."""
    with pytest.raises(ArgumentError) as caught:
        deployments(text)
    assert str(caught.value).startswith(said), str(caught.value)
    assert caught.value.index == 0


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Each in a line of its own, in the order of the file."""
    with pytest.raises(ArgumentError) as caught:
        deployments("deployments:\n- {name: a, tag: x}\n- {name: b, pool: x}")
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "line 2, deployments[0].tag",
        "line 3, deployments[1].pool",
    ]


def test_many_aliases_are_no_bomb() -> None:
    """A short text that stands for millions of values is refused, and soon."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(ArgumentError, match="expected 100000 parts or fewer"):
        deployments("definitions:\n" + "\n".join(f"  {line}" for line in lines))


def test_triggers_of_deployments() -> None:
    """They have the names that `prefect deploy` gives, the provider's shape, and durations in seconds."""
    found = triggers("""
deployments:
- name: d
  triggers:
  - {expect: [a], parameters: {p: "{{ event }}"}, schedule_after: PT30S}
  -
  - {type: sequence, name: own, enabled: false, within: PT10M, triggers: [{expect: [b]}, {expect: [c]}]}
- {name: e}
""")
    assert list(found) == ["d__automation_1", "d__automation_2"]
    first, second = found.values()
    assert given(first["action"]) == {
        "type": "run-deployment",
        "parameters": '{"p":"{{ event }}"}',
        "schedule_after": 30,
    }
    assert first["name"] == "d__automation_1"
    assert first["deployment"] == second["deployment"] == "d"
    assert first["trigger"]["event"]["expect"] == ["a"]
    assert first["trigger"]["event"]["posture"] == "Reactive"
    assert (second["name"], second["enabled"]) == ("own", False)
    assert second["trigger"]["sequence"]["within"] == 600
    assert [one["event"]["expect"] for one in second["trigger"]["sequence"]["triggers"]] == [["b"], ["c"]]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "{expect: [a], thresold: 3}",
            "line 2, triggers[0].thresold: an event trigger has no field `thresold`",
        ),
        ("{expect: [a], enabled: x}", "line 2, triggers[0].enabled: expected true or false"),
        ("{expect: [a], parameters: x}", "line 2, triggers[0].parameters: expected a mapping"),
        ("{expect: [a], parameters: {p: '{{ x'}}", "line 2, triggers[0].parameters.p: not a valid Jinja"),
        ("{expect: [a], within: soon}", "line 2, triggers[0].within: expected a number of seconds"),
        ("{type: evnt}", "line 2, triggers[0].type: expected one of"),
        ("x", "line 2, triggers[0]: expected a mapping"),
        (
            DEEP,
            "line 2, triggers[0]: this has no place in Terraform",
        ),
    ],
)
def test_triggers_that_are_refused(entry: str, said: str) -> None:
    """A key, a value or a depth that has no place is an error with its line."""
    with pytest.raises(ArgumentError) as caught:
        triggers(f"triggers:\n- {entry}\n", "d")
    assert str(caught.value).startswith(said), str(caught.value)
    assert caught.value.index == 0


def test_whose_triggers_they_are() -> None:
    """A file of triggers needs the name of a deployment, another file has them itself."""
    assert list(triggers("triggers: [{expect: [a]}]", "d")) == ["d__automation_1"]
    wrong = (("triggers: []", (), 0), (ENTRY, ("d",), 0), ("", ("d",), 1), ("triggers: []", ("d", "e"), 2))
    for text, names, index in wrong:
        with pytest.raises(ArgumentError) as caught:
            triggers(text, *names)
        assert caught.value.index == index
