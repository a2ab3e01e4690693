"""Automations that keep each other firing are found, however many there are; those that do not are left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.graph.loops import loops
from tests.graph.made import automation, graph_of, on, run

if TYPE_CHECKING:
    from prefect_iac.graph.loops import Loop

FAILED, COMPLETED = "prefect.flow-run.Failed", "prefect.flow-run.Completed"


def found(*automations: dict[str, Any]) -> list[Loop]:
    """The loops of these automations."""
    return loops(graph_of(*automations))


def names(loop: Loop) -> list[str]:
    """The automations of a loop."""
    return [node.label for node in loop.automations]


def both(*triggers: dict[str, Any], require: Any = "all") -> dict[str, Any]:
    """A compound trigger."""
    return {"type": "compound", "triggers": list(triggers), "require": require, "within": 60}


def test_loop_through_one_automation() -> None:
    """A run that starts itself again when it fails is a loop, though no certain one; the steps are told."""
    [loop] = found(automation("restart", on(FAILED, deployment="a"), run("a")))
    assert names(loop) == ["restart"]
    assert not loop.is_certain
    assert loop.reasons == (
        "restart runs etl/a",
        "etl/a emits flow-run.Failed",
        f"{FAILED} triggers restart",
    )


@pytest.mark.parametrize("length", [2, 3, 4])
def test_loop_through_several(length: int) -> None:
    """Each automation runs the deployment that the next one waits for."""
    listed = ["a", "b", "c", "d"][:length]
    made = [
        automation(f"after-{name}", on(COMPLETED, deployment=name), run(listed[(index + 1) % length]))
        for index, name in enumerate(listed)
    ]
    [loop] = found(*made)
    assert loop.length == length
    assert loop.is_certain
    assert sorted(names(loop)) == sorted(f"after-{name}" for name in listed)
    # One step less is a chain, and no loop.
    assert found(*made[1:]) == []


def test_two_loops_with_a_part_in_common() -> None:
    """Each automation of such a part has a shortest way round, and each way is told once."""
    made = found(
        automation("one", on(COMPLETED, deployment="a"), run("b"), run("c")),
        automation("two", on(COMPLETED, deployment="b"), run("a")),
        automation("three", on(COMPLETED, deployment="c"), run("a")),
    )
    assert sorted(sorted(names(loop)) for loop in made) == [["one", "three"], ["one", "two"]]
    assert len({loop.members for loop in made}) == 1


@pytest.mark.parametrize(
    "other",
    [
        automation("other", on(FAILED, deployment="b"), run("a")),
        automation("off", on(FAILED, deployment="a"), run("a"), enabled=False),
        automation("pause", on(FAILED, deployment="a"), {"type": "pause-deployment", "source": "inferred"}),
        automation("often", on(FAILED, deployment="a", threshold=3, within=60), run("a")),
        automation("unseen", on("orders.received"), run("a")),
        automation("tag", on(FAILED, match_related={"prefect.resource.id": "prefect.tag.tag-b"}), run("a")),
        automation("both", both(on(FAILED, deployment="a"), on("orders.received")), run("a")),
        automation("after", on(FAILED, deployment="a", after=["orders.received"]), run("a")),
        automation("empty", {"type": "sequence", "triggers": [], "within": None}, run("a")),
        automation("metric", {"type": "metric", "metric": {"name": "duration"}}, run("a")),
        automation("gone", on(FAILED), {**run("a"), "deployment_id": "d0000000-0000-4000-8000-00000000dead"}),
        automation("quiet", on(FAILED, deployment="a", posture="Proactive", within=60), run("a")),
    ],
    ids=lambda one: one["name"],
)
def test_no_loop(other: dict[str, Any]) -> None:
    """What does not come round to the automation by itself is none."""
    assert found(other) == []


@pytest.mark.parametrize(
    "trigger",
    [
        on("prefect.flow-run.*", deployment="a", threshold=3, within=60),
        on(FAILED, match_related={"prefect.resource.id": "prefect.tag.tag-a"}),
        on(FAILED, match_related={"prefect.resource.role": "flow", "prefect.resource.name": "etl"}),
        on(FAILED, match_related={"prefect.resource.id": "prefect.automation.a-it"}),
        on("prefect.task-run.Failed", deployment="a"),
        both(on(FAILED, deployment="a"), on("orders.received"), require="any"),
        both(on(FAILED, deployment="a"), on("prefect.flow-run.Running", deployment="a")),
        {"type": "sequence", "triggers": [on("prefect.flow-run.Running"), on(FAILED)], "within": None},
        on(FAILED, deployment="a", after=["prefect.flow-run.Running"]),
        on(COMPLETED, deployment="a", after=["prefect.flow-run.Running"], posture="Proactive", within=60),
    ],
)
def test_loop_of_every_kind_of_trigger(trigger: dict[str, Any]) -> None:
    """Tags, flows, the automation as creator of the run, tasks, thresholds, composites, and what does not follow."""
    [loop] = found(automation("it", trigger, run("a")))
    assert names(loop) == ["it"]


def test_loop_by_what_does_not_come() -> None:
    """A run that is missed starts the next, which may be in time: such a loop is not certain."""
    late = on(COMPLETED, deployment="a", after=["prefect.flow-run.Running"], posture="Proactive", within=60)
    [loop] = found(automation("it", late | {"for_each": ["prefect.resource.id"]}, run("a")))
    assert not loop.is_certain


def test_inferred_deployment() -> None:
    """The deployment of the event is run again, whichever it is."""
    [loop] = found(automation("again", on(FAILED), run()))
    assert [node.label for node in loop.path][:2] == ["again", "the deployment of the event"]


def test_own_events() -> None:
    """An automation that listens to automations fires itself for ever; certain, for each firing emits one."""
    [loop] = found(automation("own", on("prefect.automation.triggered"), {"type": "do-nothing"}))
    assert loop.is_certain
    assert [node.kind for node in loop.path] == ["automation", "event"]
    watched = on("prefect.automation.triggered", match={"prefect.resource.id": "prefect.automation.a-other"})
    assert found(automation("own", watched, {"type": "do-nothing"})) == []


def test_two_that_watch_each_other() -> None:
    """Two automations, each on the firing of the other, are a loop of two."""

    def watching(name: str, other: str) -> dict[str, Any]:
        match = {"prefect.resource.id": f"prefect.automation.a-{other}"}
        return automation(name, on("prefect.automation.triggered", match=match), {"type": "do-nothing"})

    [loop] = found(watching("left", "right"), watching("right", "left"))
    assert loop.length == 2


def test_composite_is_fed_only_by_what_goes_on() -> None:
    """A part that is fed by an automation which itself starves is no loop, though its graph is a circle."""
    starving = both(on(COMPLETED, deployment="a"), on("orders.received"))
    assert (
        found(
            automation("one", starving, run("b")), automation("two", on(COMPLETED, deployment="b"), run("a"))
        )
        == []
    )


def test_state_that_is_forced_on_a_run() -> None:
    """An automation that brings the run of its event into a state that it waits for goes on for ever."""
    forced = {"type": "change-flow-run-state", "state": "FAILED", "name": None}
    [loop] = found(automation("force", on(FAILED), forced))
    assert names(loop) == ["force"]
    assert found(automation("force", on(COMPLETED), forced)) == []


def test_server_answers_of_another_form() -> None:
    """What a newer server may answer is no loop and no error."""
    odd = automation("odd", {"type": "telepathy"}, {"type": "run-deployment"}, "nonsense", {"no": "type"})
    none = automation("none", on(FAILED), run("a")) | {"trigger": None, "actions": None}
    assert found(odd, none) == []
