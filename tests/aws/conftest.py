"""Terraform with a stand-in for the AWS provider, which cannot be downloaded everywhere that tests run."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import ROOT, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

_PROGRAM = """#!{python}
import sys
sys.path[:0] = {path!r}
from tests.aws.stand_in.__main__ import main
main()
"""


@pytest.fixture(scope="session")
def aws_configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration of terraform's command line in which hashicorp/aws is the stand-in."""
    directory = tmp_path_factory.mktemp("stand-in")
    program = directory / "terraform-provider-aws"
    path = [str(ROOT), str(ROOT / "provider_client")]
    program.write_text(_PROGRAM.format(python=sys.executable, path=path), encoding="utf-8")
    program.chmod(0o755)
    config = directory / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  dev_overrides {{ "hashicorp/aws" = "{directory}" }}\n  direct {{}}\n}}\n',
        encoding="utf-8",
    )
    return config


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A copy of the module and what belongs to it, in which terraform may leave files."""
    return shutil.copytree(ROOT / "modules" / "s3-to-flow-run", tmp_path / "s3-to-flow-run")


@pytest.fixture
def aws(
    terraform: Callable[..., Workspace], aws_configuration: Path, tmp_path: Path
) -> Callable[..., Workspace]:
    """A function that makes a workspace whose AWS is the stand-in, with its modules in place."""

    def make(configuration: str | Mapping[str, Any], directory: Path | None = None) -> Workspace:
        env = {
            "TF_CLI_CONFIG_FILE": str(aws_configuration),
            "STAND_IN_STORE": str(tmp_path / "store.json"),
        }
        workspace = terraform(configuration, api_url=None, env=env, provider=False)
        if directory is not None:
            (workspace.directory / "main.tf").unlink()
            workspace.directory = directory
        workspace.run("get", check=True)
        return workspace

    return make
