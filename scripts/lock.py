"""Resolves all dependencies anew and writes the locks: `requirements/**/*.txt` and `package-lock.json`.

uv resolves for every platform and every Python that is supported, without installing anything, from the index that
pip is configured to ask; versions and the hashes of all files are written. Takes the names of the locks to renew
(`dev`, `terraform`, `prefect`, `npm`, `package`, `package-tools`, `servers/3.9.1`); by default all.
"""

import os
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

# The resolver. It is used for nothing else, and so is in no environment.
UV = "uv==0.13.9"


def main(names: list[str]) -> int:
    """Write the locks; return the exit status."""
    sources: dict[str, tuple[list[str], str]] = {
        "dev": (dev_requirements(), "pyproject.toml"),
        "terraform": (terraform_requirements(), "pyproject.toml"),
        "prefect": (prefect_requirements(), "requirements/prefect.in"),
        "package": (package_requirements("package"), "pyproject.toml and requirements/package.in"),
        "package-tools": (package_requirements("package-tools"), "requirements/package-tools.in"),
    }
    for version in server_versions():
        name = f"servers/{version}"
        sources[name] = (server_requirements(version), f"requirements/{name}.in")
    known = [*sources, "npm"]
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"error: expected some of {', '.join(known)}, got {', '.join(unknown)}", file=sys.stderr)
        return 1
    for name in names or known:
        print(f"lock {name}", flush=True)
        try:
            if name == "npm":
                lock_npm()
            else:
                lock_python(name, *sources[name])
        except CommandError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    return 0


def lock_python(name: str, requirements: list[str], source: str) -> None:
    """Resolve requirements for all platforms; write `requirements/NAME.txt` with the hashes of all files.

    What is packed, or installed into the dev environment later, has the versions of the lock `dev`, where that has it.
    """
    tools, logs = CACHE / "lock-tools", CACHE / "logs"
    pip = ["-I", "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(tools), UV]
    advice = "Is the package index within reach?"
    run([sys.executable, *pip], log="lock-uv", advice=advice)
    wanted, found = (logs / f"lock-{name.replace('/', '-')}{end}" for end in (".in", ".txt"))
    wanted.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    found.unlink(missing_ok=True)
    uv: list[str | Path] = [tools / "bin" / "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
    options = ["--generate-hashes", "--no-header", "--no-annotate", "--no-config", "--quiet", *_pip_index()]
    beside = ["--constraint", str(lock_path("dev"))] if name in ("package", "terraform") else []
    command = [*uv, *options, *beside, "--output-file", found, wanted]
    run(command, log=f"lock-{name.replace('/', '-')}", advice=advice)
    lock_path(name).write_text(
        HEADER.format(source=source) + found.read_text(encoding="utf-8"), encoding="utf-8"
    )


def _pip_index() -> list[str]:
    """Name the index that pip is configured to ask, if it is another one than PyPI."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    url = os.environ.get("PIP_INDEX_URL") or (asked.stdout.strip() if asked.returncode == 0 else "")
    return ["--default-index", url] if url else []


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
