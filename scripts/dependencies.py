"""What has to be installed: the project's own lists, and the locks made from them.

The dev environment is listed in `pyproject.toml` (dependencies, both CDK extras, the build backend, the dev
group), the Prefect server in `requirements/prefect.in`, and servers of other versions, which only `make test-servers`
needs, in `requirements/servers`, a file for each. What a release is made of and with is in `requirements/package*.in`.
A lock, `requirements/NAME.txt`, holds for all platforms and versions of Python, and has the hash of every file.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from environment import ROOT

__all__ = [
    "dev_requirements",
    "lock_path",
    "package_requirements",
    "prefect_requirements",
    "project_identity",
    "project_version",
    "server_requirements",
    "server_versions",
    "terraform_requirements",
]


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def dev_requirements() -> list[str]:
    """List what the dev environment needs, without the project itself."""
    pyproject = _pyproject()
    project = pyproject["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [
        *pyproject["build-system"]["requires"],
        *project["dependencies"],
        *extras,
        *pyproject["dependency-groups"]["dev"],
    ]


def terraform_requirements() -> list[str]:
    """List what the dev environment has besides, where there is a build of it for the machine."""
    wanted: list[str] = _pyproject()["dependency-groups"]["terraform"]
    return wanted


def package_requirements(name: str) -> list[str]:
    """List what packages are made of and with (`package`), or what else makes a release (`package-tools`)."""
    project: list[str] = _pyproject()["project"]["dependencies"] if name == "package" else []
    return [*project, *_listed(name)]


def prefect_requirements() -> list[str]:
    """List what the Prefect server's environment needs."""
    return _listed("prefect")


def server_versions() -> list[str]:
    """List the versions of Prefect whose servers can be tested besides, oldest first."""
    found = (path.stem for path in (ROOT / "requirements" / "servers").glob("*.in"))
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")])


def server_requirements(version: str) -> list[str]:
    """List what the environment of the server of that version needs."""
    return _listed(f"servers/{version}")


def _listed(name: str) -> list[str]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    stripped = (line.partition("#")[0].strip() for line in lines)
    return [line for line in stripped if line]


def lock_path(name: str) -> Path:
    """Return the lock of an environment: `dev`, `prefect`, `package`, or `servers/3.9.1`."""
    return ROOT / "requirements" / f"{name}.txt"


def project_identity() -> str:
    """Return what an editable installation is made from; it changes when it has to be repeated."""
    pyproject = _pyproject()
    parts = [pyproject["project"], pyproject["build-system"], pyproject["tool"]["hatch"]]
    return json.dumps(parts, sort_keys=True)


def project_version() -> str:
    """Return the version that `pyproject.toml` gives the project."""
    return str(_pyproject()["project"]["version"])
