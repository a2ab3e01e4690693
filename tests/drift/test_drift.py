"""The drift report: state against a real server, and against a fake one that says no."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.drift.detection import find_drift
from prefect_iac.drift.ignoring import read_pattern
from prefect_iac.drift.report import DriftReport, ValueChange
from prefect_iac.drift.state import read_state
from prefect_iac.output import FORMATS
from prefect_iac.output.drift import drift_report
from prefect_provider.api import (
    Answer,
    ApiError,
    Client,
    ConnectionFailed,
    RetryPolicy,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
)
from prefect_provider.objects.catalogue import Block, Deployment, Flow, Variable, WorkPool, WorkQueue
from prefect_provider.plugin.language.types import STRING, ObjectType
from prefect_provider.plugin.language.values import Dynamic
from prefect_provider.plugin.wire.state_json import to_json
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, broken, client, refused, script
from tests.objects.terraform_core import Managed, World, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.plan.stored_object import StoredObject
    from prefect_provider.api import Outgoing
    from tests.environment.prefect_server import PrefectServer

SECRET = "hush-hush-hush"
TEMPLATE = {"variables": {"type": "object"}, "job_configuration": {"env": {}}}


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[World]:
    """A client and an event loop for one test."""
    world = World(prefect_server)
    yield world
    world.close()


def written(managed: Managed, name: str = "this") -> dict[str, Any]:
    """An object as a state file has it."""
    attributes = json.loads(to_json(managed.held, managed.kind.object_type()))
    instance = {
        "schema_version": managed.kind.schema_version,
        "attributes": attributes,
        "private": base64.b64encode(json.dumps(managed.private).encode()).decode(),
    }
    return {
        "mode": "managed",
        "type": managed.kind.type_name,
        "name": name,
        "provider": 'provider["registry.terraform.io/prefect-iac/prefect"]',
        "instances": [instance],
    }


def state_file(*resources: dict[str, Any]) -> list[StoredObject]:
    """The objects of a state file with these resources."""
    return read_state(json.dumps({"version": 4, "resources": resources}))


def shown_state(*managed: Managed) -> list[StoredObject]:
    """The objects as `terraform show -json` prints them, where a dynamic value has no type."""
    resources = []
    for one in managed:
        values = written(one)["instances"][0]["attributes"]
        if one.kind is Variable:
            values["value"] = values["value"]["value"]
        resources.append(
            {
                "address": f"{one.kind.type_name}.this",
                "mode": "managed",
                "type": one.kind.type_name,
                "name": "this",
                "schema_version": one.kind.schema_version,
                "values": values,
            }
        )
    document = {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}
    return read_state(json.dumps(document))


def drift(world: World, objects: list[StoredObject], *ignored: str) -> DriftReport:
    """Compare with the real server."""
    return world.run(find_drift(objects, world.client, [read_pattern(text) for text in ignored]))


def text(report: DriftReport) -> str:
    """The report for people."""
    return FORMATS["text"](drift_report(report))


def changes(report: DriftReport) -> dict[str, tuple[Any, Any]]:
    """Each change of the only object that changed."""
    [found] = report.changed
    return {show_path(change.path): (change.was, change.now) for change in found.changes}


def everything(world: World) -> list[Managed]:
    """One object of each resource."""
    flow, pool, queue = Managed(world, Flow), Managed(world, WorkPool), Managed(world, WorkQueue)
    variable, block, deployment = (Managed(world, kind) for kind in (Variable, Block, Deployment))
    flow.apply({"name": unique("flow"), "tags": ["b", "a"], "labels": {"team": "data"}})
    pool.apply({"name": unique("pool"), "type": "process"})
    queue.apply({"name": "q", "work_pool_name": pool.held["name"], "priority": 1})
    value = Dynamic(ObjectType({"a": STRING}), {"a": "x"})
    variable.apply({"name": unique("variable"), "value": value})
    block.apply({"name": unique("block"), "type_slug": "secret", "data": json.dumps({"value": SECRET})})
    deployment.apply(
        {
            "name": unique("deployment"),
            "flow_id": flow.id,
            "parameters": '{"a": {"b": 1, "c": 2}}',
            "concurrency_limit": 2,
            "schedules": {"s": {"cron": "0 3 * * *"}, "t": {"interval": 60}},
            "pull_steps": [{"type": "git_clone", "repository": "r", "access_token": SECRET}],
            "work_pool_name": pool.held["name"],
        }
    )
    return [flow, pool, queue, variable, block, deployment]


def test_no_drift_right_after_an_apply(world: World) -> None:
    """Nothing is reported of objects that are as they were applied, in either form of the state."""
    objects = everything(world)

    for report in (
        drift(world, state_file(*map(written, objects))),
        drift(world, shown_state(*objects)),
    ):
        assert report.exit_code == 0, text(report)
        assert len(report.checked) == 6
        assert text(report) == "6 objects checked: no drift."


def test_changes_have_their_place_and_both_values(world: World) -> None:
    """A change inside JSON, a schedule or a limit is reported at its place, with what it was and is."""
    deployment = everything(world)[-1]
    path = f"/deployments/{deployment.id}"
    world.call("PATCH", path, {"parameters": {"a": {"b": 1, "c": 3, "d": [1]}}, "concurrency_limit": 5})
    [schedule] = [one for one in world.call("GET", path)["schedules"] if one["slug"] == "s"]
    cron = {"cron": "0 4 * * *", "timezone": "Europe/Berlin"}
    world.call("PATCH", f"{path}/schedules/{schedule['id']}", {"schedule": cron})

    report = drift(world, state_file(written(deployment)))

    assert report.exit_code == 2
    assert changes(report) == {
        "parameters.a.c": (2, 3),
        "parameters.a.d": (None, [1]),
        "concurrency_limit": (2, 5),
        "schedules.s.cron": ("0 3 * * *", "0 4 * * *"),
        "schedules.s.timezone": (None, "Europe/Berlin"),
    }
    shown = text(report)
    assert f"prefect_deployment.this has changed ({deployment.id})" in shown
    assert "    parameters.a.c: 2 -> 3" in shown
    assert "    parameters.a.d: added [1]" in shown
    assert shown.endswith("1 object checked: 1 changed, 0 missing.")


def test_missing_objects(world: World) -> None:
    """An object that is gone is reported by its address and id."""
    objects = everything(world)
    for managed in (objects[3], objects[4]):
        Managed(world, managed.kind, managed.state).destroy()

    report = drift(world, state_file(*map(written, objects)))

    assert report.exit_code == 2
    assert [item.address for item in report.missing] == ["prefect_variable.this", "prefect_block.this"]
    assert report.changed == ()
    assert f"prefect_block.this is missing ({objects[4].id})" in text(report)


def test_secrets_are_masked_everywhere(world: World) -> None:
    """No form of the report shows a block's data, an access token, or what lies under a telling key."""
    *_, variable, block, deployment = everything(world)
    value = {"a": "x", "api_key": SECRET, "deep": [{"password": SECRET}]}
    world.call("PATCH", f"/variables/{variable.id}", {"value": value})
    world.call("PATCH", f"/block_documents/{block.id}", {"data": {"value": f"{SECRET}2"}})
    steps = [
        {"prefect.deployments.steps.git_clone": {"repository": "r", "access_token": f"{SECRET}3"}},
        {"company.step": {"password": SECRET, "deep": {"token": SECRET}}},
        {"prefect.deployments.steps.run_shell_script": {"script": "s", "env": {"API_KEY": SECRET}}},
    ]
    body = {
        "pull_steps": steps,
        "job_variables": {"env": {"DB_PASSWORD": SECRET, "PLAIN": "seen"}},
        "parameters": {"auth": {"user": SECRET}},
    }
    world.call("PATCH", f"/deployments/{deployment.id}", body)
    world.call(
        "POST",
        f"/deployments/{deployment.id}/schedules",
        [{"slug": "new", "schedule": {"interval": 60.0}, "parameters": {"token": SECRET}}],
    )

    report = drift(world, state_file(*map(written, (variable, block, deployment))))

    assert len(report.changed) == 3
    for render in FORMATS.values():
        shown = render(drift_report(report))
        assert "hush" not in shown
        assert "seen" in shown
    everything_found = {show_path(change.path): change for item in report.changed for change in item.changes}
    assert everything_found["data"] == ValueChange(("data",), "(sensitive)", "(sensitive)", sensitive=True)


def test_one_changed_token_is_masked(world: World) -> None:
    """A sensitive attribute inside a nested object is named, and its values are not."""
    deployment = everything(world)[-1]
    step = {"prefect.deployments.steps.git_clone": {"repository": "r", "access_token": "other-hush"}}
    world.call("PATCH", f"/deployments/{deployment.id}", {"pull_steps": [step]})

    report = drift(world, state_file(written(deployment)))

    assert changes(report) == {"pull_steps[0].access_token": ("(sensitive)", "(sensitive)")}


def test_what_is_left_to_the_server_is_no_drift(world: World) -> None:
    """An attribute that the configuration leaves to the server may change without being reported."""
    pool, queue, deployment = (Managed(world, kind) for kind in (WorkPool, WorkQueue, Deployment))
    pool.apply({"name": unique("pool"), "type": "process"})
    name = pool.held["name"]
    queue.apply({"name": "q", "work_pool_name": name})
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    deployment.apply({"name": unique("deployment"), "flow_id": flow})
    world.call("PATCH", f"/work_pools/{name}", {"base_job_template": TEMPLATE})
    world.call("POST", f"/work_pools/{name}/queues", {"name": "first", "priority": 1})
    world.call("PATCH", f"/work_pools/{name}/queues/q", {"priority": 9})
    world.call("POST", f"/deployments/{deployment.id}/schedules", [{"schedule": {"interval": 60.0}}])

    report = drift(world, state_file(*map(written, (pool, queue, deployment))))

    assert report.exit_code == 0, text(report)


OFFICIAL = "registry.terraform.io/prefecthq/prefect"


def resource(
    kind: str, values: dict[str, Any], *, source: str = OFFICIAL, version: int = 0
) -> dict[str, Any]:
    """An object as another provider wrote it into a state file."""
    return {
        "mode": "managed",
        "type": kind,
        "name": "this",
        "provider": f'provider["{source}"]',
        "instances": [{"schema_version": version, "attributes": values}],
    }


def whole_seconds(time: str) -> str:
    """A time as the official provider stores it."""
    return f"{time.partition('.')[0]}Z"


@pytest.mark.parametrize("source", [OFFICIAL, "registry.terraform.io/prefect-iac/prefect"])
def test_state_of_the_official_provider(world: World, source: str) -> None:
    """State that the official provider wrote is no drift, before and after `terraform state replace-provider`.

    It lacks attributes that only this provider has, has whole seconds, and zeros for null.
    """
    flow = world.call("POST", "/flows/", {"name": unique("flow"), "labels": {"team": "data"}, "tags": ["t"]})
    pool = world.call("POST", "/work_pools/", {"name": unique("pool"), "type": "process"})
    queue = world.call("GET", f"/work_pools/{pool['name']}/queues/default")
    variable = world.call("POST", "/variables/", {"name": unique("v").replace("-", "_"), "value": [1, "x"]})
    name = unique("deployment")
    body = {"name": name, "flow_id": flow["id"], "enforce_parameter_schema": True}
    made = world.call("POST", "/deployments/", body)

    def common(data: dict[str, Any]) -> dict[str, Any]:
        times = {key: whole_seconds(data[key]) for key in ("created", "updated")}
        return {"id": data["id"], "name": data["name"], "account_id": None, "workspace_id": None} | times

    deployment = {
        "flow_id": flow["id"],
        "description": "",
        "path": "",
        "version": "",
        "entrypoint": "",
        "work_pool_name": "",
        "work_queue_name": "",
        "job_variables": "{}",
        "parameters": "{}",
        "paused": False,
        "tags": None,
        "storage_document_id": "00000000-0000-0000-0000-000000000000",
        "pull_steps": [],
        "concurrency_limit": None,
        "concurrency_options": None,
        "global_concurrency_limit_id": None,
        "enforce_parameter_schema": True,
        "parameter_openapi_schema": "{}",
    }
    work_pool = {
        "type": "process",
        "description": None,
        "paused": False,
        "concurrency_limit": None,
        "base_job_template": None,
        "default_queue_id": pool["default_queue_id"],
    }
    work_queue = {
        "work_pool_name": pool["name"],
        "description": queue["description"],
        "is_paused": False,
        "concurrency_limit": None,
        "priority": None,
    }
    value = {"type": ["tuple", ["number", "string"]], "value": [1, "x"]}
    world.call("PATCH", f"/work_pools/{pool['name']}", {"base_job_template": TEMPLATE})
    objects = state_file(
        resource("prefect_deployment", common(made) | deployment, source=source),
        resource("prefect_flow", common(flow) | {"tags": ["t"]}, source=source),
        resource("prefect_work_pool", common(pool) | work_pool, source=source),
        resource("prefect_work_queue", common(queue) | work_queue, source=source),
        resource(
            "prefect_variable", common(variable) | {"value": value, "tags": None}, source=source, version=1
        ),
    )

    report = drift(world, objects)

    assert (report.exit_code, report.undecided) == (0, ()), text(report)


def test_template_that_the_official_provider_holds(world: World) -> None:
    """The official provider holds a pool's template only where it is configured, so another one is drift."""
    body = {"name": unique("pool"), "type": "process", "base_job_template": TEMPLATE}
    pool = world.call("POST", "/work_pools/", body)
    template = json.dumps(TEMPLATE, separators=(",", ":"), sort_keys=True)
    attributes = {"id": pool["id"], "name": pool["name"], "type": "process", "base_job_template": template}
    objects = state_file(resource("prefect_work_pool", attributes))
    assert drift(world, objects).exit_code == 0
    other = TEMPLATE | {"job_configuration": {"env": {"A": "1"}}}
    world.call("PATCH", f"/work_pools/{pool['name']}", {"base_job_template": other})
    assert changes(drift(world, objects)) == {"base_job_template.job_configuration.env.A": (None, "1")}


def test_types_that_are_not_known(world: World) -> None:
    """Of a type that this provider does not have it is said so, and what to do; on request it is left out."""
    objects = state_file(resource("prefect_novelty", {"id": "t"}))

    report = drift(world, objects)

    [novelty] = report.unreadable
    assert "does not know this type" in novelty.reason
    assert "--ignore prefect_novelty" in novelty.reason
    assert report.exit_code == 1
    ignored = drift(world, objects, "prefect_novelty")
    assert (ignored.exit_code, ignored.checked, len(ignored.ignored)) == (0, (), 1)


def test_objects_of_other_providers_are_left_out(world: World) -> None:
    """A state may hold what is none of our business, even where it is called as ours is."""
    objects = state_file(
        {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "instances": [{"attributes": {}}]},
        resource("prefect_flow", {"id": "x"}, source="registry.terraform.io/acme/prefectx"),
        resource("prefect_flow", {"id": "x"}, source="registry.terraform.io/acme/prefect"),
        resource("prefect_flow", {}, source="registry.terraform.io/prefecthq/prefect2"),
    )
    report = drift(world, objects)
    assert (report.checked, report.exit_code) == ((), 0)
    assert text(report) == "0 objects checked: no drift."


@pytest.mark.parametrize(
    "source",
    [
        "registry.terraform.io/prefect-iac/prefect",
        "registry.opentofu.org/prefect-iac/prefect",
        "registry.opentofu.org/prefecthq/prefect",
        "terraform.example.com/prefecthq/prefect",
        "app.terraform.io/acme/prefect",
    ],
)
def test_objects_of_any_registry(world: World, source: str) -> None:
    """The two providers are known by their names, from whichever registry or mirror they came."""
    flow = world.call("POST", "/flows/", {"name": unique("flow"), "tags": ["t"]})
    objects = state_file(
        resource("prefect_flow", {"id": flow["id"], "name": flow["name"], "tags": []}, source=source)
    )
    assert changes(drift(world, objects)) == {"tags": (None, "t")}


def test_what_is_ignored(world: World) -> None:
    """Differences and objects that a pattern covers are left out, and counted."""
    *_, variable, block, deployment = everything(world)
    world.call("PATCH", f"/variables/{variable.id}", {"tags": ["t"], "value": "other"})
    world.call("DELETE", f"/block_documents/{block.id}")
    world.call(
        "PATCH", f"/deployments/{deployment.id}", {"paused": True, "parameters": {"a": {"b": 2, "c": 2}}}
    )
    objects = state_file(*map(written, (variable, block, deployment)))

    report = drift(
        world, objects, "prefect_*.*.tags", "prefect_block", "prefect_deployment.this.parameters.a"
    )

    assert [
        (item.address, [show_path(change.path) for change in item.changes]) for item in report.changed
    ] == [("prefect_variable.this", ["value"]), ("prefect_deployment.this", ["paused"])]
    assert {(item.address, show_path(item.path), item.pattern) for item in report.ignored} == {
        ("prefect_block.this", "", "prefect_block"),
        ("prefect_variable.this", "tags", "prefect_*.*.tags"),
        ("prefect_deployment.this", "parameters.a.b", "prefect_deployment.this.parameters.a"),
    }
    assert text(report).endswith("2 objects checked: 2 changed, 0 missing; 3 ignored.")


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"schema_version": 99}, "schema version 99, newer than this prefect-iac knows"),
    ({"attributes": {"id": "i", "tags": "text"}}, "tags"),
    ({"attributes": {"id": "i", "value": {"type": "nonsense", "value": 1}}}, "value"),
]


@pytest.mark.parametrize(("fields", "text"), BROKEN, ids=lambda value: str(value)[:50])
def test_attributes_that_cannot_be_read(world: World, fields: dict[str, Any], text: str) -> None:
    """An object whose state is of a newer version, or damaged, is reported as unreadable with the place."""
    instance = {"schema_version": 1, "attributes": {}} | fields
    resource = {"mode": "managed", "type": "prefect_variable", "name": "this", "instances": [instance]}

    report = drift(world, state_file(resource))

    [found] = report.unreadable
    assert text in found.reason
    assert report.exit_code == 1


def test_object_without_an_id_is_unreadable(world: World) -> None:
    """An object whose state says nothing about which it is cannot be compared, and does not end the report."""
    resources = [
        {"mode": "managed", "type": kind, "name": "this", "instances": [{"schema_version": version}]}
        for kind, version in (("prefect_flow", 0), ("prefect_work_queue", 0), ("prefect_variable", 1))
    ]

    report = drift(world, state_file(*resources))

    assert [item.type for item in report.unreadable] == [
        "prefect_flow",
        "prefect_work_queue",
        "prefect_variable",
    ]


def test_what_may_not_be_read_is_not_taken_for_the_same() -> None:
    """Where a server (a fake one) answers 403, the report says so and ends with 1, whatever else it found."""
    id_ = "0198f3a4-1111-4222-8333-944455556666"

    def handler(outgoing: Outgoing) -> Answer:
        if "flows" in outgoing.url:
            return answer(403, {"detail": "Forbidden for you"})
        return answer(404, {"detail": "Variable not found"})

    async def find() -> DriftReport:
        api: Client = client(FakeTransport(handler), policy=RetryPolicy(max_retries=0))
        resources = [
            {
                "mode": "managed",
                "type": kind,
                "name": "this",
                "instances": [{"schema_version": version, "attributes": {"id": id_, "name": "n"}}],
            }
            for kind, version in (("prefect_flow", 0), ("prefect_variable", 1))
        ]
        return await find_drift(state_file(*resources), api)

    report = asyncio.run(find())

    assert report.exit_code == 1
    assert [item.address for item in report.missing] == ["prefect_variable.this"]
    [found] = report.unreadable
    assert "Prefect does not allow this" in found.reason
    assert "Forbidden for you" in found.reason
    assert "1 missing; 1 could not be read." in text(report)


def one_flow(number: int) -> dict[str, Any]:
    """A flow in a state."""
    id_ = f"0198f3a4-1111-4222-8333-{number:012d}"
    return resource("prefect_flow", {"id": id_, "name": f"f{number}", "tags": []})


ENDS_IT_ALL: dict[str, tuple[Answer | Exception, type[ApiError]]] = {
    "refused": (refused(), ConnectionFailed),
    "broken": (broken(), ConnectionFailed),
    "key not accepted": (answer(401, {"detail": "no"}), Unauthorized),
    "no Prefect": (Answer(200, {"content-type": "text/html"}, b"<html>"), UnexpectedAnswer),
    "out of order": (answer(503, {"detail": "busy"}), Unavailable),
}


@pytest.mark.parametrize("case", ENDS_IT_ALL)
def test_server_that_cannot_be_asked(case: str) -> None:
    """Where (a fake) server is not there, or lets nobody in, one request finds out, whatever the state's size."""
    step, error = ENDS_IT_ALL[case]
    transport = FakeTransport(script(step))
    api = client(transport, policy=RetryPolicy(max_retries=0))

    with pytest.raises(error):
        asyncio.run(find_drift(state_file(*map(one_flow, range(50))), api))

    assert len(transport.sent) == 1


def test_server_that_goes_away() -> None:
    """Where (a fake) server dies in the middle, the first object that finds out ends the comparison."""
    sent = 0

    async def handler(outgoing: Outgoing) -> Answer:
        nonlocal sent
        sent += 1
        await asyncio.sleep(0)
        if "version" in outgoing.url:
            return answer(200, "3.8.8")
        if sent < 5:
            return answer(404, {"detail": "Flow not found"})
        raise refused()

    api = client(FakeTransport(handler), policy=RetryPolicy(max_retries=0))
    with pytest.raises(ConnectionFailed):
        asyncio.run(find_drift(state_file(*map(one_flow, range(2000))), api))
    # Those that were under way together, because the filter knew none of them.
    assert sent < 250


def test_server_that_never_answers() -> None:
    """Where (a fake) server takes the question and is silent, that is found out in a bounded time."""

    async def handler(_: Outgoing) -> Answer:
        await asyncio.sleep(60)
        return answer(200)

    api = client(FakeTransport(handler))
    with pytest.raises(TimedOut, match=r"did not answer within 0\.2 seconds"):
        asyncio.run(find_drift(state_file(one_flow(1)), api, first_answer=0.2))


def test_no_objects_no_questions() -> None:
    """A state without objects of Prefect is compared without a server."""
    transport = FakeTransport(script())
    report = asyncio.run(find_drift(state_file(resource("prefect_team", {})), client(transport)))
    assert len(report.unreadable) == 1
    assert transport.sent == []


def test_many_objects_are_read_at_once(world: World) -> None:
    """A state of hundreds of objects is read side by side, each found under its own address."""
    managed = Managed(world, Variable)
    managed.apply({"name": unique("variable"), "value": Dynamic(STRING, "x")})
    resource = written(managed)
    [instance] = resource["instances"]
    resource["instances"] = [instance | {"index_key": number} for number in range(200)]
    world.call("PATCH", f"/variables/{managed.id}", {"value": "y"})

    report = drift(world, state_file(resource))

    assert len(report.checked) == 200
    assert [item.address for item in report.changed] == [
        f"prefect_variable.this[{number}]" for number in range(200)
    ]
