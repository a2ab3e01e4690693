"""Sends events to a server and looks at the flow runs that they make."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.environment.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.environment.prefect_server import PrefectServer

__all__ = ["DeploymentRuns", "run_in_state", "send", "wait_for_state"]

_SECONDS = 120.0
"""A server on SQLite now and then waits 60 s for its database, and only then makes a run or takes an event."""


def send(
    server: PrefectServer,
    event: str,
    resource: str,
    *,
    payload: Mapping[str, Any] | None = None,
    related: list[dict[str, str]] | None = None,
) -> None:
    """Send an event that happens now."""
    body = {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": event,
        "resource": {"prefect.resource.id": resource},
        "related": related or [],
        "payload": dict(payload or {}),
    }
    server.call("POST", "/events", [body])


class DeploymentRuns:
    """The flow runs that a deployment has got since this was made."""

    def __init__(self, server: PrefectServer, flow: str, deployment: str) -> None:
        """Take note of the runs that it has already."""
        self._server = server
        self.name = deployment
        self.deployment = server.call("GET", f"/deployments/name/{flow}/{deployment}")
        self._before: set[str] = set()
        self._before = {run["id"] for run in self.now()}

    def now(self) -> list[dict[str, Any]]:
        """The new runs, in the order of their creation."""
        wanted = {"deployments": {"id": {"any_": [self.deployment["id"]]}}}
        runs = self._server.call("POST", "/flow_runs/filter", wanted)
        return sorted(
            (run for run in runs if run["id"] not in self._before), key=lambda run: str(run["created"])
        )

    def wait(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many new runs; fail if there are more."""
        wait_until(lambda: len(self.now()) >= count, what=f"run {count} of {self.name}", seconds=_SECONDS)
        runs = self.now()
        assert len(runs) == count
        return runs


def run_in_state(server: PrefectServer, run: str, state: str) -> None:
    """Move a flow run to a state, such as `COMPLETED`, as its engine would."""
    body = {"state": {"type": state, "name": state.capitalize()}, "force": True}
    server.call("POST", f"/flow_runs/{run}/set_state", body)


def wait_for_state(
    server: PrefectServer, run: str, expected: Callable[[str], bool], *, seconds: float = _SECONDS
) -> dict[str, Any]:
    """Wait until the type of a flow run's state is as expected, and return the state."""

    def state() -> dict[str, Any]:
        found: dict[str, Any] = server.call("GET", f"/flow_runs/{run}")["state"]
        return found

    wait_until(lambda: expected(state()["type"]), what=f"state of flow run {run}", seconds=seconds)
    return state()
