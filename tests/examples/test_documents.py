"""The examples that read a file, with files of somebody else: everything is taken over, or named by an error."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import ROOT
from tests.examples.stored import stored_automations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

FILES = {
    "automation_file": "automation.yaml",
    "prefect_yaml": "prefect.yaml",
    "triggers_file": "triggers.yaml",
}
DEPLOYMENT = "3f5a6c1e-0000-4000-8000-000000000000"


@pytest.fixture
def example(
    terraform: Callable[..., Workspace], tmp_path: Path
) -> Iterator[Callable[[str, object], Workspace]]:
    """A function that makes a workspace of an example, with a document (text, or what becomes text) in its file."""
    made: list[Workspace] = []

    def make(name: str, document: object) -> Workspace:
        directory = tmp_path / "examples"
        shutil.copytree(ROOT / "examples" / "hcl" / name, directory / "hcl" / name)
        shutil.copytree(ROOT / "examples" / "flows", directory / "flows")
        # JSON is YAML.
        text = document if isinstance(document, str) else json.dumps(document)
        (directory / "hcl" / name / FILES[name]).write_text(text, encoding="utf-8")
        source = str(directory / "hcl" / name)
        workspace = terraform({"module": {"example": {"source": source}}}, provider=False)
        workspace.run("get", check=True)
        made.append(workspace)
        return workspace

    yield make
    for workspace in made:
        if (workspace.directory / "terraform.tfstate").exists():
            workspace.destroy()


def refusals(workspace: Workspace) -> list[str]:
    """What the plan says is not taken over, line by line."""
    detail = workspace.plan(check=False).only_error().detail
    assert "has what is not taken over here" in detail
    return [line.strip() for line in detail.splitlines() if line.startswith("  ")]


PREFECT_YAML = """
name: project
prefect-version: 3.4.1
build: null
push: []
pull:
- prefect.deployments.steps.git_clone:
    id: clone
    repository: https://git.example.com/repository.git
definitions:
  work_pools:
    fast: &fast
      name: yaml-work-pool
      work_queue_name: fast
      job_variables: {env: {A: b}}
deployments:
- name: taken-over
  entrypoint: flows/pinged.py:decorated_fn
  description: What it does
  version: v1
  tags: [a, b]
  parameters: {x: [1, {z: null}]}
  enforce_parameter_schema: false
  concurrency_limit: {limit: 3, collision_strategy: CANCEL_NEW}
  work_pool: *fast
  schedule: null
  schedules:
  - {cron: 0 3 * * *, timezone: Europe/Berlin, active: false}
  - {interval: 600, slug: often, parameters: {x: 2}}
  - {rrule: FREQ=WEEKLY;BYDAY=MO, max_scheduled_runs: 3}
  triggers:
  - name: after-upstream
    description: When five of them have completed
    enabled: false
    match: {prefect.resource.id: prefect.flow-run.*}
    match_related: {prefect.resource.name: upstream, prefect.resource.role: deployment}
    expect: [prefect.flow-run.Completed]
    for_each: [prefect.resource.id]
    threshold: 5
    within: 60
    parameters: {x: 3}
    job_variables: {image: j}
    schedule_after: 30
  - within: 60
    triggers:
    - {expect: [a.b], threshold: 2, within: 30}
    - {expect: [c.d], match_related: [{prefect.resource.role: flow}]}
  - require: 1
    triggers:
    - {posture: Proactive, after: [a.b], expect: [c.d], for_each: [prefect.resource.id], within: 12}
- name: by-its-flow
  flow_name: another
  paused: true
  concurrency_limit: 2
  triggers:
  schedules:
  pull:
  - prefect.deployments.steps.run_shell_script: {script: ls, stream_output: true}
"""


def test_a_prefect_yaml_is_taken_over_whole(
    example: Callable[[str, object], Workspace], prefect_server: PrefectServer
) -> None:
    """Every field of deployments, schedules and triggers reaches the server, with its type; nulls are nothing."""
    workspace = example("prefect_yaml", PREFECT_YAML)
    workspace.apply()
    workspace.assert_no_changes()
    stored = prefect_server.call("GET", "/deployments/name/decorated-fn/taken-over")
    wanted = {
        "entrypoint": "flows/pinged.py:decorated_fn",
        "path": None,
        "description": "What it does",
        "version": "v1",
        "tags": ["a", "b"],
        "parameters": {"x": [1, {"z": None}]},
        "enforce_parameter_schema": False,
        "work_pool_name": "yaml-work-pool",
        "work_queue_name": "fast",
        "job_variables": {"env": {"A": "b"}},
        "pull_steps": [
            {
                "prefect.deployments.steps.git_clone": {
                    "id": "clone",
                    "repository": "https://git.example.com/repository.git",
                }
            }
        ],
    }
    assert {name: stored[name] for name in wanted} == wanted
    assert stored["global_concurrency_limit"]["limit"] == 3
    assert stored["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    schedules = {schedule["slug"]: schedule for schedule in stored["schedules"]}
    assert schedules.keys() == {"schedule-1", "often", "schedule-3"}
    assert schedules["schedule-1"]["schedule"]["cron"] == "0 3 * * *"
    assert schedules["schedule-1"]["schedule"]["timezone"] == "Europe/Berlin"
    assert schedules["schedule-1"]["active"] is False
    assert schedules["often"]["schedule"]["interval"] == 600
    assert schedules["often"]["parameters"] == {"x": 2}
    assert schedules["schedule-3"]["max_scheduled_runs"] == 3
    other = prefect_server.call("GET", "/deployments/name/another/by-its-flow")
    assert other["paused"] is True
    assert other["global_concurrency_limit"]["limit"] == 2
    assert other["pull_steps"] == [
        {"prefect.deployments.steps.run_shell_script": {"script": "ls", "stream_output": True}}
    ]
    automations = stored_automations(prefect_server)
    first = automations["after-upstream"]
    assert first["description"] == "When five of them have completed"
    assert first["enabled"] is False
    assert first["trigger"]["match_related"] == {
        "prefect.resource.name": "upstream",
        "prefect.resource.role": "deployment",
    }
    assert (first["trigger"]["threshold"], first["trigger"]["within"]) == (5, 60)
    assert first["trigger"]["for_each"] == ["prefect.resource.id"]
    assert first["actions"] == [
        {
            "type": "run-deployment",
            "source": "selected",
            "deployment_id": "<deployment taken-over>",
            "parameters": {"x": 3},
            "job_variables": {"image": "j"},
            "schedule_after": 30,
        }
    ]
    second = automations["taken-over__automation_2"]["trigger"]
    assert (second["type"], second["within"]) == ("sequence", 60)
    assert [inner["threshold"] for inner in second["triggers"]] == [2, 1]
    assert second["triggers"][1]["match_related"] == [{"prefect.resource.role": "flow"}]
    third = automations["taken-over__automation_3"]["trigger"]
    assert (third["type"], third["require"]) == ("compound", 1)
    assert (third["triggers"][0]["posture"], third["triggers"][0]["within"]) == ("Proactive", 12)


def test_what_a_prefect_yaml_has_besides_is_named(example: Callable[[str, object], Workspace]) -> None:
    """Steps, templates, durations, misspelt and unknown fields are all named by one error, before anything is made."""
    document = {
        "build": [{"prefect_docker.deployments.steps.build_docker_image": {"image_name": "x"}}],
        "deployments": [
            {
                "name": "d",
                "entrypoint": "pinged.py:decorated_fn",
                "sla": {"name": "x"},
                "schedule": {"cron": "* * * * *"},
                "description": "{{ $WHAT }}",
                "concurrency_limit": {"limit": 1, "strategy": "x"},
                "work_pool": {"name": "yaml-work-pool", "queue": "x"},
                "schedules": [{"interval": "PT10M"}, {"cron": "* * * * *", "catchup": True}, 5],
                "triggers": [
                    {"type": "metric", "metric": {"name": "lateness"}},
                    {"posture": "Metric", "metric": {"name": "lateness"}},
                    {"expect": ["a"], "within": "PT1H", "schedule_after": "01:00:00", "thresholds": 3},
                    {
                        "require": "all",
                        "triggers": [
                            {"type": "sequence", "triggers": []},
                            {"expect": ["a"], "within": "PT1H"},
                            {"expectt": ["b"]},
                        ],
                    },
                    "everything",
                ],
            }
        ],
    }
    assert set(refusals(example("prefect_yaml", document))) == {
        "prefect.yaml: build",
        "d: sla",
        "d: schedule",
        "d: description: a template, which only `prefect deploy` renders",
        "d, concurrency_limit: strategy",
        "d, work_pool: queue",
        'd, schedules[0]: interval: expected a number of seconds, got "PT10M"',
        "d, schedules[1]: catchup",
        "d, schedules[2]: expected fields with values, got 5",
        "d__automation_1: a trigger of type metric",
        "d__automation_2: a trigger of type metric",
        'd__automation_3: within: expected a number of seconds, got "PT1H"',
        'd__automation_3: schedule_after: expected a number of seconds, got "01:00:00"',
        "d__automation_3: thresholds",
        "d__automation_4, triggers[0]: a trigger that is itself made of triggers, or of metrics",
        'd__automation_4, triggers[1]: within: expected a number of seconds, got "PT1H"',
        "d__automation_4, triggers[2]: expectt",
        'd__automation_5: expected fields with values, got "everything"',
    }


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("prefect_yaml", "deployments:\n"),
        (
            "prefect_yaml",
            "deployments:\n- name: d\n  flow_name: f\n  triggers:\n  schedules:\n  work_pool:\n",
        ),
        ("triggers_file", "triggers:\n"),
        ("automation_file", "automations:\n"),
    ],
)
def test_a_key_without_a_value_is_nothing(
    example: Callable[[str, object], Workspace], name: str, document: str
) -> None:
    """`triggers:` with nothing after it is a list of none."""
    changes = example(name, document).plan().actions()
    assert not [address for address in changes if "prefect_automation" in address]


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("prefect_yaml", "deployments:\n- name: d\n  flow_name: f\n  parameters: {x: 1, y: 2}\n"),
        ("triggers_file", "triggers:\n- expect: [a]\n  parameters:\n    y: n\n"),
        ("automation_file", "name: d\ntrigger:\n  expect: [y, b]\n"),
    ],
)
def test_a_letter_that_yaml_takes_for_a_truth_is_named(
    example: Callable[[str, object], Workspace], name: str, document: str
) -> None:
    """An unquoted y or n would be another name or another value than for Prefect."""
    assert refusals(example(name, document))[0].startswith("an unquoted ")


def test_a_triggers_file_is_taken_over_whole(example: Callable[[str, object], Workspace]) -> None:
    """Every field of event, compound and sequence triggers is in the plan."""
    event = {"expect": ["a.b"], "match_related": {"a": "b"}, "threshold": 5, "within": 60}
    document = {
        "triggers": [
            {**event, "name": "mine", "description": "d", "enabled": False, "job_variables": {"image": "j"}},
            {"require": "any", "within": 9, "triggers": [event]},
            {"type": "sequence", "triggers": [event, event]},
        ]
    }
    plan = example("triggers_file", document).plan()
    first, second, third = (
        plan.change(f'module.example.prefect_automation.trigger["trigger {number}"]').after
        for number in (1, 2, 3)
    )
    assert (first["name"], first["description"], first["enabled"]) == ("mine", "d", False)
    assert first["actions"][0]["job_variables"] == '{"image":"j"}'
    assert second["name"] == "test-deployment__automation_2"
    assert (second["trigger"]["compound"]["require"], second["trigger"]["compound"]["within"]) == ("any", 9)
    events = [
        first["trigger"]["event"],
        second["trigger"]["compound"]["triggers"][0]["event"],
        *(inner["event"] for inner in third["trigger"]["sequence"]["triggers"]),
    ]
    assert len(events) == 4
    for planned in events:
        assert planned["match_related"] == '{"a":"b"}'
        assert (planned["threshold"], planned["within"], planned["expect"]) == (5, 60, ["a.b"])


def test_what_a_triggers_file_has_besides_is_named(example: Callable[[str, object], Workspace]) -> None:
    """A metric, a duration, a misspelt field and a deeper nesting are named."""
    document = {
        "trigger": [1],
        "triggers": [
            {"type": "metric"},
            {"within": "P1D", "expected": ["a"]},
            {"type": "sequence", "require": "all", "triggers": [{"triggers": [{}]}, 7]},
        ],
    }
    assert set(refusals(example("triggers_file", document))) == {
        "the file: trigger",
        "trigger 1: a trigger of type metric",
        'trigger 2: within: expected a number of seconds, got "P1D"',
        "trigger 2: expected",
        "trigger 3: require",
        "trigger 3, triggers[0]: a trigger that is itself made of triggers, or of metrics",
        "trigger 3, triggers[0]: triggers",
        "trigger 3, triggers[1]: expected fields with values, got 7",
    }


def test_an_automation_file_is_taken_over_whole(example: Callable[[str, object], Workspace]) -> None:
    """A list as Prefect exports it, with what the server adds and actions of every list, is in the plan."""
    event = {"type": "event", "id": None, "expect": ["a.b"], "match_related": {"a": "b"}, "threshold": 5}
    document = [
        {
            "id": DEPLOYMENT,
            "created": "2026-01-01T00:00:00Z",
            "updated": "2026-01-01T00:00:00Z",
            "owner_resource": None,
            "labels": {},
            "name": "one",
            "description": None,
            "enabled": False,
            "tags": ["t"],
            "trigger": {"type": "compound", "require": 1, "within": 60.0, "triggers": [event]},
            "actions": [
                {
                    "type": "run-deployment",
                    "deployment_id": DEPLOYMENT,
                    "parameters": {"a": {"b": [1, True]}},
                    "job_variables": None,
                    "schedule_after": 10,
                },
                {"type": "cancel-flow-run"},
            ],
            "actions_on_trigger": [
                {"type": "call-webhook", "block_document_id": DEPLOYMENT, "payload": "text"}
            ],
        },
        {
            "name": "two",
            "trigger": {**event, "within": 60},
            "actions": [{"type": "change-flow-run-state", "state": "FAILED", "message": "m", "force": True}],
        },
    ]
    plan = example("automation_file", document).plan()
    one = plan.change('module.example.prefect_automation.from_file["one"]').after
    assert (one["enabled"], one["tags"], one["trigger"]["compound"]["within"]) == (False, ["t"], 60)
    assert one["trigger"]["compound"]["triggers"][0]["event"]["match_related"] == '{"a":"b"}'
    assert one["trigger"]["compound"]["triggers"][0]["event"]["threshold"] == 5
    run = one["actions"][0]
    assert json.loads(run["parameters"]) == {"a": {"b": [1, True]}}
    assert (run["deployment_id"], run["schedule_after"]) == (DEPLOYMENT, 10)
    assert [action["type"] for action in one["actions"]] == ["run-deployment", "cancel-flow-run"]
    assert one["actions_on_trigger"][0]["payload"] == "text"
    two = plan.change('module.example.prefect_automation.from_file["two"]').after
    assert (two["trigger"]["event"]["match_related"], two["trigger"]["event"]["within"]) == ('{"a":"b"}', 60)
    state = two["actions"][0]
    assert (state["state"], state["message"], state["force"]) == ("FAILED", "m", True)


def test_what_an_automation_file_has_besides_is_named(example: Callable[[str, object], Workspace]) -> None:
    """An owner, labels, a duration, a payload that is no text, and misspelt fields are named."""
    document: dict[str, Any] = {
        "name": "one",
        "labels": {"a": "b"},
        "owner_resource": "prefect.deployment.x",
        "trigger": {"thresholds": 5, "within": "PT1H"},
        "actions": [
            {"type": "run-deployment", "deployment": "x", "schedule_after": "PT5S"},
            {"type": "call-webhook", "block_document_id": DEPLOYMENT, "payload": {"a": 1}},
            "cancel-flow-run",
        ],
    }
    assert set(refusals(example("automation_file", document))) == {
        "one: labels",
        "one: owner_resource",
        "one, trigger: thresholds",
        'one, trigger: within: expected a number of seconds, got "PT1H"',
        "one, actions[0]: deployment",
        'one, actions[0]: schedule_after: expected a number of seconds, got "PT5S"',
        'one, actions[1]: payload: expected text, got {"a":1}',
        'one, actions[2]: expected fields with values, got "cancel-flow-run"',
    }
