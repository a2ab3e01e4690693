"""A zip that is the same each time that it is made of the same files."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from pathlib import Path

__all__ = ["extract", "files_of", "flatten", "write_zip"]

# The first moment that a zip can name.
_TIME = (1980, 1, 1, 0, 0, 0)

_UNIX = 3


def flatten(folder: Path, target: Path) -> None:
    """Copy a folder, with files in place of links: Terraform unpacks a link as a small text file."""
    shutil.copytree(folder, target, symlinks=False)


def files_of(folder: Path) -> list[str]:
    """The files of a folder and those below, as paths with slashes, sorted.

    Raises ValueError for a link.
    """
    found = []
    for directory, names, files in os.walk(folder):
        for name in (*names, *files):
            path = Path(directory, name)
            if path.is_symlink():
                msg = f"{path}: expected a file, got a link, which Terraform would not unpack"
                raise ValueError(msg)
        found += [Path(directory, name).relative_to(folder).as_posix() for name in files]
    return sorted(found)


def write_zip(folder: Path, archive: Path) -> None:
    """Pack a folder: sorted, without times, and with the right to run as all that is kept of the modes.

    There are no entries for directories, so that the hash of the zip is that of the folder that it is unpacked to.
    """
    draft = archive.with_suffix(".draft")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in files_of(folder):
            path = folder / name
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, path.read_bytes(), compresslevel=9)
    # Somebody may be reading the one before.
    draft.replace(archive)


def extract(archive: Path, folder: Path) -> None:
    """Unpack a zip as Terraform does, with the modes that it names."""
    with zipfile.ZipFile(archive) as source:
        for entry in source.infolist():
            path = Path(source.extract(entry, folder))
            path.chmod(entry.external_attr >> 16 & 0o777)
