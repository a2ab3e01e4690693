"""Documents of which a part is not known yet, or is nonsense: the rules say what is wrong, and never fail."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prefect_provider.events.loops import loop_problems, run_deployment_loops
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules import actions, schedules, triggers
from prefect_provider.rules.actions.table import ACTION_FIELDS, ACTIONS, SOURCES
from prefect_provider.rules.documents import document_problems
from prefect_provider.rules.parameters import parameter_problems, run_parameter_problems
from prefect_provider.rules.slas import sla_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.text.problem import Problem

ID = "01234567-89ab-cdef-0123-456789abcdef"
EVENT = {
    "type": "event",
    "posture": "Reactive",
    "expect": ["prefect.flow-run.Completed", "order.*"],
    "after": ["prefect.flow-run.Running"],
    "match": {"prefect.resource.id": ["prefect.flow-run.*"], "x": "y"},
    "match_related": [{"prefect.resource.role": "flow", "prefect.resource.id": "prefect.flow.*"}],
    "for_each": ["related:flow:prefect.resource.id"],
    "threshold": 1,
    "within": 0,
}
DOCUMENT: dict[str, Any] = {
    "trigger": {
        "type": "compound",
        "require": 1,
        "within": 60,
        "triggers": [
            EVENT,
            {"type": "sequence", "within": None, "triggers": [EVENT]},
            {"type": "metric", "metric": {"name": "duration", "operator": ">", "threshold": 1, "range": 300}},
        ],
    },
    "actions": [
        {
            "type": "run-deployment",
            "source": "selected",
            "deployment_id": ID,
            "parameters": {
                "a": "{{ event.id }}",
                "b": [{"__prefect_kind": "json", "value": "1"}],
                "count": 2,
            },
            "job_variables": {"env": {"A": "b"}},
            "schedule_after": 5,
        },
        {"type": "send-notification", "block_document_id": ID, "body": "{{ event.id }}", "subject": "s"},
        {"type": "call-webhook", "block_document_id": ID, "payload": {"a": 1}},
    ],
    "schedules": [
        {"cron": "0 6 * * *", "timezone": "UTC", "day_or": True, "slug": "a", "max_scheduled_runs": 3},
        {"interval": 60, "anchor_date": "2024-01-01T00:00:00Z"},
        {"rrule": "FREQ=DAILY;COUNT=3", "parameters": {"a": 1}, "active": True},
    ],
}
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "array"}, "count": {"type": "integer"}},
}


def is_unknown(value: object) -> bool:
    """Tell the stand-in for what is not yet known."""
    return value is UNKNOWN


def judge(document: dict[str, Any]) -> list[Problem]:
    """All that the rules say of a document."""
    trigger = document["trigger"]
    found: list[Problem] = []
    if isinstance(trigger, dict):
        found += triggers.problems(trigger, is_unknown=is_unknown, cloud=False, path=("trigger",))
        found += triggers.keyed_problems(trigger, is_unknown=is_unknown)
        found += loop_problems(trigger, name="a", is_unknown=is_unknown, path=("trigger",))
    for index, action in enumerate(document["actions"] if isinstance(document["actions"], list) else ()):
        if not isinstance(action, dict):
            continue
        here = ("actions", index)
        found += actions.problems(action, is_unknown=is_unknown, cloud=True, path=here)
        found += parameter_problems(
            action.get("parameters"), is_unknown=is_unknown, path=(*here, "parameters")
        )
        found += document_problems(action, is_unknown=is_unknown, path=here)
        if isinstance(action.get("parameters"), dict):
            found += run_parameter_problems(action["parameters"], SCHEMA, is_unknown=is_unknown, path=here)
        if isinstance(trigger, dict):
            found += run_deployment_loops(trigger, [action], is_unknown=is_unknown, path=here)
    for index, schedule in enumerate(
        document["schedules"] if isinstance(document["schedules"], list) else ()
    ):
        if isinstance(schedule, dict):
            found += schedules.problems(schedule, is_unknown=is_unknown, path=("schedules", index))
    return found


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each value in a document."""
    for key, element in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield (*path, key)
        yield from places(element, (*path, key))


def changed(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The document with another value at a path, if the path is still there."""
    copy: Any = deepcopy(document)
    inner = copy
    for step in path[:-1]:
        if not isinstance(inner, (dict, list)) or (isinstance(inner, list) and not isinstance(step, int)):
            return document
        try:
            inner = inner[step]
        except (KeyError, IndexError):
            return document
    if isinstance(inner, dict) or (
        isinstance(inner, list) and isinstance(path[-1], int) and path[-1] < len(inner)
    ):
        inner[path[-1]] = value
    return dict(copy)


ERRORS = {str(found.path) for found in judge(DOCUMENT) if found.severity == "error"}
PLACES = sorted(places(DOCUMENT), key=str)
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1.5,
        float("nan"),
        float("inf"),
        10**400,
        "",
        "x",
        "\ud800",
        "!",
        "*",
        "[",
        "{{",
        "${a.b}",
        [],
        [None],
        [[]],
        {},
        {"": None},
        {"a": {"b": []}},
        (),
        b"x",
        object,
    ]
)


@pytest.mark.parametrize("path", PLACES, ids=str)
def test_what_is_not_known_yet_is_no_error(path: tuple[Any, ...]) -> None:
    """Any one value may be unknown: no error is at it, nor anywhere that had none."""
    found = judge(changed(DOCUMENT, path, UNKNOWN))
    assert [one for one in found if one.severity == "error" and str(one.path) not in ERRORS] == []


@pytest.mark.parametrize("source", [None, *SOURCES])
@pytest.mark.parametrize("type_", [name for name, spec in ACTIONS.items() if not spec.cloud_only])
def test_fields_of_other_actions_may_be_null_in_the_end(type_: str, source: str | None) -> None:
    """One configuration for all types of action is no error while it is not known which of its fields are null."""
    action = {
        **dict.fromkeys(ACTION_FIELDS, UNKNOWN),
        "type": type_,
        **({"source": source} if source else {}),
    }
    found = actions.problems(action, is_unknown=is_unknown, cloud=False)
    assert [str(one) for one in found if "source" not in one.path or "source" in ACTIONS[type_].fields] == []


def test_a_field_of_no_action_is_refused_whatever_it_holds() -> None:
    """A name that is no field is a slip, also while its value is not known."""
    action = {"type": "run-deployment", "deployment_id": ID, "deployment": UNKNOWN}
    (found,) = actions.problems(action, is_unknown=is_unknown)
    assert found.path == ("deployment",)


@pytest.mark.parametrize(
    "known", [{}, {"cron": "0 6 * * *"}, {"interval": 60}, {"rrule": "FREQ=DAILY"}, {"day_or": True}], ids=str
)
def test_other_kinds_of_schedule_may_be_null_in_the_end(known: dict[str, Any]) -> None:
    """One configuration for all kinds of schedule is no error while it is not known which kind it is."""
    fields = ("cron", "interval", "rrule", "timezone", "day_or", "anchor_date", "active")
    schedule = {**dict.fromkeys(fields, UNKNOWN), **known}
    assert schedules.problems(schedule, is_unknown=is_unknown) == []


def test_a_schedule_that_is_certainly_wrong_is_refused_beside_what_is_not_known() -> None:
    """Two kinds that are known, and a field of another kind than the only one that there can be, are errors."""
    both = {"cron": "0 6 * * *", "interval": 60, "rrule": UNKNOWN}
    (found,) = schedules.problems(both, is_unknown=is_unknown)
    assert "got cron and interval." in str(found)
    (found,) = schedules.problems(
        {"cron": UNKNOWN, "anchor_date": "2024-01-01T00:00:00Z"}, is_unknown=is_unknown
    )
    assert found.path == ("anchor_date",)


@pytest.mark.parametrize("known", [{}, {"duration": 60}, {"stale_after": 60}, {"within": 60}], ids=str)
def test_other_kinds_of_sla_may_be_null_in_the_end(known: dict[str, Any]) -> None:
    """One configuration for all kinds of SLA is no error while it is not known which kind it is."""
    fields = ("duration", "stale_after", "within", "expected_event", "resource_match")
    assert sla_problems([{**dict.fromkeys(fields, UNKNOWN), **known}], is_unknown=is_unknown) == []


def test_an_sla_that_is_certainly_wrong_is_refused_beside_what_is_not_known() -> None:
    """Two kinds that are known are an error, and so is a kind that lacks what nothing gives."""
    (found,) = sla_problems([{"duration": 60, "stale_after": 60, "within": UNKNOWN}], is_unknown=is_unknown)
    assert "got `duration` (time to completion) and `stale_after` (frequency)" in str(found)
    (found,) = sla_problems([{"expected_event": "a.b", "within": UNKNOWN}], is_unknown=is_unknown)
    assert "needs `resource_match` as well" in str(found)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(PLACES), st.one_of(st.just(UNKNOWN), JUNK)), min_size=1, max_size=4
    )
)
def test_nonsense_never_fails(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Whatever stands in whichever place, the rules answer with problems that can be written."""
    document = DOCUMENT
    for path, value in changes:
        document = changed(document, path, value)
    for found in judge(document):
        assert str(found).strip()
