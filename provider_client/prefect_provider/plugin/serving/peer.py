"""Who is at the other end of a Unix socket."""

from __future__ import annotations

import os
import socket
import struct
import sys
from typing import Any

__all__ = ["is_alive", "peer_process"]


def peer_process(connection: Any) -> int | None:
    """The id of the process at the other end of a Unix socket; None where the system does not tell."""
    if sys.platform == "darwin":
        local_peer_pid = 2  # LOCAL_PEERPID of SOL_LOCAL, which is 0; neither has a name in Python
        (pid,) = struct.unpack("i", connection.getsockopt(0, local_peer_pid, 4))
    elif sys.platform == "linux":
        pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    else:
        return None
    return pid or None  # 0: a process in another namespace


def is_alive(pid: int) -> bool:
    """Whether a process with this id runs; one that has ended and that nobody has asked for its status does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if sys.platform != "linux":
        return True
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - see handshake
            state = file.read().rpartition(b")")[2].split()[0]
    except OSError:  # it has just ended, as the next look tells, or there is no /proc
        return True
    return state not in (b"Z", b"X")
