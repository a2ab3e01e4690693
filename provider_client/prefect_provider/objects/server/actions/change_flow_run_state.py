"""``action "prefect_change_flow_run_state"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.acting import WorkspaceAction
from prefect_provider.objects.server.flow_run_states import STATE_TYPES, set_state
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, String, Uuid
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.language.values import Values

__all__ = ["ChangeFlowRunState"]


class ChangeFlowRunState(WorkspaceAction):
    """Puts a flow run into another state."""

    type_name = "prefect_change_flow_run_state"

    flow_run_id = required(Uuid(), "The flow run (UUID).", source=None)
    state = required(String(choices=STATE_TYPES), "The type of the state.")
    name = optional(String(), "The state's name; that of its type when left out.")
    message = optional(String(), "Why.")
    force = optional(Bool(), "Whether the state is set although Prefect's rules are against it.")

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """POST; what the server does not take is an error."""
        run_id = config["flow_run_id"]
        state = {"type": config["state"], "name": config["name"], "message": config["message"]}
        wanted = {name: value for name, value in state.items() if value is not None}
        refused = await set_state(self.scope(config), run_id, wanted, force=config["force"] is True)
        if refused:
            what = f"the flow run {run_id} does not become {config['state']}: {refused}"
            remedy = "" if config["force"] else "Set `force = true` to set it all the same"
            msg = "State not accepted"
            raise ProviderError(msg, say(what, remedy=remedy), ("state",))
        yield f"Flow run {run_id} is {config['name'] or config['state']}"
