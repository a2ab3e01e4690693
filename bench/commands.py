"""Programs run and watched: how long they take, and what the provider processes that they start take."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Run", "RunError", "run"]

_PROC: Final = Path("/proc")
_PROVIDER: Final = b"terraform-provider-prefect"
_LOOK_S: Final = 0.2
_MAXRSS_OF_KILOBYTE: Final = 1024 if sys.platform == "darwin" else 1
"""What a process had at most is counted in bytes on macOS, elsewhere in kilobytes (getrusage(2))."""


class RunError(Exception):
    """A program ended with another status than the ones expected; says what it printed last."""


class Run(NamedTuple):
    """What a program took."""

    seconds: float
    cpu_seconds: float
    """Of all processors, for the program and all that it started."""
    provider_cpu_seconds: float | None
    """The part of it that the provider's processes took; None where the system does not tell."""
    peak_mb: float
    """The most memory that one provider process had, in megabytes; of a command without providers, its own."""


def run(
    command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], statuses: Sequence[int] = (0,)
) -> Run:
    """Run a program to its end.

    Raises:
        RunError: it ended with a status that is none of ``statuses``.
    """
    log = cwd / "bench.log"
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        with _Watch(process.pid) as watch:
            # Popen.wait does not tell what the program took.
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses:
        end = log.read_text(encoding="utf-8", errors="replace")[-4000:]
        msg = f"{Path(command[0]).name} {command[1]} ended with status {process.returncode}:\n{end}"
        raise RunError(msg)
    peak_mb = (watch.kilobytes or usage.ru_maxrss // _MAXRSS_OF_KILOBYTE) / 1024
    return Run(seconds, usage.ru_utime + usage.ru_stime, watch.cpu_seconds, peak_mb)


class _Watch:
    """Looks at the providers that a program has started, again and again, from a thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._kilobytes: dict[int, int] = {}
        self._cpu: dict[int, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def kilobytes(self) -> int:
        """The most memory that one of them had."""
        return max(self._kilobytes.values(), default=0)

    @property
    def cpu_seconds(self) -> float | None:
        """What all of them took, but for what each took since it was last looked at."""
        return sum(self._cpu.values()) if self._cpu else None

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_S):
            for pid in _providers(self._pid):
                try:
                    status = (_PROC / str(pid) / "status").read_text(encoding="utf-8")
                    times = _stat(pid)[11:13]
                except OSError:
                    continue
                peak = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
                self._kilobytes[pid] = max([0, *peak])
                self._cpu[pid] = sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def _providers(pid: int) -> list[int]:
    """The providers that a process has started; none where there is no /proc."""
    found = []
    for one in _PROC.glob("[0-9]*"):
        try:
            if _PROVIDER in (one / "cmdline").read_bytes() and int(_stat(int(one.name))[1]) == pid:
                found.append(int(one.name))
        except OSError:
            # It has ended meanwhile.
            continue
    return found


def _stat(pid: int) -> list[str]:
    """What the system tells of a process, from its state on: state, parent, ... (proc_pid_stat(5))."""
    return (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
