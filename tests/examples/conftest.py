"""All examples of a kind, applied together to the session's server."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.environment.prefect_server import PrefectServer
from tests.environment.terraform import ROOT, Workspace, terraform_program
from tests.examples.stored import AUTOMATIONS, stored_automations
from tests.examples.synthesis import read_stack, run_python

__all__ = ["Applied"]

EXAMPLES = ROOT / "examples"
HERE = Path(__file__).parent

_SECRETS: dict[str, dict[str, Any]] = {
    "completion_notification": {"slack_webhook_url": "https://hooks.example.com/team"},
    "failure_notification": {"slack_webhook_url": "https://hooks.example.com/slack"},
    "work_pool_status": {"webhook_url": "https://hooks.example.com/pager"},
}


class Applied:
    """The examples on the server, and the root module that they are modules of."""

    def __init__(self, workspace: Workspace, server: PrefectServer) -> None:
        """Apply them."""
        workspace.run("get", check=True)
        workspace.apply()
        self.workspace = workspace
        self.server = server
        self.automations = stored_automations(server)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that run terraform, and those that need Node."""
    for item in items:
        if HERE in item.path.parents:
            names = set(getattr(item, "fixturenames", ()))
            if names & {
                "applied",
                "hcl_examples",
                "newer_terraform",
                "python_examples",
                "synthesized",
                "short",
            }:
                item.add_marker(pytest.mark.terraform)
            if names & {"applied", "synthesized"}:
                item.add_marker(pytest.mark.cdktf)


@pytest.fixture(scope="module")
def made_elsewhere(prefect_server: PrefectServer) -> Iterator[str]:
    """A deployment that Terraform does not manage, as <flow>/<deployment>."""
    flow = prefect_server.call("POST", "/flows/", {"name": "demo"})
    prefect_server.call("POST", "/deployments/", {"name": "made-elsewhere", "flow_id": flow["id"]})
    yield "demo/made-elsewhere"
    prefect_server.call("DELETE", f"/flows/{flow['id']}")


@pytest.fixture(scope="module")
def hcl_examples(
    prefect_server: PrefectServer, made_elsewhere: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Applied]:
    """The examples in HCL, applied."""
    directory = tmp_path_factory.mktemp("hcl-examples")
    for part in ("hcl", "flows"):
        shutil.copytree(EXAMPLES / part, directory / part)
    modules = {name: {"source": f"./hcl/{name}"} | _SECRETS.get(name, {}) for name in AUTOMATIONS}
    modules["webhook_event"]["deployment"] = made_elsewhere
    yield from _applied(directory, modules, prefect_server)


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each Python example synthesizes, by example."""
    directory = tmp_path_factory.mktemp("synthesized")
    programs = [EXAMPLES / "python" / f"{name}.py" for name in AUTOMATIONS]
    run_python(HERE / "synthesize.py", *programs, cwd=directory)
    return {name: read_stack(directory, name) for name in AUTOMATIONS}


@pytest.fixture(scope="module")
def python_examples(
    prefect_server: PrefectServer,
    made_elsewhere: str,  # noqa: ARG001 - one of the examples looks it up
    synthesized: Mapping[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Applied]:
    """The examples in Python, synthesized and applied."""
    directory = tmp_path_factory.mktemp("python-examples")
    for name, stack in synthesized.items():
        # What only a root module may have. Provider blocks in modules would start a provider for each.
        module = {key: value for key, value in stack.items() if key != "provider"}
        module["terraform"] = {"required_providers": stack["terraform"]["required_providers"]}
        (directory / name).mkdir()
        (directory / name / "main.tf.json").write_text(json.dumps(module), encoding="utf-8")
    modules = {name: {"source": f"./{name}"} | _SECRETS.get(name, {}) for name in synthesized}
    yield from _applied(directory, modules, prefect_server)


def _applied(directory: Path, modules: object, server: PrefectServer) -> Iterator[Applied]:
    if terraform_program() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no terraform; install it on PATH")
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")
    workspace = Workspace(directory, {"module": modules}, api_url=server.api_url, env={}, provider=False)
    before = server.flow_ids()
    try:
        yield Applied(workspace, server)
    finally:
        workspace.destroy()
        # A flow that a deployment needed stays when the deployment goes; another test may want its name.
        for flow in server.flow_ids() - before:
            server.call("DELETE", f"/flows/{flow}")
