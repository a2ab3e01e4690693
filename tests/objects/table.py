"""Every configurable attribute of every resource, with values to step through.

The first value is the one that is imported, changed behind Terraform's back, and removed. The others are the ones that
providers get wrong: empty, zero, false, another spelling. ``Case.base`` is the smallest configuration.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.block_schema import BlockSchema
from prefect_provider.objects.server.block_type import BlockType
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule
from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.global_concurrency_limit import GlobalConcurrencyLimit
from prefect_provider.objects.server.task_run_concurrency_limit import TaskRunConcurrencyLimit
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue
from prefect_provider.plugin.language.types import (
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
)
from prefect_provider.plugin.language.values import Dynamic
from tests.environment.prefect_server import is_since
from tests.objects.automation_terraform import EVENT, TRIGGERS, UUID
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_provider.plugin.language.resource import Resource
    from tests.objects.terraform_core import World

__all__ = ["CASES", "Case", "Step", "steps"]

_SECRET = "secret"


class Case(NamedTuple):
    """A resource, its smallest configuration, and values for each of its attributes.

    ``alongside`` gives further settings that an attribute's values need. ``alone`` are attributes that have no value
    of their own to step through in this table, with the reason. ``since`` is from when on servers do all of it.
    """

    resource: type[Resource]
    base: Callable[[World], dict[str, Any]]
    values: Mapping[str, Sequence[Any]]
    alongside: Mapping[str, Mapping[str, Any]] = {}
    alone: Mapping[str, str] = {}
    since: Mapping[str, str] = {}
    import_id: Callable[[Mapping[str, Any]], str] | None = None
    """The import id of an object of these values, if it is not its id."""
    stays: str = ""
    """Why such an object is never gone, if that is so."""

    def steps(self) -> list[Step]:
        """Its rows."""
        return [Step(self, attribute) for attribute in self.values]


class Step(NamedTuple):
    """One row of the table."""

    case: Case
    attribute: str

    @property
    def marks(self) -> list[pytest.MarkDecorator]:
        """What keeps the row from servers that are too old for it."""
        since = self.case.since.get(self.attribute)
        return [pytest.mark.since(since)] if since else []


def steps() -> list[Step]:
    """All rows."""
    return [step for case in CASES for step in case.steps()]


def _pool(world: World, **fields: Any) -> str:
    name = unique("table-pool")
    world.call("POST", "/work_pools/", {"name": name, "type": "process"} | fields)
    return name


def _flow(world: World) -> str:
    return str(world.call("POST", "/flows/", {"name": unique("table-flow")})["id"])


def _block_type(world: World) -> str:
    name = unique("table")
    return str(world.call("POST", "/block_types/", {"name": name, "slug": name})["id"])


def _fields(**more: Any) -> str:
    """Fields that no other schema has."""
    properties = {"a": {"title": "A", "type": "string"}}
    return json.dumps({"title": unique("table"), "type": "object", "properties": properties} | more)


def _deployment(world: World) -> str:
    body = {"name": unique("table"), "flow_id": _flow(world)}
    return str(world.call("POST", "/deployments/", body)["id"])


_CLOUD = {"account_id": "Prefect Cloud only", "workspace_id": "Prefect Cloud only"}

_TEMPLATE = json.dumps(
    {
        "variables": {"type": "object", "properties": {"env": {"type": "object"}}},
        "job_configuration": {"env": "{{ env }}"},
    }
)

_BLOCK = "11111111-1111-1111-1111-111111111111"

_SCHEMA = json.dumps(
    {
        "type": "object",
        "title": "Parameters",
        "properties": {"n": {"type": "integer", "title": "n", "position": 0}},
    }
)


def _objects() -> Sequence[Dynamic]:
    return (
        Dynamic(STRING, "text"),
        Dynamic(NUMBER, 0),
        Dynamic(NUMBER, 2**63 - 1),
        Dynamic(BOOL, False),
        Dynamic(STRING, ""),
        Dynamic(TupleType(()), []),
        Dynamic(ObjectType({}), {}),
        Dynamic(ListType(STRING), ["a", "b"]),
        Dynamic(MapType(NUMBER), {"a": 1}),
        Dynamic(
            ObjectType({"a": TupleType((NUMBER, STRING)), "b": ObjectType({"c": BOOL, "d": STRING})}),
            {"a": [1, "x"], "b": {"c": True, "d": None}},
        ),
    )


_ACTIONS: Sequence[Any] = (
    [{"type": "run-deployment", "source": "inferred", "parameters": '{"n": 1}'}],
    [{"type": "pause-work-pool", "work_pool_id": UUID}, {"type": "do-nothing"}],
    [{"type": "change-flow-run-state", "state": "CANCELLED", "name": "Late", "message": "m"}],
    [],
)

CASES: tuple[Case, ...] = (
    Case(
        Automation,
        lambda _world: {"name": unique("table"), "trigger": {"event": EVENT}},
        {
            "name": [unique("table"), "an automation: with “unicode” / and %"],
            "description": ["for tests", ""],
            "enabled": [False, True],
            "tags": [["b", "a"], ["a"], []],
            "trigger": [TRIGGERS[kind] for kind in ("event full", "nested", "proactive within", "sequence")],
            "actions": _ACTIONS,
            "actions_on_trigger": _ACTIONS,
            "actions_on_resolve": _ACTIONS,
        },
        alone=_CLOUD,
    ),
    Case(
        Flow,
        lambda _world: {"name": unique("table")},
        {
            "name": [unique("table"), "a flow: with “unicode”"],
            "tags": [["b", "a"], ["a"], []],
            "labels": [{"team": "data"}, {"team": "ops", "tier": "1"}, {}],
        },
        alone=_CLOUD,
    ),
    Case(
        Variable,
        lambda _world: {"name": unique("table"), "value": Dynamic(STRING, "v")},
        {
            "name": [unique("table"), unique("table")],
            "value": _objects(),
            "tags": [["b", "a"], ["a"], []],
        },
        alone=_CLOUD,
    ),
    Case(
        WorkPool,
        lambda _world: {"name": unique("table"), "type": "process"},
        {
            "name": [unique("table pool")],
            "description": ["for tests", ""],
            "type": ["docker", "process"],
            "paused": [True, False],
            "concurrency_limit": [3, 0],
            "base_job_template": [_TEMPLATE, json.dumps(json.loads(_TEMPLATE), indent=2), "{}"],
            "storage_configuration": [
                {"default_result_storage_block_id": _BLOCK, "bundle_upload_step": '{"a": 1}'},
                {"bundle_execution_step": '{"b":{"c":[]}}'},
                {},
            ],
        },
        alone=_CLOUD,
    ),
    Case(
        WorkQueue,
        lambda world: {"name": unique("table"), "work_pool_name": _pool(world)},
        {
            "name": [unique("table queue"), unique("table-queue")],
            "description": ["for tests", ""],
            "is_paused": [True, False],
            "concurrency_limit": [3, 0],
            "priority": [1, 7],
        },
        alone=_CLOUD | {"work_pool_name": "needs a second pool; see test_queue_moves_to_another_pool"},
        import_id=lambda held: f"{held['work_pool_name']},{held['name']}",
    ),
    Case(
        Block,
        lambda _world: {"name": unique("table"), "type_slug": _SECRET, "data": '{"value": "x"}'},
        {
            "name": [unique("table")],
            "data": ['{"value": "y"}', '{"value": {"nested": [1, null, "z"]}}', '{ "value": "" }'],
        },
        alone=_CLOUD
        | {
            "type_slug": "needs other data; see test_block_type_changes",
            "data_wo": "never stored; see test_write_only_data",
            "data_wo_version": "see test_write_only_data",
        },
    ),
    Case(
        GlobalConcurrencyLimit,
        lambda _world: {"name": unique("table"), "limit": 3},
        {
            "name": [unique("table limit"), unique("table: “limit”")],
            "limit": [5, 0, 2**31 - 1],
            "active": [False, True],
            "slot_decay_per_second": [Decimal("2.5"), Decimal("0.333333333333333333333"), 0],
        },
        alone=_CLOUD | {"active_slots": "sent once only; see test_global_concurrency_limit.py"},
    ),
    Case(
        TaskRunConcurrencyLimit,
        lambda _world: {"tag": unique("table"), "concurrency_limit": 3},
        {
            "tag": [unique("table tag"), unique("table: “tag”?")],
            "concurrency_limit": [5, 0, 2**31 - 1],
        },
        alone=_CLOUD,
    ),
    Case(
        BlockType,
        lambda _world: {"name": unique("table"), "slug": unique("table")},
        {
            "name": [unique("table type"), unique("table: “type”")],
            "slug": [unique("table-type")],
            "logo_url": ["https://example.com/logo.png", ""],
            "documentation_url": ["https://example.com/docs", ""],
            "description": ["for tests", 'with <tags> & "quotes"', ""],
            "code_example": ["```python\nx = 1 < 2 and 3 & 4\n```", ""],
        },
        alone=_CLOUD,
    ),
    Case(
        BlockSchema,
        lambda world: {"block_type_id": _block_type(world), "fields": _fields(), "version": "1"},
        {
            "fields": [
                _fields(),
                _fields(secret_fields=["a"]),
                _fields(definitions={"Unused": {"type": "object"}}),
            ],
            "capabilities": [["read-path", "write-path"], ["write-path"], []],
            "version": ["2", "non-versioned", "1.0+local"],
        },
        alone=_CLOUD | {"block_type_id": "needs a second type; see test_block_types_and_schemas.py"},
    ),
    Case(
        Deployment,
        lambda world: {"name": unique("table"), "flow_id": _flow(world)},
        {
            "name": [unique("table")],
            "paused": [True, False],
            "enforce_parameter_schema": [False, True],
            "job_variables": ['{"env": {"A": "1"}}', '{"env":{}, "x": null}', "{}"],
            "description": ["for tests", ""],
            "path": ["/opt/flows", "flows", ""],
            "version": ["1", "v2", ""],
            "version_info": [{"type": "vcs:git", "version": "abc"}],
            "entrypoint": ["flows/a.py:run", "flows.b.run", ""],
            "tags": [["b", "a"], ["a"], []],
            "labels": [{"team": "data"}, {"team": "ops", "tier": "1"}, {}],
            "parameters": ['{"n": 1, "s": "{{ event }}"}', '{"n": null, "f": 1.5}', "{}"],
            "parameter_openapi_schema": [_SCHEMA, '{"properties": {}, "type": "object"}', "{}"],
            "concurrency_limit": [3, 1],
            "concurrency_options": [
                {"collision_strategy": "CANCEL_NEW"},
                {
                    "collision_strategy": "ENQUEUE",
                    "grace_period_seconds": 60 if is_since("3.6.6") else None,
                },
            ],
            "pull_steps": [
                [
                    {
                        "type": "git_clone",
                        "repository": "https://example.com/r.git",
                        "branch": "main",
                        "id": "clone",
                    },
                    {"type": "set_working_directory", "directory": "{{ clone.directory }}"},
                    {"type": "run_shell_script", "script": "make", "env": {"A": "1"}, "stream_output": False},
                ],
                [{"type": "my_package.steps.fetch", "inputs": '{"retries": 3}', "requires": "my-package"}],
                [],
            ],
            "schedules": [
                {
                    "nightly": {"cron": "0 3 * * *", "timezone": "Europe/Berlin", "max_scheduled_runs": 5},
                    "often": {"interval": 900, "anchor_date": "2030-01-01T00:00:00+00:00"},
                },
                {
                    "nightly": {
                        "cron": "0 4 * * 1",
                        "day_or": False,
                        "active": False,
                        "parameters": '{"a": 1}',
                    },
                    "weekly": {"rrule": "FREQ=WEEKLY;BYDAY=MO"},
                },
                {"often": {"interval": 1800}},
                {},
            ],
        },
        alone=_CLOUD
        | {
            "flow_id": "needs a second flow; see test_deployment.py",
            "flow_name": "see test_deployment.py",
            "work_pool_name": "needs a pool; see test_deployment.py",
            "work_queue_name": "goes with a pool; see test_deployment.py",
            "storage_document_id": "needs a block; see test_deployment.py",
            "infrastructure_document_id": "needs a block; see test_deployment.py",
            "global_concurrency_limit_id": "needs a limit; see test_deployment.py",
        },
        since={"job_variables": "3.8.7"},
    ),
    Case(
        DeploymentSchedule,
        lambda world: {"deployment_id": _deployment(world), "slug": unique("table"), "cron": "0 3 * * *"},
        {
            "slug": [unique("table"), "a slug: with “unicode” / and %"],
            "cron": ["0 4 * * 1", "@daily"],
            "timezone": ["Europe/Berlin", "UTC", ""],
            "day_or": [False, True],
            "active": [False, True],
            "max_scheduled_runs": [5, 3, 0],
            "parameters": ['{"a": 1, "s": "{{ x }}"}', '{"a": null, "f": 1.5}', "{}"],
        },
        alone=_CLOUD
        | {
            "deployment_id": "needs a second deployment; see test_deployment_schedule.py",
            "interval": "takes the place of cron; see test_deployment_schedule.py",
            "rrule": "takes the place of cron; see test_deployment_schedule.py",
            "anchor_date": "goes with an interval; see test_deployment_schedule.py",
        },
        import_id=lambda held: f"{held['deployment_id']},{held['id']}",
    ),
)
