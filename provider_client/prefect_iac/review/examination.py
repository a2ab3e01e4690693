"""Runs the parts of a review: one reading of the server and one of its history serve them all.

What cannot be looked at, because the server is away, does not let us in or keeps no events, is noted, and hides
nothing else.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, NamedTuple

from prefect_iac.backtest.backtest import Selection, backtest, names_wanted
from prefect_iac.backtest.subjects import subjects_of
from prefect_iac.drift.authors import find_causes
from prefect_iac.graph.building import build_graph
from prefect_iac.history.history import HistoryError
from prefect_iac.impact.judging import find_impact
from prefect_iac.lint.linting import find_flaws
from prefect_iac.lint.suppression import judge
from prefect_iac.review.changes import changes_of
from prefect_iac.review.drifting import drift_before
from prefect_iac.review.review import Incomplete, Review
from prefect_iac.workspace.content import Workspace
from prefect_iac.workspace.outlook import Outlook, absence, outlook_of
from prefect_iac.workspace.reading import read_workspace
from prefect_provider.api import ApiError
from prefect_provider.events.behaviour import Behaviour
from prefect_provider.objects.server_version import server_version
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import date

    from prefect_iac.drift.report import DriftReport
    from prefect_iac.history.history import History
    from prefect_iac.history.query import Query
    from prefect_iac.impact.effect import Impact
    from prefect_iac.lint.flaw import Flaw
    from prefect_iac.lint.sources import Sources
    from prefect_iac.lint.suppression import Entry, Judged
    from prefect_iac.plan.changes import Plan
    from prefect_provider.api import Client

__all__ = ["HistorySource", "Suppressions", "before_of", "examine"]


class HistorySource(NamedTuple):
    """Where events come from."""

    open: Callable[[Client | None, tuple[str, ...]], AbstractAsyncContextManager[tuple[History, Query]]]
    """Opens the events of these names; raises :class:`HistoryError` or ``ApiError`` where it cannot."""
    is_server: bool
    """Whether they come from the server, which is asked for those names only, and not from files."""


class Suppressions(NamedTuple):
    """What somebody has decided to look away from."""

    today: date
    entries: Sequence[Entry] = ()
    sources: Sources | None = None
    """Where the configuration is, with its comments."""

    def judge(self, flaws: Iterable[Flaw]) -> Judged:
        """Tell the flaws that are known and meant from the others."""
        return judge(flaws, self.entries, self.sources, self.today)


async def examine(
    plan: Plan | None, client: Client | None, source: HistorySource | None, suppressions: Suppressions
) -> Review:
    """Find out everything.

    Args:
        plan: what is reviewed; without one, the server as it is.
        client: of the server; ``None``: the plan alone. Its failure is noted if there is a plan.
        source: ``None``: no events are looked at.
        suppressions: what is known and meant.

    Raises:
        ApiError: there is no plan, and the server cannot be read.
    """
    incomplete: list[Incomplete] = []
    now: Workspace | None = None
    if client is not None:
        try:
            now = await read_workspace(client)
        except ApiError as error:
            if plan is None:
                raise
            incomplete.append(Incomplete("the server", str(error)))
            # What does not answer is not asked again and again.
            client = None
            source = None if source is not None and source.is_server else source
    outlook = outlook_of(plan, now)
    incomplete += _unseen(outlook)
    drift = await _drift(plan, client, incomplete)
    impact = await _impact(outlook, client, incomplete)
    async with AsyncExitStack() as open_:
        tried, history, query = None, None, None
        if source is not None:
            selection = await _selection(client, incomplete)
            # Without anything to try on them, no events are fetched.
            if subjects_of(outlook, selection.behaviour).subjects or not source.is_server:
                try:
                    opened = source.open(client, names_wanted(outlook, selection))
                    history, query = await open_.enter_async_context(opened)
                    tried = backtest(outlook, history, query, selection)
                except (ApiError, HistoryError) as error:
                    incomplete.append(Incomplete("the history", str(error)))
        # Of some events only, the graph would say that the others did not happen.
        whole = source is not None and not source.is_server
        everything = None if query is None or not whole else query._replace(names=())
        cloud = None if client is None else bool(client.settings.is_cloud)
        looked = []
        for one in (outlook,) if plan is None else (outlook, before_of(outlook)):
            events = None if history is None or everything is None else history.events(everything)
            graph = build_graph(one, events)
            looked.append((graph, suppressions.judge(find_flaws(one, graph, cloud=cloud))))
    return Review(
        outlook,
        changes_of(outlook),
        *looked[0],
        looked[1][1] if plan is not None else None,
        suppressions.sources,
        drift,
        impact,
        tried if tried is not None and tried.tested else None,
        tuple(incomplete),
    )


def before_of(outlook: Outlook) -> Outlook:
    """The same objects at the same addresses, as if nothing were done to them: what is said of it was so before."""
    held = {type_: outlook.now.of(type_) for type_ in outlook.now.types()}
    workspace = Workspace(held, outlook.now.unread)
    prospects = tuple(
        one._replace(id=one.old_id, action="no-op", planned=one.now, body=None, taken_by="")
        for one in outlook.prospects
        if one.now is not None
    )
    return Outlook(workspace, workspace, prospects, is_live=outlook.is_live)


def _unseen(outlook: Outlook) -> Iterator[Incomplete]:
    for type_, why in sorted(outlook.now.unread.items()):
        yield Incomplete(type_, why, is_serious=False)
    for one in outlook.unreadable:
        yield Incomplete(one.address, one.reason)
    for one in outlook.undecided:
        yield Incomplete(one.address, one.reason, is_serious=False)
    if outlook.absent:
        yield Incomplete(counted(len(outlook.absent), "object"), absence(outlook))
    if outlook.plan is not None and outlook.plan.errored:
        yield Incomplete("the plan", "planning ended with an error, so that this is a part of a plan")


async def _drift(
    plan: Plan | None, client: Client | None, incomplete: list[Incomplete]
) -> DriftReport | None:
    """What had changed before the plan, and who changed it where a server tells."""
    if plan is None:
        return None
    found = drift_before(plan)
    incomplete += (Incomplete(one.address, one.reason) for one in found.unreadable)
    if client is None or not (found.changed or found.missing):
        return found
    try:
        places = {one.address: (one.before or {}).get("workspace_id") for one in plan.drift}
        workspaces = {address: place for address, place in places.items() if isinstance(place, str)}
        return found._replace(causes=await find_causes(found, client, workspaces))
    except ApiError as error:
        incomplete.append(Incomplete("the authors of the drift", str(error)))
        return found


async def _impact(outlook: Outlook, client: Client | None, incomplete: list[Incomplete]) -> Impact | None:
    """What the plan takes with it on the server."""
    if outlook.plan is None or client is None or not any(outlook.changed()):
        return None
    try:
        return await find_impact(outlook, client)
    except ApiError as error:
        incomplete.append(Incomplete("the impact", str(error)))
        return None


async def _selection(client: Client | None, incomplete: list[Incomplete]) -> Selection:
    """The automations that the plan changes, evaluated as this server's version does."""
    version = None
    if client is not None:
        try:
            version = await server_version(client)
        except ApiError as error:
            incomplete.append(Incomplete("the server's version", str(error), is_serious=False))
    return Selection(behaviour=Behaviour.of(version))
