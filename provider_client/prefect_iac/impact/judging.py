"""The impact of a plan: all effects together, found by reading only."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from prefect_iac.impact.callers import caller_effects
from prefect_iac.impact.concurrency import concurrency_effects
from prefect_iac.impact.deletions import deletion_effects
from prefect_iac.impact.deployment_changes import deployment_changes
from prefect_iac.impact.effect import Impact
from prefect_iac.impact.queues import queue_effects
from prefect_iac.impact.quiet import quiet_time
from prefect_iac.impact.references import dangling_effects, reference_effects
from prefect_iac.impact.removals import gone_ids, removals
from prefect_iac.impact.runs import read_pending
from prefect_iac.impact.schedules import schedule_changes, scheduling_effects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.impact.deployment_changes import DeploymentChange
    from prefect_iac.impact.effect import Effect, Quiet
    from prefect_iac.impact.runs import Pending
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.api import Client

__all__ = ["find_impact"]

_LEVELS: Final = ("error", "warning", "note")


async def find_impact(outlook: Outlook, client: Client) -> Impact:
    """What a plan does on the client's server beside what it says; raises ApiError.

    However much is planned, the server is asked some dozens of questions: runs are counted for many objects at once
    where there are many, and only the nearest are read.
    """
    scope = client.workspace()
    # Whatever the clock of this machine says: which runs are late is decided by the server's.
    at = client.present
    found, changes = removals(outlook), deployment_changes(outlook)
    gone = gone_ids(found)
    asked = dict.fromkeys(
        [
            *(id_ for id_, (type_, _) in gone.items() if type_ == "prefect_deployment"),
            *(one.prospect.old_id for one in changes if one.remakes),
        ]
    )
    pending = await read_pending(scope, list(asked), at)
    deleted, queues, limits = await asyncio.gather(
        deletion_effects(outlook, found, pending, scope),
        queue_effects(outlook, found, scope),
        concurrency_effects(outlook, found, scope, at),
    )
    effects: list[Effect] = [
        *deleted,
        *queues,
        *scheduling_effects(outlook, changes, pending),
        *caller_effects(outlook, changes),
        *limits,
        *dangling_effects(outlook, gone),
        *reference_effects(outlook, found),
    ]
    return Impact(
        tuple(sorted(effects, key=lambda one: _LEVELS.index(one.level))),
        tuple(schedule_changes(outlook, changes, pending)),
        _quiet(changes, pending),
        at,
        tuple(one.address for one in outlook.changed() if one.address),
        outlook.unreadable,
        tuple(_left_out(outlook, pending)),
        outlook.absent,
    )


def _quiet(changes: list[DeploymentChange], pending: Pending) -> Quiet | None:
    touched = {one.prospect.old_id for one in changes if one.remakes}
    due = [run.due for run in pending.runs if run.deployment_id in touched and run.due is not None]
    future = [one for one in due if one > pending.at - timedelta(minutes=2)]
    if not future:
        return None
    return quiet_time(future, pending.at, None if pending.is_whole else max(future))


def _left_out(outlook: Outlook, pending: Pending) -> Iterator[str]:
    for type_, why in sorted(outlook.now.unread.items()):
        yield f"{type_}: {' '.join(why.split())}"
    for one in outlook.undecided:
        yield f"{one.address}: {one.reason}"
    if outlook.plan is not None and outlook.plan.errored:
        yield "planning ended with an error, so that this is a part of a plan"
    if not pending.is_whole:
        text = f"of {pending.total:,} scheduled runs the nearest {len(pending.runs):,} were read"
        yield f"{text}: numbers for single deployments are the least there are"
