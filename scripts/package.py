"""Makes what is released, in `dist/`: packages that Terraform installs, and the distributions of Python.

    package.py            all of it, for this machine
    package.py python     wheel and source distribution
    package.py bundle     the zip of this platform, within its budgets
    package.py release    manifest, SHA256SUMS, its signature, and the mirror, for all zips that are in `dist/`
    package.py audit      known vulnerabilities of what is packed, asked of the index

SHA256SUMS is signed where GPG_PRIVATE_KEY has a key. Nothing is uploaded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from dependencies import lock_path, project_version
from environment import ROOT, CommandError, run
from packing.archive import extract, write_zip
from packing.budget import folder_bytes, measure_starts, overruns
from packing.bundle import build_bundle
from packing.distributions import build_distributions, install_wheel
from packing.environment import BUNDLE, HOME, TOOLS, make_locked_environment, python_of
from packing.hashes import h1_of_folder, h1_of_zip
from packing.mirror import find_packages, write_manifest, write_mirror, write_sums
from packing.signature import KEY, sign
from packing.system import system_name
from prefect_iac.installation import PROGRAM, cli_config

STEPS = ("python", "bundle", "release", "audit")


def main() -> int:
    """Make what is asked for; return the exit status."""
    parser = argparse.ArgumentParser(description="Make packages and distributions.")
    parser.add_argument("steps", nargs="*", metavar="step", help=f"one or more of {', '.join(STEPS)}")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where to write; dist by default")
    parser.add_argument(
        "--archives-url", help="where the zips are served, if not in the mirror; {version} is filled in"
    )
    arguments = parser.parse_args()
    steps: list[str] = arguments.steps or ["python", "bundle", "release"]
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        parser.error(f"expected steps among {', '.join(STEPS)}, got {', '.join(unknown)}")
    dist: Path = arguments.dist
    dist.mkdir(parents=True, exist_ok=True)
    version = project_version()
    try:
        if "python" in steps:
            python(dist)
        if "bundle" in steps:
            bundle(dist, version)
        if "release" in steps:
            release(dist, version, arguments.archives_url)
        if "audit" in steps:
            audit()
    except (CommandError, RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def python(dist: Path) -> None:
    """Build the wheel and the source distribution."""
    make_locked_environment(TOOLS, "package-tools")
    for kind in ("*.whl", "*.tar.gz"):
        for old in dist.glob(kind):
            old.unlink()
    for path in build_distributions(TOOLS, dist):
        say(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


def bundle(dist: Path, version: str) -> None:
    """Make the zip of this platform of the wheel, and hold it against its budgets."""
    started = time.monotonic()
    (wheel,) = dist.glob("*.whl")
    make_locked_environment(BUNDLE, "package")
    install_wheel(BUNDLE, wheel)
    folder = HOME / "folder"
    contents = build_bundle(BUNDLE, version, folder)
    archive = dist / f"{PROGRAM}_{version}_{system_name()}.zip"
    write_zip(folder, archive)
    # What is measured and hashed is what Terraform will have.
    unpacked = HOME / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    extract(archive, unpacked)
    starts = measure_starts(unpacked / contents.program.name, python_of(BUNDLE))
    size, zipped, packed = folder_bytes(unpacked), archive.stat().st_size, h1_of_zip(archive)
    say(f"{archive.name}: {zipped / 1e6:.1f} MB; unpacked {size / 1e6:.1f} MB, {packed}")
    if starts:
        say(
            f"a start takes {starts.bundle * 1000:.0f} ms of CPU time, {starts.ratio:.2f} times the "
            f"{starts.environment * 1000:.0f} ms of the virtual environment"
        )
    else:
        say("the time of a start is not measured on this system")
    found = overruns(contents, size, zipped, starts)
    config = cli_config(override=unpacked, mirror=dist / "mirror")
    (dist / "override.terraformrc").write_text(config, encoding="utf-8")
    if h1_of_folder(unpacked) != packed:
        found.append("a start changed the folder, which Terraform would refuse")
    if found:
        archive.unlink()
        raise RuntimeError("; ".join(found))
    say(f"made in {time.monotonic() - started:.0f} s")


def release(dist: Path, version: str, archives_url: str | None) -> None:
    """Write what registries and mirrors need, for the zips that there are."""
    packages = find_packages(dist, version)
    manifest = write_manifest(dist, version)
    sums = write_sums(dist, version, [manifest, *(package.archive for package in packages)])
    signature = sign(sums, os.environ)
    url = archives_url.replace("{version}", version) if archives_url else None
    write_mirror(dist / "mirror", packages, url)
    platforms = ", ".join(package.system for package in packages)
    say(f"{sums.name} for {platforms}: {'signed' if signature else f'not signed, {KEY} is not set'}")


def audit() -> None:
    """Ask whether something that is packed has known vulnerabilities; fail if it has."""
    if not python_of(TOOLS).exists():
        make_locked_environment(TOOLS, "package-tools")
    command: list[str | Path] = [python_of(TOOLS), "-I", "-m", "pip_audit", "--strict", "--disable-pip"]
    run(
        [*command, "--require-hashes", "--requirement", lock_path("package")],
        log="package-audit",
        advice="Renew the lock with make lock ARGS=package, or say in SECURITY.md why it does not matter.",
    )
    say(f"nothing is known of what {lock_path('package').name} names")


def say(text: str) -> None:
    """Tell the person who runs it."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
