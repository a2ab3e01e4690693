"""Deployments as `prefect.yaml` has them: all of an entry is taken, or refused by the name of its key."""

from typing import Any

import pytest
import yaml

import prefect_constructs as pc
from prefect_constructs.testing import Template
from tests.constructs.stacks import new_stack

WHOLE = """
name: some-params
version: "1.2"
description: What it does
tags: [a]
entrypoint: pinged.py:decorated_fn
flow_name: pinged
paused: true
enforce_parameter_schema: false
parameters: {x: 1, day: 2030-01-01}
concurrency_limit: {limit: 3, collision_strategy: CANCEL_NEW, grace_period_seconds: 90}
work_pool: {name: yaml-work-pool, work_queue_name: fast, job_variables: {image: i}}
build:
push: []
pull:
- prefect.deployments.steps.git_clone:
    id: clone
    repository: https://example.com/flows.git
    access_token: "{{ prefect.blocks.secret.token }}"
- my_steps.fetch: {depth: 3}
schedules:
- {cron: 0 3 * * *, timezone: Europe/Berlin, slug: nightly, active: false}
- {interval: PT1H, parameters: {x: 2}}
triggers:
- type: event
  name: after-upstream
  description: why
  enabled: false
  match: {prefect.resource.id: prefect.flow-run.*}
  match_related: {prefect.resource.name: upstream, prefect.resource.role: deployment}
  expect: [prefect.flow-run.Completed]
  for_each: [prefect.resource.id]
  threshold: 5
  within: 60
  parameters: {param_1: "{{ event }}"}
  job_variables: {image: j}
  schedule_after: 30
- type: sequence
  within: PT10M
  triggers:
  - {type: event, expect: [a]}
  - {type: event, expect: [b], after: [c]}
"""


def entry(**changes: Any) -> dict[str, Any]:
    """A small entry with some keys."""
    return {"name": "d", "entrypoint": "a.py:b", **changes}


def made(document: Any, **arguments: Any) -> Template:
    """A stack with a deployment of it."""
    stack = new_stack()
    pc.Deployment.from_document(stack, "d", document, **arguments)
    return Template.from_stack(stack)


def test_the_whole_of_it() -> None:
    """Every key that `prefect deploy` reads has its place."""
    template = made(yaml.safe_load(WHOLE))
    template.has_resource(
        "prefect_deployment",
        {
            "name": "some-params",
            "version": "1.2",
            "description": "What it does",
            "tags": ["a"],
            "entrypoint": "pinged.py:decorated_fn",
            "flow_name": "pinged",
            "paused": True,
            "enforce_parameter_schema": False,
            "parameters": {"x": 1, "day": "2030-01-01"},
            "concurrency_limit": 3,
            "concurrency_options": {"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 90},
            "work_pool_name": "yaml-work-pool",
            "work_queue_name": "fast",
            "job_variables": {"image": "i"},
            "pull_steps": [
                {
                    "type": "git_clone",
                    "id": "clone",
                    "repository": "https://example.com/flows.git",
                    "access_token": "{{ prefect.blocks.secret.token }}",
                },
                {"type": "my_steps.fetch", "inputs": {"depth": 3}},
            ],
            "schedules": {
                "nightly": {"cron": "0 3 * * *", "timezone": "Europe/Berlin", "active": False},
                "interval": {"interval": 3600, "parameters": {"x": 2}},
            },
        },
    )
    template.has_resource(
        "prefect_automation",
        {
            "name": "after-upstream",
            "description": "why",
            "enabled": False,
            "trigger": {
                "event": {
                    "posture": "Reactive",
                    "match": {"prefect.resource.id": "prefect.flow-run.*"},
                    "match_related": {
                        "prefect.resource.name": "upstream",
                        "prefect.resource.role": "deployment",
                    },
                    "expect": ["prefect.flow-run.Completed"],
                    "for_each": ["prefect.resource.id"],
                    "threshold": 5,
                    "within": 60,
                }
            },
            "actions": [
                {
                    "type": "run-deployment",
                    "parameters": {"param_1": "{{ event }}"},
                    "job_variables": {"image": "j"},
                    "schedule_after": 30,
                }
            ],
        },
    )
    template.has_resource(
        "prefect_automation",
        {
            "name": "some-params__automation_2",
            "trigger": {
                "sequence": {
                    "within": 600,
                    "triggers": [
                        {"event": {"expect": ["a"]}},
                        {"event": {"expect": ["b"], "after": ["c"]}},
                    ],
                }
            },
        },
    )
    template.resource_count("prefect_automation", 2)


@pytest.mark.parametrize(
    "nothing",
    [
        {"triggers": None},
        {"triggers": []},
        {"schedules": None},
        {"work_pool": None, "pull": None, "parameters": None},
        {"build": [], "push": None, "sla": [], "concurrency_limit": None},
    ],
)
def test_keys_without_a_value(nothing: dict[str, Any]) -> None:
    """They say nothing, as they do for `prefect deploy`."""
    assert made(entry(**nothing)).document["resource"] == made(entry()).document["resource"]


def test_schedules_that_are_none() -> None:
    """No schedules, as a list, are none at all; one that is given as `schedule` is one."""
    made(entry(schedules=[])).has_resource("prefect_deployment", {"schedules": {}})
    made(entry(schedule={"cron": "0 3 * * *"})).has_resource(
        "prefect_deployment", {"schedules": {"cron": {}}}
    )


def test_a_pull_step_by_itself() -> None:
    """One step needs no list; none removes them."""
    step = {"prefect.deployments.steps.set_working_directory": {"directory": "/x"}}
    made(entry(pull=step)).has_resource(
        "prefect_deployment", {"pull_steps": [{"type": "set_working_directory", "directory": "/x"}]}
    )
    made(entry(pull=[])).has_resource("prefect_deployment", {"pull_steps": []})


def test_arguments_beside_it() -> None:
    """They come before what the document says."""
    template = made(entry(work_pool={"name": "theirs"}), work_pool="ours", path="/flows")
    template.has_resource("prefect_deployment", {"work_pool_name": "ours", "path": "/flows"})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (entry(descripton="x"), "descripton: A deployment has no `descripton`. Did you mean `description`?"),
        (entry(build=[{"x": {}}]), "build: There is no `build` in Terraform. `prefect deploy` builds what"),
        (entry(push={"x": {}}), "push: There is no `push` in Terraform."),
        (entry(sla=[{"name": "x"}]), "sla: There is no `sla` in Terraform."),
        (
            entry(version_type="git"),
            "version_type: There is no `version_type` in Terraform. Give `version_info`",
        ),
        (entry(work_pool={"pool": "x"}), "work_pool.pool: A work pool has no `pool`."),
        (entry(work_pool="x"), 'work_pool: Expected a mapping such as {"name": "..."}, got "x".'),
        (
            entry(concurrency_limit={"limits": 3}),
            "concurrency_limit.limits: A concurrency limit has no `limits`.",
        ),
        (entry(schedules=[{"cron": "0 3 * * *", "tz": "UTC"}]), "schedules[0].tz: A schedule has no `tz`."),
        (
            entry(schedule={"cron": "x"}, schedules=[{"cron": "x"}]),
            "schedule: Give `schedule` or `schedules`",
        ),
        (
            entry(version="{{ $VERSION }}"),
            "version: `prefect deploy` renders `{{ $VERSION }}`, and Terraform takes",
        ),
        (
            entry(work_pool={"job_variables": {"image": "{{ build.image }}"}}),
            "work_pool.job_variables.image: `prefect deploy` renders `{{ build.image }}`",
        ),
        (
            entry(triggers=[{"enabled": "{{ prefect.variables.on }}"}]),
            "triggers[0].enabled: `prefect deploy` renders `{{ prefect.variables.on }}`",
        ),
        (["x"], "Expected the mapping of a deployment, got ['x']."),
    ],
)
def test_refused(document: Any, message: str) -> None:
    """What Terraform cannot do is not dropped, and the error names the key."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        made(document)
    assert str(caught.value).startswith(f"MyStack/d: {message}"), str(caught.value)


def test_unknown_key_of_a_trigger() -> None:
    """A trigger with a key that it does not have names the automation and the key."""
    with pytest.raises(
        pc.PrefectConstructError, match=r"^MyStack/d/automation_1: trigger\.thresold: An event"
    ):
        made(entry(triggers=[{"expect": ["a"], "thresold": 3}]))
