"""What docs/review.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.environment.guides import commands_of, shell
from tests.review.plans import LOOP, OLD, with_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

GUIDE = (Path(__file__).resolve().parent.parent.parent / "docs" / "review.md").read_text(encoding="utf-8")
CHANCE = {
    r"http\S+/[0-9a-f-]{36}": "PAGE",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}": "ID",
    r"\d{4}-\d\d-\d\dT[\d:]+Z": "INSTANT",
    r"\d\d:\d\d(:\d\d)?": "TIME",
    r"\d\d \w{3}( \d{4})?": "DATE",
    r"JSON [0-9a-f]{12}": "JSON SUM",
    r"nightly/[a-z]+-[a-z]+": "RUN",
    r"Terraform [\d.]+": "Terraform",
    "[·▁▂▃▄▅▆▇█]+": "BARS",
    r" {2,}": "  ",
}
"""What differs from run to run, and what stands for it."""


def settled(text: str) -> list[str]:
    """The lines of a text without what differs from run to run, also in the widths of columns."""
    for pattern, name in CHANCE.items():
        text = re.sub(pattern, name, text)
    return [line.rstrip() for line in text.splitlines()]


def test_the_guide_shows_what_happens(
    prefect_servers: Callable[..., PrefectServer], terraform: Callable[..., Workspace]
) -> None:
    """Every command runs as it is written, and the report in the guide is the one of such a plan."""
    server = prefect_servers()
    before, automation, rest = LOOP.replace("NAME-etl", "etl").partition('resource "prefect_automation"')
    old = OLD.replace("happened-old", "legacy")
    workspace = terraform(before + old, api_url=server.api_url)
    rest = rest.replace("NAME-restart", "restart-failed")
    scheduled = before.replace(
        '"etl.py:etl"\n',
        '"etl.py:etl"\n  schedules  = { daily = { cron = "0 3 * * *", timezone = "UTC" } }\n',
    )
    with_history(workspace, server, scheduled + automation + rest)
    (workspace.directory / "saved.tfplan").write_bytes((workspace.directory / "tfplan").read_bytes())
    commands = commands_of("review.md")
    assert len(commands) == 5
    shown = []
    for command in commands:
        done = shell(workspace, command)
        assert done.returncode == (0 if "--live" in command else 2), (command, done.stdout, done.stderr)
        assert done.stderr == ""
        shown.append(done.stdout)
    (example,) = re.findall(r"^```text\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    assert settled(shown[1]) == settled(example)
    page = (workspace.directory / "review.html").read_text(encoding="utf-8")
    assert 'id="timeline"' in page
    assert 'id="graph-canvas"' in page
    workspace.destroy()
