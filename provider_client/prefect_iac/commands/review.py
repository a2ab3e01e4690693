"""``prefect-iac review``: all that there is to say of a plan, in one report."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.delivery import add_delivery, deliver
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_events, add_server, asked_of, connected, opened_history
from prefect_iac.commands.plans import add_plan, digested_plan_of
from prefect_iac.commands.sources import add_sources, entries_of, sources_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator

    from prefect_iac.history.history import History
    from prefect_iac.history.query import Query
    from prefect_iac.plan.changes import Plan
    from prefect_iac.review.examination import Suppressions
    from prefect_iac.review.review import Review
    from prefect_provider.api import Client

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  terraform show -json plan.bin | prefect-iac review -     what a reviewer should know of a plan
  prefect-iac review plan.json --html review.html          and as a page that needs nothing else
  prefect-iac review plan.json --comment github            and as the comment of the pull request
  prefect-iac review plan.json --offline                   the plan alone, without a server
  prefect-iac review --live                                the server as it is

exit codes: 0 nothing to say against it, 2 errors or warnings, 1 it could not be done

The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY, profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "review",
        help="say in one report what a plan does to the server, and what is wrong with it",
        description="Say in one report what becomes of each object, what is lost with it, what is wrong with its "
        "automations, and what somebody else changed before.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_plan(parser)
    add_sources(parser)
    add_delivery(parser)
    add_server(parser)
    add_events(parser)
    parser.add_argument(
        "--no-history", action="store_true", help="look at no events: faster, and without what happened"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.output.review import is_worth_saying, review_page, review_report
    from prefect_iac.review.examination import Suppressions
    from prefect_provider.api import ApiError

    plan, digest = digested_plan_of(arguments, "review")
    if arguments.no_history and (arguments.events or arguments.save_events):
        msg = "expected one of --no-history and --events or --save-events, got both"
        raise CommandError(msg)
    sources = None if plan is None else sources_of(arguments)
    suppressions = Suppressions(datetime.now(UTC).astimezone().date(), entries_of(arguments), sources)
    asked_of(arguments)  # what is wrong with the options is said before anything is asked
    try:
        review, pages = asyncio.run(_examined(arguments, plan, suppressions))
    except ApiError as error:
        raise CommandError(str(error)) from error
    report = review_report(review, digest, pages)
    deliver(
        report,
        arguments,
        page=lambda: review_page(review, report, _title()),
        worth_saying=is_worth_saying(review, report),
        plan=digest,
    )
    counted = [finding.level for finding in report.findings if finding.suppressed is None]
    return 2 if "error" in counted or "warning" in counted else 0


def _title() -> str:
    """The root module, as its repository has it, and the workspace."""
    from prefect_iac.hosts.posting import root_of, workspace_of

    parts = (root_of(Path.cwd(), os.environ), workspace_of(Path.cwd(), os.environ))
    return "/".join(part for part in parts if part not in ("", ".", "default"))


async def _examined(
    arguments: argparse.Namespace, plan: Plan | None, suppressions: Suppressions
) -> tuple[Review, str]:
    """What was found, and where the server has its pages."""
    from prefect_iac.history.history import HistoryError
    from prefect_iac.output.event_pages import pages_of
    from prefect_iac.review.examination import HistorySource, examine

    @asynccontextmanager
    async def opened(client: Client | None, names: tuple[str, ...]) -> AsyncGenerator[tuple[History, Query]]:
        query = asked_of(arguments, names)
        try:
            async with opened_history(arguments, query, client) as history:
                yield history, query
        except CommandError as error:
            # Without its events the rest can be said all the same.
            raise HistoryError(str(error)) from error

    wanted = not arguments.no_history and (not arguments.offline or arguments.events)
    history = HistorySource(opened, is_server=not arguments.events) if wanted else None
    if arguments.offline:
        return await examine(plan, None, history, suppressions), ""
    async with connected(arguments, "review") as client:
        return await examine(plan, client, history, suppressions), pages_of(client.settings)
