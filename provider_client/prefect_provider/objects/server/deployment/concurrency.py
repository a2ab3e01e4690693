"""How many runs of a deployment there may be at once, and what happens to the others."""

from __future__ import annotations

from prefect_provider.plugin.language.declaration import Nested, optional, required
from prefect_provider.plugin.language.kinds import Integer, String

__all__ = ["ConcurrencyOptions"]


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
