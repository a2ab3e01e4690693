"""What a package may take: its size, its start, and what must not be in it."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from packing.archive import files_of
from prefect_iac.installation import install_override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packing.bundle import Contents

__all__ = [
    "FOLDER_BYTES",
    "START_RATIO",
    "UNWANTED",
    "ZIP_BYTES",
    "Starts",
    "folder_bytes",
    "measure_starts",
    "overruns",
]

ZIP_BYTES: Final = 20_000_000
FOLDER_BYTES: Final = 45_000_000

START_RATIO: Final = 1.7
"""CPU time until the line that Terraform waits for, as a multiple of what the virtual environment takes."""

UNWANTED: Final = ("multiprocessing", "pip", "pkg_resources", "pygments", "rich", "setuptools", "zstandard")
"""Modules that other libraries take along where they find them; each costs megabytes, or a hook at every start."""

_PAIRS = 15

# What Terraform sets. Its certificate is read after the line only; that there is one asks for the provider's own.
_HANDSHAKE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "6",
    "PLUGIN_CLIENT_CERT": "any",
}


class Starts(NamedTuple):
    """CPU seconds until the line, in the middle of several starts, and the middle of the ratios of pairs."""

    bundle: float
    environment: float
    ratio: float


def folder_bytes(folder: Path) -> int:
    """The bytes of all files of a folder."""
    return sum((folder / name).stat().st_size for name in files_of(folder))


def overruns(contents: Contents, folder: int, archive: int, starts: Starts | None) -> list[str]:
    """What a package takes too much of, a sentence each; sizes are bytes, `starts` is None where nobody measured."""
    found = []
    for what, size, most in (("zip", archive, ZIP_BYTES), ("folder", folder, FOLDER_BYTES)):
        if size > most:
            found.append(f"the {what} has {size / 1e6:.1f} MB; expected at most {most / 1e6:.0f} MB")
    if starts is not None and starts.ratio > START_RATIO:
        found.append(
            f"a start takes {starts.ratio:.2f} times the CPU time of the virtual environment's; "
            f"expected at most {START_RATIO}"
        )
    tops = {name.partition(".")[0] for name in contents.modules}
    found += [f"{name} is in it; expected it to be left out" for name in UNWANTED if name in tops]
    return found


def measure_starts(program: Path, interpreter: Path, pairs: int = _PAIRS) -> Starts | None:
    """Start the package and the virtual environment in turn.

    None where the system counts no CPU time of a child; then it is only started. Raises RuntimeError if that fails.
    """
    with tempfile.TemporaryDirectory() as directory:
        if not hasattr(os, "wait4"):
            _start(program, directory)
            return None
        launcher = install_override(Path(directory, "override"), interpreter=interpreter)
        # The first start of each reads from the disk, and writes bytecode.
        for command in (program, launcher):
            _start(command, directory)
        timed = [(_start(program, directory), _start(launcher, directory)) for _ in range(pairs)]
    return _middle(timed)


def _middle(timed: Iterable[tuple[float, float]]) -> Starts:
    timed = list(timed)
    return Starts(
        statistics.median(bundle for bundle, _ in timed),
        statistics.median(environment for _, environment in timed),
        statistics.median(bundle / environment for bundle, environment in timed),
    )


def _start(command: Path, directory: str) -> float:
    """Start a provider, wait for its line, end it; return the CPU seconds that it took.

    Raises RuntimeError if it ends without the line.
    """
    environment = {"PATH": os.defpath, "HOME": directory, "TMPDIR": directory, **_HANDSHAKE}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen([command], env=environment, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        line = process.stdout.readline() if process.stdout else b""
        seconds = 0.0
        if not hasattr(os, "wait4"):
            process.kill()
        else:
            # Popen's own way to kill would first reap one that has ended, and what it took with it.
            os.kill(process.pid, signal.SIGKILL)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = used.ru_utime + used.ru_stime
        if not line.startswith(b"1|6|"):
            errors.seek(0)
            msg = f"{command}: expected the line of a provider, got {line!r}: {errors.read().decode(errors='replace')}"
            raise RuntimeError(msg)
    return seconds
