"""Data sources that look one object up, on a real server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.server.automation.lookup import AutomationLookup
from prefect_provider.objects.server.block import BlockLookup
from prefect_provider.objects.server.block_schema import BlockSchemaLookup
from prefect_provider.objects.server.block_type import BlockTypeLookup
from prefect_provider.objects.server.deployment.lookup import DeploymentLookup
from prefect_provider.objects.server.flow import FlowLookup
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimitLookup
from prefect_provider.objects.server.task_run_concurrency_limit import TaskRunConcurrencyLimitLookup
from prefect_provider.objects.server.variable import VariableLookup
from prefect_provider.objects.server.work_pool import WorkPoolLookup
from prefect_provider.objects.server.work_queue import WorkQueueLookup
from prefect_provider.objects.server.worker_metadata import WorkerMetadata
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import ObjectType
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from prefect_provider.text.path import show_path
from tests.environment.fault_proxy import FaultProxy
from tests.objects.populations import populate
from tests.objects.terraform_core import configuration, explain, over_the_wire, shown, unique

if TYPE_CHECKING:
    from prefect_provider.objects.lookup import Lookup
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.resource import DataSource
    from prefect_provider.plugin.language.values import Values
    from tests.environment.prefect_server import PrefectServer
    from tests.objects.terraform_core import World

ID = "0198f3a4-1111-4222-8333-944455556666"

SOURCES: dict[str, type[Lookup]] = {
    "automation": AutomationLookup,
    "block": BlockLookup,
    "deployment": DeploymentLookup,
    "flow": FlowLookup,
    "global_concurrency_limit": GlobalConcurrencyLimitLookup,
    "variable": VariableLookup,
    "work_pool": WorkPoolLookup,
    "work_queue": WorkQueueLookup,
}


def look_up(world: World, source: type[DataSource], **given: Any) -> Values:
    """What Terraform receives."""
    config = configuration(source, given)
    assert shown(world.run(lifecycle.validate_config(source, config, explain))) == []
    outcome = world.run(lifecycle.read_data(source, world.client, config, explain))
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    return over_the_wire(source, outcome.state)


def refused(world: World, source: type[DataSource], **given: Any) -> Diagnostic:
    """The one error that reading it ends with."""
    config = configuration(source, given)
    [error] = world.run(lifecycle.read_data(source, world.client, config, explain)).diagnostics
    return error


def key_of(world: World, kind: str, made: dict[str, Any]) -> dict[str, str]:
    """The key of an object that the server told of."""
    if kind == "block":
        return {"type_slug": made["block_type"]["slug"], "name": made["name"]}
    if kind == "deployment":
        flow = world.call("GET", f"/flows/{made['flow_id']}")
        return {"flow_name": flow["name"], "name": made["name"]}
    if kind == "work_queue":
        return {"work_pool_name": made["work_pool_name"], "name": made["name"]}
    return {"name": made["name"]}


@pytest.mark.parametrize("kind", SOURCES)
def test_by_id_and_by_key(world: World, kind: str) -> None:
    """Either way leads to the same object, with what the resource shows of it; an id may be in capitals."""
    source = SOURCES[kind]
    [made] = populate(world.server, **{kind: 1})[kind]
    key = key_of(world, kind, made)

    by_id, by_key = look_up(world, source, id=made["id"]), look_up(world, source, **key)

    assert by_id == by_key
    assert by_id["id"] == made["id"]
    assert {name: by_id[name] for name in key} == key
    assert look_up(world, source, id=made["id"].upper())["name"] == made["name"]
    imported = world.import_state(source.resource, made["id"])
    assert imported.state is not None
    for name, attribute in source.resource.attributes.items():
        if name in source.attributes and source.attributes[name].kind is attribute.kind and name != "data":
            assert attribute.same(by_id[name], imported.state[name]), name


@pytest.mark.parametrize("kind", SOURCES)
def test_one_that_is_not_there(world: World, kind: str) -> None:
    """The error says what was looked for; by key, also which names were probably meant, at the attribute."""
    source = SOURCES[kind]
    [made] = populate(world.server, **{kind: 1})[kind]
    key = key_of(world, kind, made)
    noun = kind.replace("_", " ")

    error = refused(world, source, id=ID)
    assert error.summary == f"No such {noun}"
    assert ID in error.detail
    assert f"`prefect {noun.replace(' ', '-')} ls`" in error.detail

    error = refused(world, source, **{**key, "name": key["name"][:-3] + "x" + key["name"][-3:]})
    assert error.summary == f"No such {noun}"
    assert "Did you mean" in error.detail
    assert f"`{key['name']}`" in error.detail
    assert show_path(error.path) == "name"


@pytest.mark.parametrize(
    ("kind", "owner"), [("block", "type_slug"), ("deployment", "flow_name"), ("work_queue", "work_pool_name")]
)
def test_owner_that_is_not_there(world: World, kind: str, owner: str) -> None:
    """Where what an object belongs to is misspelt, that is what is pointed out."""
    [made] = populate(world.server, **{kind: 1})[kind]
    key = key_of(world, kind, made)

    error = refused(world, SOURCES[kind], **{**key, owner: key[owner] + "x"})

    assert f"`{key[owner]}`" in error.detail
    assert f"as `{owner}`" in error.detail
    assert show_path(error.path) == owner


@pytest.mark.parametrize("kind", SOURCES)
def test_it_must_be_clear_which_one_is_meant(kind: str) -> None:
    """Neither way, half a way, and both ways are refused at validate; what is not known yet is not."""
    source = SOURCES[kind]
    assert source.resource.key is not None
    names = source.resource.key.names

    def errors(**given: Any) -> list[str]:
        config = configuration(source, given)
        return [item.detail for item in asyncio.run(lifecycle.validate_config(source, config, explain))]

    [neither] = errors()
    assert neither.endswith("Got none of them.")
    assert all(f"`{name}`" in neither for name in ("id", *names))
    [both] = errors(id=ID, **dict.fromkeys(names, "x"))
    assert both.endswith("Got both.")
    if len(names) > 1:
        [half] = errors(name="x")
        assert half.endswith("Got `name` alone.")
    assert errors(**dict.fromkeys(names, UNKNOWN)) == []
    assert errors(**dict.fromkeys(names, "x")) == []


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("way", ["id", "key"])
def test_twenty_at_once_are_few_requests(
    prefect_server: PrefectServer, world: World, kind: str, way: str
) -> None:
    """Twenty look-ups that arrive together are answered together."""
    made = populate(prefect_server, **{kind: 20})[kind]
    source = SOURCES[kind]
    configs = [
        configuration(source, {"id": one["id"]} if way == "id" else key_of(world, kind, one)) for one in made
    ]

    async def ask(proxy: FaultProxy) -> list[Any]:
        async with Client(resolve({"endpoint": proxy.api_url}, {})) as client:
            return await asyncio.gather(
                *(lifecycle.read_data(source, client, config, explain) for config in configs)
            )

    with FaultProxy(prefect_server.url) as proxy:
        outcomes = asyncio.run(ask(proxy))
        requests = [f"{one.method} {one.path}" for one in proxy.seen]

    for one, outcome in zip(made, outcomes, strict=True):
        assert shown(outcome.diagnostics) == []
        assert outcome.state["id"] == one["id"]
    assert len(requests) <= 6, requests


def test_automations_of_one_name(world: World) -> None:
    """A name that several automations have is an error with their ids, and one that one has is enough."""
    name = unique("automation")
    body = {
        "name": name,
        "trigger": {"type": "event", "posture": "Reactive", "threshold": 1, "expect": ["b", "a", "c"]},
        "actions": [{"type": "do-nothing"}],
    }
    first = world.call("POST", "/automations/", body)
    found = look_up(world, AutomationLookup, name=name)
    assert found["trigger"]["event"]["expect"] == ["a", "b", "c"]

    second = world.call("POST", "/automations/", body)
    error = refused(world, AutomationLookup, name=name)
    assert error.summary == f'2 automations are named "{name}"'
    assert first["id"] in error.detail
    assert second["id"] in error.detail


def test_compound_trigger_is_shown_whole(world: World) -> None:
    """How many triggers have to fire is shown too, as a number or a text, and the triggers inside of it."""
    event = {"type": "event", "posture": "Reactive", "threshold": 1, "expect": ["x"]}
    trigger = {"type": "compound", "require": 1, "within": 60, "triggers": [event, event]}
    body = {"name": unique("compound"), "trigger": trigger, "actions": [{"type": "do-nothing"}]}
    made = world.call("POST", "/automations/", body)

    compound = look_up(world, AutomationLookup, id=made["id"])["trigger"]["compound"]

    assert compound["require"].value == 1
    assert [one["event"]["expect"] for one in compound["triggers"]] == [["x"], ["x"]]


def test_block_data(world: World) -> None:
    """A block's data is read in clear, and not at all where that is not wanted; it is sensitive."""
    [made] = populate(world.server, block=1)["block"]
    key = key_of(world, "block", made)

    for way in (key, {"id": made["id"]}):
        assert json.loads(look_up(world, BlockLookup, **way)["data"]) == {"value": "secret-0"}
        without = look_up(world, BlockLookup, **way, include_secrets=False)
        assert without["data"] is None
        assert "secret-0" not in repr(without)
    assert BlockLookup.attributes["data"].sensitive


def test_value_of_a_variable_keeps_its_type(world: World) -> None:
    """Objects stay objects, of whatever types."""
    name = unique("variable").replace("-", "_")
    world.call("POST", "/variables/", {"name": name, "value": {"a": [1, "x", None]}, "tags": ["t"]})

    found = look_up(world, VariableLookup, name=name)

    assert isinstance(found["value"], Dynamic)
    assert isinstance(found["value"].type, ObjectType)
    assert found["tags"] == ["t"]


def test_what_is_set_besides_has_to_be_so(world: World) -> None:
    """A configuration may set what the official provider lets it set; it is then checked, and not ignored."""
    [made] = populate(world.server, work_pool=1)["work_pool"]
    queue = made["default_queue_id"]

    assert (
        look_up(world, WorkPoolLookup, name=made["name"], default_queue_id=queue.upper())["id"] == made["id"]
    )
    error = refused(world, WorkPoolLookup, name=made["name"], default_queue_id=ID)
    assert error.summary == "The work pool has another `default_queue_id`"
    assert ID in error.detail
    assert queue in error.detail
    assert show_path(error.path) == "default_queue_id"


def test_workspace_on_a_self_hosted_server(world: World) -> None:
    """A workspace of a server that has none is refused, as it is for a resource."""
    error = refused(world, FlowLookup, name="x", workspace_id=ID)
    assert show_path(error.path) == "workspace_id"


def test_templates_of_workers(world: World) -> None:
    """The templates of the types that Prefect brings, under the official names, and of all types by type."""
    found = look_up(world, WorkerMetadata)

    configs, templates = found["base_job_configs"], found["base_job_templates"]
    assert json.loads(configs["process"]) == json.loads(templates["process"])
    assert {"job_configuration", "variables"} <= json.loads(configs["kubernetes"]).keys()
    view = world.call("GET", "/collections/views/aggregate-worker-metadata")
    assert templates.keys() == {type_ for package in view.values() for type_ in package}
    there = {name for name, config in configs.items() if config is not None}
    assert {"process", "docker", "kubernetes", "ecs", "cloud_run", "cloud_run_v2", "vertex_ai"} <= there
    assert "azure_container_instances" in there


def test_type_and_schema_of_blocks(world: World) -> None:
    """A type is looked up by its slug, and a schema of it by the type and its version."""
    slug = unique("type")
    type_ = world.call("POST", "/block_types/", {"name": slug, "slug": slug})
    body = {"block_type_id": type_["id"], "fields": {"title": slug, "type": "object"}, "version": "1.2"}
    schema = world.call("POST", "/block_schemas/", body)

    assert look_up(world, BlockTypeLookup, slug=slug) == look_up(world, BlockTypeLookup, id=type_["id"])
    found = look_up(world, BlockSchemaLookup, block_type=slug, version="1.2")
    assert found == look_up(world, BlockSchemaLookup, id=schema["id"])
    assert (found["id"], found["block_type"]) == (schema["id"], slug)
    error = refused(world, BlockTypeLookup, slug=f"{slug}x")
    assert f"`{slug}`? `prefect block type ls`" in error.detail
    error = refused(world, BlockSchemaLookup, block_type=slug, version="1.3")
    assert "`1.2`" in error.detail
    assert refused(world, BlockSchemaLookup, id=ID).summary == "No such block schema"


def test_limit_of_a_tag(world: World) -> None:
    """The limit of a tag is looked up by the tag, or by its id."""
    tag = unique("tag")
    made = world.call("POST", "/concurrency_limits/", {"tag": tag, "concurrency_limit": 3})

    found = look_up(world, TaskRunConcurrencyLimitLookup, tag=tag)

    assert found == look_up(world, TaskRunConcurrencyLimitLookup, id=made["id"])
    assert (found["id"], found["concurrency_limit"]) == (made["id"], 3)
    error = refused(world, TaskRunConcurrencyLimitLookup, tag=f"{tag}x")
    assert f"`{tag}`" in error.detail
    assert show_path(error.path) == "tag"
