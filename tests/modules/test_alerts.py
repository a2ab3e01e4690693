"""When alerts fire, by the evaluation of Prefect's server: for what they are meant for, and for nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs.testing import Template, TriggerTest
from tests.constructs.stacks import new_stack

RUN = "prefect.flow-run.01234567-89ab-cdef-0123-456789abcdef"
OTHER = "prefect.flow-run.01234567-89ab-cdef-0123-456789abcdee"
BLOCK = "01234567-89ab-cdef-0123-456789abcdef"
DEPLOYMENTS = ("01234567-0000-cdef-0123-456789abcde1", "01234567-0000-cdef-0123-456789abcde2")

VERSIONS = ["3.4.25", "3.8.8", "3.9.1"]


class Runs:
    """What a server would see of flow runs, for one alert."""

    def __init__(self, kind: str, version: str | None = None, **arguments: Any) -> None:
        """Make the alert."""
        alerting = pc.Alerting(new_stack(), "alerts", block=BLOCK, **arguments)
        self._test = TriggerTest(alerting.automations[kind], version=version)

    def state(self, when: str, name: str, type_: str = "", run: str = RUN, of: int | None = None) -> Runs:
        """A run enters a state; `of` is its deployment."""
        labels = {
            "prefect.resource.id": run,
            "prefect.state-name": name,
            "prefect.state-type": type_ or name.upper(),
        }
        related = [] if of is None else [f"prefect.deployment.{DEPLOYMENTS[of]}"]
        self._test.at(
            when,
            f"prefect.flow-run.{name}",
            resource=labels,
            related=[{"prefect.resource.id": one, "prefect.resource.role": "deployment"} for one in related],
        )
        return self

    def heartbeat(self, when: str, run: str = RUN) -> Runs:
        """A run sends a heartbeat, which has no state."""
        self._test.at(when, "prefect.flow-run.heartbeat", resource=run)
        return self

    def fires_at(self, *when: str, until: str = "20m") -> None:
        """Check it, whenever the server ticks."""
        self._test.fires_at(*when, until=until, phase="any")


@pytest.mark.parametrize("version", VERSIONS)
def test_failures(version: str) -> None:
    """Failures are told whatever the flow calls them, time-outs among them, and neither crashes nor anything else."""
    runs = Runs("failed", version, failed=pc.RunAlert())
    runs.state("1s", "Running").heartbeat("2s")
    runs.state("3s", "Failed").state("4s", "TimedOut", "FAILED").state("5s", "BadData", "FAILED")
    runs.state("6s", "Crashed").state("7s", "Completed").state("8s", "Late", "SCHEDULED")
    runs.fires_at("3s", "4s", "5s")


def test_crashes_and_late_runs() -> None:
    """Each is told, and what is of the other is not."""
    for kind, when in (("crashed", "2s"), ("late", "1s")):
        alerts: dict[str, Any] = {kind: pc.RunAlert()}
        runs = Runs(kind, **alerts)
        runs.state("1s", "Late", "SCHEDULED").state("2s", "Crashed").state("3s", "Failed").fires_at(when)


def test_count() -> None:
    """Three failures of one deployment in ten minutes are told, and not three of several, nor three in an hour."""
    alert = pc.RunAlert(threshold=3, within=timedelta(minutes=10))
    several = Runs("failed", failed=alert)
    several.state("1s", "Failed", of=0).state("2m", "Failed", of=1).state("3m", "Failed", of=0).fires_at()
    one = Runs("failed", failed=alert)
    one.state("1s", "Failed", of=0).state("2m", "Failed", of=0).state("9m", "Failed", of=0).fires_at("9m")
    spread = Runs("failed", failed=alert)
    spread.state("1s", "Failed", of=0).state("20m", "Failed", of=0).state("40m", "Failed", of=0)
    spread.fires_at(until="2h")
    together = Runs("failed", failed=pc.RunAlert(threshold=3, within=600, count_by="all"))
    together.state("1s", "Failed", of=0).state("2m", "Failed", of=1).state("3m", "Failed", of=0).fires_at(
        "3m"
    )


def test_one_message_in_a_time() -> None:
    """With a time and a threshold of 1 the first of several failures is told, of each deployment."""
    runs = Runs("failed", failed=pc.RunAlert(within=timedelta(minutes=10)))
    for when in ("1s", "1m", "2m", "9m"):
        runs.state(when, "Failed", of=0)
    runs.state("3m", "Failed", of=1).fires_at("1s", "3m")


@pytest.mark.parametrize("version", VERSIONS)
def test_zombies(version: str) -> None:
    """A run whose heartbeats stop is told, once."""
    runs = Runs("zombie", version, zombie=pc.ZombieAlert())
    for when in ("10s", "40s", "70s"):
        runs.heartbeat(when)
    runs.heartbeat("80s", run=OTHER).state("81s", "Completed", run=OTHER)
    runs.fires_at("160s")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("name", "type_"),
    [
        *(("Completed", ""), ("Failed", ""), ("TimedOut", "FAILED"), ("Crashed", ""), ("Cancelled", "")),
        *(("Suspended", "PAUSED"), ("Skipped as it was empty", "COMPLETED"), ("BadData", "FAILED")),
    ],
)
def test_no_zombies(name: str, type_: str, version: str) -> None:
    """A run that ended is no zombie, whatever it calls its state; nor is one that waits to be resumed."""
    runs = Runs("zombie", version, zombie=pc.ZombieAlert())
    runs.state("1s", "Running").heartbeat("10s").heartbeat("40s").state("60s", name, type_).fires_at()


@pytest.mark.parametrize("version", VERSIONS)
def test_stuck_runs(version: str) -> None:
    """A run that is still running is told, once, also if it sends heartbeats."""
    runs = Runs("stuck", version, stuck=pc.StuckAlert(within=300))
    runs.state("1s", "Pending").state("10s", "Running")
    for minute in range(1, 15):
        runs.heartbeat(f"{minute}m")
    runs.state("20s", "Running", run=OTHER).state("200s", "Finished in time", "COMPLETED", run=OTHER)
    runs.fires_at("310s")


@pytest.mark.parametrize("version", VERSIONS)
def test_stuck_after_a_retry(version: str) -> None:
    """A run that is retried is watched from when it runs again, though what it was before has not been cleared away."""
    runs = Runs("stuck", version, stuck=pc.StuckAlert(within=300))
    runs.state("10s", "Running").state("60s", "AwaitingRetry", "SCHEDULED").state("70s", "Running")
    runs.fires_at("370s")
    ended = Runs("stuck", version, stuck=pc.StuckAlert(within=300))
    ended.state("10s", "Running").state("60s", "AwaitingRetry", "SCHEDULED").state("70s", "Running")
    ended.state("200s", "Completed").fires_at()


def test_runs_of_others() -> None:
    """Only the runs for which all holds are told of."""
    watched = pc.RunsToWatch(deployments=[DEPLOYMENTS[0]])
    runs = Runs("failed", failed=pc.RunAlert(), runs=watched)
    runs.state("1s", "Failed", of=1).state("2s", "Failed", of=0).state("3s", "Failed").fires_at("2s")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"failed": pc.RunAlert(threshold=3)},
            "alerts: failed.within: Expected the time in which the runs count",
        ),
        ({"late": pc.RunAlert(threshold=0)}, "alerts: late.threshold: Expected a number of runs, 1 or more"),
        ({"late": pc.RunAlert(count_by="team")}, "alerts: late.count_by: Expected one of"),  # type: ignore[arg-type]
        ({"crashed": pc.StuckAlert()}, r"alerts: crashed: Expected an alert, `RunAlert\(...\)`"),
        ({"zombie": pc.ZombieAlert(within=5)}, "alerts: zombie.within: Expected 10 seconds or more"),
        ({"stuck": pc.StuckAlert(within="soon")}, "alerts: stuck.within: Expected a duration"),
        (
            {"zombie": pc.ZombieAlert(), "runs": pc.RunsToWatch(work_pools=[BLOCK])},
            "alerts: runs: .*eartbeats do not name a work pool",
        ),
        ({"runs": pc.RunsToWatch(tags=["!a"])}, "alerts: runs: .*negated tag"),
        ({"runs": pc.RunsToWatch(tags="production")}, "alerts: runs: Expected several tags"),
    ],
)
def test_refused(arguments: dict[str, Any], message: str) -> None:
    """What could never be right is an error that names the argument."""
    with pytest.raises(pc.PrefectConstructError, match=re.compile(f"MyStack/{message}")):
        pc.Alerting(new_stack(), "alerts", block=BLOCK, **arguments)


@pytest.mark.parametrize(
    ("queues", "message"),
    [
        (
            {"a": pc.PoolQueue(priority=1), "b": pc.PoolQueue(priority=1)},
            "queues: `a`, `b` have the same priority, 1",
        ),
        ({"a": pc.PoolQueue(priority=1), "b": pc.PoolQueue()}, "queues: `b` without a priority"),
        ({"a": 1}, r"queues.a: Expected queues, such as `PoolQueue\(priority=1\)`, got 1"),
    ],
)
def test_queues_refused(queues: Any, message: str) -> None:
    """Priorities that Prefect would move are errors."""
    with pytest.raises(pc.PrefectConstructError, match=message):
        pc.WorkPoolWithQueues(new_stack(), "pool", type="process", queues=queues)


def test_triggers_refused() -> None:
    """Triggers without names are an error, and what is wrong with one of them names its automation."""
    with pytest.raises(pc.PrefectConstructError, match=r"MyStack/load: triggers: Expected triggers by name"):
        pc.DeploymentWithTriggers(
            new_stack(),
            "load",
            entrypoint="flows.py:load",
            triggers=[pc.EventTrigger()],  # type: ignore[arg-type]
        )
    with pytest.raises(pc.PrefectConstructError, match=r"MyStack/load/deployment/missed: trigger\.within"):
        pc.DeploymentWithTriggers(
            new_stack(),
            "load",
            entrypoint="flows.py:load",
            triggers={"missed": pc.EventTrigger(expect="a", posture="Proactive", within=1)},
        )


def test_constructs_for_ids() -> None:
    """Objects of the stack go where ids do, and values that only Terraform knows are written into the texts."""
    stack = new_stack()
    pool = pc.WorkPoolWithQueues(stack, "pool", type="process", queues={"fast": pc.PoolQueue()})
    load = pc.DeploymentWithTriggers(
        stack,
        "load",
        entrypoint="flows.py:load",
        flow=pc.OwnFlow(name="load"),
        work_queue=pool.queues["fast"],
    )
    assert load.flow is not None
    slack = pc.Block(stack, "slack", type_slug="slack-webhook", data={"url": "https://hooks.example.com"})
    pc.Alerting(
        stack,
        "alerts",
        block=slack,
        failed=pc.RunAlert(threshold="${var.several}", within="${var.seconds}"),
        runs=pc.RunsToWatch(deployments=[load.deployment], flows=[load.flow], work_pools=[pool.pool]),
    )
    (alert,) = Template.from_stack(stack).resources("prefect_automation").values()
    assert alert["description"] == "${var.several} flow runs have failed within ${var.seconds} seconds."
    related = alert["trigger"]["event"]["match_related"]
    for kind in ("deployment", "flow", "work-pool"):
        assert f'join("", ["prefect.{kind}.", prefect_{kind.replace("-", "_")}.' in related
    assert alert["actions"][0]["block_document_id"] == "${prefect_block.slack.id}"
