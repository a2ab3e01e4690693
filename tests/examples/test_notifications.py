"""The examples that tell somebody, or that wait: what they promise happens on a real server."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.environment.receiver import Receiver
from tests.environment.terraform import ROOT
from tests.examples.events import DeploymentRuns, run_in_state, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def test_what_is_told(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, tmp_path: Path
) -> None:
    """Of a failure and of a completion Slack is told, of a pool without workers a webhook; a slow run gets another."""
    examples = tmp_path / "examples"
    for part in ("hcl", "flows"):
        shutil.copytree(ROOT / "examples" / part, examples / part)
    with Receiver() as receiver:
        # What Prefect sends to an address of Slack, it sends to this one as JSON.
        settings: dict[str, dict[str, Any]] = {
            "failure_notification": {"slack_webhook_url": f"json://{receiver.address}/slack"},
            "completion_notification": {"slack_webhook_url": f"json://{receiver.address}/team"},
            "work_pool_status": {"webhook_url": f"http://{receiver.address}/pager", "within": 10},
            "slow_run_fallback": {"within": 10},
        }
        modules = {
            name: {"source": str(examples / "hcl" / name), **given} for name, given in settings.items()
        }
        flows = prefect_server.flow_ids()
        workspace = terraform({"module": modules}, provider=False)
        workspace.run("get", check=True)
        workspace.apply()
        try:
            _happen(prefect_server, receiver)
        finally:
            workspace.destroy()
            for flow in prefect_server.flow_ids() - flows:
                prefect_server.call("DELETE", f"/flows/{flow}")


def _happen(server: PrefectServer, receiver: Receiver) -> None:
    pool = server.call("GET", "/work_pools/production")
    send(server, "prefect.work-pool.not-ready", f"prefect.work-pool.{pool['id']}")
    names = server.call("GET", "/flows/name/build-names")
    fallback = DeploymentRuns(server, "build-names", "build-fewer-names")
    slow = server.call("POST", "/flow_runs/", {"flow_id": names["id"], "name": "slow"})
    run_in_state(server, slow["id"], "RUNNING")

    flow = server.call("POST", "/flows/", {"name": "clean-users"})
    for name, state in (("good-run", "COMPLETED"), ("bad-run", "FAILED")):
        run = server.call("POST", "/flow_runs/", {"flow_id": flow["id"], "name": name})
        run_in_state(server, run["id"], state)
    told = json.loads(receiver.wait("/slack"))
    assert told["title"] == "Flow run bad-run failed"
    assert "Flow run bad-run of clean-users entered state Failed." in told["message"]
    told = json.loads(receiver.wait("/team"))
    assert (told["title"], told["message"].strip()) == (
        "clean-users is done",
        "Flow run good-run entered state Completed.",
    )
    called = receiver.wait("/pager")
    assert "Work pool production is " in called
    assert "NOT_READY." in called
    assert "Description: The work pool has no worker" in called
    assert fallback.wait(1)[0]["parameters"] == {"count": 10}
