"""What is left in a work pool or queue that goes or is paused: deployments and runs that nobody picks up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.impact.effect import Effect, few, subject_of
from prefect_iac.impact.runs import Counts, count_each
from prefect_iac.workspace.content import name_of
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_iac.impact.removals import Removal
    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook, Prospect
    from prefect_provider.api import Scope

__all__ = ["queue_effects"]

_POOL: Final = "prefect_work_pool"
_QUEUE: Final = "prefect_work_queue"
_WAITING: Final = {"state": {"type": {"any_": ["SCHEDULED", "PENDING"]}}}


async def queue_effects(outlook: Outlook, found: Sequence[Removal], scope: Scope) -> list[Effect]:
    """The effects of pools and queues that go, or are paused; raises ApiError."""
    removed = [one for one in found if one.prospect.type in (_POOL, _QUEUE)]
    # The queues of a pool that goes are told of with it.
    pools = {one.prospect.old_id for one in removed if one.prospect.type == _POOL}
    removed = [
        one
        for one in removed
        if one.prospect.type == _POOL or str((one.prospect.now or {}).get("work_pool_id")) not in pools
    ]
    paused = [one for one in outlook.prospects if one.type in (_POOL, _QUEUE) and _is_paused(one)]
    asked = [one.prospect for one in removed] + paused
    of_pools, of_queues = await asyncio.gather(
        count_each(
            scope,
            [one.old_id for one in asked if one.type == _POOL],
            lambda ids: {"work_pools": {"id": {"any_": ids}}, "flow_runs": _WAITING},
        ),
        count_each(
            scope,
            [one.old_id for one in asked if one.type == _QUEUE],
            lambda ids: {"work_pool_queues": {"id": {"any_": ids}}, "flow_runs": _WAITING},
        ),
    )
    effects = [effect for one in removed if (effect := _gone(outlook, one, of_pools, of_queues))]
    for one in paused:
        waiting = (of_pools if one.type == _POOL else of_queues).each.get(one.old_id)
        runs = "" if not waiting else f": {counted(waiting, 'run')} in it will wait"
        effects.append(
            Effect(
                "paused",
                "warning" if waiting else "note",
                subject_of(one, outlook.now),
                f"is paused{runs}",
                numbers={"waiting": waiting or 0},
            )
        )
    return effects


def _is_paused(prospect: Prospect) -> bool:
    now, planned = prospect.now, prospect.planned
    return (
        prospect.action == "update"
        and now is not None
        and planned is not None
        and bool(planned.get("is_paused"))
        and not now.get("is_paused")
    )


def _gone(outlook: Outlook, removal: Removal, of_pools: Counts, of_queues: Counts) -> Effect | None:
    root = removal.prospect
    is_pool = root.type == _POOL
    left = [one for one in outlook.prospects if _is_left(one, root, outlook)]
    runs = (of_pools if is_pool else of_queues).each.get(root.old_id, 0)
    queues = [one for one in removal.others_of(_QUEUE) if name_of(one.now or {}) != "default"]
    if not (left or runs or queues):
        return None
    parts, details = [], []
    if queues:
        parts.append(f"takes along {counted(len(queues), 'queue')}")
        details.append(("queues", f"{few(name_of(one.now or {}) for one in queues)}: not in this plan"))
    if left:
        parts.append(f"leaves {counted(len(left), 'deployment')} without a work pool")
        details.append(("deployments", few(subject_of(one, outlook.now) for one in left)))
    if runs:
        parts.append(f"leaves {counted(runs, 'waiting run')} that nobody picks up")
    return Effect(
        f"{'work-pool' if is_pool else 'work-queue'}-deleted",
        "error" if queues else "warning",
        subject_of(root, outlook.now),
        f"{'is replaced' if root.action == 'replace' else 'is destroyed'}, which {' and '.join(parts)}",
        tuple(details),
        {"queues": len(queues), "deployments": len(left), "waiting": runs},
    )


def _is_left(one: Prospect, root: Prospect, outlook: Outlook) -> bool:
    """Whether a deployment stays, and is still said to be in the pool or queue that goes."""
    if one.type != "prefect_deployment" or one.now is None or one.planned is None or one.action == "replace":
        return False
    if root.type == _POOL:
        name = name_of(root.now or {})
        return one.now.get("work_pool_name") == name and one.planned.get("work_pool_name") == name
    return _is_in(one.now, root, outlook) and _is_in(one.planned, root, outlook)


def _is_in(deployment: Json, queue: Prospect, outlook: Outlook) -> bool:
    held: Any = outlook.now.queue_of(deployment)
    return held is not None and held.get("id") == queue.old_id
