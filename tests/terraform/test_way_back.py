"""The way back to the official provider, on states that this provider wrote."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import ROOT
from tests.objects.terraform_core import unique
from tests.terraform.every_object import CONFIGURATION
from tests.terraform.official_stand_in import install
from tests.terraform.official_states import ADDRESS, OURS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace

PEER = json.loads((ROOT / "tests" / "peer_schema.json").read_text(encoding="utf-8"))["resources"]

FURTHER = """
resource "prefect_task_run_concurrency_limit" "t" {{
  tag               = "{name}"
  concurrency_limit = 3
}}

resource "prefect_block_type" "bt" {{
  name = "{name}"
  slug = "{name}"
}}

resource "prefect_block_schema" "bs" {{
  block_type_id = prefect_block_type.bt.id
  fields        = jsonencode({{ title = "{name}", type = "object", properties = {{}} }})
  capabilities  = ["a"]
  version       = "1.0"
}}

resource "prefect_deployment" "other" {{
  name    = "other"
  flow_id = prefect_flow.f.id
}}

resource "prefect_deployment_schedule" "s" {{
  deployment_id = prefect_deployment.other.id
  cron          = "0 3 * * *"
}}
"""
SCHEDULES = '  schedules       = {{ daily = {{ cron = "0 6 * * *", timezone = "Europe/Berlin" }} }}\n'
LOOK_UP = """
data "prefect_flow" "d" {{
  name = prefect_flow.f.name
}}
"""


@pytest.mark.usefixtures("each_terraform")
def test_states_of_every_object_can_be_read_by_the_official_provider(
    terraform: Callable[..., Workspace], tmp_path: Path
) -> None:
    """What it does not know is dropped: attributes, identities, private data, and data sources that are removed.

    What is left is what it would have stored; the template of a work pool is the one value that it refreshes only
    where its state has one.
    """
    config, name = install(tmp_path, ROOT / ".cache" / "terraform" / "plugins"), unique("back")
    workspace = terraform((CONFIGURATION + FURTHER + LOOK_UP).format(name=name))
    workspace.env["TF_CLI_CONFIG_FILE"] = str(config)
    workspace.apply()
    ids = {address: values["id"] for address, values in workspace.state().items()}

    workspace.run("state", "replace-provider", "-auto-approve", OURS, ADDRESS, check=True)
    theirs = {"terraform": {"required_providers": {"prefect": {"source": "prefecthq/prefect"}}}}
    workspace.write_json(theirs, "required_providers.tf.json")
    workspace.write((CONFIGURATION.replace(SCHEDULES, "") + FURTHER).format(name=name))
    workspace.run("apply", "-refresh-only", "-auto-approve", "-input=false", check=True)

    state = workspace.state()
    assert {address: values["id"] for address, values in state.items()} == {
        address: id_ for address, id_ in ids.items() if not address.startswith("data.")
    }
    for address, values in state.items():
        assert values.keys() == PEER[address.partition(".")[0]]["attributes"].keys(), address
    planned = workspace.plan()
    assert planned.change("prefect_work_pool.p").differences == {"base_job_template": ("{}", None)}
    assert {action for change in planned.changes for action in change.actions} == {"update"}

    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)
    ours = {"terraform": {"required_providers": {"prefect": {"source": "prefect-iac/prefect"}}}}
    workspace.write_json(ours, "required_providers.tf.json")
    workspace.assert_no_changes()
    workspace.destroy()


@pytest.mark.parametrize("private", [b'{"configured":[]}', b'{"configured":["data"]}'], ids=str)
def test_private_data_of_before_is_mended(terraform: Callable[..., Workspace], private: bytes) -> None:
    """What an older version of ours stored becomes what the official provider can be given, by an apply of nothing."""
    name = unique("back")
    workspace = terraform({"resource": {"prefect_variable": {"v": {"name": name, "value": "x"}}}})
    workspace.apply()
    file = workspace.directory / "terraform.tfstate"
    state = json.loads(file.read_text(encoding="utf-8"))
    state["resources"][0]["instances"][0]["private"] = base64.b64encode(private).decode()
    workspace.write_json(state, file.name)

    workspace.apply()

    [instance] = json.loads(file.read_text(encoding="utf-8"))["resources"][0]["instances"]
    stored = json.loads(base64.b64decode(instance["private"]))
    assert stored["configured"] == json.loads(private)["configured"]
    assert any(isinstance(value, dict) for value in stored.values())
    workspace.destroy()
