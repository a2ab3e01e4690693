"""What the guides show is what happens, with the real terraform on a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from prefect_iac.installation import shared_launcher
from prefect_provider.version import VERSION
from tests.docs.walk import Block, Walk, blocks_of
from tests.environment.prefect_server import guarded
from tests.environment.processes import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

SECRET = "terraform state pull | grep ghp_0123456789abcdef"
TROUBLES = "guides/troubleshooting.md"


def test_secrets(terraform: Callable[..., Workspace]) -> None:
    """Everything is applied, and the state has no secret after the first apply nor after the last."""
    walk = Walk(terraform("", provider=False), codes={SECRET: 1})
    walk.go("guides/secrets.md")
    assert "1 added, 0 changed" in walk.said["TF_VAR_git_token=ghp_0123456789abcdef terraform apply"]
    assert "secrets-copy" in walk.run("terraform state pull")
    assert walk.said[SECRET] == ""
    walk.run("TF_VAR_git_token=x terraform destroy")


def test_worker_templates(terraform: Callable[..., Workspace]) -> None:
    """The pool has the changed template, the plan after it is empty, and a wrong job variable is told as shown."""
    walk = Walk(terraform("", provider=False))
    walk.go("guides/worker-templates.md")
    assert "No changes." in walk.said["terraform plan"]
    state = walk.workspace.state()
    assert "STAGE" in state["prefect_work_pool.process"]["base_job_template"]
    wrong = walk.workspace.directory / "deployment.tf"
    wrong.write_text(
        wrong.read_text(encoding="utf-8").replace("stream_output ", "stream_outputs "), encoding="utf-8"
    )
    (shown,) = (block.text for block in blocks_of("guides/worker-templates.md") if block.language == "text")
    assert plain(shown) in plain(walk.run("terraform plan"))
    walk.run("terraform destroy")


@pytest.mark.cdktf
@pytest.mark.parametrize("page", ["secrets", "worker-templates"])
def test_apps(terraform: Callable[..., Workspace], tmp_path: Path, page: str) -> None:
    """The app of a guide runs, and what it writes is valid; no secret is asked for."""
    (app,) = (block.text for block in blocks_of(f"guides/{page}.md") if block.language == "python")
    done = subprocess.run(
        [sys.executable, "-c", app], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    stack = tmp_path / "cdktf.out" / "stacks" / "prefect" / "cdk.tf.json"
    document = json.loads(stack.read_text(encoding="utf-8"))
    document["terraform"].pop("backend", None)
    assert terraform(document, provider=False).validate().errors == []


def test_terraform_test(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """The mocked test needs no server, the other one leaves nothing; the block by itself is taken by Terraform."""
    page = "guides/terraform-test-with-mocks.md"
    walk = Walk(terraform("", provider=False))
    address = walk.workspace.env["PREFECT_API_URL"]
    walk.workspace.env["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    walk.go(page, sections=("The module",), commands=False)
    more = [block.text for block in blocks_of(page) if "mock_data" in block.text]
    walk.go(page, sections=("With a mock",))
    (walk.workspace.directory / "mocked.tftest.hcl").write_text(
        more[0] + 'variables {\n  team = "data"\n}\nrun "plan" {\n  command = plan\n}\n', encoding="utf-8"
    )
    walk.run("terraform test -filter=mocked.tftest.hcl")
    walk.workspace.env["PREFECT_API_URL"] = address
    walk.go(page, sections=("On a server",))
    assert "2 passed, 0 failed." in walk.said["terraform test -filter=real.tftest.hcl"]
    assert not prefect_server.exists("/work_pools/tested-real")


def plain(text: str) -> str:
    """A message without what Terraform makes of it, and without ids and ports, which are others each time."""
    text = re.sub(r"[\s│]+", " ", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return re.sub(r"127\.0\.0\.1:\d{4,}", "SERVER", text).strip()


def shown(heading: str) -> list[Block]:
    """The blocks under a heading of the page about troubles."""
    return [block for block in blocks_of(TROUBLES) if block.section == heading]


def said(workspace: Workspace) -> str:
    """What a plan says."""
    done = workspace.run("plan", "-input=false")
    return plain(done.stdout + done.stderr)


CONFIGURED = {block.section: block.text for block in blocks_of(TROUBLES) if block.language == "hcl"}


def test_the_troubles_are_as_shown(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace]
) -> None:
    """Each configuration on the page gives the message below it."""
    variable = {"name": "troubleshooting_region", "value": "eu"}
    prefect_server.call("POST", "/variables/", variable)
    template = {
        "job_configuration": {"stream_output": "{{ stream_output }}"},
        "variables": {"type": "object", "properties": {"stream_output": {"type": "boolean"}}},
    }
    pool = {"name": "troubleshooting", "type": "process", "base_job_template": template}
    prefect_server.call("POST", "/work_pools/", pool)
    assert len(CONFIGURED) > 10
    missing = {}
    workspace = terraform("")
    for heading, configuration in CONFIGURED.items():
        workspace.write(configuration)
        (message,) = (block.text for block in shown(heading) if block.language == "text")
        answer = said(workspace)
        if plain(message) not in answer:
            missing[heading] = answer
    prefect_server.call("DELETE", "/variables/name/troubleshooting_region")
    prefect_server.call("DELETE", "/work_pools/troubleshooting")
    assert missing == {}


def test_other_troubles(
    prefect_servers: Callable[..., PrefectServer], terraform: Callable[..., Workspace], tmp_path: Path
) -> None:
    """The messages that take more than a configuration: no installation, a wrong password, a new address, a loss."""

    def message(heading: str) -> str:
        (text,) = (block.text for block in shown(heading) if block.language == "text")
        return plain(text)

    launcher = tmp_path / "provider"
    launcher.write_text(shared_launcher(VERSION), encoding="utf-8")
    env = clean_environment(tmp_path, PATH="/usr/bin:/bin")
    done = subprocess.run(["sh", launcher], env=env, capture_output=True, text=True, check=False, timeout=120)
    assert message("The provider is not found") == plain(done.stderr)

    server = prefect_servers(services=False, env=guarded("admin:right"))
    guarded_ = {"PREFECT_API_AUTH_STRING": "admin:wrong"}
    variable = 'resource "prefect_variable" "NAME" {\n  name = "troubleshooting_moved"\n  value = "x"\n}\n'
    flow = 'resource "prefect_flow" "old" {\n  name = "troubleshooting-old"\n}\n'
    workspace = terraform(variable.replace("NAME", "a") + flow, api_url=server.api_url, env=guarded_)
    refused = said(workspace)
    assert message("The key or the password is refused") in refused
    assert "requires explicit configuration" in refused

    workspace.env["PREFECT_API_AUTH_STRING"] = "admin:right"
    workspace.apply()
    (flow_id,) = server.flow_ids()
    server.call("POST", "/deployments/", {"name": "nightly", "flow_id": flow_id})
    workspace.write(variable.replace("NAME", "b") + flow)
    assert message("Renamed in the configuration") in said(workspace)
    workspace.write(variable.replace("NAME", "a"))
    assert message("More is lost than the plan shows") in said(workspace)


def test_the_log_of_the_troubles(terraform: Callable[..., Workspace]) -> None:
    """The command at the end of the page writes the requests."""
    walk = Walk(terraform("", provider=False))
    (walk.workspace.directory / "main.tf").write_text(
        'terraform {\n  required_providers {\n    prefect = {\n      source = "prefect-iac/prefect"\n    }\n  }\n}\n'
        'data "prefect_flows" "all" {\n}\n',
        encoding="utf-8",
    )
    walk.run("terraform init")
    walk.go(TROUBLES)
    assert "/flows/" in (walk.workspace.directory / "provider.log").read_text(encoding="utf-8")
    assert os.environ.get("TF_LOG_PROVIDER") is None
