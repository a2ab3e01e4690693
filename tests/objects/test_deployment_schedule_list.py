"""The data source that lists the schedules of one deployment, on a real server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule
from prefect_provider.objects.server.deployment_schedules import DeploymentSchedules
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, client, script
from tests.objects.terraform_core import Managed, configuration, explain, over_the_wire, shown, unique

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.values import Values
    from tests.objects.terraform_core import World

ID = "0198f3a4-1111-4222-8333-944455556666"
OTHER = "0198f3a4-1111-4222-8333-944455557777"


def listed(world: World, **given: Any) -> Values:
    """What Terraform receives."""
    config = configuration(DeploymentSchedules, given)
    assert shown(world.run(lifecycle.validate_config(DeploymentSchedules, config, explain))) == []
    outcome = world.run(lifecycle.read_data(DeploymentSchedules, world.client, config, explain))
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    return over_the_wire(DeploymentSchedules, outcome.state)


def refused(world: World, **given: Any) -> Diagnostic:
    """The one error that reading it ends with."""
    config = configuration(DeploymentSchedules, given)
    [error] = world.run(lifecycle.read_data(DeploymentSchedules, world.client, config, explain)).diagnostics
    return error


def deployment(world: World, name: str, **fields: Any) -> tuple[str, str]:
    """A new deployment: its id, and its flow's name."""
    flow = world.call("POST", "/flows/", {"name": unique("scheduled")})
    made = world.call("POST", "/deployments/", {"name": name, "flow_id": flow["id"], **fields})
    return made["id"], flow["name"]


def test_schedules_of_a_deployment(world: World) -> None:
    """By id or by names, all schedules are there as their resource shows them, by slug; one without a slug as well."""
    id_, flow = deployment(world, "daily")
    Managed(world, DeploymentSchedule).apply(
        {"deployment_id": id_, "slug": "z", "interval": 60, "parameters": '{"a": 1}', "active": False}
    )
    managed = Managed(world, DeploymentSchedule)
    managed.apply({"deployment_id": id_, "slug": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Berlin"})
    rule = {"schedule": {"rrule": "FREQ=WEEKLY;BYDAY=MO"}, "active": True}
    world.call("POST", f"/deployments/{id_}/schedules", [rule])

    found = listed(world, deployment_id=id_)

    assert [one["slug"] for one in found["deployment_schedules"]] == [None, "nightly", "z"]
    bare, nightly, last = found["deployment_schedules"]
    for name, attribute in DeploymentSchedule.attributes.items():
        if name in nightly:
            assert attribute.same(nightly[name], managed.held[name]), name
    assert (last["active"], json.loads(last["parameters"]), last["interval"]) == (False, {"a": 1}, 60)
    assert "FREQ=WEEKLY" in bare["rrule"]
    by_name = listed(world, deployment=f"{flow}/daily")
    assert by_name["deployment_schedules"] == found["deployment_schedules"]
    assert by_name["deployment_id"] == id_
    assert listed(world, deployment_id=id_.upper())["deployment_id"] == id_.upper()
    assert "at most 2, got more" in refused(world, deployment_id=id_, max_results=2).detail


def test_a_deployment_without_schedules(world: World) -> None:
    """It has an empty list."""
    id_, _ = deployment(world, "never")

    assert listed(world, deployment_id=id_)["deployment_schedules"] == []


def test_a_deployment_that_is_not_there(world: World) -> None:
    """The error says which deployments were probably meant, whichever part of the name is wrong."""
    _, flow = deployment(world, "nightly")

    for wrong, near in (
        (f"{flow}/nightl", f"`{flow}/nightly`"),
        (f"{flow}/something else", ""),
        (f"{flow}x/nightly", f"`{flow}/nightly`"),
        (f"{flow[:-1]}/nighly", f"`{flow}/nightly`"),
    ):
        error = refused(world, deployment=wrong)
        assert error.summary == "No such deployment"
        assert f'"{wrong}"' in error.detail
        assert near in error.detail
        assert ("Did you mean" in error.detail) is bool(near)
        assert show_path(error.path) == "deployment"
    error = refused(world, deployment_id=ID)
    assert (error.summary, show_path(error.path)) == ("No such deployment", "deployment_id")
    assert ID in error.detail


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "got none of them"),
        ({"deployment_id": ID, "deployment": "f/d"}, "got `deployment_id` and `deployment`"),
        ({"deployment": "d"}, "<flow>/<deployment>"),
        ({"deployment": "f/d/e"}, "<flow>/<deployment>"),
    ],
)
def test_it_must_be_clear_which_deployment_is_meant(given: dict[str, Any], text: str) -> None:
    """Neither way, both ways, and a name that is none are refused at validate."""
    config = configuration(DeploymentSchedules, given)
    [error] = asyncio.run(lifecycle.validate_config(DeploymentSchedules, config, explain))
    assert text in error.detail


@pytest.mark.parametrize(
    "body",
    [
        ["x"],
        {"id": OTHER, "name": "d", "flow_id": ID, "schedules": []},
        {"id": ID, "name": "d", "flow_id": ID, "schedules": {"a": 1}},
        {"id": ID, "name": "d", "flow_id": ID, "schedules": [{"id": ID, "slug": "a"}]},
        {
            "id": ID,
            "name": "d",
            "flow_id": ID,
            "schedules": [{"id": ID, "slug": 1, "schedule": {"cron": "*"}}],
        },
    ],
)
def test_an_answer_of_another_kind(body: Any) -> None:
    """What is no such deployment, or has no such schedules, is refused and is not an empty list (a fake server)."""
    api = client(FakeTransport(script(answer(200, body))))
    config = configuration(DeploymentSchedules, {"deployment_id": ID})

    outcome = asyncio.run(lifecycle.read_data(DeploymentSchedules, api, config, explain))

    [error] = outcome.diagnostics
    assert error.summary == "Not an answer of a Prefect API"
    assert f"GET /deployments/{ID}" in error.detail
