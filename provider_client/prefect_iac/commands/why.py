"""``prefect-iac why``: why an event made an automation fire, or did not."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_events, add_server, asked_of, connected, opened_history
from prefect_iac.commands.plans import outlook_for, plan_of
from prefect_iac.output import FORMATS, write

if TYPE_CHECKING:
    import argparse

    from prefect_iac.backtest.why import Answer
    from prefect_iac.history.event import Event
    from prefect_iac.plan.changes import Plan
    from prefect_provider.api import Client

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  prefect-iac why stale-orders 0c0fe9d4-4d3b-4d4d-8c69-2e6f1d1a9e51
  prefect-iac why stale-orders 0c0fe9d4-4d3b-4d4d-8c69-2e6f1d1a9e51 --plan plan.json   as the plan will have it
  prefect-iac why stale-orders 0c0fe9d4-4d3b-4d4d-8c69-2e6f1d1a9e51 --plan plan.json --offline --events week.ndjson.gz

exit codes: 0 the event made it fire, 2 it did not, 1 it could not be found out

The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY, profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "why",
        help="explain why an event made an automation fire, or did not",
        description="Explain what an event did to an automation: condition by condition, and what became of its "
        "window.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("automation", metavar="AUTOMATION", help="its name, id, or address in the plan")
    parser.add_argument("event", metavar="EVENT-ID", help="id of the event")
    parser.add_argument(
        "--plan", metavar="PLAN", help="as it is in this output of `terraform show -json <plan>`, or -"
    )
    parser.add_argument(
        "--offline", action="store_true", help="the plan and files of events alone: ask no server"
    )
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="how to report (text)")
    add_server(parser)
    add_events(parser)
    # As far back as the windows reach.
    parser.set_defaults(run=_run, since=None)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.backtest.subjects import BacktestError
    from prefect_iac.output.why import why_report
    from prefect_provider.api import ApiError

    arguments.live = arguments.plan is None
    plan = plan_of(arguments, "why")
    try:
        found, pages = asyncio.run(_looked(arguments, plan))
    except (ApiError, BacktestError) as error:
        raise CommandError(str(error)) from error
    write(why_report(found, pages), arguments.format, sys.stdout)
    return 0 if found.fired else 2


async def _looked(arguments: argparse.Namespace, plan: Plan | None) -> tuple[Answer, str]:
    from prefect_iac.output.event_pages import pages_of

    if arguments.offline:
        return await _answered(arguments, plan, None), ""
    async with connected(arguments, "why") as client:
        return await _answered(arguments, plan, client), pages_of(client.settings)


async def _answered(arguments: argparse.Namespace, plan: Plan | None, client: Client | None) -> Answer:
    from prefect_iac.backtest.why import answer, asked_about, query_around
    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.objects.server_version import server_version

    outlook = await outlook_for(plan, client)
    version = None if client is None else await server_version(client)
    asked = asked_about(outlook, arguments.automation, Behaviour.of(version))
    times = asked_of(arguments)
    event = await _event(arguments, client)
    query = query_around(asked, event, times.since, times.until)
    async with opened_history(arguments, query, client) as history:
        return answer(asked, event, history, query)


async def _event(arguments: argparse.Namespace, client: Client | None) -> Event:
    """The event of the id, from the files or from the server."""
    from prefect_iac.history.history import HistoryError
    from prefect_iac.history.query import Query
    from prefect_iac.history.server import all_pages
    from prefect_iac.history.sources import open_events
    from prefect_provider.text.identifier import is_uuid
    from prefect_provider.text.problem import say
    from prefect_provider.text.spelling import show

    found: Event | None = None
    if arguments.events:
        try:
            events = open_events(arguments.events).events(Query())
            found = next((one for one in events if one.get("id") == arguments.event), None)
        except HistoryError as error:
            raise CommandError(str(error)) from error
        where = "in the files"
    elif client is None:
        msg = "there is no server to read events from; name files with --events"
        raise CommandError(msg)
    else:
        if not is_uuid(arguments.event):
            raise CommandError(say("the event's id is none", expected="a UUID", got=show(arguments.event)))
        wanted = {**Query().filter(), "id": {"id": [arguments.event]}}
        async for page in all_pages(client, wanted):
            found = next(iter(page), None)
            if found is not None:
                break
        where = "on the server, which deletes old ones"
    if found is None:
        raise CommandError(say(f"there is no event {arguments.event} {where}"))
    return found
