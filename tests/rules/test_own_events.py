"""Names of Prefect's own events, resources and roles that it never uses are warnings, with the one that was meant."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.event_catalogue import AUTOMATION_RUN_EVENTS, EVENTS, RUN_KINDS, known_events
from prefect_provider.rules.own_events import event_problem, resource_id_problem, role_problem
from prefect_provider.rules.triggers import keyed_problems, problems
from tests.rules.prefect_python import PREFECT_PYTHON

UUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("prefect.flow-run.failed", "prefect.flow-run.Failed"),
        ("prefect.flow-run.completed", "prefect.flow-run.Completed"),
        ("prefect.flow-run.Complted", "prefect.flow-run.Completed"),
        ("prefect.flow-run.timed-out", "prefect.flow-run.TimedOut"),
        ("prefect.task-run.running", "prefect.task-run.Running"),
        ("prefect.workpool.not_ready", "prefect.work-pool.not-ready"),
        ("prefect.work-pool.not_ready", "prefect.work-pool.not-ready"),
        ("prefect.work_queue.ready", "prefect.work-queue.ready"),
        ("prefect.flow_run.Failed", "prefect.flow-run.Failed"),
        ("prefect.flowrun.failed", "prefect.flow-run.Failed"),
        ("prefect.flow_run.*", "prefect.flow-run.*"),
        ("prefect.Flow-Run.*", "prefect.flow-run.*"),
        ("prefect.flow-run.f*", "prefect.flow-run.Failed"),
        ("prefect.flow-run.c*", "prefect.flow-run.C*"),
        ("prefect.flow-run.Failed*", "prefect.flow-run.Failed"),
        ("prefect.deployment.created*", "prefect.deployment.created"),
        ("prefect.flow-run", "prefect.flow-run.*"),
        ("Prefect.flow-run.Failed", "prefect.flow-run.Failed"),
        ("prefect.deploymnt.created", "prefect.deployment.created"),
        ("prefect.deployments.*", "prefect.deployment.*"),
        ("prefect.automation.trigered", None),
        ("prefect.blocks.slack.notify.called", "prefect.block.slack.notify.called"),
        ("prefect.work-queue.unhealthy", None),
        ("prefect.foo.bar", None),
        ("prefect-cloud.automation.Triggered", "prefect-cloud.automation.triggered"),
        ("prefect-cloud.incidnt.*", "prefect-cloud.incident.*"),
    ],
)
def test_an_event_that_never_comes_is_a_warning(name: str, meant: str | None) -> None:
    """Case, spelling and hyphens count, in whole names and in patterns."""
    found = event_problem(name, ("expect",))
    assert found is not None
    assert (found.path, found.severity) == (("expect",), "warning")
    assert f'"{name}"' in found.message
    if meant is not None:
        assert found.remedy == f'Did you mean "{meant}"?'


@pytest.mark.parametrize(
    "name",
    [
        *known_events(),
        *(
            "*",
            "prefect*",
            "prefect.*",
            "prefect.flow-run.*",
            "prefect.flow-run.*ed",
            "*.Failed",
            "prefect.w*.ready",
        ),
        *("prefect.flow-run.Zombie", "prefect.task-run.Skipped", "prefect.block.slack-webhook.notify.called"),
        *(
            "prefect.kubernetes.pod.evicted",
            "prefect-cloud.automation.action.executed",
            "prefect-cloud.user.*",
        ),
        *("prefect-iac.object.applied", "prefectual.flow-run.failed", "order.created", "", "prefect"),
    ],
)
def test_an_event_that_may_come_is_none(name: str) -> None:
    """What Prefect emits, states that code names itself, what integrations emit, and other namespaces."""
    assert event_problem(name, ()) is None


def test_automations_have_other_names_on_prefect_cloud() -> None:
    """What one emits when it fires is in another namespace there; what changes it is not."""
    for event in AUTOMATION_RUN_EVENTS:
        on_cloud = event_problem(f"prefect.{event}", (), cloud=True)
        elsewhere = event_problem(f"prefect-cloud.{event}", (), cloud=False)
        assert on_cloud is not None
        assert on_cloud.remedy == f'Did you mean "prefect-cloud.{event}"?'
        assert elsewhere is not None
        assert elsewhere.remedy == f'Did you mean "prefect.{event}"?'
        assert event_problem(f"prefect.{event}", (), cloud=False) is None
        assert event_problem(f"prefect-cloud.{event}", (), cloud=True) is None
    assert event_problem("prefect.automation.updated", (), cloud=True) is None
    assert event_problem("prefect.automation.*", (), cloud=True) is None


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("prefect.flow_run.*", 'Did you mean "prefect.flow-run.*"?'),
        ("!prefect.flow_run.*", 'Did you mean "prefect.flow-run.*"?'),
        (f"prefect.flowrun.{UUID}", f'Did you mean "prefect.flow-run.{UUID}"?'),
        ("prefect.workpool.*", 'Did you mean "prefect.work-pool.*"?'),
        ("prefect.flow-run", 'Did you mean "prefect.flow-run.*"?'),
        ("Prefect.flow.*", 'Did you mean "prefect.flow.*"?'),
        ("prefect-cloud.usr.*", 'Did you mean "prefect-cloud.user.*"?'),
        ("prefect.deployment.nightly", "Use the object's `id`, or match on `prefect.resource.name`."),
        (f"prefect.flow.{UUID.upper()}", f'Did you mean "prefect.flow.{UUID}"?'),
    ],
)
def test_an_id_that_no_resource_has_is_a_warning(value: str, remedy: str) -> None:
    """The kind in it is misspelt, or it ends in a name where ids end in a UUID."""
    found = resource_id_problem(value, ("match",))
    assert found is not None
    assert (found.severity, found.remedy) == ("warning", remedy)


@pytest.mark.parametrize(
    "value",
    [
        *(
            f"prefect.{kind}.*"
            for kind in ("flow-run", "flow", "tag", "worker", "block-document", "concurrency-limit")
        ),
        *(
            "*",
            "!prefect.automation.*",
            "prefect.*",
            "prefect.tag.my tag",
            f"prefect.deployment.{UUID}",
            "s3://bucket/x",
        ),
        *(
            "prefect.block-type.slack-webhook",
            "prefect.flow-run.0*",
            "prefect.[fd]*.x",
            "my.thing",
            "prefect-cloud.actor.*",
        ),
    ],
)
def test_an_id_that_a_resource_may_have_is_none(value: str) -> None:
    """Of every kind, with wildcards, negated, and those of others."""
    assert resource_id_problem(value, ()) is None


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("Flow", "flow"),
        ("work_pool", "work-pool"),
        ("!workpool", "work-pool"),
        ("deployement", "deployment"),
        ("tags", "tag"),
    ],
)
def test_a_misspelt_role_is_a_warning(value: str, meant: str) -> None:
    """A role of Prefect's in a wrong spelling; a role of somebody else's is none."""
    found = role_problem(value, ())
    assert found is not None
    assert (found.severity, found.remedy) == ("warning", f'Did you mean "{meant}"?')
    for other in ("flow", "customer", "!deployment", "work-*"):
        assert role_problem(other, ()) is None


def test_triggers_are_looked_through() -> None:
    """In ``expect``, ``after``, ``match`` and ``match_related``, at every depth, in both forms; unknown values pass."""
    event: dict[str, Any] = {
        "expect": ["prefect.flow-run.failed", UNKNOWN],
        "after": ["prefect.flow_run.*"],
        "match": {"prefect.resource.id": ["prefect.flow_run.*", UNKNOWN], "other": "prefect.flow_run.*"},
        "match_related": [{"prefect.resource.role": "Flow"}, {"prefect.resource.id": UNKNOWN}],
    }
    paths = [
        ("match", "prefect.resource.id", 0),
        ("match_related", 0, "prefect.resource.role"),
        ("after",),
        ("expect",),
    ]
    found = problems(event, is_unknown=lambda value: value is UNKNOWN)
    assert [one.path for one in found] == paths
    assert {one.severity for one in found} == {"warning"}
    nested = {"sequence": {"triggers": [{"event": event}], "within": None}}
    deep = keyed_problems(nested, is_unknown=lambda value: value is UNKNOWN)
    assert [one.path for one in deep] == [("sequence", "triggers", 0, "event", *path) for path in paths]
    on_cloud = problems({"expect": ["prefect.automation.triggered"]}, cloud=True)
    assert ["prefect-cloud" in one.remedy for one in on_cloud] == [True]


@pytest.mark.skipif(not PREFECT_PYTHON, reason="there is no Python with Prefect")
def test_the_catalogue_has_every_event_in_prefects_source() -> None:
    """Every name that Prefect's source holds is in the catalogue, and every name of a state."""
    code = """
import json, pathlib, re
from importlib.util import find_spec
root = pathlib.Path(find_spec("prefect").origin).parent
events, states = set(), set()
for path in root.rglob("*.py"):
    text = path.read_text()
    events |= set(re.findall(r'event(?:_type)?=f?"(prefect[.][^"{]+)"', text))
    if path.parts[-2:] == ("schemas", "states.py"):
        states |= set(re.findall(r'name="([A-Z][A-Za-z]+)"', text))
    if path.parts[-2:] == ("schemas", "lifecycle.py"):
        kinds = re.findall(r'kind="([a-z-]+)"', text)
        events |= {f"prefect.{kind}.{action}" for kind in kinds for action in ("created", "updated", "deleted")}
from prefect.server.schemas.states import StateType
from prefect.server.schemas.statuses import DeploymentStatus, WorkPoolStatus, WorkQueueStatus
kinds = {"deployment": DeploymentStatus, "work-pool": WorkPoolStatus, "work-queue": WorkQueueStatus}
for kind, statuses in kinds.items():
    events |= {f"prefect.{kind}.{status.in_kebab_case()}" for status in statuses}
print(json.dumps([sorted(events), sorted(states | {kind.value.capitalize() for kind in StateType})]))
"""
    done = subprocess.run([PREFECT_PYTHON, "-c", code], capture_output=True, text=True, check=True)
    events, states = json.loads(done.stdout.splitlines()[-1])
    assert len(events) > 40
    assert [name for name in events if name not in known_events()] == []
    for kind in RUN_KINDS:
        assert [name for name in states if name not in EVENTS[kind]] == []
    assert all(re.fullmatch(r"prefect(\.[A-Za-z0-9-]+){2,3}", name) for name in known_events())
