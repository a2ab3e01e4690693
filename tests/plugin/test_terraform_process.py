"""Provider processes under the real terraform: how many calls, how much at a time, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.environment.processes import wait_until
from tests.plugin.toy.__main__ import ADDRESS
from tests.plugin.toy.trouble import Slow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.toy_workspace import Call, ToyWorkspace

SLOW = 'resource "toy_slow" "s" {\n  create_seconds = 2\n}\n'
MANY = 'resource "toy_slow" "s" {{\n  count = 64\n  read_seconds = {}\n}}\n'


def most_at_a_time(calls: list[Call], name: str) -> int:
    """How many calls of a name were under way at the same time, at most."""
    most = now = 0
    for call in calls:
        if call.name == name:
            now += 1 if call.event == "start" else -1
            most = max(most, now)
    return most


def test_slow_reads_overlap(toy: Callable[..., ToyWorkspace]) -> None:
    """With -parallelism=32, thirty-two reads of sixty-four are under way at a time in one process."""
    workspace = toy(MANY.format(0.4))
    workspace.apply("-parallelism=32")
    workspace.forget_calls()
    workspace.assert_no_changes("-parallelism=32")
    reads = workspace.started("ReadResource")
    assert len(reads) == 64
    assert len({call.pid for call in reads}) == 1
    assert most_at_a_time(workspace.calls(), "ReadResource") == 32


def test_the_schema_is_asked_for_once_per_command(toy: Callable[..., ToyWorkspace]) -> None:
    """However many processes a command starts, one of them is asked for the schema."""
    workspace = toy('resource "toy_thing" "a" {\n  name = provider::toy::upper("a") == "A" ? "a" : "b"\n}\n')
    asked = {}
    for command in (["apply", "-auto-approve"], ["plan"], ["validate"], ["show"]):
        workspace.forget_calls()
        workspace.run(*command, check=True)
        asked[command[0]] = len(workspace.started("GetProviderSchema"))
    assert asked == dict.fromkeys(asked, 1)


def test_no_process_outlives_a_command(toy: Callable[..., ToyWorkspace]) -> None:
    """When terraform is done, so is every provider process it started."""
    workspace = toy('resource "toy_thing" "a" {\n  name = "a"\n}\n')
    workspace.apply()
    pids = {call.pid for call in workspace.calls()}
    assert len(pids) > 1
    assert not list(workspace.provider_pids())


def test_ctrl_c_during_an_apply_loses_nothing(toy: Callable[..., ToyWorkspace]) -> None:
    """An interrupt of the whole group lets the object under way be finished and recorded; no process stays."""
    workspace = toy(
        SLOW + 'resource "toy_thing" "later" {\n  name = "later"\n  depends_on = [toy_slow.s]\n}\n'
    )
    process = workspace.start("apply", "-auto-approve", "-input=false")
    try:
        wait_until(
            lambda: bool(workspace.started("ApplyResourceChange")), what="the apply has begun", seconds=120
        )
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=120)
    finally:
        workspace.end(process)
    assert process.returncode == 1
    assert "Interrupt received" in output
    assert [call.event for call in workspace.calls() if call.name == "StopProvider"].count("start") >= 1
    (made,) = workspace.objects(Slow)
    state = workspace.state()
    assert state["toy_slow.s"]["id"] == made["id"]
    assert "toy_thing.later" not in state
    assert not list(workspace.provider_pids())
    workspace.settle()


def test_when_terraform_is_killed_the_provider_leaves(toy: Callable[..., ToyWorkspace]) -> None:
    """After kill -9 of terraform the provider finishes what is under way, and is gone in a few seconds."""
    workspace = toy(SLOW)
    process = workspace.start("apply", "-auto-approve", "-input=false")
    try:
        wait_until(
            lambda: bool(workspace.started("ApplyResourceChange")), what="the apply has begun", seconds=120
        )
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: not list(workspace.provider_pids()), what="the provider has left", seconds=60)
    finally:
        workspace.end(process)
    assert len(workspace.objects(Slow)) == 1


def test_a_debugged_provider_serves_several_commands(
    toy: Callable[..., ToyWorkspace],
) -> None:
    """Started with --debug, one process serves an apply and two plans, until Ctrl-C."""
    workspace = toy('resource "toy_thing" "a" {\n  name = "a"\n}\n')
    process = subprocess.Popen(
        [sys.executable, str(workspace.provider_program()), "--debug"],
        env=workspace.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "TF_REATTACH_PROVIDERS" in line)
        value = line.partition("=")[2].strip().strip("'")
        assert f"registry.terraform.io/{ADDRESS}" in json.loads(value)
        workspace.env["TF_REATTACH_PROVIDERS"] = value
        workspace.apply()
        for _ in range(2):
            workspace.assert_no_changes()
        assert {call.pid for call in workspace.calls()} == {process.pid}
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
