"""Errors of the server at the attributes that they are about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import NotFound, RetryPolicy
from prefect_provider.api.errors import Complaint, Invalid
from prefect_provider.objects.explanation import attribute_path, explain_at_attribute
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.engine import lifecycle
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import Managed, configuration, explain, unique

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.text.path import Path
    from tests.objects.terraform_core import World

PATHS: list[tuple[type[RemoteObject], Path, Path]] = [
    (WorkPool, ("is_paused",), ("paused",)),
    (WorkPool, ("base_job_template", "variables", "x"), ("base_job_template",)),
    (
        WorkPool,
        ("storage_configuration", "bundle_upload_step"),
        ("storage_configuration", "bundle_upload_step"),
    ),
    (WorkPool, ("storage_configuration", "other"), ("storage_configuration",)),
    (Automation, ("actions", 1, "subject"), ("actions", 1, "subject")),
    (Automation, ("actions", 1), ("actions", 1)),
    (Automation, ("tags", 0), ("tags",)),
    (
        Deployment,
        ("concurrency_options", "collision_strategy"),
        ("concurrency_options", "collision_strategy"),
    ),
    (Deployment, ("id",), ()),
    (Deployment, ("nothing",), ()),
    (Deployment, (), ()),
]


@pytest.mark.parametrize(("kind", "loc", "path"), PATHS)
def test_field_of_the_api_is_an_attribute(kind: type[RemoteObject], loc: Path, path: Path) -> None:
    """A path in a request's body leads to the attribute that it was made of, also inside nested ones."""
    assert attribute_path(kind, loc) == path


def test_error_that_names_a_field_is_shown_there() -> None:
    """The first problem that belongs to an attribute decides; an error of another kind is left to the provider."""
    error = Invalid("Prefect answered 422")
    error.problems = (Complaint(("what",), "x"), Complaint(("is_paused",), "y"))
    found = explain_at_attribute(WorkPool, error)
    assert found is not None
    assert found.path == ("paused",)
    assert explain_at_attribute(WorkPool, Invalid("x")) is None
    assert explain_at_attribute(WorkPool, KeyError("x")) is None


def test_missing_object_is_shown_where_it_is_named(world: World) -> None:
    """A queue of a pool that is not there is an error at the pool's name (a real server)."""
    managed = Managed(world, WorkQueue)
    given = configuration(WorkQueue, {"work_pool_name": unique("none"), "name": "q"})
    planned = managed.plan(given, prior=None)

    outcome = world.run(lifecycle.apply(WorkQueue, world.client, None, planned.state, given, {}, explain))

    [error] = outcome.diagnostics
    assert error.path == ("work_pool_name",)
    assert outcome.state is None
    gone = NotFound("x", reason="Work queue not found", method="GET", path="/x", status=404)
    assert explain_at_attribute(WorkQueue, gone) is None


def test_value_that_the_server_refuses_is_shown_at_its_attribute() -> None:
    """A 422 of the server points to the attribute whose field it names (a fake server)."""

    def handler(outgoing: Outgoing) -> Answer:
        if outgoing.method == "GET":
            return answer(404, {"detail": "Work pool not found."})
        problem = {"loc": ["body", "is_paused"], "msg": "Input should be a valid boolean", "type": "x"}
        return answer(422, {"exception_message": "Invalid request received.", "exception_detail": [problem]})

    async def live() -> Any:
        api = client(FakeTransport(handler), policy=RetryPolicy(max_retries=0))
        given = configuration(WorkPool, {"name": "p", "paused": True})
        planned = await lifecycle.plan(WorkPool, api, None, given, {}, explain)
        return await lifecycle.apply(WorkPool, api, None, planned.state, given, {}, explain)

    [error] = asyncio.run(live()).diagnostics
    assert error.summary == "Prefect does not accept the values"
    assert error.path == ("paused",)


def test_nesting_beyond_all_bounds_is_no_defect() -> None:
    """A value that is too deep for any program is an error in words, whatever met it."""
    found = WorkPool(None, None).explain(RecursionError("maximum recursion depth exceeded"))  # type: ignore[arg-type]
    assert found is not None
    assert "Use fewer levels" in found.detail
