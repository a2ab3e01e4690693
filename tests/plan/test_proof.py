"""What is read out of a plan is what the apply sends, to the byte: with a real terraform and a real server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.plan.bodies import bodies, body_after, body_before
from prefect_iac.plan.placeholders import placeholder, with_values
from prefect_iac.plan.reading import read_plan
from tests.environment.fault_proxy import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

HOLDING = """
resource "prefect_flow" "etl" { name = "proof-etl" }
resource "prefect_work_pool" "pool" { name = "proof-pool" }
resource "prefect_work_queue" "queue" {
  name           = "proof-queue"
  work_pool_name = prefect_work_pool.pool.name
}
resource "prefect_deployment" "nightly" {
  name           = "nightly"
  flow_id        = prefect_flow.etl.id
  entrypoint     = "etl.py:etl"
  work_pool_name = prefect_work_pool.pool.name
  tags           = ["b", "a"]
  parameters     = jsonencode({ n = 1.5, big = 12345678901234567890, text = "Ström" })
  schedules      = { daily = { cron = "0 3 * * *", timezone = "Europe/Berlin" } }
}
resource "prefect_deployment" "each" {
  for_each   = toset(["x", "y"])
  name       = "each-${each.key}"
  flow_id    = prefect_flow.etl.id
  entrypoint = "etl.py:etl"
}
resource "prefect_deployment_schedule" "own" {
  deployment_id = prefect_deployment.each["x"].id
  slug          = "hourly"
  interval      = 3600
  anchor_date   = "2026-01-01T00:00:00Z"
}
resource "prefect_block" "hook" {
  name      = "proof-hook"
  type_slug = "webhook"
  data      = jsonencode({ method = "POST", url = "https://example.org/hook" })
}
"""

AUTOMATIONS = """
resource "prefect_automation" "reactive" {
  name        = "proof-reactive"
  description = "Two in ten minutes"
  tags        = ["ops"]
  trigger = { event = {
    posture       = "Reactive"
    expect        = ["prefect.flow-run.Failed", "prefect.flow-run.Crashed"]
    for_each      = ["prefect.resource.id"]
    match         = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
    match_related = jsonencode({ "prefect.resource.id" = "prefect.deployment.${prefect_deployment.nightly.id}" })
    threshold     = 2
    within        = 600
  } }
  actions = [
    { type = "run-deployment", deployment_id = prefect_deployment.nightly.id, parameters = jsonencode({ n = 2 }) },
    { type = "run-deployment", deployment_id = prefect_deployment.each["y"].id, schedule_after = 30 },
    { type = "pause-work-queue", work_queue_id = prefect_work_queue.queue.id },
    { type = "pause-work-pool", work_pool_id = prefect_work_pool.pool.id },
    { type = "call-webhook", block_document_id = prefect_block.hook.id, payload = "{{ event.id }}" },
  ]
  actions_on_trigger = [{ type = "do-nothing" }]
}
resource "prefect_automation" "proactive" {
  name    = "proof-proactive"
  enabled = false
  trigger = { event = { posture = "Proactive", after = ["prefect.flow-run.Running"], expect = [
    "prefect.flow-run.Completed"], for_each = ["prefect.resource.id"] } }
  actions = [{ type = "cancel-flow-run" }, { type = "change-flow-run-state", state = "FAILED", name = "Late" }]
}
resource "prefect_automation" "compound" {
  name = "proof-compound"
  trigger = { compound = { require = 2, within = 60, triggers = [
    { event = { posture = "Reactive", expect = ["a.b"] } },
    { event = { posture = "Reactive", expect = ["c.d"], match = jsonencode({ "a" = ["x.1", "x.2"] }) } },
  ] } }
  actions = [{ type = "pause-deployment", source = "inferred" }]
}
resource "prefect_automation" "sequence" {
  for_each = toset(["x", "y"])
  name     = "proof-sequence-${each.key}"
  trigger = { sequence = { within = 90.5, triggers = [
    { event = { posture = "Reactive", expect = ["a.b"] } },
    { compound = { require = "any", triggers = [{ event = { posture = "Reactive", expect = ["e.f"] } }] } },
  ] } }
  actions = [{ type = "resume-deployment", deployment_id = prefect_deployment.each[each.key].id }]
}
"""


class _Recorder(FaultProxy):
    """Passes everything on, and keeps the bodies of what is posted and put."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.sent: list[tuple[str, str, Any]] = []

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if method in ("POST", "PUT", "PATCH") and not path.endswith("/filter"):
            self.sent.append((method, path, json.loads(body)))
        return super().ask(method, path, body, headers)


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


def _ids(workspace: Workspace) -> dict[str, str]:
    """What the placeholders turned out to be."""
    return {placeholder(address): values["id"] for address, values in workspace.state().items()}


def _as_stored(automation: dict[str, Any]) -> dict[str, Any]:
    """A stored automation without what the server adds, and with the lists sorted that it keeps as sets."""
    added = ("id", "created", "updated", "owner_resource", "labels")
    return {name: _without_ids(value) for name, value in automation.items() if name not in added}


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: sorted(item) if name in ("after", "expect", "for_each") else _without_ids(item)
        for name, item in value.items()
        if name != "id"
    }


def test_body_is_what_apply_sends_and_the_server_stores(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace]
) -> None:
    """Automations of every kind, deployments and schedules: evaluated before the apply, sent by it, and stored.

    The plan is made when none of the objects exists, so every id in it is a placeholder.
    """
    with _Recorder(prefect_server.url) as proxy:
        workspace = terraform(HOLDING + AUTOMATIONS, api_url=proxy.api_url)
        plan = read_plan(json.dumps(workspace.plan().json))
        evaluated = {address: body.json for address, body in bodies(plan).items()}
        proxy.sent.clear()
        workspace.apply("tfplan")
        sent = list(proxy.sent)
    ids = _ids(workspace)

    automations = {body["name"]: body for method, path, body in sent if path.startswith("/api/automations")}
    planned = {body["name"]: body for address, body in evaluated.items() if "prefect_automation" in address}
    assert len(planned) == 5
    for name, body in planned.items():
        assert _text(with_values(body, ids)) == _text(automations[name])

    for address in (one for one in evaluated if "prefect_automation" in one):
        stored = prefect_server.call("GET", f"/automations/{workspace.state()[address]['id']}")
        body = with_values(evaluated[address], ids)
        assert json.dumps(_as_stored(stored), sort_keys=True) == json.dumps(body, sort_keys=True)

    deployments = {body["name"]: body for _, path, body in sent if path == "/api/deployments/"}
    for address, body in evaluated.items():
        if address.startswith("prefect_deployment."):
            given = {name: value for name, value in body.items() if value is not None and name != "flow_name"}
            assert with_values(given, ids) == deployments[body["name"]]

    schedules = [body for _, path, body in sent if path.endswith("/schedules")]
    own = {
        name: value
        for name, value in evaluated["prefect_deployment_schedule.own"].items()
        if name != "deployment_id"
    }
    # More than once where the server was busy and was asked again.
    assert schedules
    assert all(schedule == [own] for schedule in schedules)


def test_body_of_an_object_that_exists(terraform: Callable[..., Workspace]) -> None:
    """Once the ids are known nothing stands for them, and the body before is the body after what did not change."""
    workspace = terraform((HOLDING + AUTOMATIONS).replace("proof-", "again-"))
    workspace.apply()
    plan = read_plan(json.dumps(workspace.plan().json))
    for planned in plan.objects:
        body = body_after(plan, planned)
        assert planned.action == "no-op"
        assert body is not None
        assert not body.unknown
        assert "unknown:" not in _text(body.json)
        assert body.json == body_before(planned)
