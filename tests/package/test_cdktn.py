"""`cdktn deploy` without a flag: the step that locks providers works with a network mirror and with the launcher."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prefect_provider.version import VERSION
from tests.environment.guides import commands_of
from tests.environment.processes import clean_environment
from tests.environment.terraform import ROOT, terraform_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.package.tls_server import TlsServer

pytestmark = [
    pytest.mark.package,
    pytest.mark.terraform,
    pytest.mark.cdktf,
    pytest.mark.usefixtures("dist"),
]

APP = """\
from cdktn import App, TerraformStack
from prefect_constructs import PrefectProvider, Variable

app = App()
stack = TerraformStack(app, "dev")
PrefectProvider(stack, "prefect")
Variable(stack, "v", name="{name}", value="x")
app.synth()
"""
(TELL,) = (line for line in commands_of("installing.md") if "TF_CLI_ARGS" in line)
(DEPLOY,) = (line for line in commands_of("installing.md") if line.startswith("cdktn"))


@pytest.fixture
def surroundings(prefect_server: PrefectServer, tmp_path: Path) -> dict[str, str]:
    """The variables of somebody who has an app in a directory, and whose home is empty."""
    program = terraform_program()
    assert program is not None
    project = {"language": "python", "app": f"{sys.executable} main.py"}
    (tmp_path / "cdktf.json").write_text(json.dumps(project), encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    own = [ROOT / "node_modules" / ".bin", Path(sys.executable).parent, program.parent]
    return clean_environment(
        home,
        PATH=os.pathsep.join([*map(str, own), "/usr/bin", "/bin"]),
        TERRAFORM_BINARY_NAME=str(program),
        PREFECT_API_URL=prefect_server.api_url,
        CHECKPOINT_DISABLE="1",
        CI="1",
    )


def run(commands: list[str], directory: Path, env: dict[str, str]) -> str:
    """Run lines of a shell; the lock file that is there afterwards."""
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(commands)],
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lock = directory / "cdktf.out" / "stacks" / "dev" / ".terraform.lock.hcl"
    return lock.read_text(encoding="utf-8")


def test_with_a_network_mirror(
    dist: Path,
    served: Callable[[Path], TlsServer],
    surroundings: dict[str, str],
    prefect_server: PrefectServer,
    tmp_path: Path,
) -> None:
    """The guide's two lines, with a mirror to install from: neither installing nor locking asks a registry."""
    mirror = served(dist / "mirror")
    config = tmp_path / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  network_mirror {{\n    url = "{mirror.url}"\n  }}\n}}\n',
        encoding="utf-8",
    )
    (tmp_path / "main.py").write_text(APP.format(name="deployed_from_the_mirror"), encoding="utf-8")
    env = surroundings | {"TF_CLI_CONFIG_FILE": str(config), "SSL_CERT_FILE": str(mirror.authority)}
    tell = TELL.replace("https://mirror.example.com/", mirror.url)
    assert tell != TELL
    lock = run([tell, f"{DEPLOY} --auto-approve"], tmp_path, env)
    assert prefect_server.exists("/variables/name/deployed_from_the_mirror")
    assert re.search(rf'^  version *= "{re.escape(VERSION)}"', lock, re.MULTILINE)
    # Installed, then locked: cdktn did not leave the second step out.
    folder = "/registry.terraform.io/prefect-iac/prefect"
    assert mirror.asked.count(f"{folder}/{VERSION}.json") >= 2


def test_with_the_launcher(
    surroundings: dict[str, str], prefect_server: PrefectServer, tmp_path: Path
) -> None:
    """What `prefect-iac install-provider` wrote can be named to the step that locks, and is."""
    (tmp_path / "main.py").write_text(APP.format(name="deployed_by_the_launcher"), encoding="utf-8")
    guide = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    (mirror,) = re.findall(r"`(-fs-mirror=[^`]*)`", guide)
    tell = re.sub(r"-net-mirror=\S+", mirror, TELL)
    lock = run(["prefect-iac install-provider", tell, f"{DEPLOY} --auto-approve"], tmp_path, surroundings)
    assert prefect_server.exists("/variables/name/deployed_by_the_launcher")
    assert re.search(rf'^  version *= "{re.escape(VERSION)}"', lock, re.MULTILINE)
