"""Colours at a terminal, and only there."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from prefect_iac.output import FORMATS, write
from prefect_iac.output.report import Finding, Report
from prefect_iac.output.terminal import has_colours, progress
from tests.output.reports import FULL, NASTY

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.measured

SHOW = """\
import sys
from prefect_iac.output import write
from prefect_iac.output.terminal import progress
from tests.output.reports import FULL
with progress("reading events", sys.stdout, total=2) as advance:
    advance(1)
write(FULL, "text", sys.stdout)
"""


def at_a_terminal(program: str, columns: int = 100, **env: str) -> str:
    """What a program shows at a terminal of that width."""
    main, other = pty.openpty()
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_PROCESS_")}
    known: Mapping[str, str] = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLUMNS": str(columns),
        **measured,
    }
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=other, stderr=other, stdin=other, env={**known, **env}
    ) as process:
        os.close(other)
        shown = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # the end of a terminal, on Linux
                break
            if not piece:
                break
            shown += piece
        os.close(main)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


def plain(text: str) -> str:
    """The text without commands to the terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_a_terminal_has_colours_and_progress() -> None:
    """Levels have colours, a bar shows how far the work has come, and nothing of the report is missing."""
    shown = at_a_terminal(SHOW)

    assert "\x1b[1;31merror" in shown
    assert "reading events" in shown
    seen = plain(shown)
    for text in ("starts itself", "lint/loop", "auto mations.py:41", "etl-failed", "suppressed", "wanted so"):
        assert text in seen
    assert seen.rstrip().endswith(FULL.summary)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_colours_gets_plain_text(env: dict[str, str]) -> None:
    """With NO_COLOR, or at a terminal that has none, the report is what a pipe gets, without a bar."""
    assert at_a_terminal(SHOW, 100, **env).replace("\r\n", "\n") == FORMATS["text"](FULL) + "\n"


@pytest.mark.parametrize("columns", [40, 100])
def test_tables_keep_to_the_width(columns: int) -> None:
    """No line is longer than the terminal is wide."""
    lines = plain(at_a_terminal(SHOW, columns)).replace("\r", "\n").splitlines()
    assert max(len(line.rstrip()) for line in lines) <= columns


def test_names_command_no_terminal() -> None:
    """What others named is shown, never obeyed."""
    program = (
        "import sys\nfrom prefect_iac.output import write\nfrom prefect_iac.output.report import Finding, Report\n"
        f"name = {NASTY[11]!r}\n"
        "write(Report(name, name, (Finding(name, 'error', name, name),), (), {}), 'text', sys.stdout)\n"
    )
    shown = at_a_terminal(program)
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert "\x1b[31mred" not in shown
    assert r"\x1b[31mred\x07" in plain(shown)


def test_a_pipe_gets_plain_text_and_no_progress() -> None:
    """What is no terminal gets the report as the format has it."""
    stream = io.StringIO()
    with progress("reading", stream, total=3) as advance:
        advance(3)
    write(FULL, "text", stream)
    assert stream.getvalue() == FORMATS["text"](FULL) + "\n"
    assert not has_colours(stream)


def test_other_formats_are_the_same_everywhere() -> None:
    """Only text has colours."""
    stream = io.StringIO()
    report = Report("x", "s", (Finding("r", "note", "a", "b"),), (), {"version": 1})
    write(report, "json", stream)
    assert stream.getvalue() == '{\n  "version": 1\n}\n'
