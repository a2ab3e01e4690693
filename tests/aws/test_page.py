"""What docs/aws.md shows is what happens."""

from __future__ import annotations

import platform
import re
import shutil
from typing import TYPE_CHECKING

from examples.aws_lambda.notifications import objects_of
from tests.aws.told import notification_of
from tests.environment.guides import commands_of, shell
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace


def test_commands(terraform: Callable[..., Workspace], aws_configuration: Path) -> None:
    """The archive is packed, and the module is initialized and tested, where there is no AWS."""
    # `terraform init` asks for a provider that is installed; development overrides are not.
    mirror = aws_configuration.parent / "mirror"
    system = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
    place = mirror / "registry.terraform.io/hashicorp/aws/6.0.0" / f"{platform.system().lower()}_{system}"
    place.mkdir(parents=True)
    shutil.copy2(
        aws_configuration.with_name("terraform-provider-aws"), place / "terraform-provider-aws_v6.0.0"
    )
    config = aws_configuration.with_name("mirrored")
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n', encoding="utf-8"
    )
    workspace = terraform("", api_url=None, env={"TF_CLI_CONFIG_FILE": str(config)}, provider=False)
    for part in ("examples/aws_lambda", "modules/s3-to-flow-run"):
        shutil.copytree(ROOT / part, workspace.directory / part, ignore=shutil.ignore_patterns(".terraform*"))
    for command in commands_of("aws.md"):
        done = shell(workspace, command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert (workspace.directory / "start-flow-run.zip").exists()
    assert "Success! 5 passed" in done.stdout


def test_fields() -> None:
    """The page names every field that templates have, and no other."""
    page = (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"^The fields are (.*?); and", page, re.MULTILINE | re.DOTALL)
    fields = objects_of(notification_of("a"))[0].fields()
    assert set(re.findall(r"\{(\w+)\}", sentence)) == fields.keys() - {"record"}


def test_settings() -> None:
    """The page names every setting that the function has."""
    page = (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
    source = "".join(
        (ROOT / "examples" / "aws_lambda" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("settings", "credentials")
    )
    named = {name for name in re.findall(r"\bPREFECT_[A-Z_]+\b", source) if "_MEMORY_" not in name}
    assert named == {
        name
        for name in re.findall(r"`(PREFECT_[A-Z_]+)`", page)
        if "_MEMORY_" not in name and "__" not in name
    }
