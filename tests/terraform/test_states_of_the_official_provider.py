"""States of the official provider in every form that it writes; `test_official_state.py` takes all objects at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import SERVER_RESOURCES
from tests.objects.terraform_core import unique
from tests.terraform.official_states import MAPPINGS, Official, apply_changes, replaced
from tests.terraform.test_official_state import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

EVENT = {"posture": "Reactive", "expect": ["prefect.flow-run.Failed"], "threshold": 1, "within": 0}


def test_no_object_is_left_out() -> None:
    """Each object is in the state of all objects, and its forms are here or in the files beside this one."""
    kinds = {kind.type_name for kind in SERVER_RESOURCES}
    assert kinds == {kind for kind in kinds if f'resource "{kind}"' in CONFIGURATION}
    assert MAPPINGS.keys() == kinds


def test_flows(official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer) -> None:
    """With and without tags; one was there before, with labels, and was adopted in silence."""
    adopted = unique("switch")
    prefect_server.call("POST", "/flows/", {"name": adopted, "labels": {"team": "theirs"}})
    official.add("prefect_flow", "least", "/flows/", {"name": unique("switch")})
    official.add("prefect_flow", "tagged", "/flows/", {"name": unique("switch"), "tags": ["b", "a"]})
    found = official.add("prefect_flow", "adopted", "/flows/", {"name": adopted})

    workspace = switch()
    apply_changes(workspace, official, least={"tags": ["x"]}, tagged={"tags": []}, adopted={"tags": ["x"]})

    assert prefect_server.call("GET", f"/flows/{found['id']}")["labels"]["team"] == "theirs"
    workspace.destroy()


PULL_STEPS: list[dict[str, Any]] = [
    {"type": "git_clone", "repository": "r", "branch": "main", "include_submodules": False},
    {"type": "set_working_directory", "directory": "/opt"},
    {"type": "pip_install_requirements", "directory": "/opt", "requirements_file": "r.txt"},
    {"type": "run_shell_script", "script": "make", "env": {"A": "1"}, "stream_output": True},
    {"type": "pull_from_s3", "bucket": "b", "folder": "f", "requires": "prefect-aws>=0.3"},
]
STEPS = "prefect.deployments.steps"
PATHS = {"pull_from_s3": "prefect_aws.deployments.steps.pull_from_s3"}


def _pull_step(step: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {name: value for name, value in step.items() if name != "type"}
    return {PATHS.get(step["type"], f"{STEPS}.{step['type']}"): inputs}


SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
FULL_DEPLOYMENT = {
    "entrypoint": "flow.py:run",
    "path": "/opt",
    "description": "for tests",
    "version": "1",
    "tags": ["x", "a"],
    "paused": True,
    "enforce_parameter_schema": False,
    "concurrency_limit": 3,
    "concurrency_options": {"collision_strategy": "ENQUEUE"},
}
DOCUMENTS = {
    "parameters": {"b": {"z": 1, "a": None}, "a": 1},
    "job_variables": {"env": {"A": "1"}},
    "parameter_openapi_schema": SCHEMA,
}


@pytest.fixture
def deployments(official: Official, prefect_server: PrefectServer) -> dict[str, dict[str, Any]]:
    """Deployments by label, as the server has them."""
    flow_id = prefect_server.call("POST", "/flows/", {"name": unique("switch")})["id"]
    pool = prefect_server.call("POST", "/work_pools/", {"name": unique("switch"), "type": "process"})["name"]
    prefect_server.call("POST", f"/work_pools/{pool}/queues", {"name": "q"})
    limit = {"name": unique("switch"), "limit": 2}
    limit_id = prefect_server.call("POST", "/v2/concurrency_limits/", limit)["id"]

    def made(label: str, given: Mapping[str, Any], **sent: Any) -> dict[str, Any]:
        given = {"name": label, "flow_id": flow_id} | dict(given)
        body = given | sent
        return official.add("prefect_deployment", label, "/deployments/", given, body=body)

    queue = {"work_pool_name": pool, "work_queue_name": "q"}
    texts = {name: json.dumps(document) for name, document in DOCUMENTS.items()}
    return {
        "least": made("least", {}),
        "full": made(
            "full",
            FULL_DEPLOYMENT | queue | texts | {"pull_steps": PULL_STEPS},
            **DOCUMENTS,
            pull_steps=[_pull_step(step) for step in PULL_STEPS],
        ),
        "pooled": made("pooled", {"work_pool_name": pool}),
        "limited": made("limited", {"global_concurrency_limit_id": limit_id}),
    }


def test_deployments(
    official: Official,
    switch: Callable[[], Workspace],
    deployments: dict[str, dict[str, Any]],
    prefect_server: PrefectServer,
) -> None:
    """With nothing and with everything, in a pool without a queue, and with a limit that is shared.

    What others have set and the official provider does not know stays: schedules, the version's details, and the
    schema of the parameters that `prefect deploy` writes.
    """
    paths = {label: f"/deployments/{one['id']}" for label, one in deployments.items()}
    for path in paths.values():
        schedule = {"schedule": {"cron": "0 3 * * *"}, "active": True}
        prefect_server.call("POST", f"{path}/schedules", [schedule])
        details = {"version_info": {"type": "vcs:git", "version": "abc"}}
        prefect_server.call("PATCH", path, details)
    for label in ("least", "pooled", "limited"):
        prefect_server.call(
            "PATCH", paths[label], {"parameter_openapi_schema": SCHEMA, "description": "theirs"}
        )

    workspace = switch()
    apply_changes(
        workspace,
        official,
        least={"tags": ["x"]},
        full={"parameters": '{"a": 2}', "concurrency_limit": 4, "pull_steps": PULL_STEPS[:2]},
        pooled={"paused": True},
        limited={"job_variables": '{"env": {}}'},
    )

    changed = {label: prefect_server.call("GET", path) for label, path in paths.items()}
    for label, one in changed.items():
        assert [schedule["schedule"]["cron"] for schedule in one["schedules"]] == ["0 3 * * *"], label
    assert changed["least"]["parameter_openapi_schema"] == SCHEMA
    assert changed["least"]["description"] == "theirs"
    assert changed["full"]["parameters"] == {"a": 2}
    assert changed["full"]["global_concurrency_limit"]["limit"] == 4
    assert changed["limited"]["global_concurrency_limit"]["limit"] == 2
    workspace.destroy()


TEMPLATE = {
    "job_configuration": {"env": "{{ env }}"},
    "variables": {"type": "object", "properties": {"env": {"type": "object"}}},
}


def test_work_pools(
    official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer
) -> None:
    """With and without a template; where it was imported, the state has none.

    What others have set stays: where objects are stored, and the template that is nowhere configured.
    """
    path = "/work_pools/"
    text = json.dumps(TEMPLATE)
    least = {"name": unique("switch"), "type": "process"}
    full = least | {"name": unique("switch"), "description": "for tests", "concurrency_limit": 3}
    official.add("prefect_work_pool", "least", path, least)
    official.add(
        "prefect_work_pool",
        "full",
        path,
        full | {"paused": True, "base_job_template": text},
        body=full | {"is_paused": True, "base_job_template": TEMPLATE},
    )
    imported = least | {"name": unique("switch")}
    official.add(
        "prefect_work_pool",
        "imported",
        path,
        imported | {"base_job_template": text},
        body=imported | {"base_job_template": TEMPLATE},
        base_job_template=None,
    )
    agent = {"name": unique("switch")}
    official.add("prefect_work_pool", "agent", path, agent, body=agent | {"type": "prefect-agent"})
    storage = {"default_result_storage_block_id": "11111111-1111-1111-1111-111111111111"}
    theirs = {"base_job_template": TEMPLATE, "storage_configuration": storage}
    prefect_server.call("PATCH", f"/work_pools/{least['name']}", theirs)

    workspace = switch()
    apply_changes(
        workspace,
        official,
        least={"paused": True},
        full={"description": "changed", "concurrency_limit": None},
        imported={"base_job_template": json.dumps(TEMPLATE | {"job_configuration": {"env": {}}})},
    )

    changed = prefect_server.call("GET", f"/work_pools/{least['name']}")
    assert changed["is_paused"] is True
    assert changed["base_job_template"] == TEMPLATE
    assert changed["storage_configuration"].items() >= storage.items()
    workspace.destroy()


def test_work_queues(
    official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer
) -> None:
    """With and without a priority, which moves when others take it."""
    pool = prefect_server.call("POST", "/work_pools/", {"name": unique("switch"), "type": "process"})["name"]
    path = f"/work_pools/{pool}/queues"
    given = {"work_pool_name": pool, "name": "least"}
    full = {
        "name": "full",
        "description": "for tests",
        "is_paused": True,
        "concurrency_limit": 3,
        "priority": 2,
    }
    official.add("prefect_work_queue", "least", path, given, body={"name": "least"})
    official.add("prefect_work_queue", "full", path, given | full, body=full)
    prefect_server.call("POST", path, {"name": "theirs", "priority": 3})

    workspace = switch()
    apply_changes(
        workspace,
        official,
        least={"description": "changed"},
        full={"concurrency_limit": 0, "is_paused": False},
    )

    assert prefect_server.call("GET", f"{path}/full")["priority"] == 2
    workspace.destroy()


VALUES = {
    "text": "x",
    "number": 1.5,
    "whole": 12,
    "switch": False,
    "list": [1, "x", []],
    "object": {"a": [1, "x"], "b": {"c": True}},
}


def test_variables(
    official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer
) -> None:
    """With values of each type, as its schema's version 1 holds them, and the texts of version 0."""
    for label, value in VALUES.items():
        given = {"name": unique("switch"), "value": value, "tags": ["b", "a"]}
        official.add("prefect_variable", label, "/variables/", given)
    for label, text in (("old", "x"), ("old_json", '{"a": 1}'), ("old_empty", "")):
        given = {"name": unique("switch"), "value": text}
        official.add("prefect_variable", label, "/variables/", given, version=0, value=text)

    workspace = switch()
    apply_changes(
        workspace,
        official,
        text={"value": ["x"]},
        object={"value": {"a": None}},
        whole={"tags": []},
        old={"value": 1},
        old_json={"value": {"a": 1}},
    )

    for label in ("text", "object", "old", "old_json"):
        one = official.instances[f"prefect_variable.{label}"].attributes
        value = official.given[f"prefect_variable.{label}"]["value"]
        assert prefect_server.call("GET", f"/variables/{one['id']}")["value"] == value
    workspace.destroy()


@pytest.fixture
def block(official: Official, prefect_server: PrefectServer) -> Callable[..., dict[str, Any]]:
    """A function that makes a block of type `secret`: `block(label, stored, given)`."""
    type_id = prefect_server.call("GET", "/block_types/slug/secret")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [type_id]}}, "limit": 1}
    [schema] = prefect_server.call("POST", "/block_schemas/filter", wanted)

    def made(label: str, stored: Any, given: Mapping[str, Any], **written: Any) -> dict[str, Any]:
        given = {"name": unique("switch"), "type_slug": "secret"} | dict(given)
        body = {"name": given["name"], "data": {"value": stored}}
        body |= {"block_type_id": type_id, "block_schema_id": schema["id"]}
        return official.add("prefect_block", label, "/block_documents/", given, body=body, **written)

    return made


def _data(value: Any) -> str:
    return json.dumps({"value": value})


def test_blocks(
    official: Official,
    switch: Callable[[], Workspace],
    block: Callable[..., dict[str, Any]],
    prefect_server: PrefectServer,
) -> None:
    """With data, with a reference to another block in it, and with write-only data."""
    plain = block("plain", "x", {"data": _data("x")})
    nested = {"b": [1, None], "a": "x"}
    block("nested", nested, {"data": _data(nested)})
    reference = {"$ref": {"block_document_id": plain["id"]}}
    block("referring", reference, {"data": _data(reference)})
    hidden = block("hidden", "x", {"data_wo": _data("x"), "data_wo_version": 1})
    block("hidden_for_good", "x", {"data_wo": _data("x")})

    workspace = switch()
    apply_changes(
        workspace,
        official,
        plain={"data": _data("y")},
        hidden={"data_wo": _data("y"), "data_wo_version": 2},
        referring={"data": _data("y")},
    )

    for one in (plain, hidden):
        found = prefect_server.call("GET", f"/block_documents/{one['id']}?include_secrets=true")
        assert found["data"] == {"value": "y"}
    workspace.destroy()


def test_a_block_that_was_imported(
    terraform: Callable[..., Workspace], official: Official, block: Callable[..., dict[str, Any]]
) -> None:
    """Its state has no data, and nothing says whether that is because it is write-only: written once, as there."""
    block("b", "x", {"data": _data("x")}, data=None)
    workspace = replaced(terraform, official)

    planned = workspace.plan()

    assert planned.actions() == {"prefect_block.b": ("update",)}
    assert planned.change("prefect_block.b").differences.keys() == {"data", "updated"}
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


@pytest.fixture
def targets(prefect_server: PrefectServer) -> dict[str, str]:
    """What actions act on: ids by attribute."""
    flow_id = prefect_server.call("POST", "/flows/", {"name": unique("switch")})["id"]
    deployment = {"name": "d", "flow_id": flow_id}
    pool = prefect_server.call("POST", "/work_pools/", {"name": unique("switch"), "type": "process"})
    type_id = prefect_server.call("GET", "/block_types/slug/webhook")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [type_id]}}, "limit": 1}
    [schema] = prefect_server.call("POST", "/block_schemas/filter", wanted)
    webhook = {"name": unique("switch"), "data": {"url": "http://127.0.0.1/"}, "block_type_id": type_id}
    webhook["block_schema_id"] = schema["id"]
    return {
        "deployment_id": prefect_server.call("POST", "/deployments/", deployment)["id"],
        "work_pool_id": pool["id"],
        "work_queue_id": pool["default_queue_id"],
        "block_document_id": prefect_server.call("POST", "/block_documents/", webhook)["id"],
    }


def test_automations(
    official: Official,
    switch: Callable[[], Workspace],
    targets: dict[str, str],
    prefect_server: PrefectServer,
) -> None:
    """With every kind of trigger that a server without Prefect Cloud has, and every action; others' tags stay."""
    event = {"type": "event"} | EVENT
    full_event: dict[str, Any] = EVENT | {
        "match": json.dumps({"prefect.resource.id": ["b", "a"]}),
        "match_related": json.dumps([{"prefect.resource.role": "flow"}, {"x": "y"}]),
        "after": ["y", "x"],
        "expect": ["b", "a"],
        "for_each": ["prefect.resource.id"],
        "threshold": 3,
        "within": 60,
    }
    texts = ("match", "match_related")
    two = {"triggers": [{"event": EVENT}, {"event": EVENT}], "within": 60}
    sent_two = {"triggers": [event, event], "within": 60}
    triggers: dict[str, tuple[Any, Any]] = {
        "event": ({"event": EVENT}, event),
        "full_event": (
            {"event": full_event},
            {"type": "event"} | full_event | {name: json.loads(full_event[name]) for name in texts},
        ),
        "proactive": (
            {"event": EVENT | {"posture": "Proactive", "within": 30}},
            event | {"posture": "Proactive", "within": 30},
        ),
        "any": ({"compound": two | {"require": "any"}}, {"type": "compound", "require": "any"} | sent_two),
        "all": ({"compound": two | {"require": "all"}}, {"type": "compound", "require": "all"} | sent_two),
        "number": ({"compound": two | {"require": 2}}, {"type": "compound", "require": 2} | sent_two),
        "sequence": ({"sequence": two}, {"type": "sequence"} | sent_two),
    }
    chosen = {"source": "selected"}
    of = {name: {name: id_} for name, id_ in targets.items()}
    run = {"type": "run-deployment", **chosen, **of["deployment_id"]}
    actions: list[dict[str, Any]] = [
        {"type": "do-nothing"},
        {"type": "cancel-flow-run"},
        {"type": "suspend-flow-run"},
        {"type": "resume-flow-run"},
        run | {"parameters": '{"a":1}', "job_variables": '{"b":{"c":[]}}'},
        {"type": "run-deployment", "source": "inferred"},
        {"type": "pause-deployment", **chosen, **of["deployment_id"]},
        {"type": "resume-work-pool", **chosen, **of["work_pool_id"]},
        {"type": "pause-work-queue", **chosen, **of["work_queue_id"]},
        {"type": "pause-automation", "source": "inferred"},
        {"type": "change-flow-run-state", "state": "FAILED", "name": "Late", "message": "m"},
        {"type": "call-webhook", "payload": "{{ event.id }}", **of["block_document_id"]},
        {"type": "send-notification", "subject": "s", "body": "b", **of["block_document_id"]},
    ]
    documents = ("parameters", "job_variables")
    sent = [{k: json.loads(v) if k in documents else v for k, v in action.items()} for action in actions]

    def made(label: str, trigger: tuple[Any, Any], given: list[Any], body: list[Any]) -> dict[str, Any]:
        name = {"name": unique("switch")}
        return official.add(
            "prefect_automation",
            label,
            "/automations/",
            name | {"trigger": trigger[0], "actions": given},
            body=name | {"trigger": trigger[1], "actions": body, "tags": []},
        )

    for label, trigger in triggers.items():
        one = made(label, trigger, [run], [run])
        whole = prefect_server.call("GET", f"/automations/{one['id']}")
        body = {name: value for name, value in whole.items() if name not in ("id", "created", "updated")}
        prefect_server.call("PUT", f"/automations/{one['id']}", body | {"tags": ["theirs"]})
    made("actions", triggers["event"], actions, sent)

    workspace = switch()
    on = {"actions_on_trigger": [{"type": "do-nothing"}]}
    apply_changes(
        workspace, official, event={"enabled": False}, any=on, sequence=on, actions={"actions": actions[:3]}
    )

    for label in ("event", "any", "sequence"):
        id_ = official.instances[f"prefect_automation.{label}"].attributes["id"]
        assert prefect_server.call("GET", f"/automations/{id_}")["tags"] == ["theirs"]
    workspace.destroy()
