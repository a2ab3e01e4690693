"""The folder that Terraform unpacks: the provider with its interpreter, made by PyInstaller."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from environment import ROOT, CommandError, run
from packing.archive import files_of, flatten
from packing.environment import python_of
from prefect_iac.installation import PROGRAM

__all__ = ["Contents", "build_bundle", "contents_of"]

SPEC = ROOT / "packaging" / "terraform-provider-prefect.spec"
LICENCES = "THIRD_PARTY_LICENSES.txt"

_LIBRARY_ENDS = (".dylib", ".dll", ".so")


class Contents(NamedTuple):
    """What is in a bundle."""

    program: Path
    modules: frozenset[str]
    """Python modules, and the run-time hooks of PyInstaller, which are called `pyi_rth_...`."""

    libraries: tuple[str, ...]
    """Names of shared libraries that belong to no Python distribution."""


def build_bundle(environment: Path, version: str, target: Path) -> Contents:
    """Make the folder `target` of what is installed in an environment; return what is in it.

    Raises CommandError where PyInstaller fails, or something is packed whose licence is not known.
    """
    work = target.with_name(f"{target.name}.work")
    for directory in (target, work):
        shutil.rmtree(directory, ignore_errors=True)
    command: list[str | Path] = [python_of(environment), "-m", "PyInstaller", "--noconfirm", "--clean", SPEC]
    # The order of sets is in what is compiled; the time is in some headers.
    with _variables(PYTHONHASHSEED="0", SOURCE_DATE_EPOCH="315532800"):
        run(
            [*command, "--distpath", work / "dist", "--workpath", work / "build"],
            log="package-pyinstaller",
            advice=f"The specification is {SPEC.relative_to(ROOT)}.",
        )
    flatten(work / "dist" / PROGRAM, target)
    end = ".exe" if os.name == "nt" else ""
    program = target / f"{PROGRAM}_v{version}{end}"
    (target / f"{PROGRAM}{end}").rename(program)
    contents = contents_of(environment, target, program)
    shutil.copyfile(ROOT / "LICENSE", target / "LICENSE")
    _write_licences(environment, contents, target / LICENCES)
    shutil.rmtree(work)
    return contents


def contents_of(environment: Path, folder: Path, program: Path) -> Contents:
    """Look into a bundle, with the PyInstaller of an environment."""
    script = ROOT / "scripts" / "packing" / "contents.py"
    listed = subprocess.run(
        [python_of(environment), "-I", script, program], capture_output=True, text=True, check=True
    )
    modules = set(json.loads(listed.stdout))
    libraries = []
    for name in files_of(folder):
        inner = Path(name).relative_to("_internal") if name.startswith("_internal/") else None
        if inner is None or len(inner.parts) > 1:
            continue
        if inner.name.endswith(".pyd") or ".cpython-" in inner.name or ".abi3." in inner.name:
            modules.add(inner.name.partition(".")[0])
        elif ".so." in inner.name or inner.suffix in _LIBRARY_ENDS or inner.name == "Python":
            libraries.append(inner.name)
    return Contents(program, frozenset(modules), tuple(libraries))


def _write_licences(environment: Path, contents: Contents, target: Path) -> None:
    script = ROOT / "scripts" / "packing" / "licences.py"
    given = {"modules": sorted(contents.modules), "libraries": contents.libraries}
    done = subprocess.run(
        [python_of(environment), "-I", script, "prefect-iac", target],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"{script.name}: {done.stderr.strip()}\nAdd what is missing to LIBRARIES in it."
        raise CommandError(msg)


class _variables:  # noqa: N801  used like a function
    """Variables that a command is to have, while a block runs."""

    def __init__(self, **values: str) -> None:
        self._values = values
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        for name, value in self._values.items():
            self._before[name] = os.environ.get(name)
            os.environ[name] = value

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
