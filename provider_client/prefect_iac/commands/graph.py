"""``prefect-iac graph``: which events lead to which automations, and what comes of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_events, add_server, asked_of, connected, opened_history
from prefect_iac.commands.plans import add_plan, outlook_for, plan_of, told_of
from prefect_iac.output import FORMATS

if TYPE_CHECKING:
    import argparse

    from prefect_iac.graph.model import Graph
    from prefect_iac.plan.changes import Plan
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.api import Client

__all__ = ["add"]

_PICTURES: Final = ("mermaid", "svg", "dot")

_EXAMPLES: Final = """\
examples:
  terraform show -json plan.bin | prefect-iac graph -     what a plan makes of the server
  prefect-iac graph plan.json --offline                   the plan alone, without a server
  prefect-iac graph --live --format svg > graph.svg       the server as it is
  prefect-iac graph --live --observed 7d                  and how often it happened in the last week

exit codes: 0 nothing to say, 2 loops or dead ends, 1 something could not be read

The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY, profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "graph",
        help="show which events lead to which automations, and what comes of it",
        description="Show events, the automations that they trigger, the deployments that these run, and the events "
        "that come of that: as it will be after a plan, or as it is.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_plan(parser)
    parser.add_argument(
        "--format", choices=(*FORMATS, *_PICTURES), default="text", help="how to show it (text)"
    )
    add_server(parser)
    add_events(parser)
    parser.add_argument(
        "--observed", dest="since", metavar="WHEN", help="count also what happened since then: 7d; as --since"
    )
    # Without any of these nothing is counted.
    parser.set_defaults(run=_run, since=None)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.graph.loops import loops
    from prefect_iac.output.graph import GRAPH_FORMATS
    from prefect_iac.output.graph.report import graph_report
    from prefect_provider.api import ApiError

    plan = plan_of(arguments, "graph")
    try:
        outlook, graph = asyncio.run(_looked(arguments, plan))
    except ApiError as error:
        raise CommandError(str(error)) from error
    if arguments.format in GRAPH_FORMATS:
        print(GRAPH_FORMATS[arguments.format](graph))
    else:
        print(FORMATS[arguments.format](graph_report(graph)))
    if told_of(outlook):
        return 1
    return 2 if loops(graph) or graph.dead_ends else 0


async def _looked(arguments: argparse.Namespace, plan: Plan | None) -> tuple[Outlook, Graph]:
    """The outlook and its graph, with what the options ask for."""
    if arguments.offline:
        return await _built(arguments, plan, None)
    async with connected(arguments, "graph") as client:
        return await _built(arguments, plan, client)


async def _built(
    arguments: argparse.Namespace, plan: Plan | None, client: Client | None
) -> tuple[Outlook, Graph]:
    from prefect_iac.graph.building import build_graph

    outlook = await outlook_for(plan, client)
    if not any((arguments.since, arguments.until, arguments.events, arguments.save_events)):
        return outlook, build_graph(outlook)
    query = asked_of(arguments)
    async with opened_history(arguments, query, client) as history:
        return outlook, build_graph(outlook, history.events(query))
