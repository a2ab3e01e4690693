"""Evaluation of triggers over many events: one automation, and 200 of the kinds that there are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from bench.commands import run
from bench.figures import figure
from prefect_provider.events.event import SECOND, Event
from prefect_provider.events.replay import replay
from prefect_provider.events.triggers import Automation, compile_automation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Figure

__all__ = ["automations", "evaluations", "happened"]

_RUNS: Final = 3
_EVENTS: Final = 100_000
_DEPLOYMENTS: Final = 400
_STATES: Final = ("Pending", "Running", "Completed", "Completed", "Completed", "Failed")
_ROOT: Final = Path(__file__).resolve().parent.parent


def evaluations(directory: Path) -> Iterator[Figure]:
    """Evaluate one automation, and 200; a process each, and what it takes to make the events is left out."""
    for count in (1, 200):
        found = []
        for _ in range(_RUNS):
            taken = directory / "taken.json"
            command = [sys.executable, "-m", "bench.events", str(count), str(_EVENTS), str(taken)]
            env = {"PYTHONPATH": f"{_ROOT / 'provider_client'}:{_ROOT}", "PATH": "/usr/bin:/bin"}
            ran = run(command, cwd=directory, env=env)
            seconds, cpu = json.loads(taken.read_text(encoding="utf-8"))
            found.append(ran._replace(seconds=seconds, cpu_seconds=cpu, provider_cpu_seconds=None))
        yield figure("events", f"evaluate {count}", _EVENTS, found)


def happened(count: int) -> list[Event]:
    """Events of flow runs as a busy server emits them: five a second, of many deployments, related to four things."""
    random = Random(1)  # noqa: S311 - the same ones each time
    events = []
    for number in range(count):
        deployment = random.randrange(_DEPLOYMENTS)
        events.append(
            Event(
                f"prefect.flow-run.{random.choice(_STATES)}",
                {
                    "prefect.resource.id": f"prefect.flow-run.{number // 4}",
                    "prefect.resource.name": f"run-{number // 4}",
                    "prefect.state-type": "COMPLETED",
                },
                [
                    _related("flow", f"prefect.flow.{deployment // 4}"),
                    _related("deployment", f"prefect.deployment.{deployment}"),
                    _related("work-pool", f"prefect.work-pool.{deployment % 5}"),
                    _related("tag", f"prefect.tag.team-{deployment % 20}"),
                ],
                str(number),
                number * SECOND // 5,
            )
        )
    return events


def automations(count: int) -> list[Automation]:
    """Of four kinds in turn: failures of a deployment, runs that do not end, silence, and two things together."""
    return [compile_automation({"id": str(number), "trigger": _trigger(number)}) for number in range(count)]


def _related(role: str, id_: str) -> dict[str, str]:
    return {"prefect.resource.id": id_, "prefect.resource.role": role, "prefect.resource.name": id_}


def _trigger(number: int) -> dict[str, Any]:
    deployment = _related("deployment", f"prefect.deployment.{number}")
    del deployment["prefect.resource.name"]
    failed = {"type": "event", "expect": ["prefect.flow-run.Failed"], "match_related": deployment}
    match number % 4:
        case 0:
            return failed
        case 1:
            return {
                "type": "event",
                "posture": "Proactive",
                "after": ["prefect.flow-run.Running"],
                "expect": ["prefect.flow-run.Completed", "prefect.flow-run.Failed"],
                "for_each": ["prefect.resource.id"],
                "match_related": deployment,
                "within": 600,
            }
        case 2:
            return failed | {"posture": "Proactive", "expect": ["prefect.flow-run.*"], "within": 300}
        case _:
            tag = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.team-{number % 20}*"}
            late = failed | {"match_related": tag, "threshold": 5, "within": 60}
            return {"type": "compound", "require": "all", "within": 600, "triggers": [failed, late]}


def _main() -> None:
    """Evaluate so many automations over so many events; write seconds and CPU seconds into a file."""
    import time

    count, events, taken = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    seen, evaluated = happened(events), automations(count)
    begun, cpu = time.perf_counter(), time.process_time()
    for _ in replay(evaluated, seen):
        pass
    found = (time.perf_counter() - begun, time.process_time() - cpu)
    taken.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
