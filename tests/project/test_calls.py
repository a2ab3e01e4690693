"""Python code that deploys is read like a `prefect.yaml`, with its lines, and never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.project.calls import read_calls
from prefect_provider.project.document import read_project
from prefect_provider.project.source import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

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


def test_what_is_said_for_several_comes_first() -> None:
    """A list is followed, and `apply` says for one what `deploy` says for several."""
    assert entries("""
both = [etl.to_deployment("one", job_variables={"image": "own", "cpu": 1}), etl.to_deployment("two")]
deploy(*both, work_pool_name="shared", image="i:1")
etl.to_deployment("three", work_pool_name="own").apply(work_pool_name="given")
frame.apply(work_pool_name="nobody's")
""") == [
        {
            "name": name,
            "entrypoint": "flows/etl.py:etl",
            "work_pool": {"name": pool, **({"job_variables": variables} if variables else {})},
        }
        for name, pool, variables in (
            ("one", "shared", {"image": "i:1", "cpu": 1}),
            ("two", "shared", {"image": "i:1"}),
            ("three", "given", {}),
        )
    ]


def test_names_and_limits() -> None:
    """Only the ending of a Python file is cut off; a limit of all programs is the deployment's, another is not."""
    assert entries("etl.serve('v1.2', global_limit=3, limit=9)\netl.serve()") == [
        {"name": "v1.2", "entrypoint": "flows/etl.py:etl", "concurrency_limit": 3},
        {"name": "etl", "entrypoint": "flows/etl.py:etl"},
    ]


@pytest.mark.parametrize(
    ("source", "step", "inputs"),
    [
        ("'https://x.example/r.git'", "git_clone", {"repository": "https://x.example/r.git"}),
        ("'git@x.example:o/r.git'", "git_clone", {"repository": "git@x.example:o/r.git"}),
        (
            "GitRepository(url='r.git', name='other', pull_interval=5)",
            "git_clone",
            {"repository": "r.git", "clone_directory_name": "other"},
        ),
        (
            "GitRepository(url='a/r.git', name='r-b-c', branch='b/c')",
            "git_clone",
            {"repository": "a/r.git", "branch": "b/c"},
        ),
        ("'s3://bucket/flows'", "pull_from_remote_storage", {"url": "s3://bucket/flows"}),
        ("'.'", "set_working_directory", {"directory": "{here}"}),
        ("'file:///srv/flows'", "set_working_directory", {"directory": "/srv/flows"}),
        ("Path('below')", "set_working_directory", {"directory": "{here}/below"}),
        ("str(Path(__file__).parent)", "set_working_directory", {"directory": "{here}/flows"}),
        ("Path(__file__).resolve().parent.parent / 'x'", "set_working_directory", {"directory": "{here}/x"}),
        ("os.path.dirname(__file__)", "set_working_directory", {"directory": "{here}/flows"}),
        ("Path.cwd()", "set_working_directory", {"directory": "{here}"}),
    ],
)
def test_where_code_lies(source: str, step: str, inputs: dict[str, str], tmp_path: Path) -> None:
    """Each source becomes the step that Prefect makes of it; paths are those of the machine, from the root on."""
    code = f"import os\nfrom pathlib import Path\nflow.from_source({source}, 'f.py:g').deploy('d')"
    read = read_calls(HEAD + code, "flows/etl.py", tmp_path).read.value
    here = str(tmp_path.resolve())
    assert read["deployments"][0]["pull"] == [
        {f"prefect.deployments.steps.{step}": {key: one.format(here=here) for key, one in inputs.items()}}
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


def test_names_are_those_of_their_place() -> None:
    """A function's own names come before the module's, also where these are made of others; a name may be another's."""
    assert entries("""
POOL = "module"
LONG = POOL + "-pool"
same = etl
def one():
    from prefect import deploy as put
    POOL = "function"
    made = etl.to_deployment("one")
    put(made, work_pool_name=POOL)
def two():
    made = same.to_deployment("two")
    deploy(made, work_pool_name=LONG)
""") == [
        {"name": "one", "entrypoint": "flows/etl.py:etl", "work_pool": {"name": "function"}},
        {"name": "two", "entrypoint": "flows/etl.py:etl", "work_pool": {"name": "module-pool"}},
    ]


KNOWN_LATER = "this is known only when the code runs"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("N = 'a'\netl.serve(N)\nN = 'b'", f"line 15, deployments[0].name: {KNOWN_LATER}: N."),
        ("T = ['a']\nT += ['b']\netl.serve('d', tags=T)", f"line 16, deployments[0].tags: {KNOWN_LATER}: T."),
        (
            "T = ['a']\nT.append('b')\netl.serve('d', tags=T)",
            f"line 16, deployments[0].tags: {KNOWN_LATER}: T.",
        ),
        ("P = {}\nP['x'] = 1\netl.serve('d', parameters=P)", "line 16, deployments[0].parameters: this is"),
        ("N = 'a'\ndef f(N):\n  etl.serve(N)", f"line 16, deployments[0].name: {KNOWN_LATER}: N."),
        ("N = 'a'\nM = N\ndef f(N):\n  etl.serve(M)", f"line 17, deployments[0].name: {KNOWN_LATER}: M."),
        ("N = 'a'\ndef f():\n  global N\n  N = 'b'\netl.serve(N)", "line 18, deployments[0].name: this is"),
        ("N = 'a'\n[etl.serve(N) for N in 'bc']", f"line 15, deployments[0].name: {KNOWN_LATER}: N."),
        (
            "etl = etl.with_options(name='Other')\netl.serve('d')",
            "line 15, deployments[0].entrypoint: `etl` is more than one thing in this file.",
        ),
        (
            "made = etl.to_deployment('d')\nmade.work_pool_name = 'p'\nmade.apply()",
            "line 14, deployments[0]: this deployment is changed after it is made.",
        ),
        (
            "def make():\n  return etl.to_deployment('d')\ndeploy(make(), work_pool_name='p')",
            "line 16, deploy: what this is, is known only when the code runs: make().",
        ),
        (
            "all = []\nall.append(etl.to_deployment('d'))\ndeploy(*all, work_pool_name='p')",
            "line 16, deploy: what this is, is known only when the code runs: *all.",
        ),
        (
            "all = [etl.to_deployment('d')]\nfor one in all:\n  one.apply(work_pool_name='p')",
            "line 16, apply: what this is, is known only when the code runs: one.",
        ),
        ("from others import made\nserve(made)", "line 15, serve: what this is, is known only when the code"),
        (
            "from functools import partial\npartial(etl.deploy, work_pool_name='p')('d')",
            "line 15, deploy: `etl.deploy` is called elsewhere.",
        ),
        (
            "from prefect.runner import Runner\nRunner().add_flow(etl, interval=60)",
            "line 15, add_flow: deployments that `Runner().add_flow` makes are not read.",
        ),
        (
            "from prefect.deployments.runner import RunnerDeployment as R\nR.from_flow(etl, 'd')",
            "line 15, from_flow: deployments that `R.from_flow` makes are not read.",
        ),
    ],
)
def test_nothing_is_guessed_or_left_out(code: str, said: str) -> None:
    """What a name stands for only while the code runs, and deployments that are made otherwise, are errors."""
    with pytest.raises(ProjectError) as caught:
        read_calls(HEAD + code, "etl.py")
    assert str(caught.value).startswith(said), str(caught.value)


def test_long_expressions() -> None:
    """They are read without end of the stack, or are an error at their line."""
    with pytest.raises(ProjectError, match="known only when the code runs"):
        read_calls(f"{HEAD}etl.serve('d', tags=[{' + '.join(['x'] * 900)}])", "etl.py")


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
        (
            "from prefect.flows import EntrypointType as T\netl.serve('d', entrypoint_type=T.MODULE_PATH)",
            "line 15, deployments[0].entrypoint_type: the module of this flow is called `__main__`",
        ),
        (
            "from os import environ\nflow.from_source(environ['X'], 'f.py:g').deploy('d')",
            "line 15, deployments[0].pull: this is known only when the code runs: environ['X']",
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
