"""A state that the official provider wrote, taken over with `terraform state replace-provider`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

OFFICIAL = "registry.terraform.io/prefecthq/prefect"
OURS = "registry.terraform.io/prefect-iac/prefect"

NOT_OURS = {"account_id": None, "workspace_id": None}
STEP = dict.fromkeys(
    (
        *("access_token", "branch", "bucket", "container", "credentials", "directory", "env", "type"),
        *("expand_env_vars", "folder", "include_submodules", "repository", "requirements_file"),
        *("requires", "script", "stream_output"),
    )
)
EVENT = {"posture": "Reactive", "expect": ["prefect.flow-run.Failed"], "after": [], "threshold": 1}
ACTION = dict.fromkeys(
    (
        *("automation_id", "block_document_id", "body", "deployment_id", "emails", "message", "name"),
        *("payload", "schedule_id", "source", "state", "subject", "work_pool_id", "work_queue_id"),
    )
)

CONFIGURATION = """
resource "prefect_flow" "f" {{
  name = "{name}"
  tags = ["b", "a"]
}}

resource "prefect_deployment" "least" {{
  name    = "least"
  flow_id = prefect_flow.f.id
}}

resource "prefect_deployment" "full" {{
  name                     = "full"
  flow_id                  = prefect_flow.f.id
  entrypoint               = "flow.py:run"
  path                     = "/opt"
  description              = "for tests"
  version                  = "1"
  tags                     = ["x"]
  parameters               = jsonencode({{ a = 1 }})
  job_variables            = jsonencode({{ env = {{ A = "1" }} }})
  parameter_openapi_schema = jsonencode({{ type = "object", properties = {{ a = {{ type = "integer" }} }} }})
  work_pool_name           = prefect_work_pool.p.name
  work_queue_name          = prefect_work_queue.q.name
  concurrency_limit        = 3
  concurrency_options      = {{ collision_strategy = "ENQUEUE" }}
  pull_steps = [
    {{ type = "git_clone", repository = "r", include_submodules = false }},
    {{ type = "set_working_directory", directory = "/opt" }},
  ]
}}

resource "prefect_work_pool" "p" {{
  name = "{name}"
  type = "process"
}}

resource "prefect_work_queue" "q" {{
  work_pool_name = prefect_work_pool.p.name
  name           = "q"
}}

resource "prefect_variable" "v" {{
  name  = "{name}"
  value = {{ a = [1, "x"] }}
}}

resource "prefect_block" "b" {{
  name      = "{name}"
  type_slug = "secret"
  data      = jsonencode({{ value = "x" }})
}}

resource "prefect_global_concurrency_limit" "g" {{
  name         = "{name}"
  limit        = 3
  active_slots = 0
}}

resource "prefect_task_run_concurrency_limit" "t" {{
  tag               = "{name}"
  concurrency_limit = 3
}}

resource "prefect_block_type" "bt" {{
  name              = "{name}"
  slug              = "{name}"
  logo_url          = "https://example.com/logo.png"
  documentation_url = "https://example.com/docs"
  description       = "for tests"
  code_example      = "x = 1"
}}

resource "prefect_block_schema" "bs" {{
  block_type_id = prefect_block_type.bt.id
  fields        = jsonencode({{ title = "{name}", type = "object", properties = {{ a = {{ type = "string" }} }} }})
  capabilities  = ["b", "a"]
  version       = "1.0"
}}

resource "prefect_deployment_schedule" "least" {{
  deployment_id = prefect_deployment.least.id
  cron          = "0 3 * * *"
}}

resource "prefect_deployment_schedule" "often" {{
  deployment_id      = prefect_deployment.least.id
  slug               = "often"
  interval           = 900
  active             = true
  max_scheduled_runs = 3
  parameters         = jsonencode({{ a = 1 }})
}}

resource "prefect_deployment_schedule" "weekly" {{
  deployment_id = prefect_deployment.full.id
  rrule         = "FREQ=WEEKLY;BYDAY=MO"
  timezone      = "Europe/Berlin"
}}

resource "prefect_automation" "a" {{
  name = "{name}"
  trigger = {{
    event = {{
      posture   = "Reactive"
      expect    = ["prefect.flow-run.Failed"]
      threshold = 1
      within    = 0
    }}
  }}
  actions = [{{ type = "cancel-flow-run" }}]
}}
"""


@pytest.mark.usefixtures("each_terraform")
def test_official_state_plans_nothing(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """After `state replace-provider`, the configuration that the official provider applied plans no change."""
    name = unique("switch")
    objects = _objects(prefect_server, name)
    workspace = terraform(CONFIGURATION.format(name=name))
    workspace.write_json(_state(objects), "terraform.tfstate")

    workspace.run("state", "replace-provider", "-auto-approve", OFFICIAL, OURS, check=True)

    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    workspace.apply()
    workspace.assert_no_changes()
    ids = {address: values["id"] for address, values in workspace.state().items()}
    assert ids == {f"{kind}.{label}": values["id"] for kind, label, _, values in objects}
    assert workspace.state()["prefect_deployment.full"]["flow_name"] == name
    workspace.destroy()


def _state(objects: list[tuple[str, str, int, dict[str, Any]]]) -> dict[str, Any]:
    """A state file as terraform writes it with the official provider."""
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "0198f3a4-1111-4222-8333-944455556666",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": kind,
                "name": label,
                "provider": f'provider["{OFFICIAL}"]',
                "instances": [
                    {"schema_version": version, "attributes": values | NOT_OURS, "sensitive_attributes": []}
                ],
            }
            for kind, label, version, values in objects
        ],
        "check_results": None,
    }


def _times(made: dict[str, Any]) -> dict[str, str]:
    """It stores times at second precision."""
    return {key: f"{made[key][:19]}Z" for key in ("created", "updated")}


def _schedules(server: PrefectServer, deployment_id: str, **entries: dict[str, Any]) -> list[Any]:
    """Schedules of a deployment, each with the attributes that the official provider stores: nothing is null.

    One without `active` was made inactive by it.
    """
    none = {"cron": "", "interval": 0, "rrule": "", "timezone": "", "day_or": False, "anchor_date": ""}
    found = []
    for label, entry in entries.items():
        path = f"/deployments/{deployment_id}/schedules"
        [made] = server.call("POST", path, [{"active": False} | entry])
        # It takes the start off again that the server adds to a rule.
        stored = {name: value for name, value in made["schedule"].items() if value is not None}
        stored |= {name: entry["schedule"][name] for name in ("rrule",) if name in stored}
        values = none | stored | _times(made) | {"id": made["id"], "deployment_id": deployment_id}
        values |= {
            "active": made["active"],
            "slug": made["slug"] or "",
            "max_scheduled_runs": made["max_scheduled_runs"] or 0,
            "parameters": json.dumps(made["parameters"], separators=(",", ":")),
        }
        found.append(("prefect_deployment_schedule", label, 0, values))
    return found


def _objects(server: PrefectServer, name: str) -> list[tuple[str, str, int, dict[str, Any]]]:
    """The objects of the configuration on the server, each with the attributes that the official provider stores."""

    def common(made: dict[str, Any]) -> dict[str, Any]:
        return {name: made[name] for name in ("id", "name") if name in made} | _times(made)

    flow = server.call("POST", "/flows/", {"name": name, "tags": ["a", "b"]})
    pool = server.call("POST", "/work_pools/", {"name": name, "type": "process"})
    queue = server.call("POST", f"/work_pools/{name}/queues", {"name": "q"})
    variable = server.call("POST", "/variables/", {"name": name, "value": {"a": [1, "x"]}})
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    least = server.call("POST", "/deployments/", {"name": "least", "flow_id": flow["id"]})
    full = server.call(
        "POST",
        "/deployments/",
        {
            "name": "full",
            "flow_id": flow["id"],
            "entrypoint": "flow.py:run",
            "path": "/opt",
            "description": "for tests",
            "version": "1",
            "tags": ["x"],
            "parameters": {"a": 1},
            "job_variables": {"env": {"A": "1"}},
            "parameter_openapi_schema": schema,
            "work_pool_name": name,
            "work_queue_name": "q",
            "concurrency_limit": 3,
            "concurrency_options": {"collision_strategy": "ENQUEUE"},
            "pull_steps": [
                {"prefect.deployments.steps.git_clone": {"repository": "r", "include_submodules": False}},
                {"prefect.deployments.steps.set_working_directory": {"directory": "/opt"}},
            ],
        },
    )
    block_type = server.call("GET", "/block_types/slug/secret")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [block_type]}}, "limit": 1}
    [block_schema] = server.call("POST", "/block_schemas/filter", wanted)
    block = server.call(
        "POST",
        "/block_documents/",
        {
            "name": name,
            "data": {"value": "x"},
            "block_type_id": block_type,
            "block_schema_id": block_schema["id"],
        },
    )
    limit = server.call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 3})
    server.call(
        "POST", "/v2/concurrency_limits/increment", {"names": [name], "slots": 1, "mode": "concurrency"}
    )
    tag = server.call("POST", "/concurrency_limits/", {"tag": name, "concurrency_limit": 3})
    texts = {
        "logo_url": "https://example.com/logo.png",
        "documentation_url": "https://example.com/docs",
        "description": "for tests",
        "code_example": "x = 1",
    }
    own_type = server.call("POST", "/block_types/", {"name": name, "slug": name} | texts)
    fields = {"title": name, "type": "object", "properties": {"a": {"type": "string"}}}
    own_schema = server.call(
        "POST",
        "/block_schemas/",
        {
            "block_type_id": own_type["id"],
            "fields": fields,
            "capabilities": ["b", "a"],
            "version": "1.0",
        },
    )
    automation = server.call(
        "POST",
        "/automations/",
        {
            "name": name,
            "trigger": {"type": "event", "within": 0} | EVENT,
            "actions": [{"type": "cancel-flow-run"}],
        },
    )
    nothing = {
        "storage_document_id": "00000000-0000-0000-0000-000000000000",
        "global_concurrency_limit_id": None,
        "enforce_parameter_schema": True,
        "paused": False,
        "flow_id": flow["id"],
    }
    full_state: dict[str, Any] = {
        "entrypoint": "flow.py:run",
        "path": "/opt",
        "description": "for tests",
        "version": "1",
        "tags": ["x"],
        "parameters": '{"a":1}',
        "job_variables": '{"env":{"A":"1"}}',
        "parameter_openapi_schema": json.dumps(schema, separators=(",", ":")),
        "work_pool_name": name,
        "work_queue_name": "q",
        "concurrency_limit": 3,
        "concurrency_options": {"collision_strategy": "ENQUEUE"},
        "pull_steps": [
            STEP | {"type": "git_clone", "repository": "r", "include_submodules": False},
            STEP | {"type": "set_working_directory", "directory": "/opt"},
        ],
    }
    least_state: dict[str, Any] = {
        **dict.fromkeys(("entrypoint", "path", "description", "version"), ""),
        **dict.fromkeys(("work_pool_name", "work_queue_name"), ""),
        **dict.fromkeys(("parameters", "job_variables", "parameter_openapi_schema"), "{}"),
        "tags": [],
        "pull_steps": [],
        "concurrency_limit": None,
        "concurrency_options": None,
    }
    often = {"slug": "often", "schedule": {"interval": 900.0}, "active": True, "max_scheduled_runs": 3}
    weekly = {"schedule": {"rrule": "FREQ=WEEKLY;BYDAY=MO", "timezone": "Europe/Berlin"}}
    schedules = [
        *_schedules(
            server,
            least["id"],
            least={"schedule": {"cron": "0 3 * * *"}},
            often=often | {"parameters": {"a": 1}},
        ),
        *_schedules(server, full["id"], weekly=weekly),
    ]
    event = EVENT | {"within": 0, "for_each": [], "match": "{}", "match_related": "{}"}
    return [
        *schedules,
        ("prefect_flow", "f", 0, common(flow) | {"tags": ["a", "b"]}),
        ("prefect_deployment", "least", 0, common(least) | nothing | least_state),
        ("prefect_deployment", "full", 0, common(full) | nothing | full_state),
        (
            "prefect_work_pool",
            "p",
            0,
            common(pool)
            | {"description": None, "type": "process", "paused": False, "concurrency_limit": None}
            | {"default_queue_id": pool["default_queue_id"], "base_job_template": None},
        ),
        (
            "prefect_work_queue",
            "q",
            0,
            common(queue)
            | {"work_pool_name": name, "description": "", "is_paused": False, "concurrency_limit": None}
            | {"priority": queue["priority"]},
        ),
        (
            "prefect_variable",
            "v",
            1,
            common(variable)
            | {
                "value": {
                    "type": ["object", {"a": ["tuple", ["number", "string"]]}],
                    "value": {"a": [1, "x"]},
                },
                "tags": [],
            },
        ),
        (
            "prefect_block",
            "b",
            0,
            common(block)
            | {"type_slug": "secret", "data": '{"value":"x"}', "data_wo": None, "data_wo_version": None},
        ),
        (
            "prefect_global_concurrency_limit",
            "g",
            0,
            common(limit) | {"limit": 3, "active": True, "active_slots": 0, "slot_decay_per_second": 0},
        ),
        ("prefect_task_run_concurrency_limit", "t", 0, common(tag) | {"tag": name, "concurrency_limit": 3}),
        (
            "prefect_block_type",
            "bt",
            0,
            common(own_type) | {"slug": name, "is_protected": False} | texts,
        ),
        (
            "prefect_block_schema",
            "bs",
            0,
            common(own_schema)
            | {"checksum": own_schema["checksum"], "block_type_id": own_type["id"], "block_type": name}
            | {"fields": json.dumps(fields, indent=1), "capabilities": ["b", "a"], "version": "1.0"},
        ),
        (
            "prefect_automation",
            "a",
            0,
            common(automation)
            | {
                "description": "",
                "enabled": True,
                "trigger": {"event": event, "metric": None, "compound": None, "sequence": None},
                "actions": [ACTION | {"type": "cancel-flow-run", "parameters": "{}", "job_variables": "{}"}],
                "actions_on_trigger": [],
                "actions_on_resolve": [],
            },
        ),
    ]
