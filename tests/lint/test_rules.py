"""What each rule says of automations and of what they act on, and what it leaves alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.graph.building import build_graph
from prefect_iac.lint.flaw import RULES, Flaw
from prefect_iac.lint.linting import find_flaws
from prefect_iac.workspace.content import Workspace
from prefect_iac.workspace.outlook import outlook_of
from tests.graph.made import DEPLOYMENTS, FLOW, automation, event, on, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

POOL, QUEUE = "50000000-0000-4000-8000-000000000001", "60000000-0000-4000-8000-000000000001"
SECRET = "hunter2-hunter2"
TEMPLATE = {
    "job_configuration": {"image": "{{ image }}"},
    "variables": {"type": "object", "properties": {"image": {"type": "string"}}},
}


def world(*automations: dict[str, Any], **of_type: Iterable[Mapping[str, Any]]) -> Workspace:
    """These automations; a deployment ``a`` in a pool; and more objects by type, which go before these."""
    deployment = {
        "id": DEPLOYMENTS["a"],
        "name": "a",
        "flow_id": FLOW,
        "work_pool_name": "pool",
        "work_queue_name": "fast",
        "enforce_parameter_schema": True,
        "parameters": {},
        "parameter_openapi_schema": {
            "type": "object",
            "properties": {"days": {"type": "integer"}},
            "required": ["days"],
        },
    }
    pool = {"id": POOL, "name": "pool", "is_paused": False, "base_job_template": TEMPLATE}
    objects: dict[str, list[Mapping[str, Any]]] = {
        "prefect_flow": [{"id": FLOW, "name": "etl"}],
        "prefect_deployment": [deployment],
        "prefect_work_pool": [pool],
        "prefect_work_queue": [{"id": QUEUE, "name": "fast", "work_pool_name": "pool"}],
        "prefect_automation": list(automations),
    }
    for type_, more in of_type.items():
        objects.setdefault(type_, []).extend(more)
    return Workspace({type_: {str(one["id"]): one for one in held} for type_, held in objects.items()})


def flaws(
    *automations: dict[str, Any],
    events: Iterable[Mapping[str, Any]] | None = None,
    cloud: bool | None = False,
    **of_type: Iterable[Mapping[str, Any]],
) -> list[Flaw]:
    """What is found on a server with these."""
    outlook = outlook_of(None, world(*automations, **of_type))
    return find_flaws(outlook, build_graph(outlook, events), cloud=cloud)


def told(found: Iterable[Flaw]) -> list[tuple[str, str]]:
    """The rules and levels."""
    return [(one.rule, one.level) for one in found]


def started(**fields: Any) -> dict[str, Any]:
    """An automation that runs the deployment ``a`` rightly, or as these fields of its action say."""
    action = run("a") | {"parameters": {"days": 7}} | fields
    return automation("start", on("order.paid"), action)


def test_nothing_to_say() -> None:
    """What is right is left alone."""
    assert flaws(started()) == []


def test_an_automation_alone() -> None:
    """A trigger that never fires is an error, one that forgets a warning; each with its place and what to do."""
    dead = on("order.paid", posture="Proactive", for_each=["prefect.resource.id"], within=60)
    [one, another] = flaws(
        automation("dead", dead, {"type": "do-nothing"}),
        automation("short", on("order.failed", threshold=3), {"type": "do-nothing"}),
    )
    assert (one.rule, one.level, one.path) == ("dead-trigger", "error", ("trigger", "for_each"))
    assert one.subject.text() == "automation dead"
    assert one.remedy
    assert (another.rule, another.level) == ("short-memory", "warning")


def test_what_a_server_refuses_is_an_error() -> None:
    """What Prefect refuses today may be on a server: it was there before the rule."""
    found = flaws(
        automation("negated", on("!order.paid"), {"type": "do-nothing"}),
        automation("inferred", on("order.paid"), run("a") | {"source": "inferred"}),
    )
    assert told(found) == [("invalid-action", "error"), ("unknown-event", "error")]


def test_resolving_depends_on_the_server() -> None:
    """Actions on resolve are dead on a server of one's own; on Cloud they are not, and unknown is not told."""
    one = automation("sla", on("order.paid"), {"type": "do-nothing"}, actions_on_resolve=[run("a")])
    one["actions_on_resolve"][0]["parameters"] = {"days": 1}
    assert told(flaws(one)) == [("never-resolves", "warning")]
    assert flaws(one, cloud=True) == []
    assert flaws(one, cloud=None) == []


def test_loop_through_itself_is_told_once() -> None:
    """A loop that one automation is alone is found by its own rule and by the graph, and told once."""
    again = automation(
        "again", on("prefect.flow-run.Completed", deployment="a"), run("a") | {"parameters": {"days": 1}}
    )
    assert told(flaws(again)) == [("loop", "error")]
    failed = automation(
        "again", on("prefect.flow-run.Failed", deployment="a"), run("a") | {"parameters": {"days": 1}}
    )
    assert told(flaws(failed)) == [("loop", "warning")]
    assert flaws(failed | {"enabled": False}) == []


def test_loop_by_what_does_not_come() -> None:
    """A run that starts the next one when it is late does not do so for certain."""
    late = on(
        "prefect.flow-run.Completed",
        deployment="a",
        after=["prefect.flow-run.Running"],
        posture="Proactive",
        for_each=["prefect.resource.id"],
        within=60,
    )
    [found] = flaws(automation("late", late, run("a") | {"parameters": {"days": 1}}))
    assert (found.rule, found.level) == ("loop", "warning")
    assert "does not come" in found.message


def test_loop_through_two() -> None:
    """A loop through two automations is one flaw, with each step."""
    more = [{"id": DEPLOYMENTS["b"], "name": "b", "flow_id": FLOW}]
    [found] = flaws(
        automation("one", on("prefect.flow-run.Completed", deployment="a"), run("b")),
        automation(
            "two",
            on("prefect.flow-run.Completed", deployment="b"),
            run("a") | {"parameters": {"days": 1}},
        ),
        prefect_deployment=more,
    )
    assert (found.rule, found.level) == ("loop", "error")
    assert "automation one → automation two → automation one" in found.message
    assert len(found.steps) == 6


def test_loop_that_was_observed() -> None:
    """A loop that went round in the events that were looked at is told with how often."""
    again = automation("again", on("prefect.flow-run.Failed", deployment="b"), run("c"))
    more = [{"id": DEPLOYMENTS["b"], "name": "b", "flow_id": FLOW}]
    two = automation("two", on("prefect.flow-run.Failed", deployment="c"), run("b"))
    more.append({"id": DEPLOYMENTS["c"], "name": "c", "flow_id": FLOW})
    happened = []
    for number in range(3):
        happened.append(event("prefect.flow-run.Failed", of="b", run_id=f"b{number}", creator="two"))
        happened.append(event("prefect.flow-run.Failed", of="c", run_id=f"c{number}", creator="again"))
    [found] = flaws(again, two, events=happened, prefect_deployment=more)
    assert (found.rule, found.level) == ("loop", "warning")
    assert "it went round 3 times" in found.message


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        ("run-deployment", "deployment_id"),
        ("pause-work-pool", "work_pool_id"),
        ("resume-work-queue", "work_queue_id"),
        ("pause-automation", "automation_id"),
    ],
)
def test_missing_target(type_: str, field: str) -> None:
    """An action on what is not on the server fails whenever it is due; a disabled automation does nothing."""
    gone = "99999999-0000-4000-8000-000000000001"
    one = automation("act", on("order.paid"), {"type": type_, "source": "selected", field: gone})
    [found] = flaws(one)
    assert (found.rule, found.level, found.path) == ("missing-target", "error", ("actions", 0))
    assert gone in found.message
    assert flaws(one | {"enabled": False}) == []


def test_missing_block() -> None:
    """A notification needs its block."""
    action = {
        "type": "send-notification",
        "block_document_id": "99999999-0000-4000-8000-000000000001",
        "subject": "x",
        "body": "y",
    }
    assert told(flaws(automation("tell", on("order.paid"), action))) == [("missing-target", "error")]


def test_what_could_not_be_read_is_not_missing() -> None:
    """Of a type that the server did not show nothing is said to be missing."""
    action = run("b")
    whole = world(automation("act", on("order.paid"), action))
    objects = {type_: whole.of(type_) for type_ in whole.types() if type_ != "prefect_deployment"}
    outlook = outlook_of(None, Workspace(objects, {"prefect_deployment": "403 Forbidden"}))
    assert find_flaws(outlook, build_graph(outlook)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"prefect_work_pool": [{"id": POOL, "name": "pool", "is_paused": True}]}, ("warning", "is paused")),
        (
            {"prefect_work_pool": [{"id": POOL, "name": "pool", "concurrency_limit": 0}]},
            ("warning", "concurrency limit of 0"),
        ),
        (
            {
                "prefect_work_queue": [
                    {"id": QUEUE, "name": "fast", "work_pool_name": "pool", "is_paused": True}
                ]
            },
            ("warning", "work queue"),
        ),
        (
            {"prefect_deployment": [{"id": DEPLOYMENTS["a"], "name": "a", "flow_id": FLOW, "paused": True}]},
            ("note", "its schedules only"),
        ),
    ],
    ids=["pool", "limit", "queue", "deployment"],
)
def test_disabled_target(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    """Runs that nothing picks up are a warning; a paused deployment runs all the same."""
    [found] = flaws(started(), **changed)
    assert found.rule == "disabled-target"
    assert (found.level, expected[1] in found.message) == (expected[0], True)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"days": SECRET}, "expected a whole number, got text"),
        ({"days": 1, "dayz": SECRET}, "there is no parameter `dayz`"),
        ({}, "`days` is missing"),
    ],
)
def test_parameters(parameters: dict[str, Any], said: str) -> None:
    """Parameters that do not fit are an error where the schema is enforced; no value is repeated."""
    found = flaws(started(parameters=parameters))
    assert {(one.rule, one.level) for one in found} == {("run-parameters", "error")}
    assert any(said in one.message for one in found)
    assert SECRET not in repr(found)


def test_parameters_that_are_worked_out_later() -> None:
    """Templates and marked objects are not judged."""
    marked = {"__prefect_kind": "jinja", "template": "{{ event.payload.days }}"}
    assert flaws(started(parameters={"days": "{{ event.payload.days }}"})) == []
    assert flaws(started(parameters={"days": marked})) == []


def test_job_variables() -> None:
    """Values of another type are refused, names that the template does not have reach no job; no value is repeated."""
    found = flaws(started(job_variables={"image": [SECRET], "imagee": SECRET}))
    assert told(found) == [("job-variables", "error"), ("job-variables", "warning")]
    assert SECRET not in repr(found)
    assert flaws(started(job_variables={"image": "etl:2"})) == []


def test_duplicates() -> None:
    """Two automations that do the same are told, whatever order their names are in; disabled ones are not."""
    twin = started() | {"id": "a-twin", "name": "twin"}
    twin["trigger"] = {**twin["trigger"], "match_related": []}
    [found] = flaws(started(), twin)
    assert (found.rule, found.subject.name) == ("duplicate", "twin")
    assert "automation start" in found.message
    assert flaws(started(), twin | {"enabled": False}) == []
    assert flaws(started(), twin | {"trigger": on("order.failed")}) == []


def test_unseen_events() -> None:
    """What did not occur is a note, only where events were looked at, and only of events of others."""
    one = automation("cancel", on("orders.cancelled"), {"type": "do-nothing"})
    assert flaws(one) == []
    assert told(flaws(one, events=[])) == [("unseen-event", "note")]
    assert flaws(one, events=[event("orders.cancelled")]) == []
    own = automation("late", on("prefect.flow-run.Late", deployment="a"), {"type": "do-nothing"})
    assert flaws(own, events=[]) == []


def test_trigger_on_what_is_not_there() -> None:
    """A trigger that is narrowed to a deployment that is not on the server waits for nothing."""
    one = automation("late", on("prefect.flow-run.Late", deployment="b"), {"type": "do-nothing"})
    assert told(flaws(one)) == [("missing-source", "warning")]


def test_each_rule_is_known() -> None:
    """Every rule that the provider's own rules name is one of lint's."""
    import re
    from pathlib import Path

    import prefect_provider.rules as package

    written = "".join(
        file.read_text(encoding="utf-8") for file in Path(package.__file__).parent.rglob("*.py")
    )
    named = set(re.findall(r'"warning",\s+"([a-z-]+)"|rule="([a-z-]+)"', written))
    assert {one or other for one, other in named} <= set(RULES)


def test_time_of_many() -> None:
    """500 automations are judged in less than 6 seconds of processor time, coverage included."""
    many = [
        automation(
            f"m{number:03}",
            on(f"order.{number}", "prefect.flow-run.Failed", deployment="a"),
            run("a") | {"parameters": {"days": number}, "job_variables": {"image": str(number)}},
        )
        for number in range(500)
    ]
    begin = time.process_time()
    found = flaws(*many)
    assert time.process_time() - begin < 6
    assert len(found) >= 500
