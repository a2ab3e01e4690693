"""Python code that deploys is read like a `prefect.yaml`, with its lines, and never run."""

from __future__ import annotations

import pytest

from prefect_provider.project.calls import read_calls
from prefect_provider.project.document import read_project
from prefect_provider.project.source import ProjectError

HEAD = """\
from prefect import flow, deploy, serve
from prefect.events import (
    DeploymentCompoundTrigger, DeploymentEventTrigger, DeploymentMetricTrigger, DeploymentSequenceTrigger)
from prefect.events import MetricTriggerQuery
from prefect.schedules import Cron, Interval, RRule
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.docker import DockerImage
from prefect.runner.storage import GitRepository
from datetime import datetime, timedelta, timezone
TAGS = ["a", "b"]
@flow
def etl(x: int = 0):
    raise RuntimeError("this is never run")
"""


def entries(code: str) -> list[dict[str, object]]:
    """What the calls say."""
    found: list[dict[str, object]] = read_calls(HEAD + code, "flows/etl.py").read.value["deployments"]
    return found


def test_serve_and_deploy() -> None:
    """Arguments stand where an entry of `prefect.yaml` has them; constants are followed."""
    assert entries('etl.serve("nightly.py", tags=TAGS, cron="0 3 * * *", limit=3, parameters={"x": 1})') == [
        {
            "name": "nightly",
            "entrypoint": "flows/etl.py:etl",
            "tags": ["a", "b"],
            "schedules": [{"cron": "0 3 * * *"}],
            "parameters": {"x": 1},
        }
    ]
    assert entries("""
etl.deploy(
    name="other", work_pool_name="p", work_queue_name="q", image=DockerImage(name="r/i", tag="1"), push=False,
    job_variables={"env": {"A": "b"}}, interval=timedelta(hours=1),
    schedules=[Cron("0 1 * * *", timezone="UTC", slug="n"), RRule("FREQ=DAILY", active=False)],
    concurrency_limit=ConcurrencyLimitConfig(limit=2, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW))
""") == [
        {
            "name": "other",
            "entrypoint": "flows/etl.py:etl",
            "work_pool": {
                "name": "p",
                "work_queue_name": "q",
                "job_variables": {"image": "r/i:1", "env": {"A": "b"}},
            },
            "schedules": [
                {"interval": 3600},
                {"cron": "0 1 * * *", "timezone": "UTC", "slug": "n"},
                {"rrule": "FREQ=DAILY", "active": False},
            ],
            "concurrency_limit": {"limit": 2, "collision_strategy": "CANCEL_NEW"},
        }
    ]


def test_several_at_once() -> None:
    """What is said for several deployments holds for each; a flow may come from a repository."""
    assert entries("""
remote = flow.from_source(source=GitRepository(url="https://x.example/r.git", branch="b"), entrypoint="f.py:g")
one = etl.to_deployment(name="one", interval=60)
deploy(one, remote.to_deployment("two"), work_pool_name="shared", image="i:1")
""") == [
        {
            "name": "one",
            "entrypoint": "flows/etl.py:etl",
            "schedules": [{"interval": 60}],
            "work_pool": {"name": "shared", "job_variables": {"image": "i:1"}},
        },
        {
            "name": "two",
            "entrypoint": "f.py:g",
            "pull": [
                {
                    "prefect.deployments.steps.git_clone": {
                        "repository": "https://x.example/r.git",
                        "branch": "b",
                    }
                }
            ],
            "work_pool": {"name": "shared", "job_variables": {"image": "i:1"}},
        },
    ]


def test_what_others_serve_is_none_of_it() -> None:
    """Objects of other packages, and of classes of the file, have methods of these names as well."""
    assert (
        entries("""
from fastapi import FastAPI
class Server:
    def serve(self): ...
app = FastAPI()
app.deploy()
Server().serve()
""")
        == []
    )


def test_triggers() -> None:
    """All of the SDK's triggers are read, with templates as they are."""
    project = read_project(
        read_calls(
            HEAD
            + """
etl.serve(name="d", triggers=[
    DeploymentEventTrigger(name="e", enabled=False, expect={"a"}, parameters={"p": "{{ event }}"},
        schedule_after=timedelta(minutes=1)),
    DeploymentCompoundTrigger(require="all", within=60, triggers=[{"type": "event", "expect": ["a"]}]),
    DeploymentSequenceTrigger(triggers=[DeploymentEventTrigger(expect=["a"]), DeploymentEventTrigger(expect=["b"])]),
    DeploymentMetricTrigger(metric=MetricTriggerQuery(name="lateness", operator=">", threshold=60,
        range=timedelta(minutes=10), firing_for=timedelta(minutes=10))),
])
""",
            "etl.py",
        ),
        None,
    )
    triggers = project.deployments["d"].triggers
    assert [one.name for one in triggers] == ["e", *(f"d__automation_{n}" for n in (2, 3, 4))]
    assert [one.trigger["type"] for one in triggers] == ["event", "compound", "sequence", "metric"]
    assert triggers[0].action == {"parameters": {"p": "{{ event }}"}, "schedule_after": 60}
    assert triggers[0].enabled is False
    assert triggers[3].trigger["metric"]["range"] == 600


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "import os\netl.serve(\n  name='d',\n  tags=[os.environ['TAG']])",
            "line 17, deployments[0].tags[0]: this is known only when the code runs: os.environ['TAG']",
        ),
        (
            "etl.serve(name='d', crno='x')",
            "line 14, deployments[0].crno: a deployment has no `crno`. Did you",
        ),
        ("etl.serve(name='d', **more)", "line 14, deployments[0]: arguments given with ** are not read"),
        (
            "other.serve(name='d')",
            "line 14, deployments[0].entrypoint: the flow `other` is none of this file",
        ),
        (
            "etl.serve(name='d', cron=\n'0 99 * * *')",
            "line 15, deployments[0].schedules[0].cron: not a valid cron",
        ),
        (
            "etl.serve(name='d', triggers=[DeploymentEventTrigger(expect=['a'],\nthresold=3)])",
            "line 15, deployments[0].triggers[0].thresold: an event trigger has no field `thresold`",
        ),
        ("etl.deploy(work_pool_name='p')", "line 14, deployments[0]: a deployment needs a `name`"),
        ("etl.serve(name=", "line 14: this is no Python"),
    ],
)
def test_what_is_not_literal(code: str, said: str) -> None:
    """It is an error at its line."""
    with pytest.raises(ProjectError) as caught:
        read_project(read_calls(HEAD + code, "etl.py"), None)
    assert str(caught.value).startswith(said), str(caught.value)
