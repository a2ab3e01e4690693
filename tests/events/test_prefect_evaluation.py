"""Triggers and events by chance: Prefect's own evaluation makes an automation fire at the same times.

``TRIGGER_TRIALS`` says how many, ``TRIGGER_SEED`` which; PREFECT_PYTHON names the Python of another Prefect.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from prefect_provider.events.behaviour import Behaviour
from prefect_provider.events.event import SECOND, Event
from prefect_provider.events.replay import evaluate
from prefect_provider.events.triggers import compile_automation
from tests.events.chance import case
from tests.events.written import BASE
from tests.rules.prefect_python import PREFECT_PYTHON

if TYPE_CHECKING:
    from collections.abc import Callable

TRIALS: Final = int(os.environ.get("TRIGGER_TRIALS") or 100)
SEED: Final = int(os.environ.get("TRIGGER_SEED") or 0)
PROGRAM: Final = Path(__file__).parent / "oracle" / "prefect_evaluation.py"


@pytest.mark.skipif(not PREFECT_PYTHON, reason="there is no Python with Prefect")
@pytest.mark.timeout(300 + TRIALS)
def test_prefect_agrees(record_testsuite_property: Callable[[str, object], None]) -> None:
    """The same firings, with the same labels and the same event, in every case."""
    random = Random(SEED)  # noqa: S311 - the same ones each time
    cases = [case(random) for _ in range(TRIALS)]
    done = subprocess.run(
        [PREFECT_PYTHON, str(PROGRAM)],
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        text=True,
        check=True,
    )
    version, *theirs = map(json.loads, done.stdout.splitlines())
    assert len(theirs) == len(cases), done.stderr
    differences = []
    for one, answer in zip(cases, theirs, strict=True):
        ours = _firings(one, version)
        if _sorted(ours) != _sorted(answer):
            differences.append({"case": one, "Prefect": answer, "ours": ours})
    firing = sum(bool(answer) for answer in theirs)
    record_testsuite_property("prefect", f"{version}: {len(cases)} cases, {sum(map(len, theirs))} firings")
    assert not differences, json.dumps(differences[:3], indent=1)
    assert firing > TRIALS / 4


def _firings(one: dict[str, Any], version: str) -> list[list[Any]]:
    automation = compile_automation(
        {"id": "a", "name": "a", "trigger": one["trigger"]}, Behaviour.of(version)
    )
    happened = [
        Event(
            event["event"],
            event["resource"],
            event["related"],
            event["id"],
            _time(event["occurred"]),
            _time(event["received"]),
            event.get("follows"),
        )
        for event in one["events"]
    ]
    labels = sorted(one["trigger"].get("for_each") or ())
    return [
        [
            (firing.at - BASE) / SECOND,
            dict(zip(labels, firing.key, strict=False)),
            firing.event and firing.event.id,
        ]
        for firing in evaluate(
            automation,
            happened,
            since=BASE,
            until=_time(one["until"]),
            phase=round(one["phase"] * SECOND),
        )
    ]


def _sorted(firings: list[Any]) -> list[str]:
    """Of what is at one time the order is chance."""
    return sorted(json.dumps(one, sort_keys=True) for one in firings)


def _time(seconds: float) -> int:
    return BASE + round(seconds * SECOND)
