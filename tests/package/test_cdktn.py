"""`cdktn deploy` with the package from a network mirror: its own step that locks providers works there, too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prefect_provider.version import VERSION
from tests.environment.processes import clean_environment
from tests.environment.terraform import ROOT, terraform_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.package.tls_server import TlsServer

pytestmark = [pytest.mark.package, pytest.mark.terraform, pytest.mark.cdktf]

APP = """\
from cdktn import App, TerraformStack
from prefect_constructs import PrefectProvider, Variable

app = App()
stack = TerraformStack(app, "dev")
PrefectProvider(stack, "prefect")
Variable(stack, "v", name="deployed_from_the_mirror", value="x")
app.synth()
"""


def test_deploy_needs_no_flag(
    dist: Path, served: Callable[[Path], TlsServer], prefect_server: PrefectServer, tmp_path: Path
) -> None:
    """Where the mirror is named for installing and for locking, neither of the two asks a registry."""
    program = terraform_program()
    assert program is not None
    mirror = served(dist / "mirror")
    config = tmp_path / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  network_mirror {{\n    url = "{mirror.url}"\n  }}\n}}\n',
        encoding="utf-8",
    )
    (tmp_path / "main.py").write_text(APP, encoding="utf-8")
    project = {"language": "python", "app": f"{sys.executable} main.py"}
    (tmp_path / "cdktf.json").write_text(json.dumps(project), encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    commands = os.pathsep.join(
        [
            str(ROOT / "node_modules" / ".bin"),
            str(Path(sys.executable).parent),
            str(program.parent),
            "/usr/bin",
            "/bin",
        ]
    )
    env = clean_environment(
        home,
        PATH=commands,
        TERRAFORM_BINARY_NAME=str(program),
        TF_CLI_CONFIG_FILE=str(config),
        TF_CLI_ARGS_providers_lock=f"-net-mirror={mirror.url}",
        SSL_CERT_FILE=str(mirror.authority),
        PREFECT_API_URL=prefect_server.api_url,
        CHECKPOINT_DISABLE="1",
        CI="1",
    )
    done = subprocess.run(
        ["cdktn", "deploy", "--auto-approve"],
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        executable=shutil.which("cdktn", path=commands),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert prefect_server.exists("/variables/name/deployed_from_the_mirror")
    lock = (tmp_path / "cdktf.out" / "stacks" / "dev" / ".terraform.lock.hcl").read_text(encoding="utf-8")
    assert re.search(rf'^  version *= "{re.escape(VERSION)}"', lock, re.MULTILINE)
    # Installed, then locked: cdktn did not leave the second step out.
    index = "/registry.terraform.io/prefect-iac/prefect/index.json"
    assert mirror.asked.count(index) + mirror.asked.count(f"{index.rpartition('/')[0]}/{VERSION}.json") >= 3
