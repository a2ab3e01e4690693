"""From a request to a flow run: the example of webhooks on the simulator, called with the curl that it shows."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.guides import shell
from tests.environment.terraform import ROOT, Workspace, terraform_program
from tests.examples.events import DeploymentRuns
from tests.examples.synthesis import read_stack, run_python

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.prefect_server import PrefectServer

HCL = ROOT / "examples" / "hcl" / "custom_webhook"
PYTHON = ROOT / "examples" / "python" / "custom_webhook.py"


def _of_hcl(_directory: Path) -> str:
    """The example's configuration, at the place where it stands."""
    text = (HCL / "main.tf").read_text(encoding="utf-8")
    return text.replace("${path.module}", str(HCL))


def _of_python(directory: Path) -> dict[str, Any]:
    """What the example in Python synthesizes."""
    run_python(PYTHON, cwd=directory)
    stack = read_stack(directory, "custom_webhook")
    # The state belongs into the workspace.
    return stack | {"terraform": {"required_providers": stack["terraform"]["required_providers"]}}


@pytest.fixture(params=[_of_hcl, pytest.param(_of_python, marks=pytest.mark.cdktf)], ids=["hcl", "python"])
def applied(
    request: pytest.FixtureRequest, prefect_cloud: PrefectCloud, prefect_server: PrefectServer, tmp_path: Path
) -> Iterator[Workspace]:
    """The example on the simulator."""
    if terraform_program() is None:
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")
    configuration = request.param(tmp_path)
    workspace = Workspace(
        tmp_path / "workspace",
        configuration,
        api_url=prefect_cloud.api_url,
        env={"PREFECT_API_KEY": prefect_cloud.key},
        provider=isinstance(configuration, str),
    )
    before = prefect_server.flow_ids()
    try:
        workspace.apply()
        yield workspace
    finally:
        workspace.destroy()
        # A flow that a deployment needed stays when the deployment goes; another test may want its name.
        for flow in prefect_server.flow_ids() - before:
            prefect_server.call("DELETE", f"/flows/{flow}")


def _commands() -> list[str]:
    """What the example says to type: the same in both."""
    comment = re.findall(r"^#   (.*)$", (HCL / "main.tf").read_text(encoding="utf-8"), re.MULTILINE)
    text = "\n".join(comment)
    assert text.replace("\n", "") in PYTHON.read_text(encoding="utf-8").replace("\n", "")
    first, *loop = comment
    return [first, "\n".join(loop)]


def test_a_request_starts_a_run(applied: Workspace, prefect_server: PrefectServer) -> None:
    """Each of the example's commands leads to one run, with what the request said as its parameters."""
    names = DeploymentRuns(prefect_server, "build-names", "requested-names")
    orders = DeploymentRuns(prefect_server, "post-order-complete", "order-of-the-shop")
    applied.assert_no_changes()
    assert shutil.which("curl") is not None

    for command in _commands():
        done = shell(applied, f"set -e\n{command}".replace("curl ", "curl -sS --fail "))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr

    [run] = names.wait(1)
    assert run["parameters"] == {"count": 3}
    [run] = orders.wait(1)
    assert run["parameters"] == {"user_id": "user_id_1"}
    for one in (*names.now(), *orders.now()):
        prefect_server.call("DELETE", f"/flow_runs/{one['id']}")
