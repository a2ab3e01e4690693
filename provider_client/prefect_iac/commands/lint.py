"""``prefect-iac lint``: what is wrong, or likely to be, with automations."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.delivery import add_delivery, deliver
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_events, add_server, asked_of, connected, opened_history
from prefect_iac.commands.plans import add_plan, outlook_for, plan_of, told_of
from prefect_iac.commands.sources import add_sources, entries_of, sources_of

if TYPE_CHECKING:
    import argparse

    from prefect_iac.lint.flaw import Flaw
    from prefect_iac.output.report import Report
    from prefect_iac.plan.changes import Plan
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.api import Client

__all__ = ["add"]

_FAILING: Final = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "note": ("error", "warning", "note"),
}

_EXAMPLES: Final = """\
examples:
  terraform show -json plan.bin | prefect-iac lint -     what a plan makes of the server
  prefect-iac lint plan.json --offline                   the plan alone, without a server
  prefect-iac lint --live                                the server as it is
  prefect-iac lint --live --observed 7d                  and which events did not occur in the last week
  prefect-iac lint plan.json --sources infra --format sarif > lint.sarif

exit codes: 0 nothing as bad as --fail-on, 2 something is, 1 something could not be read

docs/rules explains each rule. The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY,
profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "lint",
        help="find automations that never fire, never stop, or cannot do what they are to do",
        description="Find what is wrong with automations and with what they act on: as it will be after a plan, or as "
        "it is.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_plan(parser)
    add_delivery(parser)
    parser.add_argument(
        "--fail-on",
        choices=tuple(_FAILING),
        default="warning",
        help="the least that ends with exit code 2 (warning)",
    )
    add_sources(parser)
    add_server(parser)
    add_events(parser)
    parser.add_argument(
        "--observed",
        dest="since",
        metavar="WHEN",
        help="look also at what happened since then: 7d; as --since",
    )
    # Without any of these no events are looked at.
    parser.set_defaults(run=_run, since=None)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.lint.flaw import subjects_of
    from prefect_iac.lint.suppression import judge
    from prefect_iac.output.lint import lint_report
    from prefect_provider.api import ApiError

    plan = plan_of(arguments, "lint")
    entries = entries_of(arguments)
    sources = None if plan is None else sources_of(arguments)
    try:
        outlook, flaws = asyncio.run(_found(arguments, plan))
    except ApiError as error:
        raise CommandError(str(error)) from error
    judged = judge(flaws, entries, sources, datetime.now(UTC).astimezone().date())
    looked = [subject.text() for subject in subjects_of(outlook, "prefect_automation").values()]
    report = lint_report(judged, looked, sources)
    deliver(report, arguments)
    if told_of(outlook):
        return 1
    return 2 if _fails(report, arguments.fail_on) else 0


def _fails(report: Report, least: str) -> bool:
    return any(one.suppressed is None and one.level in _FAILING[least] for one in report.findings)


async def _found(arguments: argparse.Namespace, plan: Plan | None) -> tuple[Outlook, list[Flaw]]:
    if arguments.offline:
        return await _linted(arguments, plan, None)
    async with connected(arguments, "lint") as client:
        return await _linted(arguments, plan, client)


async def _linted(
    arguments: argparse.Namespace, plan: Plan | None, client: Client | None
) -> tuple[Outlook, list[Flaw]]:
    from prefect_iac.graph.building import build_graph
    from prefect_iac.lint.linting import find_flaws

    outlook = await outlook_for(plan, client)
    cloud = None if client is None else bool(client.settings.is_cloud)
    if not any((arguments.since, arguments.until, arguments.events, arguments.save_events)):
        return outlook, find_flaws(outlook, build_graph(outlook), cloud=cloud)
    query = asked_of(arguments)
    async with opened_history(arguments, query, client) as history:
        graph = build_graph(outlook, history.events(query))
    return outlook, find_flaws(outlook, graph, cloud=cloud)
