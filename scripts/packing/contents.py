"""Prints the names of the modules that a program made by PyInstaller brings, as JSON.

Takes the program; runs in the environment that has PyInstaller.
"""

import json
import sys

from PyInstaller.archive.readers import CArchiveReader

if __name__ == "__main__":
    archive = CArchiveReader(sys.argv[1])
    modules: set[str] = set()
    for name in archive.toc:
        if name.endswith(".pyz"):
            modules |= set(archive.open_embedded_archive(name).toc)
        elif name.startswith("pyi_rth_"):
            modules.add(name)
    json.dump(sorted(modules), sys.stdout)
