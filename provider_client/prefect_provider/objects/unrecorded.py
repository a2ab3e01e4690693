"""Objects that were made and may be in no state, because Terraform or the provider was killed.

A process notes each creation in a file of its own before it sends it, and the new object's id when it is answered.
When Terraform ends the process in peace, it has recorded all that was answered, and the file is removed. A file whose
process is gone (nobody holds its lock) tells the next command what may have been made: an object that is found with
such an id, or that was made when such a creation was under way, is this configuration's own. It stops to count as soon
as it is seen in the state.

The files are in the directory in which Terraform keeps what belongs to a working directory (``.terraform``, or
``TF_DATA_DIR``), below ``prefect-iac/<workspace>``. They hold addresses, names, ids and times. Where that directory
cannot be written, no notes are kept.
"""

# pathlib takes longer to import than all this takes to run.
# ruff: noqa: PTH100, PTH103, PTH108, PTH118, PTH123, PTH208

from __future__ import annotations

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.text import json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Creation", "Unrecorded", "notes_directory"]

_KEPT: Final = timedelta(days=7)
_LONGEST: Final = timedelta(seconds=300)
"""How long one creation can be under way, with all its attempts."""

_TOLERANCE: Final = timedelta(seconds=5)
_TOLERANCE_OF_CLOCKS: Final = timedelta(seconds=60)
"""How far times may be apart that are the same, where the server's clock is known, and where it is not."""

_log: Final = logging.getLogger("prefect_provider.objects")


def notes_directory(environ: Mapping[str, str]) -> str:
    """Where the notes of this working directory and workspace are."""
    from urllib.parse import quote

    data = environ.get("TF_DATA_DIR") or ".terraform"
    workspace = environ.get("TF_WORKSPACE", "")
    if not workspace:
        with suppress(OSError), open(os.path.join(data, "environment"), encoding="utf-8") as file:
            workspace = file.read().strip()
    return os.path.abspath(os.path.join(data, "prefect-iac", quote(workspace or "default", safe="")))


class Creation:
    """A creation that a process began that did not end in peace; ``id`` is the object's, if it was answered."""

    __slots__ = ("_file", "_number", "_started", "_told", "id", "name", "url")

    def __init__(self, file: str, note: Mapping[str, Any]) -> None:
        self._file = file
        self._number = note["n"]
        self._started = datetime.fromisoformat(note["started"])
        self._told = bool(note["told"])
        self.url: str = note["url"]
        self.name: str = note["name"]
        self.id: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Which one it is."""
        return self._file, self._number

    def spans(self, moment: datetime | None) -> bool:
        """Whether it was under way at a moment of the server's clock."""
        tolerance = _TOLERANCE if self._told else _TOLERANCE_OF_CLOCKS
        return moment is not None and -tolerance <= moment - self._started <= _LONGEST + tolerance


class Unrecorded:
    """The notes of one process, and what others left; ``ahead`` tells how far the server's clock is ahead of ours."""

    def __init__(self, directory: str, ahead: Callable[[], timedelta | None]) -> None:
        self._directory = directory
        self._ahead = ahead
        self._handle: int | None = None
        self._path = ""
        self._begun: dict[int, tuple[str, str]] = {}
        self._open: dict[int, str | None] = {}
        self._count = 0
        self._left: dict[tuple[str, int], Creation] = {}
        self._unread: set[str] | None = None

    # ------------------------------------------------------------------ what this process makes

    def begin(self, url: str, name: str) -> int:
        """Note that an object is about to be made; see `Creations`."""
        self._count += 1
        self._open[self._count] = None
        self._begun[self._count] = url, name
        ahead = self._ahead()
        started = datetime.now(UTC) + (ahead or timedelta())
        note = {
            "n": self._count,
            "url": url,
            "name": name,
            "started": started.isoformat(),
            "told": ahead is not None,
        }
        self._write(note)
        return self._count

    def made(self, creation: int, object_id: str) -> None:
        """Note the id of what was made."""
        self._open[creation] = object_id
        self._write({"n": creation, "id": object_id})
        # What another one made instead was looked for before, and is not there.
        for other in self.left(*self._begun[creation]):
            if other.id is None:
                self.settle(other)
                break

    def failed(self, creation: int) -> None:
        """Note that nothing was made."""
        self._open.pop(creation, None)
        self._write({"n": creation, "end": True})

    def leave(self, *, in_peace: bool) -> None:
        """The process ends; in peace, when everything that was answered is in the state."""
        if self._handle is None:
            return
        if in_peace:
            for number in [number for number, object_id in self._open.items() if object_id is not None]:
                self.failed(number)
            if not self._open:
                _remove(self._path)
        os.close(self._handle)
        self._handle = None

    # ------------------------------------------------------------------ what others left

    def left(self, url: str, name: str) -> list[Creation]:
        """What may have been made of that name in a collection, and be in no state."""
        return [one for one in self._left_ones().values() if (one.url, one.name) == (url, name)]

    def bind(self, creation: Creation, object_id: str) -> None:
        """What a creation made was found."""
        if creation.id is None:
            creation.id = object_id
            self._add(creation, {"id": object_id})

    def settle(self, creation: Creation) -> None:
        """It needs no further look."""
        del self._left_ones()[creation.key]
        self._add(creation, {"end": True})
        file = creation.key[0]
        if not any(other == file for other, _ in self._left_ones()):
            _remove(os.path.join(self._directory, file))

    def recorded(self, object_id: str) -> None:
        """An object was seen in the state."""
        for creation in [one for one in self._left_ones().values() if one.id == object_id]:
            self.settle(creation)

    def _left_ones(self) -> dict[tuple[str, int], Creation]:
        if self._unread is None:
            try:
                self._unread = set(os.listdir(self._directory))
            except OSError:
                self._unread = set()
        for file in sorted(self._unread):
            if os.path.join(self._directory, file) == self._path:
                continue
            found = _read(self._directory, file)
            if found is None:
                continue  # its process is still there, perhaps about to end: look again the next time
            self._unread.discard(file)
            self._left.update({one.key: one for one in found})
            if found:
                _log.info("%d creations of a command that was cut off may be unrecorded", len(found))
        return self._left

    # ------------------------------------------------------------------ files

    def _write(self, note: Mapping[str, Any]) -> None:
        if self._handle is None and not self._path:
            self._handle = self._create()
        if self._handle is None:
            return
        with suppress(OSError):
            os.write(self._handle, f"{json.write(note)}\n".encode())

    def _create(self) -> int | None:
        import fcntl

        self._path = os.path.join(self._directory, f"{os.getpid()}-{os.urandom(4).hex()}")
        try:
            os.makedirs(self._directory, 0o700, exist_ok=True)
            handle = os.open(
                self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
            )
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            _log.info("no notes are kept of what is made: %s", error)
            return None
        return handle

    def _add(self, creation: Creation, note: Mapping[str, Any]) -> None:
        file, number = creation.key
        with suppress(OSError), open(os.path.join(self._directory, file), "ab") as handle:
            handle.write(f"\n{json.write({'n': number, **note})}\n".encode())


def _read(directory: str, file: str) -> list[Creation] | None:
    """What a file tells of creations that count; ``None`` while its process is there."""
    import fcntl

    path = os.path.join(directory, file)
    found: dict[int, Creation] = {}
    try:
        with open(path, "rb") as handle:
            if datetime.now(UTC) - datetime.fromtimestamp(os.fstat(handle.fileno()).st_mtime, UTC) > _KEPT:
                _remove(path)
                return []
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            lines = handle.read().splitlines()
    except BlockingIOError:
        return None
    except OSError:
        return []
    for line in lines:
        # The last line of a process that was killed may be a part of one.
        with suppress(ValueError, KeyError, TypeError):
            note = json.parse(line)
            if "url" in note:
                found[note["n"]] = Creation(file, note)
            elif "id" in note:
                found[note["n"]].id = str(note["id"])
            else:
                del found[note["n"]]
    if lines and not found:
        _remove(path)
    return list(found.values())


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
