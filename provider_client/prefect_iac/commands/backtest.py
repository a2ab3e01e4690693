"""``prefect-iac backtest``: what automations would have done on the events that happened."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.delivery import add_delivery, deliver
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import (
    add_engine,
    add_events,
    add_server,
    asked_of,
    cluster_of,
    connected,
    opened_history,
)
from prefect_iac.commands.plans import add_plan, outlook_for, plan_of, told_of

if TYPE_CHECKING:
    import argparse

    from prefect_iac.backtest.backtest import Backtest
    from prefect_iac.plan.changes import Plan
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.api import Client

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  terraform show -json plan.bin | prefect-iac backtest -    what a plan changes, over the last 7 days
  prefect-iac backtest plan.json --since 36h --automation restart-crashed
  prefect-iac backtest plan.json --check --max-per-day 20   is any automation too loud?
  prefect-iac backtest --live --save-events week.ndjson.gz  the server as it is; keep the events
  prefect-iac backtest plan.json --offline --events week.ndjson.gz

exit codes: 0 nothing fires otherwise than now (with --check: nothing too often), 2 something does, 1 it failed

The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY, profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "backtest",
        help="show what automations would have done on the events that happened",
        description="Evaluate automations, as they are and as a plan makes them, over the events that a server keeps.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_plan(parser)
    parser.add_argument(
        "--automation",
        action="append",
        default=[],
        metavar="NAME",
        help="only this one, by name, id or address; may be repeated",
    )
    parser.add_argument("--all", action="store_true", help="also those that the plan leaves alone")
    parser.add_argument(
        "--check",
        action="store_true",
        help="let the exit code tell whether any fires more than --max-per-day",
    )
    parser.add_argument(
        "--max-per-day", type=int, metavar="N", help="with --check: how often each may fire on a day (UTC)"
    )
    add_delivery(parser)
    add_server(parser)
    add_events(parser)
    add_engine(parser)
    # Files are read as far back as they go.
    parser.set_defaults(run=_run, since=None)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.backtest.subjects import BacktestError
    from prefect_iac.output.backtest import Shown, backtest_page, backtest_report
    from prefect_provider.api import ApiError

    if arguments.check != (arguments.max_per_day is not None):
        msg = "--check and --max-per-day N go together"
        raise CommandError(msg)
    plan = plan_of(arguments, "backtest")
    try:
        outlook, found, pages = asyncio.run(_looked(arguments, plan))
    except (ApiError, BacktestError) as error:
        raise CommandError(str(error)) from error
    shown = Shown(pages, arguments.max_per_day)
    deliver(backtest_report(found, shown), arguments, page=lambda: backtest_page(found))
    if told_of(outlook):
        return 1
    if arguments.check:
        return 2 if any(found.too_many(arguments.max_per_day)) else 0
    return 2 if found.differs else 0


async def _looked(arguments: argparse.Namespace, plan: Plan | None) -> tuple[Outlook, Backtest, str]:
    """The outlook, what was found, and where the server has its pages."""
    from prefect_iac.output.event_pages import pages_of

    if arguments.offline:
        return *(await _tested(arguments, plan, None)), ""
    async with connected(arguments, "backtest") as client:
        return *(await _tested(arguments, plan, client)), pages_of(client.settings)


async def _tested(
    arguments: argparse.Namespace, plan: Plan | None, client: Client | None
) -> tuple[Outlook, Backtest]:
    from prefect_iac.backtest.backtest import Selection, backtest, names_wanted
    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.objects.server_version import server_version

    cluster = cluster_of(arguments)
    outlook = await outlook_for(plan, client)
    version = None if client is None else await server_version(client)
    selection = Selection(tuple(arguments.automation), arguments.all, Behaviour.of(version))
    if arguments.since is None and not arguments.events:
        arguments.since = "7d"
    query = asked_of(arguments, names_wanted(outlook, selection))
    async with opened_history(arguments, query, client) as history:
        found = backtest(outlook, history, query, selection, cluster=cluster, distributed=cluster is not None)
        return outlook, found
