"""The examples in HCL: what they come to on a real server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import ROOT
from tests.examples.stored import AUTOMATIONS, ON_CLOUD

if TYPE_CHECKING:
    from tests.examples.conftest import Applied

HCL = ROOT / "examples" / "hcl"

DOCUMENTED = """\
resource "prefect_deployment" "my_deployment" {
  name            = "my-deployment"
  work_pool_name  = "my-work-pool"
  work_queue_name = "default"
  entrypoint      = "path/to/flow.py:decorated_fn"
}

resource "prefect_automation" "event_trigger" {
  name = "my-automation"
  trigger = {
    event = {
      posture   = "Reactive"
      expect    = ["external.resource.pinged"]
      threshold = 1
      within    = 0
    }
  }
  actions = [
    {
      type          = "run-deployment"
      source        = "selected"
      deployment_id = prefect_deployment.my_deployment.id
      parameters = jsonencode({
        "param_1" : "{{ event }}"
      })
    },
  ]
}
"""
"""What Prefect's documentation gives for Terraform."""


def test_every_example_is_tested() -> None:
    """No example is left out of these tests, nor of the index."""
    names = [*AUTOMATIONS, *ON_CLOUD]
    assert sorted(names) == sorted(path.name for path in HCL.iterdir())
    index = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    assert [name for name in names if f"[{name}](../examples/hcl/{name}/main.tf)" not in index] == []
    assert [name for name in names if f"[python](../examples/python/{name}.py)" not in index] == []


def test_text_of_the_documentation() -> None:
    """main.tf of event_trigger is the documentation's text to the letter."""
    assert (HCL / "event_trigger" / "main.tf").read_text(encoding="utf-8") == DOCUMENTED


def test_format(hcl_examples: Applied) -> None:
    """The examples are written as `terraform fmt` writes them."""
    done = hcl_examples.workspace.run("fmt", "-check", "-recursive", str(HCL))
    assert (done.exit_code, done.stdout) == (0, "")


@pytest.mark.parametrize("example", AUTOMATIONS)
def test_stored(hcl_examples: Applied, example: str) -> None:
    """The server has the example's automations as they are meant, field by field."""
    for name, automation in AUTOMATIONS[example].items():
        assert hcl_examples.automations[name] == automation


def test_second_plan(hcl_examples: Applied) -> None:
    """Another plan after the apply of all examples changes nothing."""
    hcl_examples.workspace.assert_no_changes()


def test_secrets(hcl_examples: Applied) -> None:
    """The addresses of webhooks reach the server, and are not in the state."""
    block = hcl_examples.server.call(
        "GET", "/block_types/slug/slack-webhook/block_documents/name/on-call?include_secrets=true"
    )
    assert block["data"] == {"url": "https://hooks.example.com/slack"}
    state = json.dumps(hcl_examples.workspace.show_json())
    assert "on-call" in state
    assert "hooks.example.com" not in state
