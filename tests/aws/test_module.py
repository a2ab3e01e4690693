"""The module s3-to-flow-run on a stand-in for the AWS provider: its tests, its examples, its README."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace


def test_tests_of_the_submodule(aws: Callable[..., Workspace], modules: Path) -> None:
    """`terraform validate` and `terraform test`, which need no AWS, pass; those of the module are in `test_page`."""
    workspace = aws("", modules / "modules" / "api-destination")
    assert workspace.validate().errors == []
    done = workspace.run("test")
    assert done.exit_code == 0, done.stdout + done.stderr
    assert "Success! 3 passed" in done.stdout


def test_example_of_the_submodule(aws: Callable[..., Workspace], modules: Path) -> None:
    """The example without a function can be planned as it is; the other one is in `test_serverless`."""
    plan = aws("", modules / "examples" / "without-lambda").plan("-var", "prefect_api_key=pnu_1")
    assert {change.actions for change in plan.changes} == {("create",)}
    (connection,) = (one for one in plan.changes if "connection" in one.address)
    assert connection.after is not None
    assert connection.after["auth_parameters"][0]["api_key"][0]["key"] == "Authorization"


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
