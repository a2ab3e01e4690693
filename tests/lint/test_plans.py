"""What a plan does to the objects that automations act on, and who manages what twice; plans written by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.graph.building import build_graph
from prefect_iac.lint.linting import find_flaws
from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import outlook_of
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.plugin.language.nested import NestedKind
from tests.graph.made import DEPLOYMENTS, FLOW, automation, on, run, workspace
from tests.plan.test_reading import change, written

if TYPE_CHECKING:
    from prefect_iac.lint.flaw import Flaw
    from prefect_iac.workspace.content import Workspace

A = DEPLOYMENTS["a"]


def flaws(*changes: dict[str, Any], now: Workspace | None = None) -> list[Flaw]:
    """What is found in a plan of these changes."""
    outlook = outlook_of(read_plan(written(*changes)), now)
    assert outlook.unreadable == ()
    return find_flaws(outlook, build_graph(outlook), cloud=False)


def made(type_: str, name: str, /, **after: Any) -> dict[str, Any]:
    """An object that the plan creates; its id is not known."""
    return change(
        address=f"{type_}.{name}",
        type=type_,
        name=name,
        change={"actions": ["create"], "before": None, "after": after, "after_unknown": {"id": True}},
    )


def kept(type_: str, name: str, /, **values: Any) -> dict[str, Any]:
    """An object that the plan leaves as it is."""
    return change(
        address=f"{type_}.{name}",
        type=type_,
        name=name,
        change={"actions": ["no-op"], "before": values, "after": values},
    )


def gone(type_: str, name: str, /, **before: Any) -> dict[str, Any]:
    """An object that the plan deletes."""
    return change(
        address=f"{type_}.{name}",
        type=type_,
        name=name,
        change={"actions": ["delete"], "before": before, "after": None},
    )


def test_a_target_that_the_plan_deletes() -> None:
    """An automation of others runs a deployment that goes, by itself or with its flow."""
    caller = automation("caller", on("order.paid"), run("a"))
    for deleted in (
        gone("prefect_deployment", "a", id=A, name="a", flow_id=FLOW),
        gone("prefect_flow", "etl", id=FLOW, name="etl"),
    ):
        [found] = flaws(deleted, now=workspace(caller))
        assert (found.rule, found.level, found.subject.text()) == (
            "missing-target",
            "error",
            "automation caller",
        )
        assert f"goes with {deleted['address']}" in found.remedy
    # Without a server, of an id that is nowhere in the plan nothing is said.
    alone = automation("caller", on("order.paid"), run("a"))
    assert (
        find_flaws(outlook_of(None, workspace(alone)), build_graph(outlook_of(None, workspace(alone)))) == []
    )


POOLED = {"name": "fast", "work_pool_name": "night"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (made("prefect_work_queue", "a", **POOLED), made("prefect_work_queue", "b", **POOLED)),
        (made("prefect_variable", "a", name="region"), kept("prefect_variable", "b", id=A, name="region")),
        (kept("prefect_variable", "a", id=A, name="x"), kept("prefect_variable", "b", id=A, name="x")),
        (
            made("prefect_task_run_concurrency_limit", "a", tag="db", concurrency_limit=1),
            made("prefect_global_concurrency_limit", "b", name="tag:db", limit=2),
        ),
        (
            kept("prefect_deployment", "a", id=A, name="a", flow_id=FLOW, concurrency_limit=3),
            made("prefect_global_concurrency_limit", "b", name=f"deployment:{A}", limit=2),
        ),
        (
            made("prefect_global_concurrency_limit", "a", name="db", limit=1),
            made("prefect_global_concurrency_limit", "b", name="db", limit=2),
        ),
    ],
    ids=["queues", "variables", "one-id", "tag", "deployment", "limits"],
)
def test_two_owners(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Two resources that manage one object are told once, at the second, with the first."""
    found = flaws(first, second)
    assert [(one.rule, one.level, one.subject.address) for one in found] == [
        ("double-owner", "error", second["address"])
    ]
    assert first["address"] in found[0].message
    assert flaws(first) == flaws(second) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            made("prefect_work_queue", "a", **POOLED),
            made("prefect_work_queue", "b", name="fast", work_pool_name="day"),
        ),
        (
            kept("prefect_deployment", "a", id=A, name="a", flow_id=FLOW),
            made("prefect_global_concurrency_limit", "b", name=f"deployment:{A}", limit=2),
        ),
        (
            made("prefect_variable", "a", name="region"),
            made("prefect_flow", "b", name="region"),
        ),
    ],
    ids=["pools", "no-limit", "types"],
)
def test_one_owner_each(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Queues of two pools, a deployment without a limit, and equal names of two types are right."""
    assert flaws(first, second) == []


def test_names_that_are_not_known() -> None:
    """Two objects whose names come with the apply may be called differently."""
    change_ = {
        "actions": ["create"],
        "before": None,
        "after": {},
        "after_unknown": {"id": True, "name": True},
    }
    unknown = [
        change(address=f"prefect_variable.{name}", type="prefect_variable", name=name, change=change_)
        for name in "ab"
    ]
    references = {"references": ["random_pet.x.id", "random_pet.x"]}
    resources = [
        {"address": f"prefect_variable.{name}", "expressions": {"name": references}} for name in "ab"
    ]
    plan = json.loads(written(*unknown)) | {"configuration": {"root_module": {"resources": resources}}}
    outlook = outlook_of(read_plan(json.dumps(plan)), None)
    assert find_flaws(outlook, build_graph(outlook)) == []


def test_a_block_that_is_given_in_a_roundabout_way() -> None:
    """A plan does not tell what a local value refers to: the block of an action is given all the same, if not known."""
    actions = Automation.attributes["actions"].kind
    assert isinstance(actions, NestedKind)
    event = {
        "posture": "Reactive",
        "match": "{}",
        "match_related": "{}",
        "after": [],
        "expect": ["order.paid"],
        "for_each": [],
        "threshold": 1,
        "within": 0,
    }
    for given in (
        {"type": "send-notification", "subject": "s", "body": "b"},
        {"type": "call-webhook", "payload": "p"},
    ):
        action = dict.fromkeys(actions.nested.attributes) | given
        del action["block_document_id"]
        planned = made(
            "prefect_automation",
            "alert",
            description="",
            enabled=True,
            trigger={"event": event, "metric": None, "compound": None, "sequence": None},
            actions=[action],
            actions_on_trigger=[],
            actions_on_resolve=[],
        )
        planned["change"]["after"]["name"] = "alert"
        planned["change"]["after_unknown"] |= {"actions": [{"block_document_id": True}]}
        assert flaws(planned) == []
