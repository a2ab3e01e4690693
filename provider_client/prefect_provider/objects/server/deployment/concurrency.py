"""How many runs of a deployment there may be at once, and what happens to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.declaration import Nested, optional, required
from prefect_provider.plugin.language.kinds import Integer, String

if TYPE_CHECKING:
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["ConcurrencyOptions", "plan_grace_period"]


class ConcurrencyOptions(Nested):
    """What happens to a run for which there is no slot."""

    collision_strategy = required(
        String(choices=("ENQUEUE", "CANCEL_NEW")), "Whether a run without a slot waits or is cancelled."
    )
    grace_period_seconds = optional(
        Integer(minimum=60, maximum=86400),
        "Seconds for which a slot is kept for a run that is starting. Left out, it is as others set it.",
        server_default=True,
    )


def plan_grace_period(plan: Plan, private: dict[str, Any]) -> None:
    """Only a grace period that was configured, and is no longer, is taken back."""
    configured, planned = plan.config["concurrency_options"], plan.planned["concurrency_options"]
    if not isinstance(configured, dict) or not isinstance(planned, dict):
        return
    name = "grace_period_seconds"
    if configured[name] is None and (
        private.get(name) or not isinstance((plan.prior or {}).get("concurrency_options"), dict)
    ):
        planned[name] = None
    private[name] = configured[name] is not None
