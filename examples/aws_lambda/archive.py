"""Packs the function for AWS: `python examples/aws_lambda/archive.py start-flow-run.zip`.

The same source gives the same bytes, so that nothing is deployed again that has not changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["write_archive"]

_SOURCE = Path(__file__).resolve().parent
_PACKAGE = _SOURCE.name
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_archive(target: Path) -> Path:
    """Write the function's package to a zip file, and return the file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w") as archive:
        for module in sorted(_SOURCE.glob("*.py")):
            if module.name == Path(__file__).name:
                continue
            entry = ZipInfo(f"{_PACKAGE}/{module.name}", _EARLIEST)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever this runs on
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, module.read_bytes())
    return target


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: archive.py FILE.zip")
    print(write_archive(Path(sys.argv[1])))
