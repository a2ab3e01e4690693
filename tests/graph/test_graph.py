"""What is in a graph: nodes, edges, what was observed, and dead ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.graph.building import build_graph
from prefect_iac.graph.loops import loops
from prefect_iac.graph.selection import select
from prefect_iac.output.graph import GRAPH_FORMATS
from prefect_iac.output.graph.report import graph_report
from prefect_iac.plan.changes import Plan, PlannedObject
from prefect_iac.plan.references import References
from prefect_iac.workspace.outlook import outlook_of
from tests.graph.made import DEPLOYMENTS, automation, event, graph_of, on, run, workspace

if TYPE_CHECKING:
    from prefect_iac.graph.model import Edge, Graph

FAILED = "prefect.flow-run.Failed"
ODD = 'a"]; click n0 "javascript:x" <script>alert(1)</script> `#|{{end}} \x1b[31m\u202e & ]--> %%'


def ends(graph: Graph, kind: str) -> set[tuple[str, str, int | None]]:
    """The edges of a kind, by the labels of their nodes, with how often they were observed."""
    return {
        (graph.nodes[edge.source].label, graph.nodes[edge.target].label, edge.seen)
        for edge in graph.edges
        if edge.kind == kind
    }


def test_nodes_and_edges() -> None:
    """Events lead to automations, these to what they act on, and runs to the events that somebody waits for."""
    graph = graph_of(
        automation("first", on("orders.received"), run("a")),
        automation("second", on(FAILED, deployment="a"), {"type": "pause-deployment", "source": "inferred"}),
    )
    assert ends(graph, "triggers") == {("orders.received", "first", None), (FAILED, "second", None)}
    assert ends(graph, "acts") == {
        ("first", "etl/a", None),
        ("second", "the deployment of the event", None),
    }
    assert ends(graph, "emits") == {("etl/a", FAILED, None)}
    assert {node.detail for node in graph.of("event")} == {"", "of deployment etl/a"}


def test_same_trigger_is_one_event() -> None:
    """Two automations that look for the same, spelled in two ways, share a node."""
    graph = graph_of(
        automation("one", on("b", "a", match={"x": "1"}), run("a")),
        automation("two", on("a", "b", match={"x": ["1"]}, match_related=[]), run("a")),
    )
    assert len(graph.of("event")) == 1


def test_what_was_observed() -> None:
    """Firings, runs that automations started, and events of deployments are counted; each run once."""
    events = [
        *(event(FAILED, of="a", run_id=str(index), creator="restart") for index in range(3)),
        event("prefect.flow-run.Running", of="a", run_id="1", creator="restart"),
        event(FAILED, of="b", run_id="9"),
        event("prefect.automation.triggered", prefect_resource_id="prefect.automation.a-restart"),
        event("orders.imported", of="b", run_id="9"),
        event("orders.imported.partial", of="b", run_id="9"),
        {"event": 3},
        {},
    ]
    graph = graph_of(
        automation("restart", on(FAILED, deployment="a"), run("a")),
        automation("orders", on("orders.imported"), run("c")),
        automation("never", on("orders.cancelled"), run("c")),
        events=events,
    )
    assert graph.nodes["automation:a-restart"].seen == 1
    assert ("restart", "etl/a", 3) in ends(graph, "acts")
    assert ("etl/a", FAILED, 3) in ends(graph, "emits")
    assert ("etl/b", "orders.imported", 1) in ends(graph, "emits")
    observed_only = [edge for edge in graph.edges if not edge.configured]
    assert {graph.nodes[edge.source].label for edge in observed_only} == {"etl/b"}
    assert graph.observation is not None
    assert graph.observation.events == 8
    assert {(graph.nodes[end.node].label, end.kind) for end in graph.dead_ends} == {
        ("orders.cancelled", "nothing emits"),
        ("orders.imported.partial", "nobody listens"),
    }
    [loop] = loops(graph)
    assert loop.seen == 3


def test_trigger_on_what_does_not_exist() -> None:
    """A trigger that is narrowed to an object that no server has is a dead end; one of two that are there is not."""
    there, gone = DEPLOYMENTS["a"], "d0000000-0000-4000-8000-00000000dead"

    def narrowed(*ids: str) -> dict[str, Any]:
        related = {"prefect.resource.id": [f"prefect.deployment.{one}" for one in ids]}
        return automation(f"on-{len(ids)}", on(FAILED, match_related=related), run("b"))

    [end] = graph_of(narrowed(gone), narrowed(gone, there)).dead_ends
    assert end.kind == "nothing emits"
    assert gone in end.reason
    # Without a server it is not known what there is.
    assert not build_graph(outlook_of(None, None)).dead_ends


def test_many_deployments_are_no_crowd() -> None:
    """A trigger on runs of all deployments has no edge from each, but says how many there are."""
    graph = graph_of(automation("any", on(FAILED), run("a")))
    assert [node.label for node in graph.of("deployment")] == ["etl/a"]
    assert [node.detail for node in graph.of("event")] == ["from 4 deployments"]


@pytest.mark.parametrize("name", list(GRAPH_FORMATS))
def test_every_format_is_the_same_each_time_and_shows_no_payload(name: str) -> None:
    """The same objects in another order make the same text; nothing of a payload or a secret is in it."""
    secret = on(FAILED, match={"api_token": "hunter2-hunter2"})
    made = [
        automation("one", secret, {**run("a"), "parameters": {"password": "hunter2-hunter2"}}),
        automation("two", on("x.y"), run("b")),
    ]
    render = GRAPH_FORMATS[name]
    events = [event("x.y", of="a"), event("z", of="b")]
    text = render(graph_of(*made, events=events))
    assert text == render(graph_of(*made, events=events))
    assert "two" in text
    assert "hunter2" not in text
    assert render(graph_of())


def test_names_are_no_markup() -> None:
    """Whatever an object is called, it is text in each format."""
    graph = graph_of(automation(ODD, on(ODD), run("a")))
    mermaid = GRAPH_FORMATS["mermaid"](graph)
    quoted = [line for line in mermaid.splitlines() if '"' in line]
    for line in quoted:
        assert line.count('"') == 2
        inner = line.partition('"')[2].rpartition('"')[0].replace("<br/>", "")
        assert not set(inner) & set("<>`|{}[]&;%\x1b\u202e") - {";"}
    svg = GRAPH_FORMATS["svg"](graph)
    assert "<script" not in svg
    assert "\x1b" not in svg
    from xml.etree import ElementTree as ET

    root = ET.fromstring(svg)  # noqa: S314 - made here
    assert any("script" in (element.text or "") for element in root.iter())
    dot = GRAPH_FORMATS["dot"](graph)
    for line in dot.splitlines()[2:-1]:
        assert line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0
    assert "\x1b" not in GRAPH_FORMATS["text"](graph)
    assert json.loads(GRAPH_FORMATS["json"](graph))["version"] == 1


def test_picture_of_what_matters() -> None:
    """Of 500 automations a picture has 40 nodes, loops first, and the others are counted."""
    many = [automation(f"m{index:03}", on(f"e.{index}"), {"type": "do-nothing"}) for index in range(500)]
    graph = graph_of(*many, automation("zz-restart", on(FAILED, deployment="d"), run("d")))
    mermaid = GRAPH_FORMATS["mermaid"](graph)
    assert "zz-restart" in mermaid
    shown = select(graph, 40)
    assert len(shown.nodes) == 40
    assert f"#43; {shown.left_out} more" in mermaid or f"+ {shown.left_out} more" in mermaid
    assert f"+ {len(graph.nodes) - 100} more" in GRAPH_FORMATS["svg"](graph)


def test_picture_of_a_large_loop_is_a_piece_of_it() -> None:
    """Where a loop is too large for a picture, a connected part of it is shown, deployments included."""
    names = list(DEPLOYMENTS)
    made = [
        automation(f"s{index}", on("prefect.flow-run.Completed", deployment=name), run(names[index - 1]))
        for index, name in enumerate(names)
    ]
    shown = select(graph_of(*made), 9)
    assert len(shown.edges) >= 8
    assert {node.kind for node in shown.nodes} == {"event", "automation", "deployment"}
    changed = graph_of(*made)
    assert select(changed, None).left_out == 0


def test_no_two_boxes_of_a_picture_meet() -> None:
    """In a picture of a hundred nodes each has a place of its own."""
    from prefect_iac.output.graph.layout import lay_out

    sizes = {f"n{index}": (80.0 + index % 7, 24.0 + index % 3 * 16) for index in range(100)}
    edges = [(f"n{index}", f"n{(index * 7 + 3) % 100}") for index in range(100)]
    edges += [(f"n{index}", f"n{(index + 1) % 100}") for index in range(0, 100, 3)]
    layout = lay_out(sizes, edges)
    boxes = list(layout.boxes.values())
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            above = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart or above
    assert len(layout.ways) == len(edges)
    # A long chain goes on below, or nobody could read it.
    chain = lay_out(sizes, [(f"n{index}", f"n{index + 1}") for index in range(99)])
    assert chain.width < 2000
    assert chain.boxes["n9"].x < chain.boxes["n8"].x
    assert chain.boxes["n9"].y > chain.boxes["n8"].y


def edges_of(graph: Graph, node: str) -> list[Edge]:
    """The edges at a node."""
    return [*graph.before.get(node, ()), *graph.after.get(node, ())]


def test_queue_and_pool_of_a_run() -> None:
    """A run's events are related to its queue and pool, which a trigger may name."""
    base = workspace(
        automation("pool", on(FAILED, match_related={"prefect.resource.id": "prefect.work-pool.p"}), run("a"))
    )
    objects = {type_: dict(base.of(type_)) for type_ in base.types()}
    id_ = DEPLOYMENTS["a"]
    objects["prefect_deployment"][id_] = {**base.deployments[id_], "work_pool_name": "k8s"}
    objects["prefect_work_pool"] = {"p": {"id": "p", "name": "k8s", "default_queue_id": "q"}}
    from prefect_iac.workspace.content import Workspace

    graph = build_graph(outlook_of(None, Workspace(objects)))
    [loop] = loops(graph)
    assert edges_of(graph, loop.path[0].id)


def test_report() -> None:
    """Loops and dead ends are findings of a report, at the address of the automation or under its name."""
    gone = {"prefect.resource.id": "prefect.deployment.d0000000-0000-4000-8000-00000000dead"}
    graph = graph_of(
        automation("again", on("prefect.flow-run.Completed", deployment="a"), run("a")),
        automation("dead", on(FAILED, match_related=gone), run("b")),
        events=[event("mine", of="c")],
    )
    report = graph_report(graph)
    assert [(one.rule, one.level, one.subject) for one in report.findings] == [
        ("graph/loop", "error", "again"),
        ("graph/nothing-emits", "warning", "dead"),
        ("graph/nobody-listens", "note", "mine"),
    ]
    assert report.document["version"] == 1
    [section] = report.sections
    assert section.folded


def test_deleted_automation_is_shown_and_acts_no_more() -> None:
    """What the plan deletes is in the picture as gone, and is part of no loop."""
    restart = automation("restart", on(FAILED, deployment="a"), run("a"))
    before = workspace(restart)
    change = PlannedObject(
        "prefect_automation.restart", "prefect_automation", "", "delete", before={"id": restart["id"]}
    )
    plan = Plan("1.11.4", "1.2", (change,), {}, (), References({}))
    graph = build_graph(outlook_of(plan, before))
    node = graph.nodes["automation:a-restart"]
    assert (node.action, node.enabled, node.address) == ("delete", False, "prefect_automation.restart")
    assert not loops(graph)
    assert "restart (-)" in GRAPH_FORMATS["text"](graph)
