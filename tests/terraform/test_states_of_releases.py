"""States that earlier releases wrote are read by this one, and plan nothing."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.version import VERSION
from tests.environment.guides import commands_of, shell
from tests.environment.terraform import ROOT
from tests.terraform.release_states import STATES, breaks, moved, releases, schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace

RELEASES = pytest.mark.parametrize("release", releases(), ids=lambda path: path.name)


def recorded(release: Path, file: str) -> dict[str, Any]:
    """A file of a release."""
    content: dict[str, Any] = json.loads((release / file).read_text(encoding="utf-8"))
    return content


@RELEASES
def test_a_state_is_read(release: Path, terraform: Callable[..., Workspace]) -> None:
    """Ids and times apart, the state is as that release wrote it: the plan is empty, an apply keeps every object."""
    workspace = terraform((release / "main.tf").read_text(encoding="utf-8"), provider=False)
    workspace.apply()
    file = workspace.directory / "terraform.tfstate"
    fresh = json.loads(file.read_text(encoding="utf-8"))
    old = recorded(release, "state.json")
    file.write_text(json.dumps(moved(old, fresh)), encoding="utf-8")

    workspace.assert_no_changes()
    workspace.apply()

    ids = {address: values["id"] for address, values in workspace.state().items()}
    written = {
        f"{one['type']}.{one['name']}": one["instances"][0]["attributes"]["id"] for one in fresh["resources"]
    }
    assert ids == written
    workspace.destroy()


@RELEASES
def test_every_type_is_recorded(release: Path) -> None:
    """The state has each type of that release that a self-hosted server can have, in the version of its schema."""
    types = {
        one["type"]: one["instances"][0]["schema_version"]
        for one in recorded(release, "state.json")["resources"]
    }
    known = recorded(release, "schemas.json")
    assert types == {name: known[name]["version"] for name in types}
    assert {name for name in known if name not in types} <= CLOUD


CLOUD: set[str] = set()
"""Types that only Prefect Cloud has."""


@RELEASES
def test_a_change_of_type_has_a_version_of_its_own(release: Path) -> None:
    """No attribute that a released state may have is gone or of another type, unless the schema's version says so."""
    assert breaks(recorded(release, "schemas.json"), schemas()) == []


def test_breaks_are_seen() -> None:
    """A removed attribute, another type, a removed resource and a version that goes back; not an added attribute."""
    before = recorded(STATES / "0.1.0", "schemas.json")
    assert breaks(before, before) == []
    now = copy.deepcopy(before)
    now["prefect_flow"]["attributes"]["more"] = '"string"'
    assert breaks(before, now) == []
    del now["prefect_flow"]["attributes"]["tags"]
    now["prefect_work_queue"]["attributes"]["priority"] = '"string"'
    now["prefect_variable"]["version"] = 0
    del now["prefect_block"]
    assert [text.partition(":")[0].partition(" ")[0] for text in breaks(before, now)] == [
        "prefect_block",
        "prefect_flow.tags",
        "prefect_variable",
        "prefect_work_queue.priority",
    ]
    # With a version of its own, a change is what `upgrade` is for.
    now["prefect_flow"]["version"] = before["prefect_flow"]["version"] + 1
    assert not [text for text in breaks(before, now) if text.startswith("prefect_flow.")]


def test_this_version_is_recorded() -> None:
    """A version is released with what it writes into states."""
    assert (STATES / VERSION / "state.json").exists(), "run scripts/record_states.py"


def test_the_guides_commands(terraform: Callable[..., Workspace]) -> None:
    """The two lines of the guide upgrade a workspace, here to the version that it has."""
    workspace = terraform(
        'provider "prefect" {}\n',
        env={"TF_CLI_CONFIG_FILE": str(ROOT / ".cache" / "terraform" / "mirror.terraformrc")},
    )
    workspace.run("init", check=True)
    for command in commands_of("upgrades.md"):
        done = shell(workspace, command)
        assert done.returncode == 0, done.stderr
    assert "No changes" in done.stdout
