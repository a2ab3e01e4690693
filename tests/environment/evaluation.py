"""When a server evaluates the automations that it has just been given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.environment.processes import wait_until

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

__all__ = ["wait_until_evaluated"]


def wait_until_evaluated(server: PrefectServer) -> None:
    """Wait until all automations that were made so far are known to what evaluates events.

    That is a moment after they were made, and in their order: so another one is made, and fires.
    """
    name = f"evaluation.{uuid4()}"
    trigger = {"type": "event", "posture": "Reactive", "expect": [name], "threshold": 1, "within": 0}
    body = {"name": name, "trigger": trigger, "actions": [{"type": "do-nothing"}]}
    made = server.call("POST", "/automations/", body)["id"]
    fired = {
        "event": {"name": ["prefect.automation.triggered"]},
        "resource": {"id": [f"prefect.automation.{made}"]},
    }

    def fires() -> bool:
        event = {
            "id": str(uuid4()),
            "occurred": datetime.now(UTC).isoformat(),
            "event": name,
            "resource": {"prefect.resource.id": name},
        }
        server.call("POST", "/events", [event])
        return bool(server.call("POST", "/events/filter", {"filter": fired, "limit": 1})["total"])

    try:
        wait_until(fires, what="the server to evaluate automations", seconds=120)
    finally:
        server.call("DELETE", f"/automations/{made}")
