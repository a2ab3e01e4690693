"""Notes of what is made are kept while it may be unrecorded, heeded by the next process, and gone when settled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from prefect_provider.objects.unrecorded import Unrecorded, notes_directory

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:4200/api/automations"

PROCESS = """
import sys
from prefect_provider.objects.unrecorded import Unrecorded
notes = Unrecorded(sys.argv[1], lambda: None)
notes.made(notes.begin("{url}", "a"), "id-1")
notes.begin("{url}", "b")
notes.failed(notes.begin("{url}", "c"))
print("ready", flush=True)
sys.stdin.read()
"""


def unrecorded(directory: Path, ahead: float | None = 0.0) -> Unrecorded:
    """The notes of a new process."""
    return Unrecorded(str(directory), lambda: None if ahead is None else timedelta(seconds=ahead))


def files(directory: Path) -> list[Path]:
    """The files of notes."""
    return sorted(directory.iterdir()) if directory.exists() else []


def left_by_a_killed_process(directory: Path) -> Unrecorded:
    """Notes of a new process after another one was killed, which had made `a` and may have made `b`."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS.format(url=URL), str(directory)],
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert unrecorded(directory).left(URL, "a") == []  # it lives
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return unrecorded(directory)


def test_killed_process_leaves_what_it_made(tmp_path: Path) -> None:
    """What was answered is known by its id, what was not by its name and time; what failed is forgotten."""
    notes = left_by_a_killed_process(tmp_path)
    (a,) = notes.left(URL, "a")
    (b,) = notes.left(URL, "b")

    assert (a.id, b.id) == ("id-1", None)
    assert notes.left(URL, "c") == []
    assert notes.left(URL + "/x", "a") == []
    assert b.spans(datetime.now(UTC))
    assert not b.spans(datetime.now(UTC) - timedelta(hours=1))
    assert not b.spans(datetime.now(UTC) + timedelta(hours=1))
    assert not b.spans(None)


def test_file_goes_when_all_is_settled(tmp_path: Path) -> None:
    """What is seen in the state, and what was made anew, is settled, also for later processes."""
    notes = left_by_a_killed_process(tmp_path)
    notes.recorded("id-1")
    assert unrecorded(tmp_path).left(URL, "a") == []
    assert len(unrecorded(tmp_path).left(URL, "b")) == 1
    notes.made(notes.begin(URL, "b"), "id-2")
    notes.leave(in_peace=True)

    assert files(tmp_path) == []


def test_what_was_found_is_kept_until_it_is_recorded(tmp_path: Path) -> None:
    """A found object gets its id noted, so that the next process knows it until it is in the state."""
    notes = left_by_a_killed_process(tmp_path)
    (b,) = notes.left(URL, "b")
    notes.bind(b, "id-2")
    notes.made(notes.begin(URL, "b"), "id-3")  # another one of that name does not settle it
    notes.leave(in_peace=True)

    later = unrecorded(tmp_path)
    assert [one.id for one in later.left(URL, "b")] == ["id-2"]
    later.recorded("id-2")
    later.recorded("id-1")
    assert files(tmp_path) == []


def test_peaceful_end_leaves_nothing(tmp_path: Path) -> None:
    """A process that Terraform ends when all is answered removes its file; one that makes nothing has none."""
    notes = unrecorded(tmp_path / "deep" / "er")
    notes.leave(in_peace=True)
    assert files(tmp_path) == []

    notes.made(notes.begin(URL, "a"), "id-1")
    assert len(files(tmp_path / "deep" / "er")) == 1
    notes.leave(in_peace=True)
    assert files(tmp_path / "deep" / "er") == []


def test_doubt_outlives_a_peaceful_end(tmp_path: Path) -> None:
    """A creation of which nobody knows what came of it stays noted; what was answered is recorded then."""
    notes = unrecorded(tmp_path)
    notes.made(notes.begin(URL, "a"), "id-1")
    notes.begin(URL, "b")
    notes.leave(in_peace=True)

    later = unrecorded(tmp_path)
    assert later.left(URL, "a") == []
    assert [one.id for one in later.left(URL, "b")] == [None]


def test_other_end_leaves_all(tmp_path: Path) -> None:
    """When Terraform is gone, it may have recorded none of it."""
    notes = unrecorded(tmp_path)
    notes.made(notes.begin(URL, "a"), "id-1")
    notes.leave(in_peace=False)

    assert [one.id for one in unrecorded(tmp_path).left(URL, "a")] == ["id-1"]


def test_times_are_the_servers(tmp_path: Path) -> None:
    """A clock of the server that is known counts, and one that is not is given a minute."""
    now = datetime.now(UTC)
    for ahead, seconds, spans in (
        (600.0, 602, True),
        (600.0, 560, False),
        (None, -50, True),
        (None, -90, False),
    ):
        notes = unrecorded(tmp_path / f"{ahead}{seconds}", ahead)
        notes.begin(URL, "a")
        notes.leave(in_peace=False)
        (creation,) = unrecorded(tmp_path / f"{ahead}{seconds}").left(URL, "a")
        assert creation.spans(now + timedelta(seconds=seconds)) is spans


@pytest.mark.parametrize(
    "rubbish", [b"", b"\x00\xff", b"[1]\n", b'{"n":1,"url":"', b'{"n":9,"id":"x"}\n', b"null\n"]
)
def test_torn_files_are_borne(tmp_path: Path, rubbish: bytes) -> None:
    """What a killed process wrote half is passed over, and the rest counts."""
    notes = unrecorded(tmp_path)
    notes.made(notes.begin(URL, "a"), "id-1")
    notes.leave(in_peace=False)
    (file,) = files(tmp_path)
    file.write_bytes(file.read_bytes() + rubbish)

    later = unrecorded(tmp_path)
    assert [one.id for one in later.left(URL, "a")] == ["id-1"]
    later.recorded("id-1")
    assert unrecorded(tmp_path).left(URL, "a") == []


def test_old_notes_are_forgotten(tmp_path: Path) -> None:
    """After a week nobody comes back to a command that was killed."""
    notes = unrecorded(tmp_path)
    notes.made(notes.begin(URL, "a"), "id-1")
    notes.leave(in_peace=False)
    (file,) = files(tmp_path)
    past = (datetime.now(UTC) - timedelta(days=8)).timestamp()
    os.utime(file, (past, past))

    assert unrecorded(tmp_path).left(URL, "a") == []
    assert files(tmp_path) == []


def test_nothing_is_kept_where_nothing_can_be(tmp_path: Path) -> None:
    """Where the directory cannot be made, creations go on without notes."""
    (tmp_path / "file").write_text("")
    notes = unrecorded(tmp_path / "file" / "below")
    notes.made(notes.begin(URL, "a"), "id-1")
    notes.failed(notes.begin(URL, "b"))
    notes.leave(in_peace=True)

    assert unrecorded(tmp_path / "file" / "below").left(URL, "a") == []


def test_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each workspace of each working directory has its own notes, where Terraform keeps the rest."""
    monkeypatch.chdir(tmp_path)
    assert notes_directory({}) == str(tmp_path / ".terraform/prefect-iac/default")
    assert notes_directory({"TF_WORKSPACE": "a/b"}) == str(tmp_path / ".terraform/prefect-iac/a%2Fb")
    assert notes_directory({"TF_DATA_DIR": "data"}) == str(tmp_path / "data/prefect-iac/default")
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform/environment").write_text("staging")
    assert notes_directory({}) == str(tmp_path / ".terraform/prefect-iac/staging")
