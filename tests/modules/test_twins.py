"""A module and the construct of its name make the same objects, attribute by attribute, on each runtime."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import ROOT
from tests.modules.twins import CALLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Plan, Workspace

PROGRAM = Path(__file__).with_name("twins.py")
NATIVE = "prefect_constructs.native"


def synthesized(runtime: str, directory: Path) -> dict[str, Any]:
    """What the constructs come to on a runtime, without what is of the CDK and of the machine."""
    done = subprocess.run(
        [sys.executable, PROGRAM, runtime, directory],
        cwd=ROOT,
        env=os.environ | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = (directory / "stacks" / "twins" / "cdk.tf.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    del document["//"], document["terraform"]["backend"]
    return document


def planned(plan: Plan) -> dict[tuple[str, str], dict[str, Any]]:
    """The objects that a plan makes, by type and name: every attribute as it is planned, or that it is not known."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for change in plan.changes:
        assert change.actions == ("create",), change.address
        values = _known(change.after, change.after_unknown)
        key = (change.address.rpartition(".")[0].rpartition(".")[2], values["name"])
        assert key not in found, f"two objects are called {key}"
        found[key] = values
    return found


def test_same_plan(terraform: Callable[..., Workspace], tmp_path: Path) -> None:
    """What terraform plans of the modules is what it plans of the constructs, in every attribute of every object."""
    calls = {
        name: {"source": str(ROOT / "modules" / module), **inputs} for name, (module, inputs) in CALLS.items()
    }
    modules = terraform({"module": calls}, provider=False)
    modules.run("get", check=True)
    of_modules = modules.plan()
    of_constructs = terraform(synthesized(NATIVE, tmp_path / "out"), provider=False).plan()

    wanted, made = planned(of_modules), planned(of_constructs)

    assert len(wanted) > 20
    assert sorted(made) == sorted(wanted)
    for key, values in wanted.items():
        assert made[key] == values, key
    assert of_modules.warnings == of_constructs.warnings == []


@pytest.mark.cdktf
def test_same_on_each_runtime(tmp_path: Path) -> None:
    """The constructs are written alike on both CDKs and without Node, each with the app's line that made it."""
    native, cdktn, cdktf = (synthesized(name, tmp_path / name) for name in (NATIVE, "cdktn", "cdktf"))
    assert native == cdktn == cdktf
    made = [one for named in native["resource"].values() for one in named.values()]
    assert {one["//"]["source"].partition(":")[0] for one in made} == {"tests/modules/twins.py"}


def _known(value: Any, unknown: Any) -> Any:
    """A planned value with a mark at what is known after the apply."""
    if unknown is True:
        return "(known after apply)"
    if isinstance(value, dict) or isinstance(unknown, dict):
        value, unknown = value or {}, unknown or {}
        return {name: _known(value.get(name), unknown.get(name)) for name in {*value, *unknown}}
    if isinstance(value, list):
        marks = unknown if isinstance(unknown, list) else []
        return [
            _known(item, marks[index] if index < len(marks) else None) for index, item in enumerate(value)
        ]
    return value
