"""Parameters and job variables of a deployment, held against what the flow and the pool take, before an apply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.job_templates import note_template
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.text.path import show_path
from tests.objects.connections import count_requests
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from tests.objects.terraform_core import World

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "limit": {"type": "integer", "minimum": 0},
        "source": {"type": "string"},
        "mode": {"$ref": "#/definitions/Mode"},
        "many": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["source"],
    "definitions": {"Mode": {"enum": ["full", "delta"]}},
}
MARK = {"__prefect_kind": "workspace_variable", "variable_name": "v"}


def given(parameters: Any = None, schema: Any = None, **more: Any) -> dict[str, Any]:
    """A configuration with JSON in its place."""
    texts = {
        "parameters": None if parameters is None else json.dumps(parameters),
        "parameter_openapi_schema": json.dumps(SCHEMA if schema is None else schema),
    }
    return {"name": "d", "flow_name": "f", **texts, **more}


def validate(world: World, configured: dict[str, Any]) -> list[tuple[str, str]]:
    """The severity and path of each thing that is found."""
    found = world.run(lifecycle.validate_config(Deployment, configuration(Deployment, configured), explain))
    return places(found)


def places(found: Diagnostics) -> list[tuple[str, str]]:
    """The severity and path of each."""
    return [(one.severity, show_path(one.path)) for one in found]


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"limit": "many"}, "parameters.limit"),
        ({"limit": -1}, "parameters.limit"),
        ({"limit": 1.5}, "parameters.limit"),
        ({"source": 5}, "parameters.source"),
        ({"mode": "ful"}, "parameters.mode"),
        ({"many": [1, "x"]}, "parameters.many[1]"),
        ({"lmit": 5}, "parameters.lmit"),
    ],
    ids=str,
)
def test_parameters_that_the_flow_does_not_take(world: World, parameters: dict[str, Any], path: str) -> None:
    """A wrong type, value or name is an error at its place, in the deployment and in each schedule."""
    assert validate(world, given(parameters)) == [("error", path)]
    schedule = {"cron": "0 0 * * *", "parameters": json.dumps(parameters)}
    found = validate(world, given({"source": "x"}, schedules={"n": schedule}))
    assert found == [("error", f"schedules.n.{path}")]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer"},
        {"enum": ["b"]},
        {"const": "b"},
        {"pattern": "^[0-9]$"},
        {"maxLength": 2},
        {"format": "date"},
        {"not": {"type": "string"}},
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    ],
    ids=str,
)
def test_no_error_shows_a_parameter_or_a_job_variable(world: World, schema: dict[str, Any]) -> None:
    """Terraform does not say which of them it hides, so errors show none, whatever the schema does not accept."""
    secret = {"a": "hunter2"}
    schema = {"type": "object", "properties": {"a": schema}}
    configured = given(
        secret, schema, schedules={"n": {"cron": "0 0 * * *", "parameters": json.dumps(secret)}}
    )
    found = world.run(lifecycle.validate_config(Deployment, configuration(Deployment, configured), explain))
    template = {"job_configuration": {"command": "{{ a }}"}, "variables": schema}
    in_pool = {"name": "d", "flow_name": unique("f"), "work_pool_name": pool(world, template)}
    wanted = configuration(Deployment, in_pool | {"job_variables": json.dumps(secret)})
    planned = Managed(world, Deployment).plan(wanted, prior=None).diagnostics
    at = [show_path(one.path) for one in [*found, *planned]]
    assert at == ["parameters.a", "schedules.n.parameters.a", "job_variables.a"]
    assert "hunter2" not in repr([*found, *planned])


@pytest.mark.parametrize(
    "parameters",
    [{}, {"limit": 5}, {"limit": None}, {"many": []}, {"limit": MARK, "many": [MARK]}, {"mode": MARK}],
    ids=str,
)
def test_parameters_that_the_flow_takes(world: World, parameters: dict[str, Any]) -> None:
    """What a run may still give, what may be null, and what Prefect works out then, is no problem."""
    assert validate(world, given(parameters)) == []


def test_parameters_without_a_schema_or_its_enforcement(world: World) -> None:
    """Without enforcement the types are the flow's business, and a name that it does not have is a warning."""
    wrong = {"limit": "5", "lmit": 5}
    assert validate(world, given(wrong, enforce_parameter_schema=False)) == [("warning", "parameters.lmit")]
    assert validate(world, given(wrong, {"type": "object", "properties": {}})) == []
    free = {"type": "object", "properties": {"a": {}}, "additionalProperties": True}
    assert validate(world, given(wrong, free)) == []


def test_schema_that_is_none(world: World) -> None:
    """A schema that Prefect would refuse is an error at the schema."""
    found = validate(world, given({}, {"type": "object", "properties": {"a": {"type": "int"}}}))
    assert found == [("error", "parameter_openapi_schema.properties.a.type")]


def test_parameters_against_the_stored_schema(world: World) -> None:
    """A schema that only the server has is what a change of parameters is held against, by the plan."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    body = {"name": "d", "flow_id": flow, "parameter_openapi_schema": SCHEMA}
    id_ = world.call("POST", "/deployments/", body)["id"]
    managed = Managed.imported(world, Deployment, id_)
    wanted = configuration(Deployment, {"name": "d", "flow_id": flow, "parameters": '{"lmit": 1}'})

    assert places(managed.plan(wanted, prior=managed.state).diagnostics) == [("error", "parameters.lmit")]


def test_parameters_for_prefect_to_work_out_with_enforcement(world: World) -> None:
    """Marked parameters of a typed schema are stored as written by a creation and by each kind of update."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    variable = unique("v")
    world.call("POST", "/variables/", {"name": variable, "value": 5})
    mark = {"__prefect_kind": "workspace_variable", "variable_name": variable}
    base = given({"limit": mark}) | {"flow_id": flow, "flow_name": None}
    managed = Managed(world, Deployment)

    changes: tuple[dict[str, Any], ...] = (
        {},
        {"description": "x"},
        {"description": "y", "labels": {"a": "1"}},
        {"parameters": json.dumps({"limit": mark, "source": "s"}), "labels": {"a": "1"}},
        {"enforce_parameter_schema": False, "labels": {"a": "1"}},
        {"labels": {"a": "1"}},
    )
    for more in changes:
        managed.apply(base | more)
        stored = world.call("GET", f"/deployments/{managed.id}")
        assert stored["parameters"] == json.loads((base | more)["parameters"])
        assert stored["enforce_parameter_schema"] is more.get("enforce_parameter_schema", True)


TEMPLATE = {
    "job_configuration": {"env": "{{ env }}", "cpu": "{{ cpu }}"},
    "variables": {
        "type": "object",
        "properties": {"env": {"type": "object"}, "cpu": {"type": "integer"}},
        "required": ["cpu"],
    },
}


def pool(world: World, template: dict[str, Any] = TEMPLATE) -> str:
    """The name of a work pool with a template."""
    name = unique("pool")
    world.call("POST", "/work_pools/", {"name": name, "type": "process", "base_job_template": template})
    return name


def plan_in(world: World, pool_name: str, variables: dict[str, Any]) -> list[tuple[str, str]]:
    """What the plan of a new deployment in a pool reports."""
    configured = {"name": "d", "flow_name": unique("f"), "work_pool_name": pool_name}
    wanted = configuration(Deployment, configured | {"job_variables": json.dumps(variables)})
    return places(Managed(world, Deployment).plan(wanted, prior=None).diagnostics)


def test_job_variables_that_the_pool_does_not_take(world: World) -> None:
    """The plan holds job variables against the pool's template: types are errors, names that it ignores warnings."""
    name = pool(world)
    assert plan_in(world, name, {}) == []
    assert plan_in(world, name, {"env": {"A": "1"}, "cpu": 2}) == []
    assert plan_in(world, name, {"env": None}) == []
    assert plan_in(world, name, {"cpu": "two", "env": ["A"]}) == [
        ("error", "job_variables.cpu"),
        ("error", "job_variables.env"),
    ]
    assert plan_in(world, name, {"cpus": 2}) == [("warning", "job_variables.cpus")]
    assert plan_in(world, pool(world, {}), {"anything": 1}) == []


def test_job_variables_against_the_template_that_is_planned(world: World) -> None:
    """A pool that the same plan makes, or changes, counts with its new template, known or not."""
    name = pool(world)
    other = {
        "job_configuration": {},
        "variables": {"type": "object", "properties": {"cpu": {"type": "string"}}},
    }
    note_template(world.client, "", name, json.dumps(other))
    assert plan_in(world, name, {"cpu": "two"}) == []
    new = unique("new")
    note_template(world.client, "", new, json.dumps(TEMPLATE))
    assert plan_in(world, new, {"cpu": "two"}) == [("error", "job_variables.cpu")]
    note_template(world.client, "", new, None)
    assert plan_in(world, new, {"cpu": "two"}) == []


def test_pool_that_is_not_there(world: World) -> None:
    """A pool that neither the server nor the plan has is a warning at its name."""
    assert plan_in(world, unique("none"), {}) == [("warning", "work_pool_name")]


def test_template_is_asked_for_once(world: World) -> None:
    """A plan of many deployments of one pool asks for its template once."""
    name = pool(world)
    asked = count_requests(world)
    for _ in range(3):
        plan_in(world, name, {"cpu": 1})
    assert len([one for one in asked if one.endswith(f"/work_pools/{name}")]) == 1


def test_unchanged_deployment_is_not_judged_again(world: World) -> None:
    """What is stored as it is configured plans nothing, whatever the schema and the template have become since."""
    name = pool(world, {})
    managed = Managed(world, Deployment)
    configured = {
        "name": "d",
        "flow_name": unique("f"),
        "work_pool_name": name,
        "job_variables": '{"cpu":"x"}',
    }
    managed.apply(configured)
    world.call("PATCH", f"/work_pools/{name}", {"base_job_template": TEMPLATE})
    count_requests(world)
    assert managed.changes(configured) == []


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"storage_document_id": "01234567-89ab-cdef-0123-456789abcdef"}, "storage_document_id"),
    ({"infrastructure_document_id": "01234567-89ab-cdef-0123-456789abcdef"}, "infrastructure_document_id"),
    ({"global_concurrency_limit_id": "01234567-89ab-cdef-0123-456789abcdef"}, "global_concurrency_limit_id"),
    ({"work_pool_name": "no such pool"}, "work_pool_name"),
    ({"flow_id": "01234567-89ab-cdef-0123-456789abcdef"}, "flow_id"),
    ({"parameters": '{"limit": "many"}', "parameter_openapi_schema": json.dumps(SCHEMA)}, "parameters"),
    ({"parameter_openapi_schema": '{"properties": {"a": {"type": "int"}}}'}, "parameter_openapi_schema"),
]


@pytest.mark.parametrize(("wrong", "attribute"), REFUSED, ids=lambda value: str(value)[:40])
def test_refusal_of_the_server_is_shown_at_the_attribute(
    world: World, wrong: dict[str, Any], attribute: str
) -> None:
    """What only the server finds, at apply, points to the attribute, in a creation and in an update."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    base = {"name": "d", "flow_id": flow}
    managed = Managed(world, Deployment)
    # A PATCH gives 500 for these two; they are found before, as is an id of no flow.
    if attribute not in ("flow_id", "work_pool_name", "parameter_openapi_schema"):
        managed.apply(base)
    for state in (None, managed.state):
        config = configuration(Deployment, base | wrong | ({} if state else {"name": "e"}))
        planned = managed.plan(config, prior=state).state
        outcome = world.run(
            lifecycle.apply(Deployment, world.client, state, planned, config, managed.private, explain)
        )
        errors = [one for one in outcome.diagnostics if one.severity == "error"]
        assert [one.path for one in errors] == [(attribute,)], shown(outcome.diagnostics)
        if managed.state is None:
            break


def test_job_variables_that_only_the_apply_refuses(world: World) -> None:
    """A template that changes between plan and apply is noticed by the server, and shown at the job variables."""
    name = pool(world, {})
    configured = {
        "name": "d",
        "flow_name": unique("f"),
        "work_pool_name": name,
        "job_variables": '{"cpu":"x"}',
    }
    config = configuration(Deployment, configured)
    planned = Managed(world, Deployment).plan(config, prior=None)
    world.call("PATCH", f"/work_pools/{name}", {"base_job_template": TEMPLATE})

    outcome = world.run(lifecycle.apply(Deployment, world.client, None, planned.state, config, {}, explain))

    [error] = outcome.diagnostics
    assert error.path == ("job_variables",)
    assert outcome.state is None
