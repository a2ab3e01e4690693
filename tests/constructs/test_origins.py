"""Constructs note where in the app they were made: in the JSON, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_APP = """
import sys

from {runtime} import App, TerraformStack, Testing

from prefect_constructs import Flow, PrefectProvider
from parts import made

sys.path.insert(0, sys.argv[1])
from library import from_elsewhere

app = App()
stack = TerraformStack(app, "prod")
PrefectProvider(stack, "prefect")
Flow(
    stack,
    "here",
)
made(stack)
from_elsewhere(stack)
exec("Flow(stack, 'nowhere')")
app.synth()
print(Testing.synth_hcl(stack) if {hcl} else "")
"""

_PART = """
from prefect_constructs import Flow


def {name}(stack):
    Flow(stack, "{name}")
"""


def synthesized(directory: Path, runtime: str, *, hcl: bool = False, **env: str) -> str:
    """The stack of the app, run in a directory of its own: the JSON, or HCL."""
    app, elsewhere = directory / "app", directory / "elsewhere"
    (app / "parts").mkdir(parents=True)
    elsewhere.mkdir()
    (app / "main.py").write_text(_APP.format(runtime=runtime, hcl=hcl), encoding="utf-8")
    (app / "parts" / "__init__.py").write_text(_PART.format(name="made"), encoding="utf-8")
    (elsewhere / "library.py").write_text(_PART.format(name="from_elsewhere"), encoding="utf-8")
    roots = os.pathsep.join(map(str, (ROOT / "constructs", ROOT / "provider_client")))
    done = subprocess.run(
        [sys.executable, "main.py", str(elsewhere)],
        cwd=app,
        env=os.environ | {"PYTHONPATH": roots} | env,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    file = app / "cdktf.out" / "stacks" / "prod" / "cdk.tf.json"
    return done.stdout if hcl else file.read_text(encoding="utf-8")


def sources(text: str) -> dict[str, Any]:
    """What is noted beside each flow."""
    flows = json.loads(text)["resource"]["prefect_flow"]
    return {name: block.get("//", {}).get("source") for name, block in flows.items()}


@pytest.mark.parametrize("runtime", ["cdktn", "cdktf"])
def test_lines_of_the_app(runtime: str, tmp_path: Path) -> None:
    """The innermost line of the app itself is noted, relative to where it runs; what is elsewhere is left out."""
    assert sources(synthesized(tmp_path, runtime)) == {
        "here": "main.py:15",
        "made": "parts/__init__.py:6",
        "from_elsewhere": "main.py:20",
        "nowhere": "main.py:21",
    }


def test_no_lines(tmp_path: Path) -> None:
    """A variable of the environment leaves the notes out."""
    found = sources(synthesized(tmp_path, "cdktn", PREFECT_CONSTRUCTS_SOURCES="0"))
    assert set(found.values()) == {None}


def test_no_lines_in_hcl(tmp_path: Path) -> None:
    """HCL has no place for the notes."""
    text = synthesized(tmp_path, "cdktn", hcl=True)
    assert 'resource "prefect_flow" "here"' in text
    assert "main.py" not in text
