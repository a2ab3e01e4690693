"""A state of the official provider with modules, instances and provider aliases, taken over as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.objects.terraform_core import unique
from tests.terraform.official_states import ADDRESS, MAPPINGS, OURS, Instance, state_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

CONFIGURATION = """
provider "prefect" {{}}

provider "prefect" {{
  alias    = "second"
  endpoint = "{api_url}"
}}

module "m" {{
  source   = "./m"
  for_each = toset(["a", "b"])
  name     = "{name}-${{each.key}}"
}}

resource "prefect_variable" "v" {{
  count    = 2
  provider = prefect.second
  name     = "{name}-${{count.index}}"
  value    = "x"
}}
"""
MODULE = """
terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}

variable "name" {
  type = string
}

resource "prefect_variable" "v" {
  name  = var.name
  value = "%s"
}
"""


def test_modules_instances_and_aliases(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """One command hands all of them over, nothing is planned, and the module can be changed afterwards."""
    name = unique("switch")

    def resource(keys: list[Any], provider: str, **more: str) -> dict[str, Any]:
        written: dict[str, Any] = {}
        instances = []
        for key in keys:
            body = {"name": f"{name}-{key}", "value": "x"}
            attributes = MAPPINGS["prefect_variable"](prefect_server.call("POST", "/variables/", body), body)
            [written] = state_file([Instance("prefect_variable", "v", attributes)])["resources"]
            [instance] = written["instances"]
            instances.append(instance if more else instance | {"index_key": key})
        return written | {"instances": instances, "provider": provider} | more

    own = f'provider["{ADDRESS}"]'
    state = state_file([]) | {
        "resources": [
            *(resource([key], own, module=f'module.m["{key}"]') for key in ("a", "b")),
            resource([0, 1], f"{own}.second"),
        ]
    }
    workspace = terraform(CONFIGURATION.format(name=name, api_url=prefect_server.api_url))
    module = workspace.directory / "m"
    module.mkdir()
    (module / "main.tf").write_text(MODULE % "x", encoding="utf-8")
    workspace.write_json(state, "terraform.tfstate")
    workspace.run("get", check=True)

    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)

    workspace.assert_no_changes()
    (module / "main.tf").write_text(MODULE % "y", encoding="utf-8")
    changed = {f'module.m["{key}"].prefect_variable.v': ("update",) for key in ("a", "b")}
    assert workspace.plan().actions() == changed
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()
