"""The modules at work: flow runs end badly on a real server, and messages come; an event comes, and a flow runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.environment.evaluation import wait_until_evaluated
from tests.environment.processes import wait_until
from tests.environment.receiver import Receiver
from tests.environment.terraform import ROOT
from tests.examples.events import DeploymentRuns, send, wait_for_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of messages."""
    with Receiver() as listening:
        yield listening


def messages_of(receiver: Receiver) -> list[dict[str, str]]:
    """What came."""
    return [json.loads(body) for _, body in receiver.received]


def subjects_of(receiver: Receiver) -> list[str]:
    """The subjects of what came, sorted."""
    return sorted(message["subject"] for message in messages_of(receiver))


def test_messages(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, receiver: Receiver
) -> None:
    """Each kind of alert sends its message, for the runs of the scope only, and a zombie is marked as crashed."""
    tag = f"alerts-{uuid4().hex[:8]}"
    block = {
        "name": tag,
        "url": f"http://{receiver.address}/",
        "method": "POST",
        "json_data": {"subject": "{{subject}}", "body": "{{body}}"},
    }
    call = {
        "source": str(ROOT / "modules" / "alerting"),
        "name": tag,
        "alerts": {
            "failed": {"threshold": 2, "within": 300},
            "crashed": {},
            "late": {},
            "zombie": {"within": 10, "mark_crashed": True},
            "stuck": {"within": 10},
        },
        "scope": {"tags": [tag]},
        "notification_block": {"name": tag, "type_slug": "custom-webhook"},
        "notification_block_data": json.dumps(block),
    }
    workspace = terraform({"module": {"alerts": call}}, provider=False)
    workspace.run("get", check=True)
    workspace.apply()
    wait_until_evaluated(prefect_server)
    flow = prefect_server.call("POST", "/flows/", {"name": tag})["id"]

    def run(name: str, *tags: str) -> str:
        body = {"flow_id": flow, "name": name, "tags": list(tags)}
        made: str = prefect_server.call("POST", "/flow_runs/", body)["id"]
        return made

    def enter(which: str, type_: str, name: str) -> None:
        body = {"state": {"type": type_, "name": name, "message": f"because of {name}"}, "force": True}
        prefect_server.call("POST", f"/flow_runs/{which}/set_state", body)

    try:
        zombie, stuck = run("lost", tag), run("endless", tag)
        related = [
            {"prefect.resource.id": f"prefect.flow.{flow}", "prefect.resource.role": "flow"},
            {"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"},
        ]
        send(prefect_server, "prefect.flow-run.heartbeat", f"prefect.flow-run.{zombie}", related=related)
        enter(stuck, "RUNNING", "Running")
        for name in ("one of others", "another of others"):
            other = run(name)
            enter(other, "FAILED", "Failed")
            enter(other, "CRASHED", "Crashed")
        enter(run("slow", tag), "FAILED", "TimedOut")
        enter(run("wrong", tag), "FAILED", "BadData")
        enter(run("gone", tag), "CRASHED", "Crashed")
        enter(run("waiting", tag), "SCHEDULED", "Late")

        expected = [
            "2 flow runs have failed, at last ",
            "Flow run endless is still running",
            "Flow run gone has crashed",
            "Flow run lost has crashed",
            "Flow run lost sends no heartbeats",
            "Flow run waiting is late",
        ]
        wait_until(
            lambda: len(receiver.received) >= len(expected),
            what=f"{len(expected)} messages, of which there are {subjects_of(receiver)}",
            seconds=120.0,
        )
        subjects = subjects_of(receiver)
        # Two events that come at once may overtake each other.
        assert subjects[0] in (f"{expected[0]}slow", f"{expected[0]}wrong")
        assert subjects[1:] == expected[1:]
        gone = next(
            one["body"]
            for one in (json.loads(body) for _, body in receiver.received)
            if one["subject"] == expected[2]
        )
        assert "Flow run: gone\nFlow: " + tag in gone
        assert "State: Crashed, " in gone
        assert "Message: because of Crashed" in gone
        assert f"Alert: {tag}-crashed" in gone
        state = wait_for_state(prefect_server, zombie, lambda state: state == "CRASHED")
        assert state["message"] == "No heartbeat for 10 seconds."
    finally:
        workspace.destroy()
        prefect_server.call("DELETE", f"/flows/{flow}")


def test_run_on_an_event(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """An event makes a run of the deployment: its parameters, and over them the trigger's, with the event in them."""
    name = f"ordered-{uuid4().hex[:8]}"
    call = {
        "source": str(ROOT / "modules" / "deployment-with-triggers"),
        "name": name,
        "flow": {"name": name},
        "entrypoint": "flows/orders.py:load_orders",
        "parameters": json.dumps({"order": "all", "full": True}),
        "triggers": {
            "ordered": {
                "event": {"expect": [f"{name}.complete"], "match": {"prefect.resource.id": ["order.*"]}},
                "parameters": json.dumps({"order": "{{ event.resource.id }}"}),
            }
        },
    }
    workspace = terraform({"module": {"load": call}}, provider=False)
    workspace.run("get", check=True)
    workspace.apply()
    try:
        runs = DeploymentRuns(prefect_server, name, name)
        send(prefect_server, f"{name}.complete", "bill.1")
        send(prefect_server, f"{name}.complete", "order.1")
        assert runs.wait(1)[0]["parameters"] == {"order": "order.1", "full": True}
    finally:
        workspace.destroy()
