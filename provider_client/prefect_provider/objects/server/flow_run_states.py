"""States of flow runs, and what the server makes of a wish for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.answers import object_of
from prefect_provider.plugin.language.kinds import String

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope

__all__ = ["STATE_TYPES", "set_state"]

STATE_TYPES: Final = (
    *("SCHEDULED", "PENDING", "RUNNING", "PAUSED"),
    *("CANCELLING", "CANCELLED", "COMPLETED", "FAILED", "CRASHED"),
)
"""The types of states; code may give states other names."""


async def set_state(scope: Scope, run_id: str, state: Mapping[str, Any], *, force: bool) -> str:
    """Ask for another state of a flow run; empty if the server took it, else why it did not."""
    path = f"/flow_runs/{run_id}/set_state"
    # A second one that finds the state there is refused, which says that it is there.
    reply = await scope.post(path, {"state": dict(state), "force": force}, retry="safe")
    answer = object_of(f"POST {path}", "answer about a state", reply.data, status=String())
    now = (answer.get("state") or {}).get("type")
    if answer["status"] == "ACCEPT" or now == state["type"]:
        return ""
    reason = (answer.get("details") or {}).get("reason") or "the server gave no reason"
    return f"{reason} (it is {now})" if now else str(reason)
