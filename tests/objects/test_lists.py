"""Data sources that list objects, on a real server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.automation.lookup import Automations
from prefect_provider.objects.server.block import Blocks
from prefect_provider.objects.server.deployment.lookup import Deployments
from prefect_provider.objects.server.flow import Flows
from prefect_provider.objects.server.variable import Variables
from prefect_provider.objects.server.work_pool import WorkPools
from prefect_provider.objects.server.work_queue import WorkQueues
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, client, script
from tests.objects.populations import populate
from tests.objects.terraform_core import configuration, explain, over_the_wire, shown, unique

if TYPE_CHECKING:
    from prefect_provider.api.exchange.transport import Answer, Outgoing
    from prefect_provider.objects.lists import ObjectList
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from tests.objects.terraform_core import World

ID = "0198f3a4-1111-4222-8333-944455556666"

LISTS: dict[str, type[ObjectList]] = {
    "automation": Automations,
    "block": Blocks,
    "deployment": Deployments,
    "flow": Flows,
    "variable": Variables,
    "work_pool": WorkPools,
    "work_queue": WorkQueues,
}


def listed(world: World, source: type[ObjectList], **given: Any) -> list[dict[str, Any]]:
    """The objects that Terraform receives."""
    config = configuration(source, given)
    assert shown(world.run(lifecycle.validate_config(source, config, explain))) == []
    outcome = world.run(lifecycle.read_data(source, world.client, config, explain))
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    objects: list[dict[str, Any]] = over_the_wire(source, outcome.state)[source.results]
    return objects


def refused(world: World, source: type[ObjectList], **given: Any) -> Diagnostic:
    """The one error that reading it ends with."""
    config = configuration(source, given)
    [error] = world.run(lifecycle.read_data(source, world.client, config, explain)).diagnostics
    return error


@pytest.mark.parametrize("kind", LISTS)
def test_more_than_a_page(world: World, kind: str) -> None:
    """All of more than 200 objects are listed, once each, by name; too many are an error, and none is left out."""
    source = LISTS[kind]
    made = populate(world.server, **{kind: 203})[kind]
    names = [one["name"] for one in made]

    found = listed(world, source, names=names)

    if kind == "work_queue":
        found.sort(key=lambda one: str(one["name"]))  # as for the official provider, these are a set
    assert [one["name"] for one in found] == sorted(names)
    assert {one["id"] for one in found} == {one["id"] for one in made}
    assert len(listed(world, source, names=names, max_results=203)) == 203
    error = refused(world, source, names=names, max_results=202)
    assert error.summary == f"Too many {kind.replace('_', ' ')}s"
    assert "expected at most 202, got more" in error.detail
    assert show_path(error.path) == "max_results"


@pytest.mark.parametrize("kind", LISTS)
def test_by_ids(world: World, kind: str) -> None:
    """`filter_any` finds the objects of these ids, and none where there are none."""
    made = populate(world.server, **{kind: 3})[kind]
    wanted = [made[2]["id"], made[0]["id"]]

    found = listed(world, LISTS[kind], filter_any=wanted)

    assert {one["id"] for one in found} == {*wanted}
    assert listed(world, LISTS[kind], filter_any=[]) == []
    assert listed(world, LISTS[kind], filter_any=[ID]) == []


@pytest.mark.parametrize("kind", LISTS)
def test_each_is_shown_as_the_resource_shows_it(world: World, kind: str) -> None:
    """An object in a list has what an import of it has, but for places and secrets."""
    source = LISTS[kind]
    [made] = populate(world.server, **{kind: 1})[kind]

    [found] = listed(world, source, filter_any=[made["id"]])

    imported = world.import_state(source.resource, made["id"])
    assert imported.state is not None
    inner = source.nested(source.results).attributes
    for name, attribute in source.resource.attributes.items():
        if name in inner and inner[name].kind is attribute.kind and name != "data":
            assert attribute.same(found[name], imported.state[name]), name


def test_tags(world: World) -> None:
    """All of some tags, or any of them, for the objects whose filters take tags."""
    one, other = unique("tag"), unique("tag")
    flow = world.call("POST", "/flows/", {"name": unique("flow"), "tags": [one]})
    tagged = {
        "both": [one, other],
        "one": [one],
    }
    for stem, tags in tagged.items():
        body = {"name": f"{stem}-{one}", "flow_id": flow["id"], "tags": tags}
        world.call("POST", "/deployments/", body)
        name = f"{stem}-{one}".replace("-", "_")
        world.call("POST", "/variables/", {"name": name, "value": 1, "tags": tags})
        trigger = {"type": "event", "posture": "Reactive", "threshold": 1, "expect": ["never.happens"]}
        body = {"name": name, "tags": tags, "trigger": trigger, "actions": [{"type": "do-nothing"}]}
        world.call("POST", "/automations/", body)

    assert [found["id"] for found in listed(world, Flows, tags=[one])] == [flow["id"]]
    for source in (Deployments, Variables, Automations):
        assert len(listed(world, source, tags=[one])) == 2
        [both] = listed(world, source, tags=[one, other])
        assert both["name"].startswith("both")
    for source in (Deployments, Automations):
        assert len(listed(world, source, tags_any=[one, other])) == 2
        assert len(listed(world, source, tags_any=[other])) == 1


def test_names_like(world: World) -> None:
    """Part of a name finds those that have it, whatever its case."""
    for kind in ("block", "deployment", "flow", "variable"):
        made = populate(world.server, **{kind: 2})[kind]
        stem = made[0]["name"][:-2]
        found = listed(world, LISTS[kind], name_like=stem[1:].upper())
        # The flow of the deployments, for one, is called alike.
        assert {one["id"] for one in made} <= {one["id"] for one in found}
        assert all(stem in one["name"] for one in found)


def test_deployments_of_flow_pool_and_queue(world: World) -> None:
    """Deployments are found by their flow, pool and queue, and by whether they are paused."""
    pool = populate(world.server, work_pool=1)["work_pool"][0]["name"]
    flow = world.call("POST", "/flows/", {"name": unique("flow")})
    other = world.call("POST", "/flows/", {"name": unique("flow")})
    for number, (of, more) in enumerate(
        [(flow, {"work_pool_name": pool}), (flow, {"paused": True}), (other, {"work_pool_name": pool})]
    ):
        world.call("POST", "/deployments/", {"name": f"d{number}", "flow_id": of["id"], **more})

    def names(**given: Any) -> list[str]:
        return [one["name"] for one in listed(world, Deployments, **given)]

    assert names(flow_names=[flow["name"]]) == ["d0", "d1"]
    assert names(work_pool_names=[pool]) == ["d0", "d2"]
    assert names(work_pool_names=[pool], work_queue_names=["default"]) == ["d0", "d2"]
    assert names(work_pool_names=[pool], flow_names=[flow["name"]]) == ["d0"]
    assert names(flow_names=[flow["name"]], paused=True) == ["d1"]
    assert names(flow_names=[flow["name"]], paused=False) == ["d0"]
    found = listed(world, Deployments, work_pool_names=[pool])
    assert [one["flow_name"] for one in found] == [flow["name"], other["name"]]


def test_pools_by_type(world: World) -> None:
    """Pools are found by what kind of worker serves them."""
    type_ = unique("type")
    made = world.call("POST", "/work_pools/", {"name": unique("pool"), "type": type_})

    assert [one["id"] for one in listed(world, WorkPools, types=[type_, "no-such"])] == [made["id"]]


def test_queues_of_a_pool(world: World) -> None:
    """Queues are found by their pool and how their names begin; a pool that is not there is an error."""
    queues = populate(world.server, work_queue=2)["work_queue"]
    pool = queues[0]["work_pool_name"]

    found = listed(world, WorkQueues, work_pool_name=pool)
    assert {one["name"] for one in found} == {"default", *(one["name"] for one in queues)}
    assert {one["work_pool_name"] for one in found} == {pool}
    [default] = listed(world, WorkQueues, work_pool_name=pool, name_starts_with=["DEF", "x"])
    assert default["name"] == "default"
    error = refused(world, WorkQueues, work_pool_name=f"{pool}x")
    assert error.summary == "No such work pool"
    assert f"`{pool}`" in error.detail


def test_blocks_and_their_secrets(world: World) -> None:
    """Blocks are found by type, and have their data only where it is asked for."""
    made = populate(world.server, block=2)["block"]
    names = [one["name"] for one in made]

    found = listed(world, Blocks, names=names, type_slugs=["secret"])
    assert [one["data"] for one in found] == [None, None]
    assert [one["type_slug"] for one in found] == ["secret", "secret"]
    assert listed(world, Blocks, names=names, type_slugs=["json"]) == []
    found = listed(world, Blocks, names=names, include_secrets=True)
    assert [json.loads(one["data"]) for one in found] == [{"value": "secret-0"}, {"value": "secret-1"}]
    assert Blocks.nested("blocks").attributes["data"].sensitive


def test_values_of_variables_are_json(world: World) -> None:
    """In a list, where all objects have one type, a value is JSON."""
    stem = unique("v").replace("-", "_")
    for number, value in enumerate(("text", {"a": [1, None]}, 1.5)):
        world.call("POST", "/variables/", {"name": f"{stem}_{number}", "value": value})

    found = listed(world, Variables, name_like=stem)

    assert [json.loads(one["value"]) for one in found] == ["text", {"a": [1, None]}, 1.5]


def test_same_names_are_ordered_by_id(world: World) -> None:
    """Objects of one name come in the same order each time."""
    name = unique("automation")
    trigger = {"type": "event", "posture": "Reactive", "threshold": 1, "expect": ["never.happens"]}
    body = {"name": name, "trigger": trigger, "actions": [{"type": "do-nothing"}]}
    ids = [world.call("POST", "/automations/", body)["id"] for _ in range(5)]

    assert [one["id"] for one in listed(world, Automations, names=[name])] == sorted(ids)


@pytest.mark.parametrize("moved", [5, 150])
def test_objects_that_move_up_meanwhile(moved: int) -> None:
    """What is deleted while the pages are read makes none of the others be left out (a fake server)."""
    left = [
        {"id": f"0198f3a4-0000-4000-8000-{number:012}", "name": f"f{number}", "tags": []}
        for number in range(450)
    ]
    kept = {one["id"] for one in left[moved:]}
    asked: list[int] = []

    def server(out: Outgoing) -> Answer:
        body = json.loads(out.body or b"{}")
        asked.append(body["offset"])
        page = left[body["offset"] : body["offset"] + body["limit"]]
        if len(asked) == 1:
            del left[:moved]
        return answer(200, page)

    api = client(FakeTransport(server))
    outcome = asyncio.run(lifecycle.read_data(Flows, api, configuration(Flows, {}), explain))

    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    assert kept <= {one["id"] for one in outcome.state["flows"]}


def test_an_answer_of_another_kind() -> None:
    """A page that is no list of the objects is refused, and is not an empty list (a fake server)."""
    pages: tuple[Any, ...] = ({"detail": "x"}, [{"id": ID}], [{"name": "x"}], ["x"])
    for page in pages:
        api = client(FakeTransport(script(answer(200, page))))
        outcome = asyncio.run(lifecycle.read_data(Flows, api, configuration(Flows, {}), explain))
        [error] = outcome.diagnostics
        assert error.summary == "Not an answer of a Prefect API"
        assert "POST /" in error.detail


def test_workspace_may_be_named() -> None:
    """On Prefect Cloud (a fake) the objects are listed in the workspace that the data source names."""
    account = "0198f3a4-2222-4222-8333-944455556666"
    transport = FakeTransport(lambda _: answer(200, []))
    api = client(transport, endpoint="https://api.prefect.cloud/api", api_key="key", account_id=account)

    for source in (Flows, WorkQueues):
        config = configuration(source, {"workspace_id": ID})
        outcome = asyncio.run(lifecycle.read_data(source, api, config, explain))
        assert shown(outcome.diagnostics) == []

    workspace = f"https://api.prefect.cloud/api/accounts/{account}/workspaces/{ID}"
    assert [out.url for out in transport.sent] == [
        f"{workspace}/flows/filter",
        f"{workspace}/work_queues/filter",
    ]
