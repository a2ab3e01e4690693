"""Limits that become tighter than what is at work, and limits that go while they are held."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.impact.effect import Effect, few, subject_of
from prefect_iac.impact.runs import count_runs, read_spans
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from prefect_iac.impact.removals import Removal
    from prefect_iac.workspace.outlook import Outlook, Prospect
    from prefect_provider.api import Scope

__all__ = ["concurrency_effects", "peak"]

_FILTERS: Final = {
    "prefect_work_pool": "work_pools",
    "prefect_work_queue": "work_pool_queues",
    "prefect_deployment": "deployments",
}
_LIMITS: Final = ("prefect_global_concurrency_limit", "prefect_task_run_concurrency_limit")
_AT_WORK: Final = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
_LOOK_BACK: Final = timedelta(days=7)
_MOST: Final = 12
"""Objects of which the server is asked how many runs are at work."""
_MOST_PEAKS: Final = 4
"""Objects whose past is looked at."""


class _Lowered(NamedTuple):
    """An object whose limit becomes lower."""

    prospect: Prospect
    before: int | None
    after: int


async def concurrency_effects(
    outlook: Outlook, found: Sequence[Removal], scope: Scope, at: datetime
) -> list[Effect]:
    """The effects on limits; raises ApiError."""
    lowered = [one for prospect in outlook.prospects if (one := _lowered(prospect)) is not None]
    asked = [one for one in lowered if one.prospect.type in _FILTERS][:_MOST]
    at_work = await asyncio.gather(*(count_runs(scope, _of(one, _AT_WORK)) for one in asked))
    spans = await asyncio.gather(
        *(read_spans(scope, _of(one, {}), at - _LOOK_BACK, at) for one in asked[:_MOST_PEAKS])
    )
    effects: list[Effect] = []
    for place, one in enumerate(asked):
        past = spans[place] if place < len(spans) else None
        effects += _tight(outlook, one, at_work[place], peak(past) if past else None)
    for one in lowered:
        if one.prospect.type in _LIMITS:
            effects += _tight(outlook, one, _slots(one.prospect.now or {}), None)
    for removal in found:
        if removal.prospect.type in _LIMITS:
            effects += _gone(outlook, removal.prospect)
    effects += _switched_off(outlook)
    return effects


def peak(spans: Sequence[tuple[datetime, datetime]]) -> int:
    """How many runs were at work at once for at most 5 % of the time in which any was: the 95th percentile."""
    # One that has only just begun has lasted for no time; it begins before it ends all the same.
    changes = sorted([(begin, 0, 1) for begin, _ in spans] + [(end, 1, -1) for _, end in spans])
    lasted: dict[int, float] = {}
    number, before = 0, None
    for moment, _, step in changes:
        if before is not None and number:
            lasted[number] = lasted.get(number, 0.0) + (moment - before).total_seconds()
        number, before = number + step, moment
    whole, passed = sum(lasted.values()), 0.0
    for number in sorted(lasted):
        passed += lasted[number]
        if passed >= 0.95 * whole:
            return number
    return 0


def _lowered(prospect: Prospect) -> _Lowered | None:
    now, planned = prospect.now, prospect.planned
    if prospect.action != "update" or now is None or planned is None:
        return None
    before, after = _limit(now, prospect.type), _limit(planned, prospect.type)
    if after is None or (before is not None and after >= before):
        return None
    return _Lowered(prospect, before, after)


def _limit(document: Mapping[str, Any], type_: str) -> int | None:
    if type_ in _LIMITS:
        value = document.get("concurrency_limit" if "task_run" in type_ else "limit")
    elif type_ in _FILTERS:
        value = document.get("concurrency_limit")
        shared = document.get("global_concurrency_limit")
        if value is None and isinstance(shared, dict):
            value = shared.get("limit")
    else:
        value = None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _of(one: _Lowered, runs: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {_FILTERS[one.prospect.type]: {"id": {"any_": [one.prospect.old_id]}}}
    return {**found, "flow_runs": dict(runs)}


def _tight(outlook: Outlook, one: _Lowered, at_work: int, past: int | None) -> Iterator[Effect]:
    most = max(at_work, past or 0)
    if most <= one.after:
        return
    before = "no limit" if one.before is None else f"{one.before:,}"
    known = [f"{at_work:,} at work now"] if at_work else []
    known += [f"{past:,} at the 95th percentile of the last 7 days"] if past else []
    yield Effect(
        "limit-too-low",
        "warning",
        subject_of(one.prospect, outlook.now),
        f"has its concurrency limit lowered ({before} -> {one.after:,}) below {' and '.join(known)}: expect about "
        f"{counted(most - one.after, 'run')} waiting",
        numbers={"at_work": at_work, "limit": one.after, "peak": past or 0},
    )


def _slots(document: Mapping[str, Any]) -> int:
    """How many slots of a limit are taken."""
    slots = document.get("active_slots")
    return len(slots) if isinstance(slots, list) else int(slots or 0)


def _gone(outlook: Outlook, prospect: Prospect) -> Iterator[Effect]:
    held = _slots(prospect.now or {})
    users = [
        one
        for one in outlook.prospects
        if one.type == "prefect_deployment"
        and one.now is not None
        and one.planned is not None
        and _shared_limit(one.now) == prospect.old_id
        and _shared_limit(one.planned) == prospect.old_id
    ]
    if not held and not users:
        return
    parts = [f"{counted(held, 'slot')} of it {'is' if held == 1 else 'are'} taken"] if held else []
    parts += (
        [f"{counted(len(users), 'deployment')} {'loses' if len(users) == 1 else 'lose'} it"] if users else []
    )
    yield Effect(
        "limit-deleted",
        "warning",
        subject_of(prospect, outlook.now),
        f"goes while {' and '.join(parts)}: runs are no longer held back",
        (("deployments", few(subject_of(one, outlook.now) for one in users)),) if users else (),
        {"slots": held, "deployments": len(users)},
    )


def _shared_limit(deployment: Mapping[str, Any]) -> str:
    shared = deployment.get("global_concurrency_limit")
    if "global_concurrency_limit_id" in deployment:
        return str(deployment["global_concurrency_limit_id"])
    return str(shared.get("id")) if isinstance(shared, dict) else ""


def _switched_off(outlook: Outlook) -> Iterator[Effect]:
    """Limits and automations that are there, and do nothing any more."""
    for one in outlook.prospects:
        now, planned = one.now, one.planned
        if one.action != "update" or now is None or planned is None:
            continue
        if one.type == _LIMITS[0] and now.get("active") is True and planned.get("active") is False:
            yield Effect("switched-off", "note", subject_of(one, outlook.now), "limits nothing any more")
        elif (
            one.type == "prefect_automation"
            and now.get("enabled") is True
            and planned.get("enabled") is False
        ):
            yield Effect("switched-off", "note", subject_of(one, outlook.now), "is switched off")
