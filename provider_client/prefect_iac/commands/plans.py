"""What commands that look at a plan, or at a server as it is, have in common: the options, and how both are read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.inputs import source_of, text_of

if TYPE_CHECKING:
    import argparse

    from prefect_iac.plan.changes import Plan
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.api import Client

__all__ = ["add_plan", "digested_plan_of", "outlook_for", "plan_of", "told_of"]


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is looked at."""
    parser.add_argument(
        "plan", nargs="?", help="output of `terraform show -json <plan>`, or - for standard input"
    )
    parser.add_argument("--live", action="store_true", help="the server as it is, without a plan")
    parser.add_argument("--offline", action="store_true", help="the plan alone: ask no server")


def plan_of(arguments: argparse.Namespace, command: str) -> Plan | None:
    """The plan that the options name; ``None`` with ``--live``. Raises :class:`CommandError`."""
    return digested_plan_of(arguments, command)[0]


def digested_plan_of(arguments: argparse.Namespace, command: str) -> tuple[Plan | None, str]:
    """The same, and the SHA-256 of its text; empty with ``--live``."""
    if bool(arguments.plan) == arguments.live:
        msg = f"expected either a plan or --live; `prefect-iac {command} --help` has examples"
        raise CommandError(msg)
    if arguments.live and arguments.offline:
        msg = "expected one of --live and --offline, got both"
        raise CommandError(msg)
    return _read(arguments.plan) if arguments.plan else (None, "")


async def outlook_for(plan: Plan | None, client: Client | None) -> Outlook:
    """A plan joined with the objects of a server; either may be missing. Raises ApiError."""
    from prefect_iac.workspace.outlook import outlook_of
    from prefect_iac.workspace.reading import read_workspace

    return outlook_of(plan, None if client is None else await read_workspace(client))


def told_of(outlook: Outlook) -> bool:
    """Say on standard error what could not be read; whether that is an object of the plan, so that it is incomplete."""
    from prefect_iac.workspace.outlook import absence

    for type_, why in sorted(outlook.now.unread.items()):
        print(f"prefect-iac: {type_} is left out: {' '.join(why.split())}", file=sys.stderr)
    for one in (*outlook.unreadable, *outlook.undecided):
        print(f"prefect-iac: {one.address}: {one.reason}", file=sys.stderr)
    if outlook.absent:
        print(f"prefect-iac: {absence(outlook)}", file=sys.stderr)
    if outlook.plan is not None and outlook.plan.errored:
        print("prefect-iac: planning ended with an error, so that this is a part of a plan", file=sys.stderr)
    return bool(outlook.unreadable)


def _read(name: str) -> tuple[Plan, str]:
    from hashlib import sha256

    from prefect_iac.plan.parts import PlanError
    from prefect_iac.plan.reading import read_plan

    subject = f"the plan from {source_of(name)}"
    text = text_of(name, subject, "; is it the output of `terraform show -json`?")
    try:
        return read_plan(text), sha256(text.encode(errors="surrogatepass")).hexdigest()
    except PlanError as error:
        msg = f"cannot read {subject}: {error}"
        raise CommandError(msg) from error
