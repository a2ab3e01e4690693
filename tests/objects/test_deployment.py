"""Deployments on a real server: what is removed is cleared, what others share is left alone."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.existing import set_on_existing
from prefect_provider.objects.server.deployment.resource import NO_ID, Deployment
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN, has_unknown
from prefect_provider.text.path import show_path
from tests.environment.prefect_server import is_since
from tests.objects.connections import break_at_creation, count_requests
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def make(world: World, path: str, **body: Any) -> str:
    """Make an object behind Terraform's back; its id."""
    return str(world.call("POST", path, body)["id"])


def flow(world: World, **body: Any) -> str:
    """A flow's id."""
    return make(world, "/flows/", name=unique("flow"), **body)


def base(world: World) -> dict[str, Any]:
    """The least configuration of a deployment."""
    return {"name": unique("deployment"), "flow_id": flow(world)}


def limit(world: World) -> str:
    """The id of a global concurrency limit."""
    return make(world, "/v2/concurrency_limits/", name=unique("limit"), limit=7)


def remote(world: World, managed: Managed) -> dict[str, Any]:
    """The deployment as the server has it."""
    found: dict[str, Any] = world.call("GET", f"/deployments/{managed.id}")
    return found


def remote_limit(world: World, managed: Managed) -> dict[str, Any] | None:
    """The deployment's limit on the server."""
    found: dict[str, Any] | None = remote(world, managed)["global_concurrency_limit"]
    return found


FULL: dict[str, Any] = {
    "parameters": '{"a": 1}',
    "job_variables": '{"env": {"A": "1"}}',
    "tags": ["a", "b"],
    "pull_steps": [{"type": "set_working_directory", "directory": "/opt"}],
    "description": "for tests",
    "path": "/opt",
    "version": "1",
    "entrypoint": "flow.py:run",
    "concurrency_limit": 3,
    "concurrency_options": {
        "collision_strategy": "CANCEL_NEW",
        "grace_period_seconds": 90 if is_since("3.6.6") else None,
    },
    "paused": True,
    "enforce_parameter_schema": False,
    "parameter_openapi_schema": '{"type": "object", "properties": {"a": {"type": "integer"}}}',
    "schedules": {"nightly": {"cron": "0 3 * * *"}},
}


@pytest.mark.since("3.8.7")
def test_removed_parameters_are_cleared(world: World) -> None:
    """Everything that is configured and then removed at once is gone from the server, and the id stays."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least)
    before = remote(world, managed)
    managed.apply(least | FULL)
    id_ = managed.id

    managed.apply(least)

    assert managed.id == id_
    after = remote(world, managed)
    assert after["parameter_openapi_schema"] in ({}, {"type": "object", "properties": {}})
    same = {"updated": before["updated"], "parameter_openapi_schema": before["parameter_openapi_schema"]}
    assert after | same == before


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.since("3.8.7")] if name == "job_variables" else [])
        for name in FULL
    ],
)
def test_each_attribute_is_cleared_alone(world: World, name: str) -> None:
    """An attribute that is removed from a full configuration is cleared, and nothing else is touched."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least | FULL)
    before = remote(world, managed)

    managed.apply({key: value for key, value in (least | FULL).items() if key != name})

    after = remote(world, managed)
    changed = {key for key in after if after[key] != before[key]} - {"updated"}
    assert changed == {"global_concurrency_limit" if name == "concurrency_limit" else name}


def test_nothing_else_is_unknown_in_an_update(world: World) -> None:
    """A change of one attribute shows that attribute and the time of the change, and no id as known after apply."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least | FULL)
    wanted = configuration(Deployment, least | FULL | {"description": "other"})

    planned = managed.plan(wanted, prior=managed.state)

    assert planned.state is not None
    assert [name for name, value in planned.state.items() if has_unknown(value)] == ["updated"]
    assert planned.replace == []


def test_id_of_zeros_is_no_id(world: World) -> None:
    """State in which the official provider wrote zeros and empty texts for null plans nothing."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least)
    managed.state = managed.held | {
        "storage_document_id": NO_ID,
        "description": "",
        "path": "",
        "version": "",
        "entrypoint": "",
        "work_pool_name": "",
        "work_queue_name": "",
        "schedules": None,
        "labels": None,
        "flow_name": None,
    }

    managed.refresh()

    assert managed.changes(least) == []
    assert managed.changes(least | {"storage_document_id": NO_ID, "description": ""}) == []
    assert managed.held["storage_document_id"] == NO_ID


@pytest.mark.since("3.6.27")
def test_what_others_set_is_left_alone_unless_it_was_configured(world: World) -> None:
    """What is not configured stays as others set it, also in a state without private data; once configured, it goes."""
    name = unique("pool")
    make(world, "/work_pools/", name=name, type="process")
    managed = Managed(world, Deployment)
    least = base(world) | {"concurrency_options": {"collision_strategy": "ENQUEUE"}}
    managed.apply(least)
    managed.private = {}
    theirs: dict[str, Any] = {
        "description": "theirs",
        "path": "/theirs",
        "version": "theirs",
        "entrypoint": "theirs.py:f",
        "work_pool_name": name,
        "work_queue_name": "theirs",
        "global_concurrency_limit_id": limit(world),
        "concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": 120},
    }
    world.call("PATCH", f"/deployments/{managed.id}", theirs)
    managed.refresh()
    assert {key: managed.held[key] for key in theirs} == theirs

    managed.assert_settled(least)
    managed.apply(least | {"tags": ["t"]})
    managed.assert_settled(least | {"tags": ["t"]})
    ours = theirs | {"work_queue_name": "ours", "concurrency_options": {"collision_strategy": "CANCEL_NEW"}}
    ours["concurrency_options"]["grace_period_seconds"] = 90
    managed.apply(least | ours)
    managed.apply(least)

    cleared = dict.fromkeys(theirs) | {
        "concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": None}
    }
    assert {key: managed.held[key] or None for key in theirs} == cleared


def test_limit_of_its_own_instead_of_one_that_others_set(world: World) -> None:
    """A limit that is configured replaces a shared one that was not, and leaves that as it was."""
    shared = limit(world)
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least)
    world.call("PATCH", f"/deployments/{managed.id}", {"global_concurrency_limit_id": shared})
    managed.refresh()

    managed.apply(least | {"concurrency_limit": 2})

    found = remote_limit(world, managed)
    assert found is not None
    assert found["limit"] == 2
    assert world.call("GET", f"/v2/concurrency_limits/{shared}")["limit"] == 7


def test_storage_and_infrastructure_blocks(world: World) -> None:
    """Blocks can be set, exchanged and taken away."""
    block_type = world.call("GET", "/block_types/slug/secret")["id"]
    [schema] = world.call(
        "POST",
        "/block_schemas/filter",
        {"block_schemas": {"block_type_id": {"any_": [block_type]}}, "limit": 1},
    )
    blocks = [
        make(
            world,
            "/block_documents/",
            name=unique("block"),
            data={"value": "x"},
            block_type_id=block_type,
            block_schema_id=schema["id"],
        )
        for _ in range(2)
    ]
    managed = Managed(world, Deployment)
    least = base(world)
    for name in ("storage_document_id", "infrastructure_document_id"):
        managed.apply(least | {name: blocks[0]})
        managed.apply(least | {name: blocks[1].upper()})
        assert remote(world, managed)[name] == blocks[1]
        managed.apply(least)
        assert remote(world, managed)[name] is None


# ---------------------------------------------------------------------- parameters


def test_prefect_kind_parameters_survive_an_update(world: World) -> None:
    """Parameters that Prefect resolves at run time are stored as written, also by an update, and lose nothing else."""
    managed = Managed(world, Deployment)
    given = base(world) | FULL
    given["schedules"] = {
        "nightly": {"cron": "0 3 * * *", "max_scheduled_runs": 4, "timezone": "Europe/Berlin"},
        "often": {"interval": 900, "anchor_date": "2030-01-01T00:00:00Z", "active": False},
    }
    make(world, "/variables/", name="kind_test", value=42)
    managed.apply(given)
    before = remote(world, managed)
    parameters = {
        "a": {"__prefect_kind": "workspace_variable", "variable_name": "kind_test"},
        "b": {"__prefect_kind": "jinja", "template": "{{ 1 + 1 }}"},
    }

    managed.apply(given | {"parameters": json.dumps(parameters)})
    managed.apply(given | {"parameters": json.dumps(parameters), "description": "changed"})

    after = remote(world, managed)
    assert after["parameters"] == parameters

    def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
        kept = {key: value for key, value in data.items() if key not in names}
        schedules = {
            one["slug"]: {key: one[key] for key in ("schedule", "active", "max_scheduled_runs", "parameters")}
            for one in data["schedules"]
        }
        return kept | {"schedules": schedules}

    changed = ("parameters", "description", "updated")
    assert without(after, *changed) == without(before, *changed)
    world.call("DELETE", "/variables/name/kind_test")


def test_prefect_kind_parameters_keep_schedules_made_elsewhere(world: World) -> None:
    """Where schedules are not configured, such an update keeps the ones that others made."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least)
    world.call(
        "POST",
        f"/deployments/{managed.id}/schedules",
        [
            {"schedule": {"cron": "0 3 * * *"}, "max_scheduled_runs": 2},
            {"slug": "x", "schedule": {"interval": 60.0}, "max_scheduled_runs": 3},
        ],
    )
    managed.refresh()

    managed.apply(least | {"parameters": '{"a": {"__prefect_kind": "json", "value": "1"}}'})

    schedules = remote(world, managed)["schedules"]
    assert sorted(one["max_scheduled_runs"] for one in schedules) == [2, 3]
    assert {one["schedule"].get("cron") for one in schedules} == {"0 3 * * *", None}


def test_parameters_that_look_alike_are_updated_in_place(world: World) -> None:
    """Parameters and job variables that only differ in spaces and order are no change."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least | {"parameters": '{"a":1,"b":2}', "job_variables": '{"env":{}}'})
    managed.apply(least | {"parameters": '{ "b": 2.0, "a": 1 }', "job_variables": '{"env": { }}'})


def test_schema_that_prefect_deploy_wrote_is_kept(world: World) -> None:
    """A schema that is not configured may be filled in by others, without a plan to take it away."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least)
    schema = {"type": "object", "title": "Parameters", "properties": {"a": {"type": "integer"}}}
    world.call("PATCH", f"/deployments/{managed.id}", {"parameter_openapi_schema": schema})

    managed.refresh()
    managed.assert_settled(least)
    managed.apply(least | {"description": "x"})

    assert remote(world, managed)["parameter_openapi_schema"] == schema


@pytest.mark.parametrize("schema", ["{}", '{"type": "object"}', '{"type":"object","properties":{}}'])
def test_empty_schema_in_any_spelling(world: World, schema: str) -> None:
    """The schema of a flow without parameters is the same however it is written, and left out."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least | {"parameter_openapi_schema": schema})
    managed.apply(least)
    managed.apply(least | {"parameter_openapi_schema": schema})


def test_schema_that_others_enriched_is_put_back(world: World) -> None:
    """A configured empty schema that others filled is a difference that one apply heals."""
    managed = Managed(world, Deployment)
    given = base(world) | {"parameter_openapi_schema": "{}"}
    managed.apply(given)
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    world.call("PATCH", f"/deployments/{managed.id}", {"parameter_openapi_schema": schema})
    managed.refresh()
    assert managed.changes(given) == ["parameter_openapi_schema"]
    managed.apply(given)


# ---------------------------------------------------------------------- limits


def test_shared_limit_survives_the_deployment(world: World) -> None:
    """Destroying a deployment leaves the limit that it shares, and the other deployments that use it."""
    shared = limit(world)
    first, second = Managed(world, Deployment), Managed(world, Deployment)
    given = {"global_concurrency_limit_id": shared}
    first.apply(base(world) | given)
    second.apply(base(world) | given)

    first.destroy()

    assert world.call("GET", f"/v2/concurrency_limits/{shared}")["limit"] == 7
    second.refresh()
    assert second.held["global_concurrency_limit_id"] == shared


def test_own_limit_goes_with_the_deployment(world: World) -> None:
    """A limit of the deployment's own is destroyed with it."""
    managed = Managed(world, Deployment)
    managed.apply(base(world) | {"concurrency_limit": 2})
    own = remote_limit(world, managed)
    assert own is not None
    managed.destroy()
    assert not world.server.exists(f"/v2/concurrency_limits/{own['id']}")


def test_own_and_shared_limit_take_turns(world: World) -> None:
    """A deployment changes from its own limit to a shared one, another, none and back, and spoils no shared one."""
    one, other = limit(world), limit(world)
    managed = Managed(world, Deployment)
    least = base(world)
    steps: list[dict[str, Any]] = [
        {"concurrency_limit": 2},
        {"global_concurrency_limit_id": one},
        {"concurrency_limit": 3},
        {"concurrency_limit": 4},
        {"global_concurrency_limit_id": other},
        {"global_concurrency_limit_id": one.upper()},
        {},
        {"global_concurrency_limit_id": one},
        {"concurrency_limit": 2},
        {},
        {"concurrency_limit": 5},
    ]
    for step in steps:
        managed.apply(least | step)
        found = remote_limit(world, managed)
        own = step.get("concurrency_limit")
        assert (found["limit"] if found else None) == (own or (7 if step else None))
    for shared in (one, other):
        assert world.call("GET", f"/v2/concurrency_limits/{shared}")["limit"] == 7


def test_leftover_of_an_own_limit_is_replaced(world: World) -> None:
    """A limit that Prefect left behind when another was linked does not block a new one."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least | {"concurrency_limit": 2})
    world.call("PATCH", f"/deployments/{managed.id}", {"global_concurrency_limit_id": limit(world)})
    managed.refresh()

    managed.apply(least | {"concurrency_limit": 6})

    found = remote_limit(world, managed)
    assert found is not None
    assert found["limit"] == 6


def test_limit_changed_elsewhere_is_seen(world: World) -> None:
    """A limit that somebody set in the user interface is a difference, and is healed without an error."""
    managed = Managed(world, Deployment)
    least = base(world)
    managed.apply(least)
    world.call("PATCH", f"/deployments/{managed.id}", {"concurrency_limit": 9})
    managed.refresh()
    assert managed.changes(least) == ["concurrency_limit"]
    assert managed.changes(least | {"concurrency_limit": 9}) == []
    managed.apply(least)
    assert remote_limit(world, managed) is None


def test_imported_deployment_with_a_shared_limit(world: World) -> None:
    """After an import a shared limit is known by its id, and not taken for a limit of the deployment's own."""
    managed = Managed(world, Deployment)
    given = base(world) | {"global_concurrency_limit_id": limit(world)}
    managed.apply(given)
    imported = Managed.imported(world, Deployment, managed.id)
    assert imported.held["concurrency_limit"] is None
    imported.assert_settled(given)


# ---------------------------------------------------------------------- pools and queues


def pool(world: World, *queues: str) -> str:
    """The name of a work pool with further queues."""
    name = unique("pool")
    make(world, "/work_pools/", name=name, type="process")
    for queue in queues:
        make(world, f"/work_pools/{name}/queues", name=queue)
    return name


def place(world: World, managed: Managed) -> tuple[str | None, str | None]:
    """Where the deployment's runs go."""
    data = remote(world, managed)
    return data["work_pool_name"], data["work_queue_name"]


@pytest.mark.since("3.6.27")
def test_pool_and_queue_are_set_changed_and_removed(world: World) -> None:
    """A deployment goes where it is configured to, with the pool's default queue unless another is named."""
    one, other = pool(world, "fast", "slow"), pool(world, "fast")
    managed = Managed(world, Deployment)
    least = base(world)
    steps: list[tuple[dict[str, Any], tuple[str | None, str | None]]] = [
        ({"work_pool_name": one}, (one, "default")),
        ({"work_pool_name": one, "work_queue_name": "fast"}, (one, "fast")),
        ({"work_pool_name": one, "work_queue_name": "slow"}, (one, "slow")),
        ({"work_pool_name": other, "work_queue_name": "fast"}, (other, "fast")),
        ({"work_pool_name": one}, (one, "default")),
        ({}, (None, None)),
        ({"work_pool_name": other, "work_queue_name": "fast"}, (other, "fast")),
        ({"work_pool_name": "", "work_queue_name": ""}, (None, None)),
        ({"work_pool_name": one}, (one, "default")),
        ({"work_pool_name": ""}, (None, None)),
    ]
    for step, expected in steps:
        managed.apply(least | step)
        assert place(world, managed) == expected


def test_other_change_keeps_the_queue(world: World) -> None:
    """A change that has nothing to do with pool and queue does not move the deployment to another queue."""
    managed = Managed(world, Deployment)
    given = base(world) | {"work_pool_name": pool(world, "fast"), "work_queue_name": "fast"}
    managed.apply(given)
    managed.apply(given | {"description": "changed", "job_variables": '{"env": {}}', "tags": ["x"]})
    assert place(world, managed) == (given["work_pool_name"], "fast")


def test_pool_that_was_deleted_is_drift(world: World) -> None:
    """A deployment whose pool was deleted stays without one, which a plan shows."""
    name = pool(world)
    managed = Managed(world, Deployment)
    given = base(world) | {"work_pool_name": name}
    managed.apply(given)
    world.call("DELETE", f"/work_pools/{name}")
    count_requests(world)  # as another process, which has not seen the pool
    managed.refresh()
    planned = managed.plan(configuration(Deployment, given), prior=managed.state)
    assert planned.state is not None
    assert (planned.state["work_pool_name"], managed.held["work_pool_name"]) == (name, None)
    [warning] = planned.diagnostics
    assert (warning.severity, warning.path) == ("warning", ("work_pool_name",))
    make(world, "/work_pools/", name=name, type="process")
    managed.apply(given)


# ---------------------------------------------------------------------- identity


def test_existing_deployment_is_refused(world: World) -> None:
    """The plan of a deployment that exists is an error, whether its flow is given by id, name or entrypoint."""
    name = unique("flow").replace("-", "_")
    flow_id = make(world, "/flows/", name=name.replace("_", "-"))
    id_ = make(world, "/deployments/", name="d", flow_id=flow_id, description="old")
    ways = ({"flow_id": flow_id}, {"flow_name": name.replace("_", "-")}, {"entrypoint": f"a.py:{name}"})

    for way in ways:
        planned = Managed(world, Deployment).plan(configuration(Deployment, {"name": "d"} | way), prior=None)
        [error] = planned.diagnostics
        assert (error.severity, error.path) == ("error", ("name",))
        assert f'to = prefect_deployment.<name>\n    id = "{id_}"' in error.detail
    given = configuration(Deployment, {"name": "d", "flow_id": flow_id})
    outcome = world.run(lifecycle.apply(Deployment, world.client, None, planned.state, given, {}, explain))
    assert [one.summary for one in outcome.diagnostics] == ["The deployment exists already"]
    assert outcome.state is None
    assert world.call("GET", f"/deployments/{id_}")["description"] == "old"


def test_existing_deployment_is_taken_over_where_the_provider_is_set_to_that(world: World) -> None:
    """With `adopt`, a deployment keeps its id and what others labelled it with, and is changed to the configuration."""
    set_on_existing(world.client, "adopt")
    least = base(world)
    id_ = make(
        world,
        "/deployments/",
        parameters={"old": 1},
        tags=["old"],
        description="old",
        labels={"a": "1", "b": "1"},
        **least,
    )
    world.call("POST", f"/deployments/{id_}/schedules", [{"slug": "s", "schedule": {"cron": "1 1 * * *"}}])
    managed = Managed(world, Deployment)
    given = least | {"tags": ["new"], "schedules": {"t": {"cron": "2 2 * * *"}}, "labels": {"a": "2"}}

    warnings = managed.apply(given, warns=True)

    assert {one.summary for one in warnings} == {"The deployment exists already and is taken over"}
    assert managed.id == id_
    data = remote(world, managed)
    assert (data["tags"], data["parameters"], data["description"]) == (["new"], {}, "old")
    assert [one["slug"] for one in data["schedules"]] == ["t"]
    assert data["labels"] == {"a": "2", "b": "1", "prefect.flow.id": least["flow_id"]}


def test_takeover_that_fails_half_way_leaves_nothing_in_state(world: World) -> None:
    """A deployment that is to be taken over and refuses the change is not in state, so that nobody destroys it."""
    set_on_existing(world.client, "adopt")
    least = base(world)
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    id_ = make(world, "/deployments/", parameter_openapi_schema=schema, parameters={"a": 1}, **least)
    given = configuration(Deployment, least | {"parameters": '{"a": "many"}'})
    planned = Managed(world, Deployment).plan(given, prior=None)

    outcome = world.run(
        lifecycle.apply(Deployment, world.client, None, planned.state, given, planned.private, explain)
    )

    [error] = [one for one in outcome.diagnostics if one.severity == "error"]
    assert error.path == ("parameters",)
    assert outcome.state is None
    assert world.call("GET", f"/deployments/{id_}")["parameters"] == {"a": 1}


@pytest.mark.parametrize("heard", [True, False])
def test_deployment_whose_creation_was_not_answered(world: World, *, heard: bool) -> None:
    """A connection that breaks while the deployment is made: it is ours either way, with all that belongs to it."""
    least = base(world)
    breaking = break_at_creation(world, "/deployments/", heard=heard)
    managed = Managed(world, Deployment)

    managed.apply(least | {"tags": ["t"], "schedules": {"s": {"cron": "0 0 * * *", "max_scheduled_runs": 4}}})

    assert breaking.creations == (1 if heard else 2)


def test_zeros_are_no_block(world: World) -> None:
    """The id that a generated configuration has for "none" is not sent as one."""
    managed = Managed(world, Deployment)
    given = base(world) | {"storage_document_id": NO_ID, "infrastructure_document_id": NO_ID}

    managed.apply(given)

    assert remote(world, managed)["storage_document_id"] is None


def test_half_made_deployment_is_not_lost(world: World) -> None:
    """A deployment that was made before a later step failed is in state, so that it is not made twice."""
    given = configuration(
        Deployment, base(world) | {"schedules": {"s": {"cron": "0 0 * * *", "max_scheduled_runs": 5000}}}
    )
    managed = Managed(world, Deployment)
    planned = managed.plan(given, prior=None)

    outcome = world.run(lifecycle.apply(Deployment, world.client, None, planned.state, given, {}, explain))

    assert outcome.diagnostics.has_errors
    assert outcome.state is not None
    assert world.server.exists(f"/deployments/{outcome.state['id']}")
    managed.state = outcome.state
    managed.refresh()
    assert managed.state["schedules"] == {}


def test_deleted_object_plans_quickly(world: World) -> None:
    """A deployment that was deleted elsewhere is planned anew without minutes of trying again."""
    managed = Managed(world, Deployment)
    given = base(world)
    managed.apply(given)
    world.call("DELETE", f"/deployments/{managed.id}")
    started = time.monotonic()

    managed.refresh()

    assert managed.state is None
    assert managed.plan(configuration(Deployment, given), prior=None).state is not None
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", ["a deployment of spaces", "Bereitstellung “ß” 流", "a.b,c:d?e#f"])
def test_names_with_spaces_and_unicode(world: World, name: str) -> None:
    """Any name that Prefect allows works, also in an import id."""
    name = f"{name} {unique('x')}"
    flow_name = unique(name)
    managed = Managed(world, Deployment)
    given = {"name": name, "flow_id": make(world, "/flows/", name=flow_name)}
    managed.apply(given)
    assert Managed.imported(world, Deployment, f"{flow_name}/{name}").id == managed.id


def test_import_by_id_and_by_names(world: World) -> None:
    """A deployment is imported by its id and by `<flow>/<deployment>`, complete, with its flow's name."""
    name = unique("flow")
    managed = Managed(world, Deployment)
    given = FULL | {"name": unique("deployment"), "flow_id": make(world, "/flows/", name=name)}
    managed.apply(given)
    for id_ in (managed.id, f"{name}/{given['name']}"):
        imported = Managed.imported(world, Deployment, id_)
        assert imported.held["flow_name"] == name
        imported.assert_settled(given)
    [error] = world.import_state(Deployment, f"{name}/other").diagnostics
    assert error.summary == "No such object"


def test_new_name_or_flow_needs_a_new_deployment(world: World) -> None:
    """Prefect can change neither a deployment's name nor its flow, and a plan says so at the attribute."""
    managed = Managed(world, Deployment)
    given = base(world)
    managed.apply(given)
    for name, value in (("name", unique("other")), ("flow_id", flow(world))):
        outcome = managed.plan(configuration(Deployment, given | {name: value}), prior=managed.state)
        assert outcome.replace[0] == (name,)


def test_version_info_is_sent(world: World) -> None:
    """The version's origin is sent with the deployment, and again when it changes."""
    managed = Managed(world, Deployment)
    given = base(world) | {"version": "1", "version_info": {"type": "vcs:git", "version": "abc"}}
    managed.apply(given)
    managed.apply(given | {"version_info": {"type": "vcs:git", "version": "def"}})
    managed.apply({key: value for key, value in given.items() if key != "version_info"})


# ---------------------------------------------------------------------- validation

UUID = "0198f3a4-1111-4222-8333-944455556666"

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"flow_id": None}, "", "Set `entrypoint`"),
    ({"flow_id": None, "entrypoint": ""}, "", "Set `entrypoint`"),
    ({"flow_id": "x"}, "flow_id", "a UUID such as"),
    ({"name": "a/b"}, "name", "other than / % & > <"),
    ({"work_queue_name": "q"}, "work_queue_name", "`work_queue_name` needs `work_pool_name`"),
    ({"work_queue_name": "", "work_pool_name": "p"}, "work_queue_name", "Leave `work_queue_name` out"),
    (
        {"concurrency_limit": 1, "global_concurrency_limit_id": UUID},
        "global_concurrency_limit_id",
        "cannot be set together",
    ),
    ({"concurrency_limit": 0}, "concurrency_limit", "not below 1"),
    (
        {"concurrency_options": {"collision_strategy": "enqueue"}},
        "concurrency_options.collision_strategy",
        "one of `ENQUEUE`, `CANCEL_NEW`",
    ),
    ({"entrypoint": "run"}, "entrypoint", "`path/to/file.py:function`"),
    ({"parameters": "[1]"}, "parameters", "a JSON object, got a JSON array"),
    ({"job_variables": "{'a': 1}"}, "job_variables", "jsonencode()"),
    ({"storage_document_id": "none"}, "storage_document_id", "a UUID"),
]


@pytest.mark.parametrize(("values", "path", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_configuration_is_refused(world: World, values: dict[str, Any], path: str, text: str) -> None:
    """What Prefect would refuse, or misread, is refused at validate with its place and remedy."""
    found = Managed(world, Deployment).validate({"name": "d", "flow_id": UUID} | values)

    [error] = found
    assert show_path(error.path) == path
    assert text in error.detail


def test_what_is_not_known_yet_is_no_error(world: World) -> None:
    """Values of other resources are accepted at validate."""
    names = ("flow_id", "entrypoint", "work_pool_name", "pull_steps", "schedules", "parameters")
    found = Managed(world, Deployment).validate({"name": "d", **dict.fromkeys(names, UNKNOWN)})
    assert shown(found) == []
