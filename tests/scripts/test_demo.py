"""The demo, as `make demo` runs it, and that it leaves nothing behind however it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from tests.environment.processes import Process, clean_environment, wait_until
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.server, pytest.mark.terraform, pytest.mark.cdktf]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """A function that starts the demo; it is ended with the test, but does not need to be."""
    started: list[Process] = []

    def start(*arguments: str) -> Process:
        env = clean_environment(tmp_path, PYTHONUNBUFFERED="1")
        env["PATH"] = f"{ROOT / 'node_modules' / '.bin'}:{env['PATH']}"
        command: list[str | Path] = [sys.executable, ROOT / "scripts" / "demo.py", *arguments]
        started.append(Process(command, log=tmp_path / "demo.log", env=env, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.stop(patience=30.0)


def nobody_listens(port: int) -> bool:
    """Whether a port of this machine is free."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def is_gone(pid: int) -> bool:
    """Whether there is no process of this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def directories() -> set[Path]:
    """What demos work in."""
    return set((ROOT / ".cache").glob("demo-*"))


def test_a_demo_that_is_kept_cleans_up_when_it_is_ended(demo: Callable[..., Process]) -> None:
    """It goes through all steps and waits; SIGTERM stops server and worker and removes its directory."""
    before = directories()
    process = demo("--keep")
    wait_until(lambda: "Press Ctrl-C" in process.tail(5), what="demo", seconds=150.0, process=process)
    told = process.tail(1000)
    port = int(re.findall(r"http://127\.0\.0\.1:(\d+)\n", told)[0])
    worker = int(re.findall(r"process (\d+)\n", told)[0])
    assert "2 changed, 0 missing" in told
    assert "3 objects checked: no drift" in told
    assert "error lint/loop at" in told
    assert "would have fired 1 time in 7 days" in told
    assert not nobody_listens(port)
    assert directories() - before
    os.kill(process.pid, signal.SIGTERM)
    wait_until(lambda: process.exit_code is not None, what="end of the demo", seconds=120.0)
    assert process.exit_code == 128 + signal.SIGTERM
    assert process.tail(1) == "Everything that was started has been stopped and removed."
    assert nobody_listens(port)
    wait_until(lambda: is_gone(worker), what="end of the worker", seconds=60.0)
    assert directories() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_demo_that_is_ended_early_cleans_up(demo: Callable[..., Process], number: signal.Signals) -> None:
    """While terraform runs, a signal, even one that comes twice, ends terraform and the server."""
    before = directories()
    process = demo()
    wait_until(lambda: "== Plan" in process.tail(), what="plan", seconds=120.0, process=process)
    port = int(re.findall(r"http://127\.0\.0\.1:(\d+)\n", process.tail(1000))[0])
    # To its group, as a shell or make does.
    os.killpg(process.pid, number)
    os.kill(process.pid, number)
    wait_until(lambda: process.exit_code is not None, what="end of the demo", seconds=120.0)
    assert process.exit_code == 128 + number
    assert nobody_listens(port)
    assert directories() == before
