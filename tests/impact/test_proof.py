"""What `prefect-iac impact` says of a plan is what its apply does: rows are counted before and after, on a real server.

The plan is made and applied by a real terraform. All is in one configuration, for a plan of it is one look.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.impact.judging import find_impact
from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import outlook_of
from prefect_iac.workspace.reading import read_workspace
from prefect_provider.api import Client, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_iac.impact.effect import Effect, Impact
    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def impact_of(document: dict[str, Any], api_url: str) -> Impact:
    """What the command finds, as data."""

    async def find() -> Impact:
        async with Client(resolve({"endpoint": api_url}, {})) as client:
            return await find_impact(
                outlook_of(read_plan(json.dumps(document)), await read_workspace(client)), client
            )

    return asyncio.run(find())


def effect(impact: Impact, rule: str, subject: str) -> Effect:
    """The only effect of a kind on an object."""
    found = [one for one in impact.effects if (one.rule, one.subject) == (rule, subject)]
    assert len(found) == 1, [(one.rule, one.subject, one.message) for one in impact.effects]
    return found[0]


class Rows:
    """Counts what a server has, and puts runs there."""

    def __init__(self, server: PrefectServer) -> None:
        self.server = server

    def runs(self, **wanted: Any) -> int:
        """How many runs a filter takes."""
        return int(self.server.call("POST", "/flow_runs/count", wanted))

    def of(self, deployment_id: str, *states: str) -> int:
        """How many runs of a deployment there are, in these states."""
        state = {"state": {"type": {"any_": list(states)}}} if states else {}
        return self.runs(flow_runs={"deployment_id": {"any_": [deployment_id]}, **state})

    def scheduled(self, deployment_id: str) -> list[dict[str, Any]]:
        """The scheduled runs of a deployment."""
        wanted = {"deployment_id": {"any_": [deployment_id]}, "state": {"type": {"any_": ["SCHEDULED"]}}}
        found: list[dict[str, Any]] = self.server.call(
            "POST", "/flow_runs/filter", {"flow_runs": wanted, "limit": 200}
        )
        return found

    def start_by_hand(self, deployment_id: str, hours: float = 5) -> None:
        """A run that somebody schedules."""
        at = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
        self.server.call("POST", f"/deployments/{deployment_id}/create_flow_run", {"state": state})

    def finish(self, flow_id: str, deployment_id: str | None = None, state: str = "COMPLETED") -> None:
        """A run that is over, or at work."""
        body = {
            "flow_id": flow_id,
            "deployment_id": deployment_id,
            "state": {"type": state, "name": state.title()},
        }
        self.server.call("POST", "/flow_runs/", body)

    def schedule_runs(self, deployment_id: str) -> list[dict[str, Any]]:
        """Have the runs of the schedules made now, as the scheduler does."""
        self.server.call("POST", f"/deployments/{deployment_id}/schedule", {"min_runs": 24})
        return self.scheduled(deployment_id)

    def deployment(self, flow_id: str, name: str, **fields: Any) -> str:
        """A deployment that somebody else makes."""
        return str(
            self.server.call("POST", "/deployments/", {"name": name, "flow_id": flow_id, **fields})["id"]
        )


@pytest.fixture
def rows(prefect_server: PrefectServer) -> Rows:
    """The rows of the session's server."""
    return Rows(prefect_server)


def test_a_flow_takes_along_its_history(
    prefect_server: PrefectServer, rows: Rows, terraform: Callable[..., Workspace]
) -> None:
    """All runs of a destroyed flow go, and all its deployments, also those that somebody else made."""
    workspace = terraform('resource "prefect_flow" "etl" { name = "impact-flow" }\n')
    workspace.apply()
    flow_id = workspace.state()["prefect_flow.etl"]["id"]
    others = [rows.deployment(flow_id, f"adhoc-{number}") for number in range(2)]
    for deployment in (None, others[0], others[1]):
        rows.finish(flow_id, deployment)
    rows.start_by_hand(others[0])
    before = rows.runs(flows={"id": {"any_": [flow_id]}})

    workspace.write('resource "prefect_variable" "other" {\n  name = "impact_flow"\n  value = "x"\n}\n')
    impact = impact_of(workspace.plan().json, prefect_server.api_url)
    workspace.apply("tfplan")

    found = effect(impact, "flow-deleted", "prefect_flow.etl")
    assert found.level == "error"
    assert found.numbers == {"runs": before, "deployments": 2}
    assert "impact-flow/adhoc-0, impact-flow/adhoc-1: not in this plan" in dict(found.details)["deployments"]
    assert rows.runs(flows={"id": {"any_": [flow_id]}}) == 0
    assert not any(prefect_server.exists(f"/deployments/{one}") for one in others)


def test_a_deployment_takes_along_what_is_scheduled(
    prefect_server: PrefectServer, rows: Rows, terraform: Callable[..., Workspace]
) -> None:
    """Runs made by a schedule and by hand go with it; what is over, or at work, stays."""
    flow = 'resource "prefect_flow" "etl" { name = "impact-deployment" }\n'
    workspace = terraform(
        flow
        + """
        resource "prefect_deployment" "nightly" {
          name       = "nightly"
          flow_id    = prefect_flow.etl.id
          entrypoint = "etl.py:etl"
          schedules  = { hourly = { cron = "0 * * * *" } }
        }
        """
    )
    workspace.apply()
    state = workspace.state()
    id_, flow_id = state["prefect_deployment.nightly"]["id"], state["prefect_flow.etl"]["id"]
    made = rows.schedule_runs(id_)
    rows.start_by_hand(id_)
    rows.start_by_hand(id_, hours=-1)
    rows.finish(flow_id, id_)
    rows.finish(flow_id, id_, "RUNNING")

    workspace.write(flow)
    impact = impact_of(workspace.plan().json, prefect_server.api_url)
    workspace.apply("tfplan")

    found = effect(impact, "deployment-deleted", "prefect_deployment.nightly")
    assert found.level == "error"
    assert len(made) > 20
    assert found.numbers == {"scheduled_runs": len(made) + 2, "by_hand": 2, "late": 1}
    assert rows.of(id_, "SCHEDULED") == 0
    assert rows.of(id_) == 2


_CHANGING = """
resource "prefect_flow" "etl" { name = "impact-change" }
resource "prefect_work_pool" "old" { name = "impact-old" }
resource "prefect_work_pool" "new" { name = "impact-new" }
resource "prefect_deployment" "nightly" {
  name           = "nightly"
  flow_id        = prefect_flow.etl.id
  entrypoint     = "etl.py:etl"
  work_pool_name = prefect_work_pool.POOL.name
  paused         = PAUSED
  schedules      = { SCHEDULES }
}
"""
_DAILY = 'daily = { cron = "0 3 * * *", timezone = "Europe/Berlin" }'
_HOURLY = 'hourly = { cron = "0 * * * *" }'


def _changing(pool: str = "old", paused: str = "false", schedules: str = f"{_DAILY}, {_HOURLY}") -> str:
    return _CHANGING.replace("POOL", pool).replace("PAUSED", paused).replace("SCHEDULES", schedules)


class _Nightly:
    """A deployment with scheduled runs of every kind, and its configuration, which changes."""

    def __init__(self, rows: Rows, workspace: Workspace) -> None:
        self._rows = rows
        self._workspace = workspace
        workspace.apply()
        self.id = workspace.state()["prefect_deployment.nightly"]["id"]
        self.future = 0
        """How many future runs of schedules there were before the last change."""
        self.late = 0
        self.before: set[str] = set()

    def change(self, **changes: str) -> Impact:
        """Have runs of all kinds, and change the configuration: what was said of the plan that was applied."""
        server = self._rows.server
        made = [one for one in self._rows.schedule_runs(self.id) if one["auto_scheduled"]]
        at = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
        state = {"type": "SCHEDULED", "name": "Late", "state_details": {"scheduled_time": at}}
        first = next(one for one in made if one["state_name"] != "Late")
        server.call("POST", f"/flow_runs/{first['id']}/set_state", {"state": state, "force": True})
        self._rows.start_by_hand(self.id)
        runs = self._rows.scheduled(self.id)
        self.before = {one["id"] for one in runs}
        self.late = sum(one["state_name"] == "Late" for one in runs)
        self.future = sum(one["auto_scheduled"] for one in runs) - self.late
        self._workspace.write(_changing(**changes))
        impact = impact_of(self._workspace.plan().json, server.api_url)
        self._workspace.apply("tfplan")
        return impact

    def destroy(self) -> None:
        """Make room for another."""
        self._workspace.destroy()

    def left(self) -> list[dict[str, Any]]:
        """The runs from before the last change that are still scheduled."""
        return [one for one in self._rows.scheduled(self.id) if one["id"] in self.before]


def test_runs_of_a_deployment_that_is_changed(rows: Rows, terraform: Callable[..., Workspace]) -> None:
    """Another pool: future runs are made again, others stay behind. Another time: the server makes the runs as told."""
    nightly = _Nightly(rows, terraform(_changing()))

    impact = nightly.change(pool="new")
    again = effect(impact, "runs-made-again", "prefect_deployment.nightly")
    assert again.numbers == {"scheduled_runs": nightly.future}
    behind = effect(impact, "runs-stay-behind", "prefect_deployment.nightly")
    assert behind.numbers == {"late": 1, "by_hand": 1}
    assert "from impact-old to impact-new" in behind.message
    assert [one["work_pool_name"] for one in nightly.left()] == ["impact-old"] * 2
    assert not impact.schedules
    assert impact.quiet is not None

    daily = 'daily = { cron = "30 5 * * *", timezone = "America/New_York" }'
    impact = nightly.change(pool="new", schedules=f"{daily}, {_HOURLY}")
    again = effect(impact, "runs-made-again", "prefect_deployment.nightly")
    assert again.numbers == {"scheduled_runs": nightly.future}
    assert len(nightly.left()) == len(nightly.before) - nightly.future
    [change] = impact.schedules
    assert (change.now, change.planned) == (
        "cron 0 3 * * * Europe/Berlin",
        "cron 30 5 * * * America/New_York",
    )
    assert len(change.runs_now) == 3
    made = [one for one in rows.schedule_runs(nightly.id) if one["id"] not in nightly.before]
    times = [
        datetime.fromisoformat(one["expected_start_time"])
        for one in made
        if one["created_by"]["display_value"] == "daily"
    ]
    assert change.runs_planned is not None
    assert list(change.runs_planned) == sorted(times)[:3]
    nightly.destroy()


def test_runs_of_a_deployment_that_makes_fewer(rows: Rows, terraform: Callable[..., Workspace]) -> None:
    """A schedule less: all runs of all schedules go, late ones too. A pause: future ones go for good."""
    nightly = _Nightly(rows, terraform(_changing()))

    impact = nightly.change(schedules=_HOURLY)
    lost = effect(impact, "late-runs-lost", "prefect_deployment.nightly")
    assert (lost.level, lost.numbers) == ("error", {"late": nightly.late})
    assert [one["auto_scheduled"] for one in nightly.left()] == [False]
    [change] = impact.schedules
    assert (change.schedule, change.planned, change.runs_planned) == ("daily", None, ())

    impact = nightly.change(schedules=_HOURLY, paused="true")
    stop = effect(impact, "runs-stop", "prefect_deployment.nightly")
    assert stop.numbers == {"scheduled_runs": nightly.future}
    assert len(nightly.left()) == len(nightly.before) - nightly.future
    [change] = impact.schedules
    assert (change.schedule, change.runs_planned) == ("hourly", ())
    nightly.destroy()


def test_blocks_take_along_the_deployments_that_they_are_part_of(
    prefect_server: PrefectServer, rows: Rows, terraform: Callable[..., Workspace]
) -> None:
    """With storage go deployments, and with infrastructure their runs, too."""
    name = f"impact-{uuid.uuid4().hex[:6]}"
    block = """
    resource "prefect_block" "%s" {
      name      = "%s"
      type_slug = "webhook"
      data      = jsonencode({ method = "POST", url = "https://example.org/hook" })
    }
    """
    keep = f'resource "prefect_flow" "etl" {{ name = "{name}" }}\n'
    workspace = terraform(keep + block % ("storage", f"{name}-s") + block % ("infrastructure", f"{name}-i"))
    workspace.apply()
    state = workspace.state()
    flow_id = state["prefect_flow.etl"]["id"]
    stored = rows.deployment(flow_id, "stored", storage_document_id=state["prefect_block.storage"]["id"])
    run = rows.deployment(
        flow_id, "run", infrastructure_document_id=state["prefect_block.infrastructure"]["id"]
    )
    for deployment in (stored, run, run):
        rows.start_by_hand(deployment)

    workspace.write(keep)
    document = workspace.plan(check=False).json
    impact = impact_of(document, prefect_server.api_url)
    # The provider refuses to delete such a block, so that this is what the server does without it.
    for kind in ("storage", "infrastructure"):
        prefect_server.call("DELETE", f"/block_documents/{state[f'prefect_block.{kind}']['id']}")

    found = effect(impact, "block-deleted", "prefect_block.storage")
    assert (found.level, found.numbers) == ("error", {"deployments": 1, "left_behind": 1})
    assert effect(impact, "block-deleted", "prefect_block.infrastructure").numbers == {
        "deployments": 1,
        "runs": 2,
    }
    assert not prefect_server.exists(f"/deployments/{stored}")
    assert not prefect_server.exists(f"/deployments/{run}")
    assert rows.of(stored) == 1
    assert rows.of(run) == 0


def test_a_pool_leaves_deployments_and_runs_behind(
    prefect_server: PrefectServer, rows: Rows, terraform: Callable[..., Workspace]
) -> None:
    """Of a pool and a queue that go: queues of others go along, deployments and runs stay, in no queue."""
    keep = """
    resource "prefect_flow" "etl" { name = "impact-pool" }
    resource "prefect_work_pool" "kept" { name = "impact-pool-kept" }
    """
    going = """
    resource "prefect_work_pool" "gone" { name = "impact-pool-gone" }
    resource "prefect_work_queue" "gone" {
      name           = "fast"
      work_pool_name = prefect_work_pool.kept.name
    }
    """
    workspace = terraform(keep + going)
    workspace.apply()
    flow_id = workspace.state()["prefect_flow.etl"]["id"]
    prefect_server.call("POST", "/work_pools/impact-pool-gone/queues", {"name": "of-others"})
    pooled = rows.deployment(flow_id, "pooled", work_pool_name="impact-pool-gone")
    queued = rows.deployment(flow_id, "queued", work_pool_name="impact-pool-kept", work_queue_name="fast")
    for deployment in (pooled, queued, queued):
        rows.start_by_hand(deployment)

    workspace.write(keep)
    impact = impact_of(workspace.plan().json, prefect_server.api_url)
    workspace.apply("tfplan")

    pool = effect(impact, "work-pool-deleted", "prefect_work_pool.gone")
    assert (pool.level, pool.numbers) == ("error", {"queues": 1, "deployments": 1, "waiting": 1})
    queue = effect(impact, "work-queue-deleted", "prefect_work_queue.gone")
    assert (queue.level, queue.numbers) == ("warning", {"queues": 0, "deployments": 1, "waiting": 2})
    for deployment, runs in ((pooled, 1), (queued, 2)):
        assert prefect_server.call("GET", f"/deployments/{deployment}")["work_queue_id"] is None
        left = rows.scheduled(deployment)
        assert [one["work_queue_id"] for one in left] == [None] * runs
