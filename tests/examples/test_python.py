"""The examples in Python: what they synthesize, and that it comes to the same as their twins in HCL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import ROOT
from tests.examples.stored import AUTOMATIONS, ON_CLOUD
from tests.examples.synthesis import read_stack, run_python

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.examples.conftest import Applied

PYTHON = ROOT / "examples" / "python"


def test_every_example_has_a_twin() -> None:
    """There are the same examples in Python as in HCL."""
    assert sorted([*AUTOMATIONS, *ON_CLOUD]) == sorted(path.stem for path in PYTHON.glob("*.py"))


@pytest.mark.cdktf
def test_command(synthesized: Mapping[str, dict[str, Any]], tmp_path: Path) -> None:
    """`python examples/python/order_completed.py` writes cdktf.out into the working directory."""
    run_python(PYTHON / "order_completed.py", cwd=tmp_path)
    assert read_stack(tmp_path, "order_completed")["resource"] == synthesized["order_completed"]["resource"]


@pytest.mark.parametrize("example", AUTOMATIONS)
def test_stored(python_examples: Applied, example: str) -> None:
    """The server has the automations of the example's twin in HCL, field by field."""
    for name, automation in AUTOMATIONS[example].items():
        assert python_examples.automations[name] == automation


def test_second_plan(python_examples: Applied) -> None:
    """Another plan after the apply of all examples changes nothing."""
    python_examples.workspace.assert_no_changes()


def test_secrets(python_examples: Applied, synthesized: Mapping[str, dict[str, Any]]) -> None:
    """The addresses of webhooks reach the server, and are neither in the configuration nor in the state."""
    block = python_examples.server.call(
        "GET", "/block_types/slug/slack-webhook/block_documents/name/on-call?include_secrets=true"
    )
    assert block["data"] == {"url": "https://hooks.example.com/slack"}
    state = json.dumps(python_examples.workspace.show_json())
    assert "on-call" in state
    assert "hooks.example.com" not in state + json.dumps(synthesized)
