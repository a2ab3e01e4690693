"""The environment in which set-up commands run: the user's own, with a home for caches.

Users configure pip and npm through variables and files (indexes, mirrors, certificates); all of that is left
alone. Only what cannot work is replaced: where HOME is unset or cannot be written, caches go to `.cache`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = [
    "CACHE",
    "PREFECT_VENV",
    "ROOT",
    "SERVERS",
    "VENV",
    "CommandError",
    "run",
    "user_environment",
    "which",
]

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
PREFECT_VENV = ROOT / ".venv-prefect"
SERVERS = CACHE / "servers"

_LINES_SHOWN = 15

# Scripts run before the project is installed, and share some of its modules that need nothing else.
sys.path.insert(0, str(ROOT / "provider_client"))


class CommandError(Exception):
    """A command failed; the message shows the end of its output and names its log."""


def user_environment() -> dict[str, str]:
    """Return the variables for set-up commands."""
    environment = dict(os.environ)
    # Left over from an activated environment or a test run, these change which packages a Python sees.
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"):
        environment.pop(name, None)
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    environment["PIP_USER"] = "0"
    environment["PATH"] = os.pathsep.join([str(VENV / "bin"), environment.get("PATH", os.defpath)])
    home = environment.get("HOME")
    if not home or not Path(home).is_dir() or not os.access(home, os.W_OK):
        own_home = CACHE / "home"
        own_home.mkdir(parents=True, exist_ok=True)
        environment["HOME"] = str(own_home)
        environment.setdefault("PIP_CACHE_DIR", str(CACHE / "pip"))
        environment.setdefault("npm_config_cache", str(CACHE / "npm"))
    return environment


def run(command: list[str | Path], *, log: str, advice: str, cwd: Path = ROOT) -> None:
    """Run a command, its output in `.cache/logs/LOG.log`; raise CommandError with `advice` on failure."""
    path = CACHE / "logs" / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=user_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode == 0:
        return
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = "\n".join(f"    {line}" for line in lines[-_LINES_SHOWN:])
    ended = f"{log}: a command ended with status {done.returncode}:"
    msg = f"{ended}\n{shown}\n{advice}\nThe whole output: {path}"
    raise CommandError(msg)


def which(name: str) -> Path | None:
    """Find a program on the user's PATH, not in the project's environment."""
    found = shutil.which(name, path=os.environ.get("PATH", os.defpath))
    return Path(found) if found else None
