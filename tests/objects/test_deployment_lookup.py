"""Looking up deployments on a real server."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.deployment.lookup import DeploymentLookup
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN, Values
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import Managed, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.api.exchange.transport import Answer, Outgoing
    from tests.objects.terraform_core import World

ID = "0198f3a4-1111-4222-8333-944455556666"


def config(**given: Any) -> Values:
    """A configuration; what is not given is null."""
    return dict.fromkeys(DeploymentLookup.attributes) | given


def look_up(world: World, **given: Any) -> Values:
    """The data source, as Terraform receives it."""
    assert shown(world.run(lifecycle.validate_config(DeploymentLookup, config(**given), explain))) == []
    outcome = world.run(lifecycle.read_data(DeploymentLookup, world.client, config(**given), explain))
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    type_ = DeploymentLookup.object_type()
    passed: Values = decode(encode(outcome.state, type_), type_)
    return passed


def test_everything_of_a_deployment_is_shown(world: World) -> None:
    """By id or by names, the data source shows what the resource shows, limits, schedules and steps included."""
    flow = world.call("POST", "/flows/", {"name": unique("a “flow”"), "labels": {"team": "data"}})
    shared = world.call("POST", "/v2/concurrency_limits/", {"name": unique("limit"), "limit": 3})["id"]
    managed = Managed(world, Deployment)
    name = unique("a deployment")
    managed.apply(
        {
            "name": name,
            "flow_id": flow["id"],
            "parameters": '{"a": null}',
            "tags": ["b", "a"],
            "description": "for tests",
            "global_concurrency_limit_id": shared,
            "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
            "schedules": {"s": {"cron": "0 3 * * *", "timezone": "Europe/Berlin"}, "t": {"interval": 60}},
            "pull_steps": [{"type": "git_clone", "repository": "r", "inputs": '{"depth":1}'}],
        }
    )

    for how in ({"id": managed.id}, {"name": name, "flow_name": flow["name"]}, {"id": managed.id.upper()}):
        found = look_up(world, **how)
        assert found["flow_name"] == flow["name"]
        assert found["global_concurrency_limit_id"] == shared
        assert found["labels"] == {"team": "data"}
        for attribute in Deployment.attributes.values():
            if attribute.name not in ("labels", "account_id", "workspace_id", "version_info", *how):
                assert attribute.same(found[attribute.name], managed.held[attribute.name]), attribute.name


def test_deployment_that_is_not_there_fails_at_once(world: World) -> None:
    """A deployment that does not exist is reported within a second, with what was looked for."""
    for how, text in (
        ({"id": ID}, ID),
        ({"name": "no such", "flow_name": "flow"}, "flow/no such"),
    ):
        started = time.monotonic()
        outcome = world.run(lifecycle.read_data(DeploymentLookup, world.client, config(**how), explain))
        assert time.monotonic() - started < 20
        [error] = outcome.diagnostics
        assert error.summary == "No such deployment"
        assert text in error.detail
        assert "prefect deployment ls" in error.detail


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "Got none of them"),
    ({"name": "d"}, "", "Got `name` alone"),
    ({"flow_name": "f"}, "", "Got `flow_name` alone"),
    ({"id": ID, "name": "d"}, "id", "Got both"),
    ({"id": "x"}, "id", "a UUID such as"),
]


@pytest.mark.parametrize(("given", "path", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_it_must_be_clear_which_one_is_meant(given: dict[str, Any], path: str, text: str) -> None:
    """Too little and too much is refused at validate, with what to set."""
    [error] = asyncio.run(lifecycle.validate_config(DeploymentLookup, config(**given), explain))
    assert show_path(error.path) == path
    assert text in error.detail


def test_names_that_are_not_known_yet_are_no_error() -> None:
    """A name that another resource gives is accepted at validate."""
    given = config(name=UNKNOWN, flow_name="f")
    assert shown(asyncio.run(lifecycle.validate_config(DeploymentLookup, given, explain))) == []


def test_workspace_may_be_named() -> None:
    """On Prefect Cloud (a fake) the deployment is looked for in the workspace that the data source names."""
    account = "0198f3a4-2222-4222-8333-944455556666"
    data = {"id": ID, "name": "d/1", "flow_id": ID, "enforce_parameter_schema": False}

    def cloud(out: Outgoing) -> Answer:
        return answer(200, [data] if out.method == "POST" else {"id": ID, "name": "f&1"})

    transport = FakeTransport(cloud)
    api = client(transport, endpoint="https://api.prefect.cloud/api", api_key="key", account_id=account)
    given = config(name="d/1", flow_name="f&1", workspace_id=ID)

    outcome = asyncio.run(lifecycle.read_data(DeploymentLookup, api, given, explain))

    assert shown(outcome.diagnostics) == []
    workspace = f"https://api.prefect.cloud/api/accounts/{account}/workspaces/{ID}"
    assert [out.url for out in transport.sent] == [
        f"{workspace}/flows/name/f%261",
        f"{workspace}/deployments/filter",
    ]
    assert outcome.state is not None
    assert outcome.state["workspace_id"] == ID
    assert json.loads(outcome.state["parameters"] or "{}") == {}
