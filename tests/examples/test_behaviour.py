"""The examples at work: events are sent to a real server, and it does what the example says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from examples.aws_lambda.handler import send_events
from tests.aws.told import notification_of
from tests.environment.evaluation import wait_until_evaluated
from tests.environment.processes import wait_until
from tests.environment.terraform import ROOT
from tests.examples.events import DeploymentRuns, run_in_state, send, wait_for_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace
    from tests.examples.conftest import Applied

RESOURCE = "my.external.resource"


@pytest.fixture(autouse=True)
def _no_late_runs(prefect_server: PrefectServer) -> Iterator[None]:
    """Delete the runs that a test made, which no worker takes.

    After 15 s Prefect marks them as late, all at once, and on SQLite that can stop the server for a minute.
    """
    before = {run["id"] for run in prefect_server.listed("/flow_runs")}
    yield
    for run in prefect_server.listed("/flow_runs"):
        if run["id"] not in before:
            prefect_server.call("DELETE", f"/flow_runs/{run['id']}")


def test_pinged_and_replied(hcl_examples: Applied) -> None:
    """A ping runs event_trigger, matched_event only from its resource, compound_trigger only with a reply.

    So do the triggers of the prefect.yaml and of the file of triggers, which are the same.
    """
    server = hcl_examples.server
    documented = DeploymentRuns(server, "decorated-fn", "my-deployment")
    matched = DeploymentRuns(server, "decorated-fn", "pinged")
    compound = DeploymentRuns(server, "decorated-fn", "replied")
    of_yaml, both_of_yaml, of_a_file = (
        DeploymentRuns(server, "decorated-fn", name)
        for name in ("yaml-pinged", "yaml-replied", "test-deployment")
    )

    send(server, "external.resource.pinged", "some.other.resource")
    documented.wait(1)
    send(server, "external.resource.pinged", RESOURCE, payload={"n": 1})
    run = matched.wait(1)[0]
    assert run["state"]["type"] in {"SCHEDULED", "PENDING"}
    assert run["parameters"]["param_1"]["event"] == "external.resource.pinged"
    assert run["parameters"]["param_1"]["resource"] == {"prefect.resource.id": RESOURCE}
    assert run["parameters"]["param_1"]["payload"] == {"n": 1}
    pings = documented.wait(2)
    resources = [ping["parameters"]["param_1"]["resource"]["prefect.resource.id"] for ping in pings]
    assert resources == ["some.other.resource", RESOURCE]

    settle(server)
    assert compound.now() == []
    send(server, "external.resource.replied", RESOURCE)
    assert compound.wait(1)[0]["parameters"]["param_1"]["event"] in {
        "external.resource.pinged",
        "external.resource.replied",
    }
    for same in (of_yaml, both_of_yaml, of_a_file):
        same.wait(1)
    assert len(matched.now()) == 1
    send(server, "some.other.event", "my.other.external.resource")
    of_a_file.wait(2)


def test_order_completed(hcl_examples: Applied) -> None:
    """A run is made for the user who created and completed an order, and for no other."""
    server = hcl_examples.server
    runs = DeploymentRuns(server, "post-order-complete", "post-order-complete")
    send(server, "order.created", "user_id_1")
    send(server, "order.created", "user_id_2")
    settle(server)
    send(server, "order.complete", "user_id_3")
    send(server, "order.complete", "user_id_1")
    assert runs.wait(1)[0]["parameters"] == {"user_id": "user_id_1"}


def test_downstream_deployment(hcl_examples: Applied) -> None:
    """When an upstream run completes, the downstream deployment gets a run, and none when one fails."""
    server = hcl_examples.server
    upstream = DeploymentRuns(server, "upstream", "upstream")
    downstream = DeploymentRuns(server, "downstream", "downstream")
    for state in ("FAILED", "COMPLETED"):
        run = server.call("POST", f"/deployments/{upstream.deployment['id']}/create_flow_run", {})
        run_in_state(server, run["id"], state)
    downstream.wait(1)


def test_sequence_trigger(hcl_examples: Applied) -> None:
    """A run is made for the events in their order, and not in the other."""
    server = hcl_examples.server
    runs = DeploymentRuns(server, "decorated-fn", "load-export")
    for event in ("export.finished", "export.started", "export.finished"):
        assert runs.now() == []
        send(server, event, "export")
        settle(server)
    runs.wait(1)


def test_shared_limit(hcl_examples: Applied) -> None:
    """The event runs the report, without parameters."""
    runs = DeploymentRuns(hcl_examples.server, "downstream", "report")
    send(hcl_examples.server, "warehouse.loaded", "warehouse")
    assert runs.wait(1)[0]["parameters"] == {}


def test_webhook_event(hcl_examples: Applied) -> None:
    """What the request says is a parameter of the run, a number as a number."""
    runs = DeploymentRuns(hcl_examples.server, "demo", "made-elsewhere")
    send(hcl_examples.server, "demo.called", "demo", payload={"run_count": 3})
    assert runs.wait(1)[0]["parameters"] == {"count": 3}


def test_file_landed(hcl_examples: Applied, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files in one bucket, of which AWS tells twice, make one run, later, with the variable's value."""
    server = hcl_examples.server
    runs = DeploymentRuns(server, "load-files", "load-files")
    monkeypatch.setenv("PREFECT_API_URL", server.api_url)
    sent = datetime.now(UTC)
    # They landed at one time, however long a busy server takes for the first: what counts is when, not when it is told.
    first, second, other = (
        notification_of(key, bucket=bucket, time=sent.isoformat())
        for key, bucket in (("first.csv", "incoming"), ("second.csv", "incoming"), ("other.csv", "other"))
    )
    send_events(first, None)
    # The server takes two events at a time, so they can overtake each other; which of them was first is in the run.
    runs.wait(1)
    send_events(second, None)
    send_events(first, None)
    send_events(other, None)
    one, beside = sorted(runs.wait(2), key=lambda run: str(run["parameters"]["bucket"]))
    assert one["parameters"] == {
        "bucket": "incoming",
        "first_key": "first.csv",
        "warehouse": {"host": "warehouse.example.com", "schema": "landing"},
    }
    assert beside["parameters"]["bucket"] == "other"
    settle(server)
    assert len(runs.now()) == 2
    # Counted from when the automation fired, which is not when a busy server gets to making the run.
    assert datetime.fromisoformat(one["expected_start_time"]) - sent >= timedelta(seconds=30)


def test_work_queue_breaker(hcl_examples: Applied) -> None:
    """The third crash pauses the queue, the second does not."""
    server = hcl_examples.server
    queue = server.call("GET", "/work_pools/batch/queues/nightly")

    def crash() -> None:
        label = {
            "prefect.resource.id": f"prefect.work-queue.{queue['id']}",
            "prefect.resource.role": "work-queue",
        }
        send(server, "prefect.flow-run.Crashed", "prefect.flow-run.of-a-test", related=[label])

    def paused() -> bool:
        return bool(server.call("GET", "/work_pools/batch/queues/nightly")["is_paused"])

    crash()
    crash()
    settle(server)
    assert not paused()
    crash()
    wait_until(paused, what="pause of the work queue", seconds=120.0)
    server.call("PATCH", "/work_pools/batch/queues/nightly", {"is_paused": False})


@pytest.fixture
def short(terraform: Callable[..., Workspace]) -> Workspace:
    """The examples that wait, with a wait of 10 seconds, the shortest there is."""
    examples = ROOT / "examples" / "hcl"
    modules: dict[str, dict[str, Any]] = {
        name: {"source": str(examples / name), "within": 10}
        for name in ("zombie_flow_runs", "stuck_flow_runs")
    }
    return terraform({"module": modules}, provider=False)


def test_flow_runs_without_end(short: Workspace, prefect_server: PrefectServer) -> None:
    """A run without heartbeats is crashed, a stuck one cancelled, and one that ends in time let be."""
    short.run("get", check=True)
    short.apply()
    wait_until_evaluated(prefect_server)
    flow = prefect_server.call("POST", "/flows/", {"name": "without-end"})
    try:
        zombie, stuck, quick = (
            prefect_server.call("POST", "/flow_runs/", {"flow_id": flow["id"]})["id"] for _ in range(3)
        )
        send(prefect_server, "prefect.flow-run.heartbeat", f"prefect.flow-run.{zombie}")
        for run in (stuck, quick):
            run_in_state(prefect_server, run, "RUNNING")
        run_in_state(prefect_server, quick, "COMPLETED")
        crashed = wait_for_state(prefect_server, zombie, lambda state: state == "CRASHED", seconds=120.0)
        assert crashed["message"] == "Flow run marked as crashed due to missing heartbeats."
        wait_for_state(prefect_server, stuck, lambda state: state.startswith("CANCELL"), seconds=120.0)
        wait_for_state(prefect_server, quick, lambda state: state == "COMPLETED", seconds=0.0)
    finally:
        short.destroy()
        prefect_server.call("DELETE", f"/flows/{flow['id']}")


def settle(server: PrefectServer) -> None:
    """Wait until the events that were sent before have been taken.

    A server takes two at a time, so they can overtake each other. Making a run takes much longer than taking
    an event: once another, sent now, has made one, those before it are done.
    """
    runs = DeploymentRuns(server, "demo", "made-elsewhere")
    send(server, "demo.called", "demo", payload={"run_count": 1})
    runs.wait(1)
