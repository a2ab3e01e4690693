"""``prefect-iac graph``: which events lead to which automations, and what comes of it."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_events, add_server, asked_of, connected, opened_history
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
    parser.add_argument(
        "plan", nargs="?", help="output of `terraform show -json <plan>`, or - for standard input"
    )
    parser.add_argument("--live", action="store_true", help="the server as it is, without a plan")
    parser.add_argument("--offline", action="store_true", help="the plan alone: ask no server")
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

    if bool(arguments.plan) == arguments.live:
        msg = "expected either a plan or --live; `prefect-iac graph --help` has examples"
        raise CommandError(msg)
    if arguments.live and arguments.offline:
        msg = "expected one of --live and --offline, got both"
        raise CommandError(msg)
    plan = _plan(arguments.plan) if arguments.plan else None
    # Python would print what is logged of each further attempt, and the error says it all at the end.
    logging.getLogger("prefect_provider").addHandler(logging.NullHandler())
    try:
        outlook, graph = asyncio.run(_looked(arguments, plan))
    except ApiError as error:
        raise CommandError(str(error)) from error
    if arguments.format in GRAPH_FORMATS:
        print(GRAPH_FORMATS[arguments.format](graph))
    else:
        print(FORMATS[arguments.format](graph_report(graph)))
    for one in outlook.unreadable:
        print(f"prefect-iac: {one.address}: {one.reason}", file=sys.stderr)
    if outlook.unreadable:
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
    from prefect_iac.workspace.outlook import outlook_of
    from prefect_iac.workspace.reading import read_workspace

    outlook = outlook_of(plan, None if client is None else await read_workspace(client))
    if not any((arguments.since, arguments.until, arguments.events, arguments.save_events)):
        return outlook, build_graph(outlook)
    query = asked_of(arguments)
    async with opened_history(arguments, query, client) as history:
        return outlook, build_graph(outlook, history.events(query))


def _plan(name: str) -> Plan:
    from prefect_iac.plan.parts import PlanError
    from prefect_iac.plan.reading import read_plan

    source = "standard input" if name == "-" else name
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"cannot read the plan from {source}: expected text in UTF-8, got other bytes; is it the output of "
        msg += "`terraform show -json`?"
        raise CommandError(msg) from error
    except OSError as error:
        msg = f"cannot read the plan from {source}: {error.strerror}"
        raise CommandError(msg) from error
    try:
        return read_plan(text)
    except PlanError as error:
        msg = f"cannot read the plan from {source}: {error}"
        raise CommandError(msg) from error
