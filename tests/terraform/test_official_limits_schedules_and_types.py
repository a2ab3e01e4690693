"""States that the official provider wrote of limits, schedules, block types and schemas, in every form of values.

Under the terraform that is used everywhere, and under the newer one, which adds identities to what it takes over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.objects.terraform_core import unique
from tests.terraform.official_states import Official, apply_changes, replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def assert_identified(workspace: Workspace, official: Official, terraform: str) -> None:
    """Every object has its id for an identity, where terraform knows identities."""
    if terraform != "newer":
        return
    ids = {address: identity["id"] for address, identity in workspace.identities().items()}
    assert ids == {address: one.attributes["id"] for address, one in official.instances.items()}


def test_limits(
    official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer, each_terraform: str
) -> None:
    """With and without what is optional, with slots that are taken, and as an older release wrote it.

    Slots are taken between its last refresh and the switch, and stay taken.
    """
    path = "/v2/concurrency_limits/"
    least = {"name": unique("switch"), "limit": 0}
    full = {"name": unique("switch"), "limit": 5, "active": False, "active_slots": 2}
    full |= {"slot_decay_per_second": 0.25}
    busy = {"name": unique("switch"), "limit": 3, "active_slots": 0}
    old = {"name": unique("switch"), "limit": 3}
    kind = "prefect_global_concurrency_limit"
    official.add(kind, "least", path, least)
    official.add(kind, "full", path, full)
    official.add(kind, "busy", path, busy)
    official.add(kind, "old", path, old, former={"denied_slots": 0})
    taken = {"names": [busy["name"]], "slots": 2, "mode": "concurrency"}
    prefect_server.call("POST", "/v2/concurrency_limits/increment", taken)
    tag = {"tag": unique("switch"), "concurrency_limit": 3}
    official.add("prefect_task_run_concurrency_limit", "tag", "/concurrency_limits/", tag)

    workspace = switch()
    assert_identified(workspace, official, each_terraform)
    apply_changes(
        workspace,
        official,
        least={"limit": 2},
        full={"slot_decay_per_second": 0, "active": True},
        busy={"limit": 4},
        old={"name": unique("switch")},
        tag={"concurrency_limit": 5},
    )

    slots = {
        label: prefect_server.call("GET", f"{path}{official.instances[f'{kind}.{label}'].attributes['id']}")
        for label in ("full", "busy")
    }
    assert slots["full"]["active_slots"] == 2
    assert slots["busy"]["active_slots"] == 2
    workspace.destroy()


@pytest.fixture
def deployment_id(prefect_server: PrefectServer) -> str:
    """A deployment, for schedules."""
    flow = prefect_server.call("POST", "/flows/", {"name": unique("switch")})
    made = prefect_server.call("POST", "/deployments/", {"name": "d", "flow_id": flow["id"]})
    return str(made["id"])


def _sent(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the official provider posts: without ``active`` the schedule is made inactive."""
    names = ("cron", "interval", "rrule", "timezone", "day_or", "anchor_date")
    entry = {name: given[name] for name in ("max_scheduled_runs", "slug") if name in given}
    entry |= {"active": given.get("active", False), "parameters": json.loads(given.get("parameters", "{}"))}
    return [entry | {"schedule": {name: given[name] for name in names if name in given}}]


SCHEDULES: dict[str, dict[str, Any]] = {
    "cron": {"cron": "0 3 * * *"},
    "full_cron": {
        "cron": "0 3 1 * MON",
        "timezone": "Europe/Berlin",
        "day_or": True,
        "active": True,
        "max_scheduled_runs": 4,
        "slug": "full-cron",
        "parameters": '{"b": {"z": 1, "a": null}, "a": [1]}',
    },
    "interval": {"interval": 900},
    "fraction": {"interval": 90.5, "active": True},
    "anchored": {"interval": 3600, "anchor_date": "2026-01-01T00:00:00Z", "timezone": "America/New_York"},
    "rule": {"rrule": "FREQ=WEEKLY;BYDAY=MO", "timezone": "Europe/Berlin"},
    "rule_with_a_start": {"rrule": "DTSTART:20260101T000000\nFREQ=DAILY", "active": True},
}


def test_schedules(
    official: Official,
    switch: Callable[[], Workspace],
    prefect_server: PrefectServer,
    deployment_id: str,
    each_terraform: str,
) -> None:
    """Of every kind, with nothing and with everything, without a slug, and as an older release wrote them.

    One that others set active meanwhile stays so: its configuration says nothing of it.
    """
    path = f"/deployments/{deployment_id}/schedules"
    kind = "prefect_deployment_schedule"
    for label, fields in SCHEDULES.items():
        given = {"deployment_id": deployment_id} | fields
        official.add(kind, label, path, given, body=_sent(given))
    given = {"deployment_id": deployment_id, "cron": "0 4 * * *"}
    former = {"max_active_runs": None, "catchup": False}
    official.add(kind, "old", path, given, body=_sent(given), former=former, slug=None, parameters=None)
    cron = official.instances[f"{kind}.cron"].attributes["id"]
    prefect_server.call("PATCH", f"{path}/{cron}", {"active": True})

    workspace = switch()
    assert_identified(workspace, official, each_terraform)
    apply_changes(
        workspace,
        official,
        cron={"timezone": "Europe/Berlin"},
        full_cron={"day_or": False, "parameters": "{}"},
        interval={"interval": 1800},
        anchored={"anchor_date": "2026-02-01T00:00:00Z"},
        rule={"rrule": "FREQ=WEEKLY;BYDAY=TU"},
        rule_with_a_start={"active": False},
        old={"active": True},
    )

    listed = {one["id"]: one for one in prefect_server.call("GET", path)}
    assert listed[cron]["active"] is True
    full = listed[official.instances[f"{kind}.full_cron"].attributes["id"]]
    assert (full["schedule"]["day_or"], full["slug"], full["parameters"]) == (False, "full-cron", {})
    workspace.destroy()


def _fields() -> dict[str, Any]:
    """Fields of a schema that no other has: Prefect keeps one of a kind."""
    properties = {"b": {"type": "string"}, "a": {"type": "integer", "default": 1}}
    return {"title": unique("Ours"), "type": "object", "properties": properties, "required": ["b"]}


TEXTS = {
    "logo_url": "https://example.com/logo.png",
    "documentation_url": "https://example.com/docs",
    "description": "for tests",
    "code_example": "x = 1",
}


def test_block_types_and_schemas(
    official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer, each_terraform: str
) -> None:
    """With texts, with empty texts where nothing is configured, and schemas with fields in their own spelling.

    A schema that was imported has no fields in its state, for which the official provider wants to replace it.
    """
    full = {"name": unique("switch"), "slug": unique("switch")} | TEXTS
    bare = {"name": unique("switch"), "slug": unique("switch")}
    empty = {"name": unique("switch"), "slug": unique("switch")} | dict.fromkeys(TEXTS, "")
    made = official.add("prefect_block_type", "full", "/block_types/", full)
    official.add("prefect_block_type", "bare", "/block_types/", bare)
    official.add("prefect_block_type", "empty", "/block_types/", empty)
    kind, path = "prefect_block_schema", "/block_schemas/"
    fields = _fields()
    schema = {
        "block_type_id": made["id"],
        "fields": json.dumps(fields, indent=2),
        "capabilities": ["b", "a"],
        "version": "1.0",
    }
    imported = schema | {"version": "2.0", "capabilities": []}
    official.add(kind, "schema", path, schema, body=schema | {"fields": fields})
    official.add(kind, "imported", path, imported, body=imported | {"fields": fields}, fields=None)

    workspace = switch()
    assert_identified(workspace, official, each_terraform)
    apply_changes(
        workspace,
        official,
        full={"description": "changed", "logo_url": None},
        bare={"code_example": "y = 2"},
        empty={"description": "set"},
    )

    changed = prefect_server.call("GET", f"/block_types/{made['id']}")
    assert (changed["description"], changed["logo_url"]) == ("changed", None)
    workspace.destroy()


def test_a_schema_that_changes_is_made_anew(
    official: Official, switch: Callable[[], Workspace], prefect_server: PrefectServer
) -> None:
    """A schema cannot be changed, so that the change after the switch replaces it, and its type stays."""
    given = {"name": unique("switch"), "slug": unique("switch")} | TEXTS
    type_ = official.add("prefect_block_type", "type", "/block_types/", given)
    schema = {"block_type_id": type_["id"], "capabilities": ["a"], "version": "1.0"}
    fields = _fields()
    schema["fields"] = json.dumps(fields)
    body = schema | {"fields": fields}
    official.add("prefect_block_schema", "schema", "/block_schemas/", schema, body=body)
    workspace = switch()

    official.change(schema={"version": "1.1"})
    workspace.write(official.configuration())

    assert workspace.plan().actions() == {"prefect_block_schema.schema": ("delete", "create")}
    workspace.apply()
    workspace.assert_no_changes()
    wanted = {"block_schemas": {"block_type_id": {"any_": [type_["id"]]}}}
    [left] = prefect_server.call("POST", "/block_schemas/filter", wanted)
    assert left["version"] == "1.1"
    workspace.destroy()


def test_a_queue_without_its_pool(
    official: Official, terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A deployment with a queue alone is refused, with what to add: the pool that its state has."""
    flow = prefect_server.call("POST", "/flows/", {"name": unique("switch")})
    given = {"name": "d", "flow_id": flow["id"], "work_queue_name": unique("switch")}
    made = official.add("prefect_deployment", "d", "/deployments/", given)
    workspace = replaced(terraform, official)

    error = workspace.plan(check=False).only_error()
    assert "`work_queue_name` needs `work_pool_name`" in error.detail
    official.change(d={"work_pool_name": made["work_pool_name"]})
    workspace.write(official.configuration())

    assert made["work_pool_name"] == "default-agent-pool"
    workspace.assert_no_changes()
    workspace.destroy()
