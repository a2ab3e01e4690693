"""``prefect-iac impact``: what a plan does on the server beside what it says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.delivery import add_delivery, deliver
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_server, connected
from prefect_iac.commands.plans import outlook_for, plan_of

if TYPE_CHECKING:
    import argparse

    from prefect_iac.impact.effect import Impact
    from prefect_iac.plan.changes import Plan

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  terraform show -json plan.bin | prefect-iac impact -
  prefect-iac impact plan.json --format markdown

exit codes: 0 nothing happens beside what the plan says, 2 something does, 1 something could not be read

Everything is only read. The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY,
profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "impact",
        help="show what a plan takes with it on the server",
        description="Show what a plan does on the server beside what it says: runs and objects that go with what is "
        "destroyed, the next runs before and after, who would fail, and when to apply.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("plan", help="output of `terraform show -json <plan>`, or - for standard input")
    add_delivery(parser)
    add_server(parser)
    parser.set_defaults(run=_run, live=False, offline=False)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.output.impact import impact_report
    from prefect_provider.api import ApiError

    plan = plan_of(arguments, "impact")
    try:
        found = asyncio.run(_find(arguments, plan))
    except ApiError as error:
        raise CommandError(str(error)) from error
    deliver(impact_report(found), arguments)
    if found.unreadable:
        return 1
    return 2 if found.effects or found.schedules or found.absent else 0


async def _find(arguments: argparse.Namespace, plan: Plan | None) -> Impact:
    from prefect_iac.impact.judging import find_impact

    async with connected(arguments, "impact") as client:
        return await find_impact(await outlook_for(plan, client), client)
