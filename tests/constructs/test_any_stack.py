"""Stacks made at random come to the same on both runtimes, and again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.constructs.conftest import RunPython
from tests.constructs.test_synthesis import normal

PROGRAM = Path(__file__).with_name("any_stack.py")
SEEDS = [str(seed) for seed in range(16)]

Stacks = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def stacks() -> Callable[[RunPython, str], Stacks]:
    """A function that makes the stacks on a runtime: `stacks(run_python, "cdktn")`."""
    known: dict[str, Stacks] = {}

    def make(run_python: RunPython, runtime: str) -> Stacks:
        if runtime not in known:
            known[runtime] = json.loads(run_python(PROGRAM, runtime, *SEEDS))
        return known[runtime]

    return make


def test_same_on_both_runtimes(run_python: RunPython, stacks: Callable[[RunPython, str], Stacks]) -> None:
    """In JSON and in HCL; and what is refused is refused in the same words."""
    cdktf, cdktn = stacks(run_python, "cdktf"), stacks(run_python, "cdktn")
    written = [seed for seed in SEEDS if "error" not in cdktn[seed]]
    assert len(written) >= len(SEEDS) // 2
    for seed in SEEDS:
        assert cdktf[seed].keys() == cdktn[seed].keys()
        for form, text in cdktn[seed].items():
            other = cdktf[seed][form]
            same = normal(text) == normal(other) if form in ("json", "again") else text == other
            assert same, f"seed {seed}, {form}"


def test_same_again(run_python: RunPython, stacks: Callable[[RunPython, str], Stacks]) -> None:
    """A second synthesis of a stack changes nothing."""
    for seed, forms in stacks(run_python, "cdktn").items():
        assert forms.get("json") == forms.get("again"), f"seed {seed}"
