"""Work pools on a real server, and what is refused before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.plugin.language.values import UNKNOWN
from tests.objects.terraform_core import Managed, configuration, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

TEMPLATE = {
    "variables": {"type": "object", "properties": {"env": {"type": "object"}}},
    "job_configuration": {"env": "{{ env }}"},
}


def test_removed_template_is_cleared(world: World) -> None:
    """A base job template that is removed goes from the server too, and what comes later is not hidden."""
    managed = Managed(world, WorkPool)
    base = {"name": unique("pool"), "type": "process"}
    managed.apply(base | {"base_job_template": json.dumps(TEMPLATE)})
    assert world.call("GET", f"/work_pools/{base['name']}")["base_job_template"] == TEMPLATE

    managed.apply(base)

    assert world.call("GET", f"/work_pools/{base['name']}")["base_job_template"] == {}


def test_template_that_a_worker_brings_is_kept(world: World) -> None:
    """A template that is not configured may change on the server without a plan to change it back."""
    managed = Managed(world, WorkPool)
    base = {"name": unique("pool"), "type": "process"}
    managed.apply(base)
    world.call("PATCH", f"/work_pools/{base['name']}", {"base_job_template": TEMPLATE})

    managed.refresh()

    assert json.loads(managed.held["base_job_template"]) == TEMPLATE
    assert managed.changes(base) == []
    managed.apply(base | {"paused": True})
    assert world.call("GET", f"/work_pools/{base['name']}")["base_job_template"] == TEMPLATE


def test_template_changed_elsewhere_is_seen(world: World) -> None:
    """A template that is configured and was changed on the server is put back."""
    managed = Managed(world, WorkPool)
    given = {"name": unique("pool"), "type": "process", "base_job_template": json.dumps(TEMPLATE)}
    managed.apply(given)
    world.call("PATCH", f"/work_pools/{given['name']}", {"base_job_template": {}})

    managed.refresh()

    assert managed.changes(given) == ["base_job_template"]
    managed.apply(given)


def test_imported_pool_has_its_template(world: World) -> None:
    """After an import the template is in state, so that the configuration that made it plans nothing."""
    managed = Managed(world, WorkPool)
    given = {"name": unique("pool"), "type": "process", "base_job_template": json.dumps(TEMPLATE, indent=1)}
    managed.apply(given)

    for id_ in (given["name"], managed.id):
        imported = Managed.imported(world, WorkPool, id_)
        assert json.loads(imported.held["base_job_template"]) == TEMPLATE
        imported.assert_settled(given)


@pytest.mark.parametrize("name", ["a pool of spaces", "Pool “ß” 流", "a.b,c:d?e#f"])
def test_names_with_spaces_and_unicode(world: World, name: str) -> None:
    """Any name that Prefect allows works in every path and as an import id."""
    managed = Managed(world, WorkPool)
    name = f"{name} {unique('x')}"
    managed.apply({"name": name, "type": "process"})
    managed.apply({"name": name, "type": "process", "description": "changed"})
    assert Managed.imported(world, WorkPool, name).id == managed.id
    managed.destroy()


def test_pool_named_like_an_id_is_found_by_its_name(world: World) -> None:
    """An import id in the form of a UUID is first taken for a name, which a pool may have."""
    managed = Managed(world, WorkPool)
    name = "0198f3a4-1111-4222-8333-944455556666"
    managed.apply({"name": name, "type": "process"})
    assert Managed.imported(world, WorkPool, name).id == managed.id
    managed.destroy()


@pytest.mark.parametrize("change", [{"name": unique("other")}, {"type": "docker"}])
def test_name_and_type_need_a_new_pool(world: World, change: dict[str, Any]) -> None:
    """Prefect can change neither the name nor the type of a pool, and a plan says so at the attribute."""
    managed = Managed(world, WorkPool)
    base = {"name": unique("pool"), "type": "process"}
    managed.apply(base)

    outcome = managed.plan(configuration(WorkPool, base | change), prior=managed.state)

    assert outcome.replace == [(*change,)]


def test_default_queue_is_known_while_the_pool_changes(world: World) -> None:
    """A change of the pool shows neither its id nor its default queue as unknown, so dependents stay put."""
    managed = Managed(world, WorkPool)
    base = {"name": unique("pool"), "type": "process"}
    managed.apply(base)
    assert managed.changes(base | {"description": "x", "paused": True, "concurrency_limit": 0}) == [
        "description",
        "paused",
        "concurrency_limit",
    ]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "prefect-pool"}, "name", "not starting with `prefect`"),
    ({"name": "PREFECT"}, "name", "not starting with `prefect`"),
    ({"name": "a/b"}, "name", "other than"),
    ({"concurrency_limit": -1}, "concurrency_limit", "not below 0"),
    ({"base_job_template": '{"variables": {}}'}, "base_job_template", "missing: `job_configuration`"),
    ({"base_job_template": '{"x": 1}'}, "base_job_template", "get-default-base-job-template"),
    ({"base_job_template": "[]"}, "base_job_template", "a JSON object, got a JSON array"),
    ({"base_job_template": "{"}, "base_job_template", "jsonencode()"),
]


@pytest.mark.parametrize(("values", "attribute", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_what_prefect_refuses_is_refused_at_once(
    world: World, values: dict[str, Any], attribute: str, text: str
) -> None:
    """A reserved name, an impossible limit, or an incomplete template is refused with its place and remedy."""
    [error] = Managed(world, WorkPool).validate({"name": "pool"} | values)

    assert error.path == (attribute,)
    assert text in error.detail


def test_template_that_is_not_known_yet_is_not_checked(world: World) -> None:
    """A template that another resource makes is no error at validate."""
    found = Managed(world, WorkPool).validate({"name": "pool", "base_job_template": UNKNOWN})

    assert shown(found) == []


def test_template_that_is_configured_as_it_was_is_reset_when_removed(world: World) -> None:
    """Configuring the template that the pool has anyway takes charge of it: removed, it goes from the server."""
    managed = Managed(world, WorkPool)
    base = {"name": unique("pool"), "type": "process"}
    managed.apply(base)
    world.call("PATCH", f"/work_pools/{base['name']}", {"base_job_template": TEMPLATE})
    managed.refresh()
    managed.apply(base | {"base_job_template": json.dumps(TEMPLATE)})

    managed.apply(base)

    assert world.call("GET", f"/work_pools/{base['name']}")["base_job_template"] == {}


def test_storage_that_is_not_configured_is_left_alone(world: World) -> None:
    """Storage that somebody set stays until it is configured here; removed after that, it is cleared."""
    managed = Managed(world, WorkPool)
    base = {"name": unique("pool"), "type": "process"}
    managed.apply(base)
    path = f"/work_pools/{base['name']}"
    world.call("PATCH", path, {"storage_configuration": {"bundle_upload_step": {"a": {"b": 1}}}})

    managed.refresh()
    assert managed.changes(base) == []
    managed.apply(base | {"description": "changed"})
    assert world.call("GET", path)["storage_configuration"]["bundle_upload_step"] == {"a": {"b": 1}}

    managed.apply(base | {"storage_configuration": {"bundle_execution_step": '{"c": {"d": 2}}'}})
    managed.apply(base)
    assert set(world.call("GET", path)["storage_configuration"].values()) == {None}


def test_template_that_is_known_only_in_the_plan_is_checked_there(world: World) -> None:
    """A template that another resource makes is held against the rules when it is known."""
    given = configuration(
        WorkPool, {"name": unique("pool"), "type": "process", "base_job_template": '{"variables": {"a": 1}}'}
    )
    [error] = Managed(world, WorkPool).plan(given, prior=None).diagnostics
    assert error.path == ("base_job_template",)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("process", ""),
        ("prefect-agent", ""),
        ("proces", "Did you mean `process`?"),
        ("Kubernetes", "Did you mean `kubernetes`?"),
        ("our-own-worker-of-our-own", "and workers of your own"),
    ],
)
def test_type_that_no_known_worker_has_is_a_warning(world: World, type_: str, text: str) -> None:
    """A type that is near to a known one is probably misspelt; another may be that of somebody's own worker."""
    given = configuration(WorkPool, {"name": unique("pool"), "type": type_})
    found = [*Managed(world, WorkPool).plan(given, prior=None).diagnostics]
    assert [(item.severity, item.path) for item in found] == ([("warning", ("type",))] if text else [])
    assert all(text in item.detail for item in found)


@pytest.mark.parametrize(("type_", "text"), [("ecs:push", "Use `ecs`"), ("prefect:managed", "has workers")])
def test_type_that_only_prefect_cloud_runs_is_an_error(world: World, type_: str, text: str) -> None:
    """Nothing would ever take the runs of such a pool from a self-hosted server."""
    given = configuration(WorkPool, {"name": unique("pool"), "type": type_})
    [error] = Managed(world, WorkPool).plan(given, prior=None).diagnostics
    assert (error.severity, error.path) == ("error", ("type",))
    assert "Prefect Cloud only" in error.detail
    assert text in error.detail
