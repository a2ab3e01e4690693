"""Actions: the table and its rules."""

from decimal import Decimal
from typing import Any

import pytest

from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.rules.actions import ACTIONS, FIELDS, canonical, problems, to_api
from prefect_provider.text.path import Path

ID = "3F5A6c1e-0000-4000-8000-000000000000"
FULL: dict[str, dict[str, Any]] = {
    "run-deployment": {"deployment_id": ID},
    "pause-deployment": {"deployment_id": ID},
    "resume-deployment": {"source": "inferred"},
    "pause-work-queue": {"work_queue_id": ID},
    "resume-work-queue": {"work_queue_id": ID},
    "pause-work-pool": {"work_pool_id": ID},
    "resume-work-pool": {"work_pool_id": ID},
    "pause-automation": {"automation_id": ID},
    "resume-automation": {"automation_id": ID},
    "change-flow-run-state": {"state": "FAILED"},
    "send-notification": {"block_document_id": ID, "body": "{{ flow_run.name }}"},
    "call-webhook": {"block_document_id": ID},
    "resume-schedule-for-flow-run": {"deployment_id": ID, "schedule_id": ID},
    "send-email-notification": {"emails": ["a@b.c"], "subject": "s", "body": "b"},
}


def is_unknown(value: object) -> bool:
    """Tell the stand-in for what is not yet known."""
    return value is UNKNOWN


def union(type_: str, **fields: Any) -> dict[str, Any]:
    """One action as Terraform's object of all fields."""
    return {**dict.fromkeys(sorted(FIELDS)), "type": type_, **FULL.get(type_, {}), **fields}


@pytest.mark.parametrize("type_", ACTIONS)
def test_each_type_is_complete_with_its_required_fields(type_: str) -> None:
    """An action with what its type requires has no problems; without any one of these it has one, there."""
    assert problems(union(type_)) == []
    for name in sorted(ACTIONS[type_].required):
        assert [found.path for found in problems(union(type_, **{name: None}))] == [(name,)]


@pytest.mark.parametrize("type_", ACTIONS)
def test_fields_of_other_types_are_refused(type_: str) -> None:
    """Every field that is not of the type is refused at its place; while its value is unknown, it may be null."""
    for name in FIELDS - ACTIONS[type_].fields:
        found = problems(union(type_, **{name: ID}), is_unknown=is_unknown)
        assert [one.path for one in found] == [(name,)], name
        assert problems(union(type_, **{name: UNKNOWN}), is_unknown=is_unknown) == []


@pytest.mark.parametrize("type_", ACTIONS)
def test_unknown_values_are_enough_and_are_not_checked(type_: str) -> None:
    """An action with every required field unknown has no problems."""
    spec = ACTIONS[type_]
    values = dict.fromkeys(spec.fields, UNKNOWN)
    assert problems({"type": type_, **values}, is_unknown=is_unknown) == []


@pytest.mark.parametrize("type_", [name for name, spec in ACTIONS.items() if spec.target])
def test_selected_needs_the_id_and_inferred_forbids_it(type_: str) -> None:
    """The id is required unless the source is inferred, then refused; with an unknown source it is free."""
    target = ACTIONS[type_].target
    assert target is not None
    cases: list[tuple[Any, Any, list[Path]]] = [
        (None, None, [(target,)]),
        ("selected", None, [(target,)]),
        ("inferred", ID, [(target,)]),
        ("inferred", UNKNOWN, []),
        ("infered", ID, [("source",)]),
        ("inferred", None, []),
        ("selected", ID, []),
        ("selected", UNKNOWN, []),
        (None, ID, []),
        (UNKNOWN, None, []),
        (UNKNOWN, ID, []),
    ]
    for source, value, paths in cases:
        found = problems({"type": type_, "source": source, target: value}, is_unknown=is_unknown)
        assert [one.path for one in found] == paths, (source, value)


@pytest.mark.parametrize(
    ("action", "path", "words"),
    [
        ({}, ("type",), "needs a `type`"),
        ({"type": "run_deployment"}, ("type",), 'Write "run-deployment".'),
        (union("run-deployment", deployment_id="etl"), ("deployment_id",), "not its name"),
        (union("run-deployment", schedule_after=-1), ("schedule_after",), "0 seconds or more"),
        (union("run-deployment", schedule_after="5m"), ("schedule_after",), "number of seconds"),
        (union("run-deployment", parameters=[1]), ("parameters",), "object"),
        (union("run-deployment", parameters={"a": ["{{ x"]}), ("parameters", "a", 0), "Jinja"),
        (union("run-deployment", job_variables="x"), ("job_variables",), "object"),
        (union("change-flow-run-state", state="failed"), ("state",), 'Write "FAILED".'),
        (union("change-flow-run-state", force="yes"), ("force",), "true or false"),
        (union("send-notification", body="a\n{% for x %}"), ("body",), "line 2: not a valid Jinja"),
        (union("send-notification", subject="{{"), ("subject",), "Jinja"),
        (union("call-webhook", payload={"a": "{{ x"}), ("payload",), "Jinja"),
        (union("call-webhook", payload=3), ("payload",), "text or an object"),
        (union("send-email-notification", emails=["a@b", "x"]), ("emails", 1), "email address"),
        (union("send-email-notification", emails=[]), ("emails",), "list of addresses"),
    ],
    ids=str,
)
def test_a_wrong_value_is_an_error_at_its_place(action: dict[str, Any], path: Path, words: str) -> None:
    """Each wrong value gives one error at the path of the attribute, with the remedy."""
    found = problems(action)
    assert [(one.path, one.severity) for one in found] == [(path, "error")]
    assert words in str(found[0])


def test_cloud_and_oss_differ() -> None:
    """A type or field of the other edition is an error where the edition is known."""
    for type_, spec in ACTIONS.items():
        assert bool(problems(union(type_), cloud=False)) == spec.cloud_only
        assert bool(problems(union(type_), cloud=True)) == spec.oss_only
    assert [one.path for one in problems(union("cancel-flow-run", force=True), cloud=False)] == [("force",)]
    assert problems(union("cancel-flow-run", force=True)) == []


def test_the_body_is_complete_and_minimal() -> None:
    """Optional fields are explicit, fields of other types are absent, and values have the API's form."""
    assert to_api(union("run-deployment", schedule_after=Decimal("1.5"))) == {
        "type": "run-deployment",
        "deployment_id": ID,
        "source": "selected",
        "parameters": None,
        "job_variables": None,
        "schedule_after": 1.5,
    }
    assert to_api(union("cancel-flow-run")) == {"type": "cancel-flow-run"}
    assert to_api(union("call-webhook", payload={"a": [1]}))["payload"] == '{\n  "a": [\n    1\n  ]\n}'


def test_equal_meaning_is_equal_in_the_canonical_form() -> None:
    """Case of ids, empty parameters and what the server computes make no difference; values do."""
    ours = union("run-deployment", parameters={})
    assert canonical(ours) == canonical({**ours, "deployment_id": ID.upper(), "parameters": None, "newer": 1})
    assert canonical(ours) != canonical({**ours, "parameters": {"a": 1}})
    email = union("send-email-notification")
    assert canonical(email) == canonical({**email, "block_document_id": ID})
    assert canonical({"type": "from-the-future", "x": 1, "y": None}) == {"type": "from-the-future", "x": 1}
