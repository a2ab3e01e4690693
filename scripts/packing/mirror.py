"""The files that a registry or a mirror needs beside the zips of a version.

The directory of a mirror has the layout of `terraform providers mirror`. Served over HTTPS it is a network mirror; with
the zips in it, it is a filesystem mirror as well.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

from packing.hashes import h1_of_zip, sha256, sums
from prefect_iac.installation import DEFAULT_HOSTS, PROGRAM, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["HOSTS", "Package", "find_packages", "write_manifest", "write_mirror", "write_sums"]

HOSTS = DEFAULT_HOSTS

# "6.0" stands for every protocol 6.x. Without a manifest, registries take a provider for one of protocol 5.
_MANIFEST = {"version": 1, "metadata": {"protocol_versions": ["6.0"]}}

_NAME = re.compile(rf"{re.escape(PROGRAM)}_(?P<version>[^_]+)_(?P<system>[a-z0-9]+_[a-z0-9]+)\.zip")


class Package(NamedTuple):
    """The zip of one platform."""

    archive: Path
    version: str
    system: str
    """The platform as Terraform names it, such as `linux_amd64`."""


def find_packages(directory: Path, version: str) -> list[Package]:
    """The zips of a version, by platform. Raises ValueError where there is none."""
    found = []
    for path in sorted(directory.glob(f"{PROGRAM}_*.zip")):
        parts = _NAME.fullmatch(path.name)
        if parts and parts["version"] == version:
            found.append(Package(path, version, parts["system"]))
    if not found:
        msg = f"{directory}: expected {PROGRAM}_{version}_<os>_<arch>.zip, got no such file; run make package"
        raise ValueError(msg)
    return found


def write_manifest(directory: Path, version: str) -> Path:
    """Write the manifest of a version, which says what protocol the provider speaks."""
    path = directory / f"{PROGRAM}_{version}_manifest.json"
    return _write(path, _MANIFEST)


def write_sums(directory: Path, version: str, files: Iterable[Path]) -> Path:
    """Write the SHA256SUMS of a version, of its zips and its manifest."""
    path = directory / f"{PROGRAM}_{version}_SHA256SUMS"
    path.write_text(sums(files), encoding="utf-8", newline="\n")
    return path


def write_mirror(directory: Path, packages: Iterable[Package], archives_url: str | None = None) -> None:
    """Add a version to a mirror, for both hosts that an address without a host means; earlier ones stay.

    The zips lie in the mirror, or, where an address is given for them, only there: `archives_url` is that of the
    directory that has them.
    """
    packages = list(packages)
    archives = {
        package.system: {
            "url": f"{archives_url.rstrip('/')}/{package.archive.name}"
            if archives_url
            else package.archive.name,
            "hashes": [h1_of_zip(package.archive), f"zh:{sha256(package.archive.read_bytes())}"],
        }
        for package in packages
    }
    (version,) = {package.version for package in packages}
    for host in HOSTS:
        folder = directory.joinpath(host, *SOURCE.split("/"))
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{version}.json", {"archives": archives})
        index = folder / "index.json"
        versions: dict[str, Any] = (
            json.loads(index.read_text(encoding="utf-8"))["versions"] if index.exists() else {}
        )
        _write(index, {"versions": versions | {version: {}}})
        if archives_url is None:
            for package in packages:
                shutil.copyfile(package.archive, folder / package.archive.name)


def _write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
    return path
