"""However much is planned, the server is asked some dozens of times, and only for what it has."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from prefect_iac.impact.judging import find_impact
from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import outlook_of
from prefect_iac.workspace.reading import read_workspace
from prefect_provider.api import UnexpectedAnswer
from tests.api.fake_transport import FakeTransport, answer, client

if TYPE_CHECKING:
    from prefect_iac.impact.effect import Impact
    from prefect_provider.api import Answer, Outgoing

_NOW = datetime.now(UTC)


def _id(kind: int, number: int) -> str:
    return str(UUID(int=kind << 64 | number, version=4))


class _Server:
    """Answers as a server with these flows, deployments, pools and runs; it says that it is none."""

    def __init__(self, flows: int, deployments: int, runs_each: int, pools: int) -> None:
        self.counted: object = 7
        self.flows = [{"id": _id(1, n), "name": f"flow-{n}", "tags": [], "labels": {}} for n in range(flows)]
        schedule = {"id": _id(5, 0), "slug": "hourly", "active": True, "schedule": {"cron": "0 * * * *"}}
        self.deployments = [
            {"id": _id(2, n), "name": f"each-{n}", "flow_id": _id(1, 0), "tags": [], "schedules": [schedule]}
            for n in range(deployments)
        ]
        self.pools = [
            {"id": _id(3, n), "name": f"pool-{n}", "type": "process", "concurrency_limit": 9}
            for n in range(pools)
        ]
        self.runs = [
            {
                "id": _id(4, minute * deployments + n),
                "deployment_id": _id(2, n),
                "auto_scheduled": True,
                "next_scheduled_start_time": (_NOW + timedelta(hours=1 + minute)).isoformat(),
            }
            for minute in range(runs_each)
            for n in range(deployments)
        ]

    def __call__(self, outgoing: Outgoing) -> Answer:
        """The answer to one request; only reading is known."""
        path = outgoing.url.removeprefix("http://prefect.test/api")
        body: dict[str, Any] = json.loads(outgoing.body) if outgoing.body else {}
        if path == "/flow_runs/count":
            return answer(
                200, len(self.runs) if "deployment_id" in body.get("flow_runs", {}) else self.counted
            )
        held: dict[str, list[dict[str, Any]]] = {
            "/flows/filter": self.flows,
            "/deployments/filter": self.deployments,
            "/work_pools/filter": self.pools,
            "/flow_runs/filter": self.runs,
        }
        assert path.endswith("/filter"), f"{outgoing.method} {path}"
        offset = body.get("offset", 0)
        return answer(200, held.get(path, [])[offset : offset + body["limit"]])

    def plan(self) -> dict[str, Any]:
        """All deployments get a tag, all flows but the first go, the limit of all pools becomes lower."""
        changes = [
            *(_change("prefect_deployment", one, {**one, "tags": ["new"]}) for one in self.deployments),
            *(_change("prefect_flow", one, None) for one in self.flows[1:]),
            *(_change("prefect_work_pool", one, {**one, "concurrency_limit": 1}) for one in self.pools),
        ]
        return {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes}


def _change(type_: str, before: dict[str, Any], after: dict[str, Any] | None) -> dict[str, Any]:
    def shown(one: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in one.items() if name not in ("schedules", "labels")}

    return {
        "address": f"{type_}.{before['name']}",
        "type": type_,
        "change": {
            "actions": ["delete"] if after is None else ["update"],
            "before": shown(before),
            "after": None if after is None else shown(after),
        },
    }


def _look(server: _Server, document: dict[str, Any] | None = None) -> tuple[Impact, FakeTransport]:
    transport = FakeTransport(server)

    async def find() -> Impact:
        async with client(transport) as asked:
            return await find_impact(
                outlook_of(read_plan(json.dumps(document or server.plan())), await read_workspace(asked)),
                asked,
            )

    return asyncio.run(find()), transport


def test_many_changes_take_few_requests() -> None:
    """Two hundred deployments, sixty flows and twenty pools: numbers for each of the first, and for the rest in sum."""
    impact, transport = _look(_Server(flows=61, deployments=200, runs_each=10, pools=20))

    assert len(transport.sent) <= 70, [one.url for one in transport.sent]
    again = [one for one in impact.effects if one.rule == "runs-made-again"]
    assert len(again) == 200
    assert all(one.numbers == {"scheduled_runs": 10} for one in again)
    flows = [one for one in impact.effects if one.rule == "flow-deleted"]
    assert len(flows) == 13
    assert flows[-1].subject == "48 further flows"
    assert not impact.left_out


def test_more_runs_than_are_read() -> None:
    """Of tens of thousands of runs the nearest are read; that is said, and numbers are the least there are."""
    impact, transport = _look(_Server(flows=1, deployments=200, runs_each=100, pools=0))

    assert len(transport.sent) <= 30
    assert impact.left_out == (
        "of 20,000 scheduled runs the nearest 3,000 were read: numbers for single deployments are the least there are",
    )
    again = [one for one in impact.effects if one.rule == "runs-made-again"]
    assert all("has at least 15 future runs" in one.message for one in again)
    assert len(again) == 200


def test_what_the_plan_means_to_keep() -> None:
    """A flow goes, and a deployment of it that the plan leaves alone: told from one that it does not have."""
    server = _Server(flows=1, deployments=2, runs_each=0, pools=0)
    kept = _change("prefect_deployment", server.deployments[0], server.deployments[0])
    kept["change"]["actions"] = ["no-op"]
    document = server.plan() | {"resource_changes": [_change("prefect_flow", server.flows[0], None), kept]}

    impact, _ = _look(server, document)

    [effect] = [one for one in impact.effects if one.rule == "flow-deleted"]
    assert effect.level == "error"
    assert effect.numbers == {"deployments": 2, "runs": 7}
    told = dict(effect.details)["deployments"]
    assert told.endswith(": this plan means to keep 1 of them, and does not have the others")


def test_what_is_destroyed_with_it_is_no_loss_of_others() -> None:
    """Of a flow without runs whose deployments the plan destroys as well there is nothing to say."""
    server = _Server(flows=1, deployments=2, runs_each=0, pools=0)
    server.counted = 0
    changes = [
        _change("prefect_flow", server.flows[0], None),
        *(_change("prefect_deployment", one, None) for one in server.deployments),
    ]

    impact, _ = _look(server, server.plan() | {"resource_changes": changes})

    assert not impact.effects


def test_what_leaves_the_state_only() -> None:
    """A flow that Terraform forgets stays on the server with all that it has."""
    server = _Server(flows=1, deployments=2, runs_each=0, pools=0)
    forgotten = _change("prefect_flow", server.flows[0], None)
    forgotten["change"]["actions"] = ["forget"]

    impact, _ = _look(server, server.plan() | {"resource_changes": [forgotten]})

    assert not impact.effects


@pytest.mark.parametrize("counted", [None, "many", {}, [1]])
def test_a_count_that_is_none(counted: object) -> None:
    """An answer that is no number is an error, and not taken for none."""
    server = _Server(flows=2, deployments=1, runs_each=0, pools=0)
    server.counted = counted

    with pytest.raises(UnexpectedAnswer, match="flow_runs/count is not one of a Prefect API"):
        _look(server)
