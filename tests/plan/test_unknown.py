"""Automations of which parts are known only after the apply: what can be judged is, and the rest is no damage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from prefect_iac.plan.bodies import body_after
from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import outlook_of
from tests.plan.test_reading import change, written
from tests.review.plans import reviewed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace

_EVENT = {"posture": "Reactive", "expect": ["a.b"]}
_LISTS: dict[str, list[Any]] = {"actions": [], "actions_on_trigger": [], "actions_on_resolve": []}


def _automation(after: dict[str, Any], unknown: dict[str, Any], **fields: Any) -> str:
    """A plan that makes an automation, of which some places are not known."""
    whole = {"name": "later", "enabled": True, "trigger": {"event": _EVENT}, **_LISTS, **after}
    whole = {name: value for name, value in whole.items() if unknown.get(name) is not True}
    return written(
        change(
            address="prefect_automation.later",
            type="prefect_automation",
            change={"after": whole, "after_unknown": {"id": True, **unknown}},
            **fields,
        )
    )


@pytest.mark.parametrize(
    ("after", "unknown", "place"),
    [
        ({}, {"trigger": True}, "trigger"),
        ({"trigger": {"event": None}}, {"trigger": {"event": True}}, "trigger.event"),
        (
            {"trigger": {"event": {"expect": ["a"]}}},
            {"trigger": {"event": {"posture": True}}},
            "trigger.event.posture",
        ),
        (
            {"trigger": {"event": {"posture": "Proactive"}}},
            {"trigger": {"event": {"within": True}}},
            "trigger.event.within",
        ),
        (
            {"trigger": {"compound": {"require": "all", "within": 60}}},
            {"trigger": {"compound": {"triggers": True}}},
            "trigger.compound.triggers",
        ),
        (
            {"trigger": {"compound": {"within": 60, "triggers": [None, {"event": _EVENT}]}}},
            {"trigger": {"compound": {"triggers": [True, {}]}}},
            "trigger.compound.triggers[0]",
        ),
        (
            {"trigger": {"compound": {"within": 60, "triggers": [{"event": _EVENT}]}}},
            {"trigger": {"compound": {"require": True}}},
            "trigger.compound.require",
        ),
        ({}, {"actions": True}, "actions"),
        ({"actions": [None]}, {"actions": [True]}, "actions[0]"),
        ({"actions": [{}]}, {"actions": [{"type": True}]}, "actions[0].type"),
    ],
)
def test_what_nothing_can_stand_for(
    after: dict[str, Any],
    unknown: dict[str, Any],
    place: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The place is told, nothing is invented for it, and no command takes the plan for damaged."""
    text = _automation(after, unknown)
    outlook = outlook_of(read_plan(text), None)
    assert not outlook.unreadable
    [one] = outlook.undecided
    assert (one.address, f"`{place}`" in one.reason) == ("prefect_automation.later", True)

    plan = tmp_path / "plan.json"
    plan.write_text(text, encoding="utf-8")
    code, document = reviewed(capsys, plan, "--offline", "--no-history")
    [said] = document["findings"]
    assert (code, said["level"], said["subject"]) == (0, "note", "prefect_automation.later")
    assert main(["review", str(plan), "--offline", "--no-history"]) == 0
    assert "(known after apply)" in capsys.readouterr().out or len(place.split(".")) == 1
    for command in ("lint", "graph"):
        assert main([command, str(plan), "--offline"]) == 0
        assert f"`{place}`" in capsys.readouterr().err


def test_an_update_to_what_is_not_known_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A trigger of which a part becomes unknown is told beside what it was."""
    compound = {"require": "all", "within": 60, "triggers": [{"event": _EVENT}]}
    before = {"id": "1", "name": "later", "enabled": True, "trigger": {"compound": compound}, **_LISTS}
    document = json.loads(
        _automation(
            {"trigger": {"compound": {**compound, "triggers": None}}},
            {"trigger": {"compound": {"triggers": True}}},
        )
    )
    [planned] = document["resource_changes"]
    planned["change"] |= {"actions": ["update"], "before": before}
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")
    assert main(["review", str(plan), "--offline", "--no-history"]) == 0
    lines = [one for one in capsys.readouterr().out.splitlines() if "trigger.compound.triggers" in one]
    assert any("a.b" in line and "(known after apply)" in line for line in lines)


@pytest.mark.parametrize("unknown", [{}, {"actions_on_trigger": True, "actions_on_resolve": True}])
def test_lists_that_the_official_provider_leaves_to_the_server(unknown: dict[str, Any]) -> None:
    """Null, or known after the apply, where nobody has configured them: they are empty."""
    after = {"actions_on_trigger": None, "actions_on_resolve": None}
    resource = {
        "address": "prefect_automation.later",
        "expressions": {"name": {"constant_value": "later"}, "trigger": {}, "actions": {}},
    }
    document = json.loads(
        _automation(after, unknown, provider_name="registry.terraform.io/prefecthq/prefect")
    )
    plan = read_plan(json.dumps(document | {"configuration": {"root_module": {"resources": [resource]}}}))
    body = body_after(plan, plan.objects[0])
    assert body is not None
    assert (body.json["actions_on_trigger"], body.json["actions_on_resolve"]) == ([], [])


def test_a_real_plan(terraform: Callable[..., Workspace]) -> None:
    """What Terraform itself plans for a trigger and actions that come from another object's future."""
    workspace = terraform(
        """
        resource "terraform_data" "later" { input = { seconds = 60, kinds = ["do-nothing"] } }
        resource "prefect_automation" "later" {
          name    = "later"
          trigger = { event = {
            posture = "Proactive"
            expect  = ["a.b"]
            within  = terraform_data.later.output.seconds
          } }
          actions = [for kind in terraform_data.later.output.kinds : { type = kind }]
        }
        """
    )
    outlook = outlook_of(read_plan(json.dumps(workspace.plan().json)), None)
    assert not outlook.unreadable
    [one] = outlook.undecided
    assert one.reason.endswith("`actions` and `trigger.event.within`")
