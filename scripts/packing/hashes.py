"""Hashes of packages: as registries name files, and as `.terraform.lock.hcl` names what was installed."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from typing import TYPE_CHECKING

from packing.archive import files_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["h1_of_folder", "h1_of_zip", "sha256", "sums"]


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sums(files: Iterable[Path]) -> str:
    """The lines of a SHA256SUMS file, as `sha256sum` writes them."""
    return "".join(
        f"{sha256(path.read_bytes())}  {path.name}\n" for path in sorted(files, key=lambda path: path.name)
    )


def h1_of_folder(folder: Path) -> str:
    """The hash that Terraform gives an unpacked package."""
    return _h1((name, (folder / name).read_bytes()) for name in files_of(folder))


def h1_of_zip(archive: Path) -> str:
    """The hash that Terraform gives a package that is still packed."""
    with zipfile.ZipFile(archive) as source:
        return _h1((name, source.read(name)) for name in sorted(source.namelist()))


def _h1(files: Iterable[tuple[str, bytes]]) -> str:
    """Go's `dirhash.Hash1`: the hash of a list of hashes, in order of the names as bytes."""
    lines = sorted((name.encode(), sha256(content)) for name, content in files)
    whole = hashlib.sha256(b"".join(b"%s  %s\n" % (digest.encode(), name) for name, digest in lines))
    return "h1:" + base64.b64encode(whole.digest()).decode()
