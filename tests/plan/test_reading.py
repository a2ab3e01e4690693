"""Plans of several Terraform versions and of OpenTofu, and what is said of text that is none.

``recorded/`` has plans that Terraform 1.11 and 1.15 made. What other versions write is varied by hand from these, after
Terraform's and OpenTofu's descriptions of the form; those versions are not run here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prefect_iac.plan.bodies import bodies
from prefect_iac.plan.parts import PlanError
from prefect_iac.plan.placeholders import placeholder
from prefect_iac.plan.reading import read_plan

RECORDED = Path(__file__).parent / "recorded"
SECRET = "hunter2-hunter2"


def recorded(version: str) -> dict[str, Any]:
    """The plan that a Terraform of this version made."""
    document: dict[str, Any] = json.loads((RECORDED / f"terraform-{version}.json").read_text("utf-8"))
    return document


def change(**fields: Any) -> dict[str, Any]:
    """One of `resource_changes`; fields of `change` are given apart."""
    inner = {"actions": ["create"], "before": None, "after": {"name": "a"}} | fields.pop("change", {})
    return {
        "address": "prefect_flow.a",
        "mode": "managed",
        "type": "prefect_flow",
        "name": "a",
        "provider_name": "registry.terraform.io/prefect-iac/prefect",
        "change": inner,
    } | fields


def written(*changes: Any, **fields: Any) -> str:
    """A plan with these changes."""
    return json.dumps({"format_version": "1.2", "resource_changes": list(changes)} | fields)


@pytest.mark.parametrize("version", ["1.11", "1.15"])
def test_recorded_plan(version: str) -> None:
    """Each action of a plan is told, with what it replaces, imports, moves and forgets."""
    plan = read_plan(json.dumps(recorded(version)))
    assert plan.terraform_version.startswith(version)
    assert {one.address: one.action for one in plan.objects} == {
        "prefect_deployment.created": "create",
        "prefect_flow.forgotten": "forget",
        "prefect_flow.gone": "delete",
        "prefect_flow.imported": "no-op",
        "prefect_flow.kept": "no-op",
        "prefect_flow.new": "no-op",
        "prefect_flow.renamed": "replace",
        "prefect_variable.drifted": "update",
    }
    by_address = {one.address: one for one in plan.objects}
    assert plan.others == {"update": 1}
    assert by_address["prefect_flow.new"].previous_address == "prefect_flow.old"
    assert by_address["prefect_flow.imported"].importing == by_address["prefect_flow.imported"].id
    assert by_address["prefect_flow.renamed"].replace_paths == (("name",),)
    assert by_address["prefect_flow.renamed"].action_reason == "replace_because_cannot_update"
    assert not by_address["prefect_flow.forgotten"].exists_after
    assert [one.address for one in plan.drift] == ["prefect_variable.drifted"]
    assert (plan.complete, plan.errored) == (True, False)
    assert bodies(plan)["prefect_deployment.created"].json["flow_id"] == placeholder("prefect_flow.renamed")


def test_actions_that_are_invoked() -> None:
    """Terraform 1.14 and newer lists actions, and what they go with."""
    [found] = read_plan(json.dumps(recorded("1.15"))).invocations
    assert (found.type, found.triggered_by, found.event) == (
        "prefect_run_deployment",
        "prefect_deployment.created",
        "AfterCreate",
    )


def test_plan_of_an_older_terraform() -> None:
    """Terraform 1.5 lacks much of it, and says so by leaving it out."""
    document = recorded("1.11")
    for name in ("applyable", "complete", "errored", "relevant_attributes", "timestamp", "resource_drift"):
        del document[name]
    document |= {"format_version": "1.1", "terraform_version": "1.5.7"}
    plan = read_plan(json.dumps(document))
    assert (plan.complete, plan.errored, plan.timestamp, plan.drift) == (None, False, "", ())
    assert len(plan.objects) == 8


def test_plan_of_opentofu() -> None:
    """OpenTofu has its own registry, and its own word for a replacement that leaves the old object."""
    tofu = "registry.opentofu.org/prefect-iac/prefect"
    text = written(
        change(provider_name=tofu, change={"actions": ["forget", "create"], "before": {"id": "x"}})
    )
    [found] = read_plan(text).objects
    assert (found.action, found.actions, found.id) == ("replace", ("forget", "create"), "x")


def test_both_providers_and_no_others() -> None:
    """Those of the official provider, and of a private registry's own; another provider's of a like name are not."""
    text = written(
        change(address="prefect_flow.official", provider_name="registry.terraform.io/prefecthq/prefect"),
        change(address="prefect_flow.strange", provider_name="registry.terraform.io/someone/prefect"),
        change(address="prefect_flow.private", provider_name="app.terraform.io/acme/prefect"),
        change(address="prefect_flow.other", provider_name="app.terraform.io/acme/prefect2"),
        change(address="data.prefect_flow.read", mode="data", change={"actions": ["read"]}),
    )
    plan = read_plan(text)
    assert [one.address for one in plan.objects] == ["prefect_flow.official", "prefect_flow.private"]
    assert plan.others == {"create": 2}


def test_deferred_deposed_and_what_is_new() -> None:
    """What is put off is told apart; what a newer Terraform does is something else, and no error."""
    text = written(
        change(deposed="a1b2c3", change={"actions": ["delete"], "before": {"id": "old"}, "after": None}),
        change(address="prefect_flow.b", change={"actions": ["transmogrify"]}),
        change(address="prefect_flow.c", change={"importing": {"identity": {"id": "i"}}}),
        change(address="prefect_flow.d", change={"importing": {"unknown": True}}),
        format_version="1.99",
        something_new={"a": [1]},
        deferred_changes=[{"reason": "provider_config_unknown", "resource_change": change(address="e.f")}],
    )
    found = read_plan(text).objects
    assert [one.deposed for one in found] == ["a1b2c3", "", "", "", ""]
    assert not found[0].exists_after
    assert [one.action for one in found] == ["delete", "other", "create", "create", "create"]
    assert [one.importing for one in found] == [None, None, "i", "", None]
    assert found[4].deferred == "provider_config_unknown"
    assert not found[4].changes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "got nothing"),
        ("\r\n", "got nothing"),
        ('{"@level":"info","@message":"x"}\n{"@message":"y"}\n', "what `terraform plan -json` logs"),
        ("[command]/bin/terraform show -json tfplan\n" + written(), "`terraform_wrapper: false`"),
        ("Terraform will perform", "not JSON"),
        ("[]", "got a JSON array"),
        ("{}", "got other JSON"),
        ('{"@level":"info","@message":"x"}', "what `terraform plan -json` logs"),
        ('{"version":4,"lineage":"x"}', "got a state file"),
        ('{"format_version":"1.0","values":{}}', "got a state"),
        ('{"format_version":"2.0","resource_changes":[]}', "format_version 1.x"),
        ('{"format_version":"0.2","resource_changes":[]}', "Terraform 1.1 and newer"),
        ('{"format_version":1,"resource_changes":[]}', "got a JSON number"),
        ('{"format_version":"1.2","resource_changes":{}}', "array as `resource_changes`, got a JSON object"),
        ('{"format_version":"1.2","resource_changes":[1]}', "object as `resource_changes[0]`"),
        (written({"mode": "managed"}), "string as `resource_changes[0].type`, got nothing"),
        (written(change(change={"actions": "create"})), "array as `resource_changes[0].change.actions`"),
        (written(change(change={"actions": [1]})), "string as `resource_changes[0].change.actions[0]`"),
        (written(change(change={"after": SECRET})), "object as `resource_changes[0].change.after`"),
        (written(change(address=[SECRET])), "string as `resource_changes[0].address`"),
        (
            written(deferred_changes=[{"resource_change": 3}]),
            "object as `deferred_changes[0].resource_change`",
        ),
    ],
)
def test_what_is_no_plan(text: str, said: str) -> None:
    """It is said what is wrong and where, without a value."""
    with pytest.raises(PlanError) as caught:
        read_plan(text)
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)


def test_nested_without_end() -> None:
    """A document that is nested too deeply is an error, and not the end of the program."""
    text = written(change(change={"after_unknown": "DEEP"})).replace('"DEEP"', "[" * 900 + "]" * 900)
    with pytest.raises(PlanError, match="nested too deeply"):
        read_plan(text)
    with pytest.raises(PlanError, match="not JSON"):
        read_plan("[" * 100_000)


@pytest.mark.parametrize(
    "after",
    [
        {"name": [SECRET]},
        {"name": "a", "tags": SECRET},
        {"name": "a", "tags": [{"a": SECRET}]},
    ],
)
def test_object_of_another_form(after: dict[str, Any]) -> None:
    """Attributes that are not of their type are an error with the address, and nothing of them is printed."""
    plan = read_plan(written(change(change={"after": after})))
    with pytest.raises(PlanError) as caught:
        bodies(plan)
    assert "prefect_flow.a" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("trigger", [{}, {"event": None, "metric": None}, None])
def test_automation_without_a_kind_of_trigger(trigger: Any) -> None:
    """A trigger that no Terraform plans is damage, and no traceback."""
    one = change(
        address="prefect_automation.a",
        type="prefect_automation",
        change={"after": {"name": "a", "trigger": trigger, "actions": [{}]}},
    )
    with pytest.raises(PlanError, match=r"prefect_automation\.a"):
        bodies(read_plan(written(one)))


def test_plan_without_its_configuration() -> None:
    """Where it is withheld, what is not known keeps its place, and what the server decides is left out."""
    trigger = {"event": {"posture": "Reactive", "expect": ["a"]}}
    one = change(
        address="prefect_automation.a",
        type="prefect_automation",
        change={
            "after": {
                "name": "a",
                "trigger": trigger,
                "actions": [{"type": "run-deployment"}],
                "actions_on_trigger": [],
                "actions_on_resolve": [],
            },
            "after_unknown": {"id": True, "tags": True, "actions": [{"deployment_id": True}]},
        },
    )
    body = bodies(read_plan(written(one)))["prefect_automation.a"].json
    assert body["actions"][0]["deployment_id"] == "unknown:prefect_automation.a.actions(0).deployment_id"
    assert "tags" not in body


def test_type_that_is_not_known() -> None:
    """An object of a type that this provider does not have is there, without a body."""
    plan = read_plan(written(change(address="prefect_novelty.a", type="prefect_novelty")))
    assert [one.type for one in plan.objects] == ["prefect_novelty"]
    assert bodies(plan) == {}
