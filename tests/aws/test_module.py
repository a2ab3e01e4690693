"""The module s3-to-flow-run on a stand-in for the AWS provider: its own tests, its examples, its life."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from examples.aws_lambda.archive import write_archive
from tests.aws.plans import SETTINGS, module_workspace
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace


@pytest.mark.parametrize("settings", ["runs", "s3"])
def test_life(aws: Callable[..., Workspace], modules: Path, tmp_path: Path, settings: str) -> None:
    """It is made, planning again finds nothing to do, and all of it can be destroyed."""
    archive = write_archive(tmp_path / "function.zip")
    workspace = module_workspace(aws, modules, SETTINGS[settings], archive)
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


@pytest.mark.parametrize("place", ["", "modules/api-destination"])
def test_its_tests(aws: Callable[..., Workspace], modules: Path, place: str) -> None:
    """`terraform validate` and `terraform test`, which come with the module and need no AWS, pass."""
    write_archive(modules / "function.zip")
    workspace = aws("", modules / place)
    assert workspace.validate().errors == []
    done = workspace.run("test")
    assert done.exit_code == 0, done.stdout + done.stderr
    assert "Success! " in done.stdout
    assert "Success! 0 passed" not in done.stdout


@pytest.mark.parametrize("example", ["basic", "without-lambda"])
def test_examples(aws: Callable[..., Workspace], modules: Path, example: str) -> None:
    """The module's examples can be planned as they are."""
    directory = modules / "examples" / example
    write_archive(directory / "start-flow-run.zip")
    workspace = aws("", directory)
    given = ["-var", "prefect_api_key=pnu_1"] if example == "without-lambda" else []
    plan = workspace.plan(*given)
    assert {change.actions for change in plan.changes} == {("create",)}


@pytest.mark.parametrize("place", ["", "modules/api-destination"])
def test_readme(place: str) -> None:
    """The README has each input and output, in order, in the words of its description."""
    directory = ROOT / "modules" / "s3-to-flow-run" / place
    readme = (directory / "README.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| `(\w+)` \| (.*?) \|", readme, re.MULTILINE)
    declared = [
        (name, description.replace('\\"', '"'))
        for file in ("variables.tf", "outputs.tf")
        for name, description in re.findall(
            r'^(?:variable|output) "(\w+)" \{\n  description = "(.*)"$',
            (directory / file).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    assert said == declared
