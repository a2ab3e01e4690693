"""Starting and stopping other programs, so that none outlives the tests."""

import atexit
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["Process", "clean_environment", "free_port", "wait_until"]

_RUNNING: "set[Process]" = set()


class Process:
    """A program in a process group of its own, with its output in a log file."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
        user: int | None = None,
        group: int | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start it, as another user where one is given; `stop_signal` is what asks it to end."""
        self.log = log
        self.command = command
        self._stop_signal = stop_signal
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )
        _RUNNING.add(self)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """The exit status, or None while it runs."""
        if self._popen.returncode is not None or not hasattr(os, "waitid"):
            return self._popen.poll()
        # Left unreaped, a process that ended keeps its id, and with it the id of its group, until it is stopped.
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return None
        return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status

    def stop(self, patience: float = 10.0) -> None:
        """Ask the whole group to end; after `patience` seconds, end it."""
        _RUNNING.discard(self)
        if self._popen.returncode is not None:
            # Somebody else may have its id by now.
            return
        self._signal(self._stop_signal)
        try:
            wait_until(lambda: self.exit_code is not None, what=f"end of {self.command[0]}", seconds=patience)
        except TimeoutError:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"\n-- did not stop within {patience} s, killed\n")
        # Also what the leader left behind.
        self._signal(signal.SIGKILL)
        self._popen.wait()

    def tail(self, lines: int = 60) -> str:
        """Return the end of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            # Nobody is left but a leader that nobody has reaped, which macOS calls a lack of permission.
            return


@atexit.register
def _stop_all() -> None:
    """Stop what a fixture did not come to stop, because the run was interrupted."""
    for process in list(_RUNNING):
        process.stop(patience=2.0)


def clean_environment(home: Path, **extra: str) -> dict[str, str]:
    """Return variables for a program that must not see the settings of whoever runs the tests.

    Keeps PATH, locale and temporary directory, and what coverage needs to measure providers in turn.
    """
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")
    environment = {
        name: value for name, value in os.environ.items() if name in kept or name.startswith("COVERAGE_")
    }
    return {**environment, "HOME": str(home), **extra}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(
    happened: Callable[[], bool], *, what: str, seconds: float, process: Process | None = None
) -> None:
    """Ask again and again until `happened` says yes.

    Raises TimeoutError after `seconds`, and RuntimeError as soon as `process` has ended; both name `what`.
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if process is not None and process.exit_code is not None:
            msg = f"{what}: {process.command[0]} ended with status {process.exit_code}:\n{process.tail()}"
            raise RuntimeError(msg)
        if time.monotonic() > deadline:
            shown = f":\n{process.tail()}" if process else ""
            msg = f"{what}: not within {seconds} s{shown}"
            raise TimeoutError(msg)
        time.sleep(0.05)
