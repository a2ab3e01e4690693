"""`make cloud-check`, asked about the simulator: every fact that can be checked holds there."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.environment.guides import commands_of
from tests.environment.prefect_cloud.contract import parts
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud import PrefectCloud

CHECKED = [fact for part in parts() for fact in part.facts if fact.check is not None]


@pytest.fixture
def cloud(prefect_clouds: Callable[..., PrefectCloud]) -> PrefectCloud:
    """An account of its own, with a member besides the owner."""
    cloud = prefect_clouds()
    cloud.add_user("member@example.com")
    return cloud


def checked(cloud: PrefectCloud, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What the script says of it."""
    env = {"PATH": os.environ["PATH"], **cloud.environment(**more)}
    script = str(ROOT / "scripts" / "cloud_check.py")
    return subprocess.run(
        [sys.executable, script, *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_fact_holds_of_the_simulator(cloud: PrefectCloud) -> None:
    """With a scratch workspace all of them are asked, none differs, and nothing of it is left behind."""
    before = {kind: cloud.store.actual(kind) for kind in ("workspace_roles", "workspaces", "bots", "teams")}

    done = checked(cloud, "--scratch", cloud.workspace_id)

    told = [line.split()[0] for line in done.stdout.splitlines()[1:-1] if not line.startswith(" ")]
    assert done.returncode == 0, done.stdout + done.stderr
    assert "differs" not in told, done.stdout
    assert told.count("holds") + told.count("unseen") == len(CHECKED)
    for kind, objects in before.items():
        ids = [one["id"] for one in cloud.store.actual(kind)]
        assert ids == [one["id"] for one in objects], kind


def test_nothing_is_changed_without_a_scratch_workspace(cloud: PrefectCloud) -> None:
    """Only reads are sent, and what would write is said to be left out."""
    done = checked(cloud)

    assert done.returncode == 0, done.stdout + done.stderr
    written = [
        (method, path)
        for method, path, _ in cloud.seen
        if method != "GET" and not path.endswith(("/filter", "/count", "/paginate"))
    ]
    assert written == []
    writing = sum(fact.writes for fact in CHECKED)
    assert writing > 0
    assert sum(line.startswith("left out") for line in done.stdout.splitlines()) == writing


def test_what_differs_is_told(cloud: PrefectCloud) -> None:
    """An account that is otherwise makes it end with 1, and the fact and the difference are named."""
    [worker] = cloud.store.actual("workspace_roles", lambda one: one["name"] == "Worker")
    cloud.store.change("workspace_roles", worker["id"], "Role", scopes=["see_flows"])

    done = checked(cloud)

    assert done.returncode == 1
    [line] = [line for line in done.stdout.splitlines() if line.startswith("differs")]
    assert "workspace-roles-scopes" in line
    assert "Worker has " in done.stdout


def test_what_is_missing_is_said(cloud: PrefectCloud) -> None:
    """Without a key nobody is asked."""
    done = checked(cloud, PREFECT_API_KEY="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: set PREFECT_API_KEY\n"


def test_the_commands_of_the_page(cloud: PrefectCloud) -> None:
    """What docs/cloud.md tells to type is what `make` knows, with the scratch workspace in its place."""
    *_, read, write = commands_of("cloud.md")
    assert (read, write) == (
        "make cloud-check",
        'make cloud-check ARGS="--scratch $PREFECT_CLOUD_WORKSPACE_ID"',
    )
    env = {"PATH": os.environ["PATH"], **cloud.environment(PREFECT_CLOUD_WORKSPACE_ID=cloud.workspace_id)}
    shown = subprocess.run(
        ["sh", "-c", f"{write} --dry-run --old-file=ready"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    assert shown.splitlines()[-1].endswith(f"scripts/cloud_check.py --scratch {cloud.workspace_id}")
