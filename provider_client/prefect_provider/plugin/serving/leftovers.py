"""Directories of sockets whose process was killed before it could remove them.

A directory is called ``tf-<process id>-<hex>``. It is removed when it is ours, no process has that id, and nobody
listens on its socket: the id alone could be one of another container that shares the directory.
"""

# pathlib takes longer to import than all this takes to run.
# ruff: noqa: PTH106, PTH108, PTH208

from __future__ import annotations

import os
import re
import socket
import stat
import time
from contextlib import suppress

from prefect_provider.plugin.serving.peer import is_alive

__all__ = ["sweep"]

_NAME = re.compile(r"tf-(\d+)-[0-9a-f]{8}")

_FILES = ("s", "k")
"""The socket, and the key that lies beside it for a moment."""

_NEW_S = 60.0
"""Seconds for which a directory without a socket may be about to get one."""


def sweep(directory: str) -> None:
    """Remove what killed processes left beside ``directory``, which is the one of this process."""
    parent, own = os.path.split(directory)
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            found = _NAME.fullmatch(entry.name)
            if found and entry.name != own and not is_alive(int(found[1])):
                with suppress(OSError):  # someone else sweeps, too
                    _remove(entry.path)


def _remove(path: str) -> None:
    status = os.lstat(path)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        return
    files = os.listdir(path)
    if set(files) - {*_FILES} or _is_served(f"{path}/s"):
        return
    if "s" not in files and time.time() - status.st_mtime < _NEW_S:
        return
    for name in files:
        os.unlink(f"{path}/{name}")
    os.rmdir(path)


def _is_served(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.setblocking(False)
        try:
            client.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True
    return True
