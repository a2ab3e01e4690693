"""What docs/prefect-yaml.md shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.environment.processes import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "prefect-yaml.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


CODE = "from prefect import flow\n@flow\ndef load(day: str):\n    pass\nload.deploy(name='d', work_pool_name='p')\n"


def write_project(directory: Path) -> None:
    """The document of the page, and the code that it names."""
    (document,) = blocks("yaml")
    (directory / "prefect.yaml").write_text(document, encoding="utf-8")
    (directory / "flows.py").write_text(CODE, encoding="utf-8")


def test_the_configuration_applies(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """The HCL makes what the document says, and then there is nothing left to do."""
    (configuration,) = blocks("hcl")
    workspace = terraform(configuration)
    write_project(workspace.directory)
    workspace.apply()
    found = prefect_server.call("GET", "/deployments/name/load/nightly")
    assert (found["tags"], found["job_variables"]) == (["test"], {"image": "example.com/flows:1.4"})
    assert found["parameter_openapi_schema"]["required"] == ["day"]
    workspace.assert_no_changes()
    workspace.destroy()


@pytest.mark.cdktf
def test_the_commands_run(tmp_path: Path) -> None:
    """Each command ends well with the document of the page, and the program that is written synthesizes."""
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    write_project(tmp_path)
    automations = ROOT / "examples" / "functions" / "yaml_automations" / "automations.yaml"
    (tmp_path / "automations.yaml").write_text(automations.read_text(encoding="utf-8"), encoding="utf-8")
    programs = Path(sys.executable).parent
    environment = clean_environment(tmp_path, STAGE="test")
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    for command in [*commands, f"{sys.executable} main.py"]:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
    written = (tmp_path / "main.tf").read_text(encoding="utf-8")
    assert 'resource "prefect_automation" "nightly_1"' in written
    assert 'resource "prefect_automation"' in (tmp_path / "alerts.tf").read_text(encoding="utf-8")
    assert list((tmp_path / "cdktf.out").rglob("cdk.tf.json"))
