"""Triggers that fire themselves are found, and others are left alone."""

from typing import Any

import pytest

from prefect_provider.events.loops import loop_problems, run_deployment_loops
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.path import Path

ELSEWHERE = {"expect": ["order.created"]}

LOOPS: list[tuple[dict[str, Any], list[Path]]] = [
    ({}, [()]),
    ({"expect": ["*"]}, [()]),
    ({"expect": ["prefect.*"]}, [()]),
    ({"expect": ["prefect.automation.triggered"]}, [()]),
    ({"expect": ["prefect.automation.action.executed"]}, [()]),
    ({"match": {"prefect.resource.id": "prefect.automation.*"}}, [()]),
    ({"match": {"prefect.resource.id": ["prefect.flow.*", "prefect.automation.*"]}}, [()]),
    ({"match": {"prefect.resource.name": "mine"}}, [()]),
    ({"match": {"prefect.resource.id": "!prefect.flow-run.*"}}, [()]),
    ({"match_related": {"prefect.resource.role": "triggering-event"}}, [()]),
    ({"expect": ["prefect.*"], "after": ["prefect.automation.*"]}, [()]),
    ({"posture": "Proactive", "after": ["prefect.automation.triggered"], "expect": ["done"]}, [()]),
    ({"event": {"expect": ["*"]}}, [("event",)]),
    ({"type": "compound", "require": "any", "triggers": [ELSEWHERE, {}]}, [("triggers", 1)]),
    (
        {"compound": {"require": "all", "triggers": [{"event": {}}, {"event": {"expect": ["prefect.*"]}}]}},
        [("compound", "triggers", 0, "event"), ("compound", "triggers", 1, "event")],
    ),
    ({"type": "sequence", "triggers": [{}, {}]}, [("triggers", 0), ("triggers", 1)]),
]

QUIET: list[dict[str, Any]] = [
    ELSEWHERE,
    {"expect": ["prefect.flow-run.*"]},
    {"expect": ["prefect.automation.created"]},
    {"expect": ["?refect.automation.triggered"]},
    {"match": {"prefect.resource.id": "prefect.flow-run.*"}},
    {"match": {"prefect.resource.id": "!prefect.automation.*"}},
    {"match": {"prefect.resource.name": "other"}},
    {"match": {"my.label": "*"}},
    {"match_related": [{"prefect.resource.role": "flow"}]},
    {"expect": ["*"], "after": ["order.created"]},
    {"posture": "Proactive"},
    {"posture": "Proactive", "after": ["prefect.automation.*"]},
    {"expect": UNKNOWN},
    {"match": UNKNOWN},
    {"match": {"prefect.resource.id": UNKNOWN}},
    {"event": UNKNOWN},
    {"type": "metric", "metric": {"name": "duration", "operator": ">", "threshold": 1}},
    {"type": "compound", "require": "all", "triggers": [ELSEWHERE, {}]},
    {"type": "compound", "require": 2, "triggers": [ELSEWHERE, {}]},
    {"type": "sequence", "triggers": [{}, ELSEWHERE]},
]


def is_unknown(value: object) -> bool:
    """Tell the stand-in for what is not yet known."""
    return value is UNKNOWN


@pytest.mark.parametrize(("trigger", "paths"), LOOPS, ids=str)
def test_a_trigger_on_its_own_events_is_reported(trigger: dict[str, Any], paths: list[Path]) -> None:
    """Each event trigger that an automation's own events keep firing is a warning at its place."""
    found = loop_problems(trigger, name="mine", is_unknown=is_unknown)
    assert [problem.path for problem in found] == paths
    assert {problem.severity for problem in found} == {"warning"}


@pytest.mark.parametrize("trigger", QUIET, ids=str)
def test_a_trigger_on_other_events_is_not(trigger: dict[str, Any]) -> None:
    """A trigger that needs something beside the automation's own events is no loop."""
    assert loop_problems(trigger, name="mine", is_unknown=is_unknown) == []


RUN = {"type": "run-deployment", "source": "selected", "deployment_id": "x"}
STARTS = {"expect": ["prefect.flow-run.Pending"]}


@pytest.mark.parametrize(
    ("trigger", "action", "count"),
    [
        (STARTS, RUN, 1),
        ({"event": STARTS}, RUN, 1),
        ({**STARTS, "match": {"prefect.resource.id": "prefect.flow-run.*"}}, RUN, 1),
        (
            {**STARTS, "match": {"prefect.resource.id": "prefect.flow-run.*"}},
            {**RUN, "source": "inferred"},
            1,
        ),
        ({**STARTS, "match_related": {"prefect.resource.name": "other"}}, {**RUN, "source": "inferred"}, 1),
        ({**STARTS, "match_related": {"prefect.resource.name": "other"}}, RUN, 0),
        ({**STARTS, "match": {"prefect.tag": "x"}}, RUN, 0),
        ({**STARTS, "match": UNKNOWN}, RUN, 0),
        ({**STARTS, "posture": "Proactive"}, RUN, 0),
        ({"expect": ["prefect.flow-run.Completed"]}, RUN, 0),
        ({}, RUN, 0),
        (STARTS, {"type": "do-nothing"}, 0),
    ],
    ids=str,
)
def test_the_loop_that_the_server_refuses_is_an_error(
    trigger: dict[str, Any], action: dict[str, Any], count: int
) -> None:
    """Running a deployment on the start of every flow run is an error at the action."""
    found = run_deployment_loops(
        trigger, [{"type": "do-nothing"}, action], is_unknown=is_unknown, path=("actions",)
    )
    assert [problem.path for problem in found] == [("actions", 1)] * count
    assert all(problem.severity == "error" for problem in found)
