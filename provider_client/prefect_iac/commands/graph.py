"""``prefect-iac graph``: which events lead to which automations, and what comes of it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError

if TYPE_CHECKING:
    import argparse

    from prefect_iac.plan.changes import Plan
    from prefect_iac.workspace.content import Workspace

__all__ = ["add"]

_FORMATS: Final = ("text", "json", "mermaid", "svg", "dot")

_EXAMPLES: Final = """\
examples:
  terraform show -json plan.bin | prefect-iac graph -     what a plan makes of the server
  prefect-iac graph plan.json --offline                   the plan alone, without a server
  prefect-iac graph --live --format svg > graph.svg       the server as it is

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
    parser.add_argument("--format", choices=_FORMATS, default="text", help="how to show it (text)")
    parser.add_argument("--endpoint", help="the API's URL, instead of PREFECT_API_URL")
    parser.add_argument("--profile", help="profile of profiles.toml to use")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.graph.building import build_graph
    from prefect_iac.graph.loops import loops
    from prefect_iac.output.graph import GRAPH_FORMATS
    from prefect_iac.workspace.outlook import outlook_of

    if bool(arguments.plan) == arguments.live:
        msg = "expected either a plan or --live; `prefect-iac graph --help` has examples"
        raise CommandError(msg)
    if arguments.live and arguments.offline:
        msg = "expected one of --live and --offline, got both"
        raise CommandError(msg)
    plan = _plan(arguments.plan) if arguments.plan else None
    now = None if arguments.offline else _workspace(arguments)
    outlook = outlook_of(plan, now)
    graph = build_graph(outlook)
    print(GRAPH_FORMATS[arguments.format](graph))
    for one in outlook.unreadable:
        print(f"prefect-iac: {one.address}: {one.reason}", file=sys.stderr)
    if outlook.unreadable:
        return 1
    return 2 if loops(graph) or graph.dead_ends else 0


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


def _workspace(arguments: argparse.Namespace) -> Workspace:
    from prefect_provider.api import ApiError

    # Python would print what is logged of each further attempt, and the error says it all at the end.
    logging.getLogger("prefect_provider").addHandler(logging.NullHandler())
    try:
        return asyncio.run(_read(arguments))
    except* ApiError as errors:
        error: BaseException = errors
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        msg = str(error)
        raise CommandError(msg) from None


async def _read(arguments: argparse.Namespace) -> Workspace:
    from prefect_iac.workspace.reading import read_workspace
    from prefect_provider.api import Client, resolve

    settings = resolve({"endpoint": arguments.endpoint, "profile": arguments.profile}, os.environ)
    for warning in settings.warnings:
        print(f"prefect-iac: {warning}", file=sys.stderr)
    async with Client(settings, user_agent_suffix="graph") as client:
        return await read_workspace(client)
