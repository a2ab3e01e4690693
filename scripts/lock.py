"""Resolves all dependencies anew and writes the locks: `requirements/**/*.txt` and `package-lock.json`.

pip resolves without installing anything, from the indexes that the user has configured; only names and
versions are written. Takes the names of the locks to renew (`dev`, `prefect`, `npm`, `servers/3.9.1`); by default all.
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from dependencies import (
    dev_requirements,
    lock_path,
    prefect_requirements,
    server_requirements,
    server_versions,
    terraform_requirements,
)
from environment import CACHE, ROOT, VENV, CommandError, run, which

HEADER = "# Made by `make lock` from {source}. Do not edit.\n"


def main(names: list[str]) -> int:
    """Write the locks; return the exit status."""
    servers = {f"servers/{version}": version for version in server_versions()}
    for name in names or ["dev", "prefect", "npm", *servers]:
        print(f"lock {name}", flush=True)
        try:
            if name == "npm":
                lock_npm()
            elif name == "dev":
                lock_python(name, dev_requirements() + terraform_requirements(), "pyproject.toml")
            elif name in servers:
                lock_python(name, server_requirements(servers[name]), f"requirements/{name}.in")
            elif name == "prefect":
                lock_python(name, prefect_requirements(), "requirements/prefect.in")
            else:
                expected = ", ".join(["dev", "prefect", "npm", *servers])
                print(f"error: expected one of {expected}, got {name}", file=sys.stderr)
                return 1
        except CommandError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    return 0


def lock_python(name: str, requirements: list[str], source: str) -> None:
    """Resolve requirements with pip and write `requirements/NAME.txt`."""
    report = CACHE / "logs" / f"lock-{name}.json"
    pip = ["-I", "-m", "pip", "install", "--dry-run", "--ignore-installed", "--report", str(report)]
    advice = "Is the package index within reach?"
    run([sys.executable, *pip, *requirements], log=f"lock-{name}", advice=advice)
    installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    pins = sorted(f"{_normal(item['metadata']['name'])}=={item['metadata']['version']}" for item in installs)
    lock_path(name).write_text(HEADER.format(source=source) + "\n".join(pins) + "\n", encoding="utf-8")


def lock_npm() -> None:
    """Resolve `package.json` with the npm of `.venv`, or else the one on PATH; write `package-lock.json`."""
    own = VENV / "bin" / "npm"
    npm = own if own.exists() else which("npm")
    if npm is None:
        msg = "there is no npm yet; run `make lock ARGS='dev prefect'`, then `make setup`, then this again"
        raise CommandError(msg)
    options = ["install", "--package-lock-only", "--ignore-scripts"]
    # Beside an installed node_modules, npm would lock what is there and forget what other platforms need.
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        directory = Path(name)
        for file in ("package.json", ".npmrc"):
            shutil.copy(ROOT / file, directory)
        run([npm, *options], log="lock-npm", advice="Is the npm registry within reach?", cwd=directory)
        shutil.copy(directory / "package-lock.json", ROOT)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
