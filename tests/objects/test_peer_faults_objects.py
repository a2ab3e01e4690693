"""What others trip over, for objects of every kind: protected servers, bare objects, odd answers, what goes unseen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, RetryPolicy, resolve
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.block_schema import BlockSchema
from prefect_provider.objects.server.block_type import BlockType
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.engine import lifecycle
from tests.environment.prefect_server import PrefectServer, guarded
from tests.objects.automation_terraform import EVENT
from tests.objects.table import CASES, Case
from tests.objects.terraform_core import Managed, World, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prefect_provider.objects.remote import RemoteObject

STEPS = "prefect.deployments.steps"
UUID = "0198f3a4-1111-4222-8333-944455556666"


def _deployment(world: World, **fields: Any) -> dict[str, Any]:
    flow = world.call("POST", "/flows/", {"name": unique("peer")})
    made: dict[str, Any] = world.call("POST", "/deployments/", {"name": "d", "flow_id": flow["id"]} | fields)
    return made


@pytest.fixture(scope="module")
def guarded_world(
    tmp_path_factory: pytest.TempPathFactory, database_url: Callable[[], str | None]
) -> Iterator[World]:
    """A client of a server that asks for a password and for CSRF tokens."""
    password = "admin:pa:ss"
    directory = tmp_path_factory.mktemp("guarded-server")
    server = PrefectServer(directory, env=guarded(password), services=False, database_url=database_url())
    server.start()
    world = World(server)
    world.run(world.client.aclose())
    settings = resolve({"endpoint": server.api_url, "basic_auth_key": password}, {})
    world.client = Client(settings, policy=RetryPolicy(max_retries=20))
    yield world
    world.close()
    server.stop()


@pytest.mark.server
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource.type_name)
def test_every_object_lives_on_a_protected_server(guarded_world: World, case: Case) -> None:
    """Each object is made, changed, read and destroyed with a password and with tokens that nobody configured."""
    base = case.base(guarded_world)
    name = next(name for name in case.values if name != "name")
    managed = Managed(guarded_world, case.resource)
    managed.apply(base)

    managed.apply(base | dict(case.alongside.get(name, {})) | {name: case.values[name][0]}, warns=True)
    last = managed.state
    managed.destroy()

    managed.state = last
    assert managed.refresh().state is None


@pytest.mark.parametrize("name", ["name", "slug"])
def test_a_type_under_another_name_is_another_type(world: World, name: str) -> None:
    """Prefect can change neither, and the plan says so at the attribute instead of sending what nobody takes."""
    managed, given = Managed(world, BlockType), {"name": unique("peer"), "slug": unique("peer")}
    managed.apply(given)

    planned = managed.plan(configuration(BlockType, given | {name: unique("peer")}), prior=managed.state)

    assert planned.replace == [(name,)]
    managed.destroy()


def test_a_schema_needs_nothing_but_its_type(world: World) -> None:
    """Fields, capabilities and a version, each of which may be left out, are what Prefect makes of none."""
    type_ = world.call("POST", "/block_types/", {"name": unique("peer"), "slug": unique("peer")})
    managed = Managed(world, BlockSchema)

    managed.apply({"block_type_id": type_["id"]})

    assert (managed.held["fields"], managed.held["capabilities"]) == ("{}", [])
    managed.destroy()


def test_steps_without_what_they_need_are_read(world: World) -> None:
    """Steps that others stored without a directory, with null for an input or for all, are shown and can be mended."""
    steps = [
        {f"{STEPS}.set_working_directory": {}},
        {f"{STEPS}.git_clone": {"repository": None}},
        {f"{STEPS}.run_shell_script": None},
    ]
    made = _deployment(world, pull_steps=steps)
    managed = Managed.imported(world, Deployment, made["id"])

    assert [step["type"] for step in managed.held["pull_steps"]][:2] == ["set_working_directory", "git_clone"]
    assert shown(managed.refresh().diagnostics) == []
    right = {"type": "set_working_directory", "directory": "/opt"}
    managed.apply({"name": made["name"], "flow_id": made["flow_id"], "pull_steps": [right]})
    managed.destroy()


@pytest.mark.parametrize(
    "step",
    [
        {"type": "run_shell_script", "script": "make", "directory": "/opt", "expand_env_vars": True},
        {"type": "pip_install_requirements", "directory": "/opt", "stream_output": True},
        {"type": "git_clone", "repository": "r", "access_token": "t", "credentials": "c"},
        {"type": "pull_from_gcs", "bucket": "b", "folder": "f", "credentials": "{{ x }}"},
    ],
    ids=lambda step: str(step["type"]),
)
def test_inputs_that_belong_together_may_stand_together(world: World, step: dict[str, Any]) -> None:
    """What a step of Prefect takes may be configured, also where the official provider calls it a conflict."""
    managed, made = Managed(world, Deployment), _deployment(world)
    managed.apply({"name": unique("peer"), "flow_id": made["flow_id"], "pull_steps": [step]})
    [stored] = world.call("GET", f"/deployments/{managed.id}")["pull_steps"]
    assert [*stored.values()] == [{name: value for name, value in step.items() if name != "type"}]
    managed.destroy()


def test_parameters_beyond_what_the_server_takes(world: World) -> None:
    """How large they may be is a setting of the server, so that its refusal is shown, at `parameters`."""
    managed, made = Managed(world, Deployment), _deployment(world)
    given = {"name": unique("peer"), "flow_id": made["flow_id"]}
    wanted = configuration(Deployment, given | {"parameters": json.dumps({"a": "x" * 600_000})})
    planned = managed.plan(wanted, prior=None)
    assert planned.state is not None

    outcome = world.run(
        lifecycle.apply(Deployment, world.client, None, planned.state, wanted, planned.private, explain)
    )

    [error] = outcome.diagnostics
    assert error.path == ("parameters",)
    assert "must be less than 524,288 bytes" in error.detail
    assert "xxx" not in error.detail
    assert outcome.state is None


def test_prefect_deploy_leaves_automations_alone(world: World) -> None:
    """`prefect deploy` deletes what a deployment owns; an automation that is made here belongs to nobody else."""
    made = _deployment(world)
    run = {"type": "run-deployment", "source": "selected", "deployment_id": made["id"]}
    managed = Managed(world, Automation)
    managed.apply({"name": unique("peer"), "trigger": {"event": EVENT}, "actions": [run]})

    world.call("DELETE", f"/automations/owned-by/prefect.deployment.{made['id']}")

    managed.refresh()
    assert managed.state is not None
    managed.destroy()


def test_a_queue_that_a_deployment_brings(world: World) -> None:
    """Prefect makes the queue that a deployment names; one with a priority of its own keeps it, and plans nothing."""
    pool = unique("peer")
    world.call("POST", "/work_pools/", {"name": pool, "type": "process"})
    queue = {"work_pool_name": pool, "name": "ours", "priority": 1}
    managed = Managed(world, WorkQueue)
    managed.apply(queue)
    _deployment(world, work_pool_name=pool, work_queue_name="theirs")

    managed.refresh()

    assert managed.changes(queue) == []
    managed.apply(queue | {"description": "changed"})
    assert world.call("GET", f"/work_pools/{pool}/queues/ours")["priority"] == 1
    managed.destroy()
    world.call("DELETE", f"/work_pools/{pool}")


def test_a_queue_needs_its_pool(world: World) -> None:
    """A queue alone would move the deployment to a pool that Prefect makes: it is refused, with what to set."""
    [error] = Managed(world, Deployment).validate({"name": "d", "flow_id": UUID, "work_queue_name": "q"})
    assert error.path == ("work_queue_name",)
    assert "`work_queue_name` needs `work_pool_name`" in error.detail


TAGGED: list[tuple[Any, str, dict[str, Any]]] = [
    (Flow, "/flows/", {}),
    (Variable, "/variables/", {"value": 1}),
    (Deployment, "/deployments/", {}),
    (Automation, "/automations/", {"trigger": EVENT | {"type": "event"}, "actions": []}),
]


@pytest.mark.parametrize(("kind", "path", "body"), TAGGED, ids=[kind.type_name for kind, *_ in TAGGED])
def test_tags_that_are_there_twice(
    world: World, kind: type[RemoteObject], path: str, body: dict[str, Any]
) -> None:
    """Prefect keeps tags in their order, and twice; in a set each is there once, and that is no difference."""
    flow = (
        {"flow_id": world.call("POST", "/flows/", {"name": unique("peer")})["id"]}
        if kind is Deployment
        else {}
    )
    made = world.call("POST", path, {"name": unique("peer"), "tags": ["b", "a", "b"]} | body | flow)

    managed = Managed.imported(world, kind, made["id"])

    assert sorted(managed.held["tags"]) == ["a", "b"]
    given = {
        name: managed.held[name] for name in ("name", "value", "flow_id", "trigger") if name in managed.held
    }
    assert managed.changes(given | {"tags": ["a", "b"]}) == []
    managed.apply(given | {"tags": ["c"]})
    assert world.call("GET", f"{path}{made['id']}")["tags"] == ["c"]
    managed.destroy()
