"""What an older server lacks is said at plan, and everything else works on it: on whatever server the tests run on."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, RetryPolicy, resolve
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.objects.server.automation.lookup import Automations
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server_version import note_server_version
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.rules.server_versions import ADDITIONS, IDS_OF_AUTOMATIONS, shown_version
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, client, refused
from tests.environment.prefect_server import is_since, prefect_version
from tests.objects.populations import populate
from tests.objects.terraform_core import Managed, World, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from tests.environment.prefect_server import PrefectServer

OLD = "3.4.25"
TRIGGER = {"event": {"posture": "Reactive", "expect": ["never.happens"]}}
DELETING = {"name": "a", "trigger": TRIGGER, "actions": [{"type": "delete-flow-run"}]}
PLAIN = DELETING | {"actions": [{"type": "cancel-flow-run"}]}


def planned(api: Any, given: dict[str, Any]) -> list[Diagnostic]:
    """What a plan for a new automation reports."""
    config = configuration(Automation, given)
    outcome = lifecycle.plan(Automation, api, None, config, {}, explain)
    return [*asyncio.run(outcome).diagnostics]


def test_the_version_is_asked_for_only_where_something_depends_on_it() -> None:
    """A server is asked once for its version, and not at all for what all of them have (a fake server)."""
    transport = FakeTransport(lambda _: answer(200, OLD))
    api = client(transport)

    assert planned(api, PLAIN) == []
    assert transport.sent == []

    [error] = planned(api, DELETING)
    assert planned(api, DELETING) == [error]
    assert [f"{one.method} {one.url}" for one in transport.sent] == [
        "GET http://prefect.test/api/admin/version"
    ]
    assert (error.severity, show_path(error.path)) == ("error", "actions[0].type")
    assert error.detail == (
        "The server is too old to have delete-flow-run: expected Prefect 3.7.2 or newer, got 3.4.25. "
        "Use `cancel-flow-run`, or upgrade the server."
    )


def test_a_version_that_is_known_is_not_asked_for() -> None:
    """What the server told when the provider was configured will do (a fake server)."""
    transport = FakeTransport(lambda _: answer(500))
    api = client(transport)

    async def plan() -> list[Diagnostic]:
        note_server_version(api, OLD)
        config = configuration(Automation, DELETING)
        return [*(await lifecycle.plan(Automation, api, None, config, {}, explain)).diagnostics]

    assert len(asyncio.run(plan())) == 1
    assert transport.sent == []


@pytest.mark.parametrize("reply", ["3.7.2", "4.0.0", "0+untagged.1.gabcdef"])
def test_newer_servers_and_unknown_ones_are_given_what_they_ask_for(reply: str) -> None:
    """Neither a newer server nor one that was built from no release is refused anything (a fake server)."""
    assert planned(client(FakeTransport(lambda _: answer(200, reply))), DELETING) == []


def test_a_server_that_cannot_be_asked_refuses_by_itself() -> None:
    """Without an answer about the version nothing is refused at plan (a fake server)."""

    def gone(_: Any) -> Any:
        raise refused()

    api = client(FakeTransport(gone), policy=RetryPolicy(max_retries=0))

    assert planned(api, DELETING) == []


def test_ids_that_a_server_cannot_compare_are_compared_here(world: World) -> None:
    """A list by ids is right on a server that knows no such condition, which is then asked without it."""
    made = populate(world.server, automation=3)["automation"]
    wanted = sorted(one["id"] for one in made[:2])
    settings = resolve({"endpoint": world.server.api_url}, {})
    real = HttpxTransport(settings)
    transport = FakeTransport(real.send)

    async def found() -> list[str]:
        async with Client(settings, transport=transport) as api:
            note_server_version(api, OLD)
            config = configuration(Automations, {"filter_any": wanted})
            outcome = await lifecycle.read_data(Automations, api, config, explain)
        await real.aclose()
        assert shown(outcome.diagnostics) == []
        assert outcome.state is not None
        return sorted(one["id"] for one in outcome.state["automations"])

    assert world.run(found()) == wanted
    bodies = [json.loads(one.body) for one in transport.sent if one.body]
    assert bodies
    assert not any("id" in body.get("automations", {}) for body in bodies)


def _deployment(world: World, **given: Any) -> dict[str, Any]:
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    return {"name": unique("deployment"), "flow_id": flow} | given


def refusals(managed: Managed, given: dict[str, Any]) -> list[tuple[str, str]]:
    """The errors of a plan, each with its place."""
    outcome = managed.plan(configuration(managed.kind, given), prior=managed.state)
    return [(show_path(one.path), one.detail) for one in outcome.diagnostics if one.severity == "error"]


def test_a_grace_period(world: World) -> None:
    """Either the server keeps it, or the plan says which server does."""
    managed = Managed(world, Deployment)
    options = {"collision_strategy": "ENQUEUE", "grace_period_seconds": 90}
    given = _deployment(world, concurrency_options=options)

    if is_since("3.6.6"):
        managed.apply(given)
        stored = world.call("GET", f"/deployments/{managed.id}")["concurrency_options"]
        assert stored["grace_period_seconds"] == 90
    else:
        [(path, detail)] = refusals(managed, given)
        assert path == "concurrency_options.grace_period_seconds"
        assert f"expected Prefect 3.6.6 or newer, got {prefect_version()}" in detail
        managed.apply(given | {"concurrency_options": {"collision_strategy": "ENQUEUE"}})


@pytest.mark.parametrize(
    ("name", "since"), [("work_pool_name", "3.6.27"), ("job_variables", "3.8.7")], ids=["pool", "variables"]
)
def test_what_is_taken_away(world: World, name: str, since: str) -> None:
    """Either it is gone from the server, or the plan says which server takes it away, and that it does not."""
    pool = unique("pool")
    world.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    managed = Managed(world, Deployment)
    least = _deployment(world)
    given = least | {"work_pool_name": pool, "job_variables": '{"env": {"A": "1"}}'}
    managed.apply(given)
    left = {key: value for key, value in given.items() if key != name}

    if is_since(since):
        managed.apply(left)
        assert not world.call("GET", f"/deployments/{managed.id}")[name]
    else:
        [(path, detail)] = refusals(managed, left)
        assert path == name
        assert f"expected Prefect {since} or newer, got {prefect_version()}" in detail
        # It is as it was, and so is the plan for it.
        managed.assert_settled(given)
        world.call("PATCH", f"/deployments/{managed.id}", {name: None if name == "work_pool_name" else {}})
        assert world.call("GET", f"/deployments/{managed.id}")[name]


@pytest.mark.parametrize(
    ("action", "since"),
    [
        ({"type": "delete-flow-run"}, "3.7.2"),
        ({"type": "change-flow-run-state", "state": "FAILED", "force": True}, "3.6.11"),
    ],
    ids=["delete", "force"],
)
def test_actions_of_automations(world: World, action: dict[str, Any], since: str) -> None:
    """Either the server keeps the action as it is, or the plan says which server does."""
    managed = Managed(world, Automation)
    given = {"name": unique("automation"), "trigger": TRIGGER, "actions": [action]}

    if is_since(since):
        managed.apply(given)
        return
    [(path, detail)] = refusals(managed, given)
    assert path == ("actions[0].force" if "force" in action else "actions[0].type")
    assert f"expected Prefect {since} or newer, got {prefect_version()}" in detail


SCHEMAS = {
    "prefect_automation": "AutomationCreate",
    "prefect_block": "BlockDocumentCreate",
    "prefect_block_schema": "BlockSchemaCreate",
    "prefect_block_type": "BlockTypeCreate",
    "prefect_deployment": "DeploymentCreate",
    "prefect_deployment_schedule": "DeploymentScheduleCreate",
    "prefect_flow": "FlowCreate",
    "prefect_global_concurrency_limit": "ConcurrencyLimitV2Create",
    "prefect_task_run_concurrency_limit": "ConcurrencyLimitCreate",
    "prefect_variable": "VariableCreate",
    "prefect_work_pool": "WorkPoolCreate",
    "prefect_work_queue": "WorkQueueCreate",
}
"""What the OpenAPI document of a server calls the body of a creation."""

ELSEWHERE = {
    "anchor_date",
    "cron",
    "day_or",
    "deployment_id",
    "interval",
    "rrule",
    "timezone",
    "work_pool_name",
}
"""Attributes that are part of the path, or of an object inside."""


@pytest.mark.parametrize("kind", SERVER_RESOURCES, ids=lambda kind: kind.type_name)
def test_the_server_takes_every_attribute(kind: type[RemoteObject], prefect_server: PrefectServer) -> None:
    """Whatever can be configured of an object the server's own document has, but for what is declared to be new."""
    schemas = prefect_server.call("GET", "/openapi.json")["components"]["schemas"]
    fields = schemas[SCHEMAS[kind.type_name]]["properties"].keys()

    sent = {
        attribute.source
        for name, attribute in kind.attributes.items()
        if attribute.configurable and not attribute.write_only and name not in ELSEWHERE
    }

    assert sent - {None} <= fields


def test_the_server_lacks_what_is_declared_to_be_new(prefect_server: PrefectServer) -> None:
    """The server's own document has what is declared to be new from its version on, and not before."""
    schemas = prefect_server.call("GET", "/openapi.json")["components"]["schemas"]
    places = {
        "grace_period_seconds": ("ConcurrencyOptions", "grace_period_seconds"),
        "force": ("ChangeFlowRunState", "force"),
        "type": ("DeleteFlowRun", "type"),
    }

    for addition in ADDITIONS:
        if not addition.clears:
            schema, field = places[addition.at[-1]]
            has = field in schemas.get(schema, {}).get("properties", {})
            assert has == is_since(shown_version(addition.since)), addition
    has = "id" in schemas["AutomationFilter"]["properties"]
    assert has == is_since(shown_version(IDS_OF_AUTOMATIONS))
