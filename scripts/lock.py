"""Resolves all dependencies anew and writes the locks: `requirements/**/*.txt` and `package-lock.json`.

pip resolves without installing anything, from the indexes that the user has configured; only names and
versions are written. What is released is made of the locks `package` and `package-tools`, which hold for every
platform and have the hash of each file: uv resolves these. Takes the names of the locks to renew (`dev`, `prefect`,
`npm`, `package`, `package-tools`, `servers/3.9.1`); by default all.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dependencies import (
    dev_requirements,
    lock_path,
    package_requirements,
    prefect_requirements,
    server_requirements,
    server_versions,
    terraform_requirements,
)
from environment import CACHE, ROOT, VENV, CommandError, run, which

HEADER = "# Made by `make lock` from {source}. Do not edit.\n"

# The resolver of locks with hashes. It is used for nothing else, and so is in no environment.
UV = "uv==0.13.9"


def main(names: list[str]) -> int:
    """Write the locks; return the exit status."""
    servers = {f"servers/{version}": version for version in server_versions()}
    known = ["dev", "prefect", "npm", "package", "package-tools", *servers]
    for name in names or known:
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
            elif name in ("package", "package-tools"):
                lock_hashes(name, package_requirements(name))
            else:
                print(f"error: expected one of {', '.join(known)}, got {name}", file=sys.stderr)
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


def lock_hashes(name: str, requirements: list[str]) -> None:
    """Resolve requirements for all platforms, write `requirements/NAME.txt` with the hashes of all files.

    What is in the lock `dev` too has the same version here: what is packed is what was tested.
    """
    tools = CACHE / "lock-tools"
    pip = ["-I", "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(tools), UV]
    advice = "Is the package index within reach?"
    run([sys.executable, *pip], log="lock-uv", advice=advice)
    wanted, found = CACHE / "logs" / f"lock-{name}.in", CACHE / "logs" / f"lock-{name}.txt"
    wanted.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    found.unlink(missing_ok=True)
    uv: list[str | Path] = [tools / "bin" / "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
    options = ["--generate-hashes", "--no-header", "--no-annotate", "--no-config", "--quiet", *_pip_index()]
    command = [*uv, *options, "--constraint", lock_path("dev"), "--output-file", found, wanted]
    run(command, log=f"lock-{name}", advice=advice)
    source = f"requirements/{name}.in" if name != "package" else "pyproject.toml and requirements/package.in"
    text = found.read_text(encoding="utf-8")
    lock_path(name).write_text(HEADER.format(source=source) + text, encoding="utf-8")


def _pip_index() -> list[str]:
    """Name the index that pip is configured to ask, if it is another one than PyPI."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    url = asked.stdout.strip()
    return ["--default-index", url] if asked.returncode == 0 and url else []


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
