"""Odd states and odd answers: whatever they are, the rest is compared and nothing ends in a traceback."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prefect_iac.drift.detection import find_drift
from prefect_iac.drift.state import read_state
from prefect_iac.output import FORMATS
from prefect_iac.output.drift import drift_report
from prefect_iac.plan.stored_object import StateError
from prefect_provider.api import RetryPolicy
from prefect_provider.objects.catalogue import (
    Automation,
    Block,
    Deployment,
    Flow,
    RemoteObject,
    Variable,
    WorkPool,
    WorkQueue,
)
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.wire.state_json import to_json
from tests.api.fake_transport import FakeTransport, answer, client

if TYPE_CHECKING:
    from prefect_iac.drift.report import DriftReport
    from prefect_provider.api import Answer, Outgoing


def id_of(number: int) -> str:
    """A UUID."""
    return f"0198f3a4-1111-4222-8333-{number:012d}"


COMMON = {"created": "2026-11-25T09:50:00.314179Z", "updated": "2026-11-25T09:50:00.314179Z"}
STEP = {"prefect.deployments.steps.git_clone": {"repository": "r", "access_token": "hush-hush-hush"}}
EVENT = {
    "type": "event",
    "id": id_of(90),
    "posture": "Reactive",
    "match": {"prefect.resource.id": "a.*"},
    "match_related": {},
    "after": [],
    "expect": ["a.b"],
    "for_each": [],
    "threshold": 1,
    "within": 10.0,
}

OBJECTS: dict[type[RemoteObject], tuple[str, dict[str, Any]]] = {
    Flow: (f"/flows/{id_of(1)}", {"id": id_of(1), "name": "f", "tags": ["t"], "labels": {"a": "b"}}),
    WorkPool: (
        "/work_pools/p",
        {
            "id": id_of(2),
            "name": "p",
            "description": None,
            "type": "process",
            "is_paused": False,
            "concurrency_limit": 3,
            "default_queue_id": id_of(3),
            "base_job_template": {
                "job_configuration": {"env": {"API_KEY": "hush-hush-hush"}},
                "variables": {},
            },
            "storage_configuration": {"bundle_upload_step": None},
        },
    ),
    WorkQueue: (
        "/work_pools/p/queues/q",
        {
            "id": id_of(4),
            "name": "q",
            "work_pool_name": "p",
            "description": "",
            "is_paused": False,
            "concurrency_limit": None,
            "priority": 2,
        },
    ),
    Variable: (
        f"/variables/{id_of(5)}",
        {"id": id_of(5), "name": "v", "value": {"a": [1, None, "x"], "token": "hush-hush-hush"}, "tags": []},
    ),
    Block: (
        f"/block_documents/{id_of(6)}",
        {
            "id": id_of(6),
            "name": "b",
            "block_type": {"slug": "secret"},
            "data": {"value": "hush-hush-hush"},
            "block_document_references": {},
        },
    ),
    Deployment: (
        f"/deployments/{id_of(7)}",
        {
            "id": id_of(7),
            "name": "d",
            "flow_id": id_of(1),
            "paused": False,
            "enforce_parameter_schema": True,
            "storage_document_id": None,
            "infrastructure_document_id": None,
            "job_variables": {"env": [{"name": "TOKEN", "value": "hush-hush-hush"}]},
            "work_pool_name": "p",
            "work_queue_name": "q",
            "description": "text",
            "path": "/x",
            "version": "1",
            "entrypoint": "a.py:f",
            "tags": ["t"],
            "labels": {},
            "parameters": {"a": {"b": 1}},
            "parameter_openapi_schema": {"type": "object", "properties": {}},
            "global_concurrency_limit": {"id": id_of(8), "name": f"deployment:{id_of(7)}", "limit": 2},
            "concurrency_options": {"collision_strategy": "ENQUEUE"},
            "pull_steps": [STEP],
            "schedules": [
                {
                    "id": id_of(9),
                    "slug": "s",
                    "active": True,
                    "schedule": {"cron": "0 3 * * *", "timezone": "UTC", "day_or": True},
                    "max_scheduled_runs": None,
                    "parameters": {},
                },
                {
                    "id": id_of(10),
                    "slug": "t",
                    "active": True,
                    "schedule": {
                        "interval": 60.0,
                        "anchor_date": "2026-11-25T09:50:00.3Z",
                        "timezone": "UTC",
                    },
                    "max_scheduled_runs": None,
                    "parameters": {"password": "hush-hush-hush"},
                },
            ],
        },
    ),
    Automation: (
        f"/automations/{id_of(11)}",
        {
            "id": id_of(11),
            "name": "a",
            "description": "",
            "enabled": True,
            "tags": [],
            "trigger": {
                "type": "compound",
                "id": id_of(91),
                "require": "all",
                "within": 5,
                "triggers": [EVENT],
            },
            "actions": [
                {
                    "type": "run-deployment",
                    "source": "selected",
                    "deployment_id": id_of(7),
                    "parameters": {"token": "hush-hush-hush"},
                    "job_variables": None,
                }
            ],
            "actions_on_trigger": [],
            "actions_on_resolve": [{"type": "do-nothing"}],
        },
    ),
}
ANSWERS = {path: COMMON | data for path, data in OBJECTS.values()}


def a_resource(kind: type[RemoteObject]) -> dict[str, Any]:
    """An object as a state file has it, as the server has it."""
    path, _ = OBJECTS[kind]
    held: dict[str, Any] = {"data": "{}"} if kind is Block else {"flow_name": "f"}
    values = kind(None, Diagnostics()).values(ANSWERS[path], held)
    instance = {
        "schema_version": kind.schema_version,
        "attributes": json.loads(to_json(values, kind.object_type())),
        "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}]],
        "private": "eyJjb25maWd1cmVkIjpbInNjaGVkdWxlcyJdfQ==",
    }
    return {
        "mode": "managed",
        "type": kind.type_name,
        "name": "this",
        "provider": 'provider["registry.terraform.io/prefect-iac/prefect"]',
        "instances": [instance],
    }


def a_state() -> dict[str, Any]:
    """A state file with one object of each kind."""
    return {"version": 4, "resources": [a_resource(kind) for kind in OBJECTS]}


def a_shown_state() -> dict[str, Any]:
    """The same as `terraform show -json` prints it."""
    resources = []
    for resource in a_state()["resources"]:
        [instance] = resource["instances"]
        values = instance["attributes"]
        # What may be of any type is shown without it.
        if resource["type"] == "prefect_variable":
            values["value"] = values["value"]["value"]
        if resource["type"] == "prefect_automation":
            compound = values["trigger"]["compound"]
            compound["require"] = compound["require"]["value"]
        resources.append(
            {
                "address": f"{resource['type']}.this",
                "mode": "managed",
                "type": resource["type"],
                "provider_name": "registry.terraform.io/prefect-iac/prefect",
                "schema_version": instance["schema_version"],
                "values": values,
                "sensitive_values": {"tags": True},
            }
        )
    return {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}


def a_plan() -> dict[str, Any]:
    """The same as the state before a plan, in which every object was found changed."""
    state = a_shown_state()
    resources = state["values"]["root_module"]["resources"]
    drift = [one | {"change": {"actions": ["update"], "before": one["values"]}} for one in resources]
    configured = [
        {"address": one["address"], "mode": "managed", "expressions": {"name": {"constant_value": "x"}}}
        for one in resources
    ]
    return {
        "format_version": "1.2",
        "planned_values": {},
        "prior_state": state,
        "resource_drift": drift,
        "configuration": {"root_module": {"resources": configured}},
    }


def compare(text: str, answers: dict[str, Any]) -> DriftReport:
    """The report on a state, by a server that gives these answers; in every format it can be shown."""

    def handler(outgoing: Outgoing) -> Answer:
        path = unquote(urlsplit(outgoing.url).path).removeprefix("/api")
        if path == "/admin/version":
            return answer(200, "3.8.8")
        if path in answers:
            return answer(200, answers[path])
        return answer(404, {"detail": "Object not found"})

    async def find() -> DriftReport:
        api = client(FakeTransport(handler), policy=RetryPolicy(max_retries=0))
        return await find_drift(read_state(text), api)

    report = asyncio.run(find())
    for render in FORMATS.values():
        assert "hush-hush-hush" not in render(drift_report(report))
    return report


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [path]
    items = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, item in items:
        found += places(item, (*path, key))
    return found


def mutated(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with something else at a place; with nothing there, if that is `...`."""
    if not path:
        return {} if value is ... else value
    copied = copy.deepcopy(document)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    if value is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return copied


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        ...,
        *(None, True, 0, -1, 2**70, 0.5, "", "x", "../../x", "\ud800", "\x1b[31m", "{", '{"a":', "null"),
        *(
            [],
            [None],
            [[]],
            ["x", 1],
            {},
            {"": None},
            {"type": "x", "value": []},
            {"name": "token", "value": 1},
        ),
        *("2026-13-45T99:00:00Z", "%2F", "a" * 500, {"a": {"b": {"c": [1, {"d": None}]}}}),
    ]
) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=5,
)
FORMS = {"state file": a_state(), "shown state": a_shown_state(), "plan": a_plan()}
FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", FORMS)
def test_an_undamaged_state_has_no_drift(form: str) -> None:
    """The state from which the others are made is read whole, and is as the server is."""
    report = compare(json.dumps(FORMS[form]), ANSWERS)
    assert (len(report.checked), report.exit_code) == (len(OBJECTS), 0), report


@pytest.mark.parametrize("form", FORMS)
@FEW
@given(data=st.data())
def test_damaged_states(form: str, data: st.DataObject) -> None:
    """With anything at any place of a state, it is refused as a whole, or all other objects are compared."""
    path = data.draw(st.sampled_from(places(FORMS[form])))
    text = json.dumps(mutated(FORMS[form], path, data.draw(ODD)))
    inside = path[path.index("resources") + 2 :] if "resources" in path else ()
    if not inside:
        # What holds the objects may be too damaged to tell them apart; then that is said of the whole.
        with contextlib.suppress(StateError):
            compare(text, ANSWERS)
        return
    report = compare(text, ANSWERS)
    others = len(OBJECTS) - 1
    untouched = set(report.checked)
    untouched -= {item.address for item in report.unreadable} | {item.address for item in report.changed}
    assert len(untouched | {item.address for item in report.missing}) >= others, report


@FEW
@given(data=st.data())
def test_odd_answers(data: st.DataObject) -> None:
    """With anything at any place of an answer, the other objects are compared, and it is said of the one."""
    path = data.draw(st.sampled_from(places(ANSWERS)[1:]))
    report = compare(json.dumps(a_state()), mutated(ANSWERS, path, data.draw(ODD)))
    assert len(report.checked) == len(OBJECTS)
    assert len(report.changed) + len(report.unreadable) + len(report.missing) <= 1, report


def test_a_damaged_object_is_named() -> None:
    """An object that cannot be read is reported with its address and what is wrong, and the others are compared."""
    state = a_state()
    wrong: list[tuple[int, str, Any, str]] = [
        (0, "attributes", ["x"], "expected a JSON object as `attributes`, got a JSON array"),
        (1, "schema_version", "x", "expected a JSON number as `schema_version`, got a JSON string"),
        (3, "schema_version", 99, "schema version 99, newer than this prefect-iac knows"),
        (
            4,
            "sensitive_attributes",
            "x",
            "expected a JSON array as `sensitive_attributes`, got a JSON string",
        ),
    ]
    for index, name, value, _ in wrong:
        state["resources"][index]["instances"][0][name] = value
    state["resources"][5]["instances"][0]["attributes"]["id"] = 7
    state["resources"][6]["instances"] = [3]
    state["resources"].append("nonsense")

    report = compare(json.dumps(state), ANSWERS)

    reasons = {item.address: item.reason for item in report.unreadable}
    for index, _, _, text in wrong:
        assert text in reasons[f"{state['resources'][index]['type']}.this"]
    assert "expected a UUID such as" in reasons["prefect_deployment.this"]
    assert "expected a JSON object, got a JSON number" in reasons["prefect_automation.this"]
    assert "expected a JSON object, got a JSON string" in reasons["resources[7]"]
    assert (len(report.checked), len(reasons), report.exit_code) == (8, 7, 1)


def test_values_nested_too_deeply() -> None:
    """A value of hundreds of levels, in the state or in an answer, is said of its object."""
    deep: Any = "x"
    for _ in range(450):
        deep = [deep]
    answers = mutated(ANSWERS, (f"/variables/{id_of(5)}", "value"), deep)
    report = compare(json.dumps(a_state()), answers)
    assert [item.address for item in report.unreadable] + [item.address for item in report.changed] == [
        "prefect_variable.this"
    ]
    state = mutated(
        a_state(), ("resources", 3, "instances", 0, "attributes", "value"), {"type": "dynamic", "value": deep}
    )
    report = compare(json.dumps(state), ANSWERS)
    assert [item.address for item in report.unreadable] == ["prefect_variable.this"]
