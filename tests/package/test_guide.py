"""What docs/installing.md says, done as it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from packing.budget import FOLDER_BYTES, START_RATIO, ZIP_BYTES, folder_bytes
from packing.hashes import h1_of_zip
from packing.mirror import find_packages
from prefect_provider.version import VERSION
from tests.environment.guides import commands_of, shell
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace
    from tests.package.tls_server import TlsServer

GUIDE = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
FILES, NETWORK = re.findall(r"^```hcl\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def configured(workspace: Workspace, configuration: str) -> None:
    """Make a text Terraform's own configuration, where it looks for it."""
    Path(workspace.env["TF_CLI_CONFIG_FILE"]).write_text(configuration, encoding="utf-8")


@pytest.mark.package
def test_a_directory(dist: Path, bare: Callable[..., Workspace]) -> None:
    """The block with a directory."""
    workspace = bare("", "", api_url=None)
    configured(workspace, FILES.replace("/srv/prefect-iac/mirror", str(dist / "mirror")))
    workspace.run("init", check=True)


@pytest.mark.package
def test_the_directory_that_needs_no_configuration(dist: Path, bare: Callable[..., Workspace]) -> None:
    """A copy of the mirror below the home directory."""
    workspace = bare("", "", api_url=None)
    configured(workspace, "")
    shutil.copytree(dist / "mirror", Path(workspace.env["HOME"]) / ".terraform.d" / "plugins")
    workspace.run("init", check=True)


@pytest.mark.package
def test_a_network_mirror(
    dist: Path, bare: Callable[..., Workspace], served: Callable[[Path], TlsServer]
) -> None:
    """The block with an address, and the line that locks."""
    mirror = served(dist / "mirror")
    workspace = bare("", "", api_url=None, env={"SSL_CERT_FILE": str(mirror.authority)})
    configured(workspace, NETWORK.replace("https://mirror.example.com/", mirror.url))
    workspace.run("init", check=True)
    (workspace.directory / ".terraform.lock.hcl").unlink()
    (line,) = (line for line in commands_of("installing.md") if "providers lock" in line)
    workspace.env["PATH"] = "/usr/bin:/bin:/usr/local/bin"
    done = shell(workspace, line.replace("https://mirror.example.com/", mirror.url))
    assert done.returncode == 0, done.stderr
    lock = (workspace.directory / ".terraform.lock.hcl").read_text(encoding="utf-8")
    assert h1_of_zip(find_packages(dist, VERSION)[0].archive) in lock


def test_its_budgets_are_those_that_are_kept() -> None:
    """The table has the limits of the script."""
    budgets = re.findall(r"^\| .* \| ([\d.]+)(?: MB)? \|$", GUIDE, re.MULTILINE)
    assert [float(text) for text in budgets] == [ZIP_BYTES / 1e6, FOLDER_BYTES / 1e6, START_RATIO]


@pytest.mark.package
def test_its_figures_are_those_of_the_package(dist: Path) -> None:
    """The sizes that it names are those of this package, to a seventh: interpreters differ."""
    sizes = re.findall(r"^\| (?:zip|folder) \| ([\d.]+) MB", GUIDE, re.MULTILINE)
    archive = find_packages(dist, VERSION)[0].archive
    unpacked = ROOT / ".cache" / "package" / "unpacked"
    found = [archive.stat().st_size, folder_bytes(unpacked)]
    assert [float(text) * 1e6 for text in sizes] == pytest.approx(found, rel=0.15)
