"""Sockets of processes that were killed are swept by the next; those of the living, and what is not ours, stay."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prefect_provider.plugin.serving.leftovers import sweep
from prefect_provider.plugin.serving.peer import is_alive
from tests.plugin.plugin_process import Identity, running_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 2**22 - 3
"""A process id that is above those that Linux gives out unless told otherwise."""


_KEPT: list[socket.socket] = []


@pytest.fixture
def parent() -> Iterator[Path]:
    """A directory with a path that is short enough for sockets."""
    made = Path(tempfile.mkdtemp(prefix="l-", dir="/tmp"))
    yield made
    while _KEPT:
        _KEPT.pop().close()
    shutil.rmtree(made)


def directory(
    parent: Path, pid: int, *, listening: bool = False, files: tuple[str, ...] = ("s", "k")
) -> Path:
    """A directory as a process of that id leaves it; with ``listening``, somebody is at its socket."""
    made = parent / f"tf-{pid}-0123abcd"
    made.mkdir(0o700)
    for name in files:
        if name != "s":
            (made / name).write_text("")
            continue
        one = socket.socket(socket.AF_UNIX)
        one.bind(str(made / "s"))
        if listening:
            one.listen()
            _KEPT.append(one)
        else:
            one.close()
    return made


def test_the_dead_are_swept(parent: Path) -> None:
    """A directory of a process that is gone is removed with its socket and its key."""
    made = directory(parent, NOBODY)
    sweep(str(parent / "tf-1-00000000"))
    assert not made.exists()


def test_the_living_are_left(parent: Path) -> None:
    """One whose process lives stays, and one at whose socket somebody listens, as in another container."""
    mine, others = directory(parent, os.getpid()), directory(parent, NOBODY, listening=True)
    sweep(str(parent / "tf-1-00000000"))
    assert mine.exists()
    assert others.exists()


def test_what_may_be_about_to_begin_is_left(parent: Path) -> None:
    """A directory that has no socket yet is given a minute."""
    made = directory(parent, NOBODY, files=())
    sweep(str(parent / "tf-1-00000000"))
    assert made.exists()
    past = time.time() - 100
    os.utime(made, (past, past))
    sweep(str(parent / "tf-1-00000000"))
    assert not made.exists()


def test_what_is_something_else_is_left(parent: Path) -> None:
    """Directories with other names or other files are not ours, and links are not followed."""
    strange = directory(parent, NOBODY, files=("s", "k", "note"))
    (parent / "tf-plan").mkdir()
    target = parent / "target"
    target.mkdir()
    (parent / f"tf-{NOBODY}-ffffffff").symlink_to(target)
    sweep(str(parent / "tf-1-00000000"))
    assert strange.exists()
    assert (parent / "tf-plan").exists()
    assert target.exists()


def test_a_killed_process_is_swept_by_the_next(parent: Path) -> None:
    """What a process that was killed left is gone when the next one has ended."""
    identity = Identity()
    with running_plugin(identity, TMPDIR=str(parent)) as plugin:
        plugin.process.kill()
        plugin.process.wait()
    assert len(list(parent.iterdir())) == 1
    with running_plugin(identity, TMPDIR=str(parent)) as plugin:
        assert str(parent) in plugin.path
    assert list(parent.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no telling")
def test_who_ended_does_not_live() -> None:
    """A process that has ended is not alive, also while nobody has asked for its status."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_alive(process.pid)
    process.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(process.pid)
    process.communicate()
    assert not is_alive(process.pid)
