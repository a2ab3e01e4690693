"""Triggers that fire themselves are found, and others are left alone."""

from typing import Any

import pytest

from prefect_provider.events.loops import loop_problems, run_deployment_loops
from prefect_provider.events.matching import Event, expects
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.event_catalogue import AUTOMATION_RUN_EVENTS, CLOUD, OSS
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
        (STARTS, {**RUN, "source": UNKNOWN}, 0),
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
    errors = [problem for problem in found if problem.severity == "error"]
    assert [problem.path for problem in errors] == [("actions", 1)] * count
    elsewhere = run_deployment_loops(trigger, [action], refused=False, is_unknown=is_unknown)
    assert [problem for problem in elsewhere if problem.severity == "error"] == []


ID = "01234567-89ab-cdef-0123-456789abcdef"
MINE = {**RUN, "deployment_id": ID}
RETRY = {"type": "run-deployment", "source": "inferred"}
COMPLETED = {"expect": ["prefect.flow-run.Completed"]}
OWN = {"prefect.resource.id": f"prefect.deployment.{ID}"}
TOKEN = "${prefect_deployment.d.id}"


def is_token(value: object) -> bool:
    """Tell a text that is worked out later."""
    return isinstance(value, str) and "${" in value


@pytest.mark.parametrize(
    ("trigger", "action", "words"),
    [
        (COMPLETED, MINE, "becomes Completed as well and starts the next one: it never stops"),
        (
            {**COMPLETED, "posture": "Proactive", "after": ["prefect.flow-run.Running"]},
            MINE,
            "what is expected does not come either",
        ),
        ({"event": COMPLETED}, MINE, "becomes Completed as well"),
        ({**COMPLETED, "posture": "Reactive", "within": 60}, MINE, "becomes Completed as well"),
        (
            {**COMPLETED, "match": {"prefect.resource.id": "prefect.flow-run.*"}},
            MINE,
            "becomes Completed as well",
        ),
        ({**COMPLETED, "match": {"prefect.state-type": ["COMPLETED", "FAILED"]}}, MINE, "becomes Completed"),
        ({**COMPLETED, "match_related": OWN}, MINE, "becomes Completed as well"),
        (
            {**COMPLETED, "match_related": [{"prefect.resource.role": "deployment", **OWN}, {}]},
            MINE,
            "Completed",
        ),
        ({**COMPLETED, "match_related": {"prefect.resource.role": ["flow", "x"]}}, MINE, "becomes Completed"),
        ({**COMPLETED, "match_related": {"prefect.resource.id": "prefect.deployment.*"}}, MINE, "Completed"),
        ({**COMPLETED, "match_related": {"prefect.resource.id": "!prefect.tag.quiet"}}, MINE, "Completed"),
        (
            {"expect": ["prefect.flow-run.Failed"]},
            MINE,
            "a run that this starts and that becomes Failed as well",
        ),
        (
            {"expect": ["prefect.flow-run.Crashed", "prefect.flow-run.Cancelled"]},
            MINE,
            "becomes Crashed as well",
        ),
        ({"expect": ["prefect.flow-run.*ed"]}, MINE, "becomes Scheduled as well"),
        ({"expect": ["prefect.*"]}, MINE, "it never stops"),
        ({"expect": []}, MINE, "it never stops"),
        ({**STARTS, "match": {"prefect.state-name": "Pending"}}, MINE, "becomes Pending as well"),
        (
            {"after": ["prefect.flow-run.Running"], "expect": ["prefect.flow-run.Failed"]},
            MINE,
            "becomes Failed",
        ),
        (
            {"expect": ["prefect.flow-run.Failed"]},
            RETRY,
            "becomes Failed as well starts the next one, for ever",
        ),
        (
            {"expect": ["prefect.flow-run.Crashed"], "match_related": {"a": "b"}},
            RETRY,
            "becomes Crashed as well",
        ),
        ({**COMPLETED, "match_related": {"prefect.resource.name": "nightly"}}, RETRY, "it never stops"),
        ({**COMPLETED, "match_related": UNKNOWN}, RETRY, "it never stops"),
        ({"type": "compound", "require": "any", "triggers": [COMPLETED, ELSEWHERE]}, MINE, "it never stops"),
        (
            {
                "sequence": {
                    "triggers": [{"event": {"expect": ["prefect.flow-run.Running"]}}, {"event": COMPLETED}]
                }
            },
            MINE,
            "it never stops",
        ),
    ],
    ids=str,
)
def test_a_run_that_starts_the_next_one_is_a_warning(
    trigger: dict[str, Any], action: dict[str, Any], words: str
) -> None:
    """On finished runs of all flows or of the deployment's own, and when a failed run is run again; with a remedy."""
    (found,) = run_deployment_loops(trigger, [action], is_unknown=is_unknown, path=("actions",))
    assert (found.path, found.severity) == (("actions", 0), "warning")
    assert words in found.message
    assert found.remedy


@pytest.mark.parametrize(
    ("trigger", "action"),
    [
        (ELSEWHERE, MINE),
        ({**COMPLETED, "posture": "Proactive"}, MINE),
        ({**COMPLETED, "threshold": 3, "within": 60}, MINE),
        ({**COMPLETED, "match_related": {"prefect.resource.name": "other"}}, MINE),
        ({**COMPLETED, "match_related": {"prefect.resource.id": f"prefect.deployment.{ID[:-1]}0"}}, MINE),
        ({**COMPLETED, "match_related": {"prefect.resource.id": "prefect.tag.nightly"}}, MINE),
        (
            {
                **COMPLETED,
                "match_related": {"prefect.resource.role": "flow", "prefect.resource.name": "!mine"},
            },
            MINE,
        ),
        ({**COMPLETED, "match": {"prefect.resource.id": f"prefect.flow-run.{ID}"}}, RETRY),
        ({**COMPLETED, "match": {"prefect.resource.name": "once"}}, RETRY),
        ({**COMPLETED, "match": UNKNOWN}, RETRY),
        ({**COMPLETED, "match_related": UNKNOWN}, MINE),
        ({"expect": UNKNOWN}, MINE),
        ({**COMPLETED, "threshold": UNKNOWN}, MINE),
        ({"expect": ["prefect.flow-run.completed"]}, MINE),
        ({"expect": ["prefect.task-run.Completed"]}, RETRY),
        ({"after": ["order.created"], **COMPLETED}, MINE),
        ({"type": "compound", "require": "all", "triggers": [COMPLETED, ELSEWHERE]}, MINE),
        (COMPLETED, {**RUN, "source": UNKNOWN}),
        (COMPLETED, UNKNOWN),
        (COMPLETED, {"type": "pause-deployment", "source": "inferred"}),
        ({"type": "metric", "metric": {"name": "duration", "operator": ">", "threshold": 1}}, MINE),
    ],
    ids=str,
)
def test_a_run_that_starts_no_other_is_quiet(trigger: dict[str, Any], action: Any) -> None:
    """Other flows, other events, more than one run, and whatever is not known yet."""
    assert run_deployment_loops(trigger, [action], is_unknown=is_unknown) == []


def test_a_deployment_that_is_not_made_yet_is_known_by_its_text() -> None:
    """Where the trigger names the very deployment that the action runs, and both are worked out later."""
    own = {**COMPLETED, "match_related": {"prefect.resource.id": f"prefect.deployment.{TOKEN}"}}
    other = {
        **COMPLETED,
        "match_related": {"prefect.resource.id": "prefect.deployment.${prefect_deployment.e.id}"},
    }
    action = {**RUN, "deployment_id": TOKEN}
    assert len(run_deployment_loops(own, [action], is_unknown=is_token)) == 1
    assert run_deployment_loops(other, [action], is_unknown=is_token) == []


def test_prefect_cloud_has_names_of_its_own() -> None:
    """There an automation's own events are in another namespace; where the server is not known, both are looked at."""
    trigger = {"expect": ["prefect-cloud.automation.*"]}
    assert len(loop_problems(trigger)) == 1
    assert len(loop_problems(trigger, cloud=True)) == 1
    assert loop_problems(trigger, cloud=False) == []
    assert loop_problems({"expect": ["prefect.automation.triggered"]}, cloud=True) == []


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "*",
            "p*",
            "prefect*",
            "prefect.*",
            "prefect.automation*",
            "prefect-cloud.*",
            "?refect.*",
            "[p]refect.*",
        ),
        *(
            "!other.*",
            "!prefect*",
            "!*",
            "",
            "prefect",
            "prefec",
            "prefecture.*",
            "order.*",
            "q*",
            "Prefect.*",
            ".",
        ),
    ],
)
def test_names_that_cannot_be_of_prefect_are_passed_over_and_no_others(pattern: str) -> None:
    """A pattern is looked at closely whenever it matches an event that an automation emits."""
    own = [Event(f"{space}.{event}", {}) for space in (OSS, CLOUD) for event in AUTOMATION_RUN_EVENTS]
    trigger = {"type": "event", "posture": "Reactive", "expect": [pattern]}
    assert bool(loop_problems(trigger)) == any(expects(trigger, event) for event in own)
