"""What becomes of scheduled runs: which are made again, which are lost, which stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.impact.effect import Effect, ScheduleChange, subject_of
from prefect_provider.rules.occurrences import next_runs
from prefect_provider.rules.schedules import flat
from prefect_provider.text.number import number_text
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from prefect_iac.impact.deployment_changes import DeploymentChange
    from prefect_iac.impact.runs import Pending, Run
    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["schedule_changes", "scheduling_effects"]

_SHOWN: Final = 3
"""Runs of a schedule that are named."""


def scheduling_effects(
    outlook: Outlook, changes: Sequence[DeploymentChange], pending: Pending
) -> Iterator[Effect]:
    """What happens to the scheduled runs of each deployment that is changed."""
    for change in changes:
        subject = subject_of(change.prospect, outlook.now)
        runs = [run for run in pending.of(change.prospect.old_id) if not run.is_spared]
        yield from _written(change, subject, runs, pending)
        yield from _moved(change, subject, runs, pending)


def _written(
    change: DeploymentChange, subject: str, runs: Sequence[Run], pending: Pending
) -> Iterator[Effect]:
    automatic = [run for run in runs if run.is_automatic]
    future = [run for run in automatic if pending.is_future(run)]
    late = [run for run in automatic if not pending.is_future(run)]
    at_least = "" if pending.is_whole else "at least "
    if change.deleted and late:
        yield Effect(
            "late-runs-lost",
            "error",
            subject,
            f"loses {counted(len(late), 'late run')} with its schedule: the server deletes those of all its schedules",
            numbers={"late": len(late)},
        )
    if not change.remakes or not future:
        return
    makes_none = change.is_paused or not any(
        one.get("active") is not False for one in change.planned["schedules"]
    )
    if makes_none:
        yield Effect(
            "runs-stop",
            "warning",
            subject,
            f"{'is paused' if change.is_paused else 'has no active schedule any more'}: {at_least}"
            f"{counted(len(future), 'scheduled run')} will not happen",
            numbers={"scheduled_runs": len(future)},
        )
        return
    yield Effect(
        "runs-made-again",
        "note",
        subject,
        f"has {at_least}{counted(len(future), 'future run')} that the server deletes and makes again",
        numbers={"scheduled_runs": len(future)},
    )


def _moved(change: DeploymentChange, subject: str, runs: Sequence[Run], pending: Pending) -> Iterator[Effect]:
    if not change.moves:
        return
    lost_late = bool(change.deleted)
    late = sum(run.is_automatic and not pending.is_future(run) for run in runs) if not lost_late else 0
    by_hand = sum(not run.is_automatic for run in runs)
    old, new = _queue(change.now), _queue(change.planned)
    if not late + by_hand:
        return
    yield Effect(
        "runs-stay-behind",
        "warning",
        subject,
        f"moves from {old} to {new}: {counted(late, 'late run')} and {counted(by_hand, 'run')} scheduled by hand stay "
        f"in {old}, as they are",
        numbers={"late": late, "by_hand": by_hand},
    )


def _queue(deployment: Json) -> str:
    pool, queue = deployment.get("work_pool_name"), deployment.get("work_queue_name")
    if not pool:
        return "no work pool"
    return f"{pool}/{queue}" if queue and queue != "default" else str(pool)


def schedule_changes(
    outlook: Outlook, changes: Sequence[DeploymentChange], pending: Pending
) -> Iterator[ScheduleChange]:
    """Each schedule that a plan changes, with its next runs before and after."""
    for change in changes:
        subject = subject_of(change.prospect, outlook.now)
        paused = bool(change.now.get("paused")) != change.is_paused
        changed: list[tuple[Json | None, Json | None]] = [
            *change.updated,
            *((one, None) for one in change.deleted),
            *((None, one) for one in change.added),
        ]
        if paused:
            seen = [was for was, _ in changed]
            kept = {one.get("slug") or one.get("id"): one for one in change.planned["schedules"]}
            changed += [
                (one, kept.get(one.get("slug") or one.get("id")))
                for one in change.now.get("schedules") or ()
                if one not in seen
            ]
        for was, will in changed:
            yield _compared(change, subject, was, will, pending)


def _compared(
    change: DeploymentChange, subject: str, was: Json | None, will: Json | None, pending: Pending
) -> ScheduleChange:
    one = will or was or {}
    runs: list[datetime] = []
    if was is not None:
        made = [run for run in pending.of(change.prospect.old_id) if run.schedule_id == was.get("id")]
        runs = sorted(run.due for run in made if run.due is not None and run.due > pending.at)
    return ScheduleChange(
        subject,
        str(one.get("slug") or one.get("id")),
        None if was is None else _in_words(was, paused=bool(change.now.get("paused"))),
        None if will is None else _in_words(will, paused=change.is_paused),
        tuple(runs[:_SHOWN]),
        _planned_runs(change, was, will, pending.at),
        str((one.get("schedule") or {}).get("timezone") or "UTC"),
    )


def _planned_runs(
    change: DeploymentChange, was: Json | None, will: Json | None, at: datetime
) -> tuple[datetime, ...] | None:
    if will is None or will.get("active") is False or change.is_paused:
        return ()
    rule: dict[str, Any] = dict(will.get("schedule") or {})
    if rule.get("interval") is not None and rule.get("anchor_date") is None and was is not None:
        # What is not configured stays as it is.
        rule["anchor_date"] = (was.get("schedule") or {}).get("anchor_date")
    found = next_runs(rule, at, _SHOWN)
    return None if found is None else tuple(found)


def _in_words(schedule: Mapping[str, Any], *, paused: bool) -> str:
    rule = flat(schedule)
    if rule.get("cron") is not None:
        text = f"cron {rule['cron']}"
    elif rule.get("rrule") is not None:
        text = " ".join(str(rule["rrule"]).split())
    else:
        seconds = rule.get("interval")
        text = f"every {number_text(seconds) if isinstance(seconds, int) else f'{seconds:g}'} s"
    text = f"{text} {rule.get('timezone') or 'UTC'}"
    if schedule.get("active") is False:
        return f"{text} (inactive)"
    return f"{text} (paused)" if paused else text
