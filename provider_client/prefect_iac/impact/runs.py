"""Runs of a server, read in few requests, however many there are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.objects.answers import objects_of
from prefect_provider.plugin.language.kinds import String

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_provider.api import Scope

__all__ = ["Counts", "Pending", "Run", "count_each", "count_runs", "read_pending", "read_spans"]

_PAGE: Final = 200
_PAGES: Final = 15
"""Pages of runs that are read at most; the nearest runs come first."""

_EACH: Final = 12
"""Objects whose runs are counted one by one; those of further ones are counted together."""

_SPANS: Final = 1_000
"""Runs of the past that are read at most to know how many were at work at once."""

_WAITING: Final = "AwaitingConcurrencySlot"
"""The name of the state that the server spares when it deletes scheduled runs."""


class Run(NamedTuple):
    """A run that is scheduled and has not begun."""

    deployment_id: str
    schedule_id: str
    """Of the schedule that made it; empty for one made by hand, by an automation, or by another run."""
    is_automatic: bool
    """Whether the server's scheduler made it."""
    due: datetime | None
    is_spared: bool
    """Whether the server keeps it when its deployment goes: it has begun before, or waits for a slot."""


class Pending(NamedTuple):
    """The scheduled runs of some deployments, the nearest first."""

    runs: tuple[Run, ...]
    total: int
    """How many there are."""
    at: datetime
    """What was the present, by the server's clock."""

    @property
    def is_whole(self) -> bool:
        """Whether all of them were read."""
        return len(self.runs) >= self.total

    def of(self, deployment_id: str) -> list[Run]:
        """Those of a deployment that were read."""
        return [run for run in self.runs if run.deployment_id == deployment_id]

    def is_future(self, run: Run) -> bool:
        """Whether it is due later: the server deletes those when anything about the deployment changes."""
        return run.due is not None and run.due > self.at


class Counts(NamedTuple):
    """How many runs there are, for each object that was asked for."""

    each: Mapping[str, int]
    others: int
    """Those of the objects that are not in ``each``, together."""
    number_of_others: int


async def count_runs(scope: Scope, wanted: Mapping[str, Any]) -> int:
    """How many runs a filter takes; raises ApiError."""
    return int((await scope.post("/flow_runs/count", dict(wanted))).data)


async def count_each(
    scope: Scope, ids: Sequence[str], wanted: Callable[[list[str]], Mapping[str, Any]]
) -> Counts:
    """The runs of each object, and of all above a dozen together; ``wanted`` makes the filter for some ids."""
    first, rest = list(ids[:_EACH]), list(ids[_EACH:])
    counts = await asyncio.gather(*(count_runs(scope, wanted([one])) for one in first))
    others = await count_runs(scope, wanted(rest)) if rest else 0
    return Counts(dict(zip(first, counts, strict=True)), others, len(rest))


async def read_pending(scope: Scope, deployment_ids: Sequence[str], at: datetime) -> Pending:
    """The scheduled runs of deployments; raises ApiError."""
    if not deployment_ids:
        return Pending((), 0, at)
    wanted = {"flow_runs": {"deployment_id": {"any_": list(deployment_ids)}, "state": _in("SCHEDULED")}}
    total = await count_runs(scope, wanted)
    runs: dict[str, Run] = {}
    for page in range(min(_PAGES, -(-total // _PAGE))):
        found = await _page(scope, {**wanted, "sort": "NEXT_SCHEDULED_START_TIME_ASC"}, page * _PAGE)
        runs |= {one["id"]: _run(one) for one in found}
        if len(found) < _PAGE:
            # They became fewer meanwhile.
            total = len(runs)
            break
    return Pending(tuple(runs.values()), max(total, len(runs)), at)


async def read_spans(
    scope: Scope, wanted: Mapping[str, Any], since: datetime, at: datetime
) -> list[tuple[datetime, datetime]] | None:
    """When the runs of a filter that began since a time began and ended; ``None`` where they are too many to read.

    One that is still at work ends ``at`` the present, and none ends before it began, whatever clocks say. Raises
    ApiError.
    """
    runs = {**wanted.get("flow_runs", {}), "start_time": {"after_": since.isoformat()}}
    body = {**wanted, "flow_runs": runs}
    total = await count_runs(scope, body)
    if total > _SPANS:
        return None
    spans: dict[str, tuple[datetime, datetime]] = {}
    for offset in range(0, total, _PAGE):
        for one in await _page(scope, {**body, "sort": "START_TIME_ASC"}, offset):
            begin, end = _moment(one.get("start_time")), _moment(one.get("end_time"))
            if begin is not None:
                spans[one["id"]] = begin, max(begin, end or at)
    return list(spans.values())


def _in(*types: str) -> dict[str, Any]:
    return {"type": {"any_": list(types)}}


async def _page(scope: Scope, body: Mapping[str, Any], offset: int) -> list[dict[str, Any]]:
    path = "/flow_runs/filter"
    answer = (await scope.post(path, {**body, "limit": _PAGE, "offset": offset})).data
    return objects_of(f"POST {path}", "flow run", answer, id=String())


def _run(data: Mapping[str, Any]) -> Run:
    made_by = data.get("created_by")
    maker = made_by if isinstance(made_by, dict) else {}
    return Run(
        str(data.get("deployment_id") or ""),
        str(maker.get("id") or "") if maker.get("type") == "SCHEDULE" else "",
        data.get("auto_scheduled") is True,
        _moment(data.get("next_scheduled_start_time") or data.get("expected_start_time")),
        bool(data.get("run_count")) or data.get("state_name") == _WAITING,
    )


def _moment(text: Any) -> datetime | None:
    from prefect_provider.rules.schedules import instant

    try:
        return instant(text).astimezone(UTC) if isinstance(text, str) else None
    except ValueError:
        return None
