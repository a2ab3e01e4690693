"""``prefect-iac drift``: compare a Terraform state with the server."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.delivery import add_delivery, deliver
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.inputs import STANDARD_INPUT, source_of, text_of
from prefect_iac.commands.options import add_server, connected

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from prefect_iac.drift.ignoring import Pattern
    from prefect_iac.drift.report import DriftReport
    from prefect_iac.plan.stored_object import StoredObject

__all__ = ["add", "objects_of_file"]

_STATE_FILE: Final = "terraform.tfstate"

_EXAMPLES: Final = f"""\
examples:
  terraform state pull | prefect-iac drift            any backend
  terraform show -json | prefect-iac drift            the same, with what Terraform shows of the state
  terraform show -json plan | prefect-iac drift       a saved plan, which tells what is configured
  prefect-iac drift {_STATE_FILE}                 a local state file
  prefect-iac drift a.tfstate b.tfstate --unmanaged   and what is on the server and in neither
  prefect-iac drift --who                             who changed what, as far as the server's events tell
  prefect-iac drift --ignore 'prefect_work_queue.*.priority' --ignore 'module.tests'

exit codes: 0 no drift, 2 drift (or something in no state, if that is asked), 1 something could not be read

The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY, profiles.toml.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "drift",
        help="compare a Terraform state with the server",
        description="Compare the Prefect objects of a Terraform state with what is on the server.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "state",
        nargs="*",
        help=f"state files, or - for standard input; without, standard input if piped, else {_STATE_FILE}",
    )
    add_delivery(parser)
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out an address, or an attribute of it: `*` stands for any part of one step, `**` for any steps; "
        "may be repeated",
    )
    parser.add_argument(
        "--ignore-file",
        action="append",
        default=[],
        metavar="FILE",
        help="file of such patterns, one a line, with # before comments",
    )
    parser.add_argument("--who", action="store_true", help="tell who changed what, and when")
    parser.add_argument(
        "--unmanaged", action="store_true", help="report also what is on the server and in none of the states"
    )
    add_server(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.output.drift import drift_report
    from prefect_provider.api import ApiError

    patterns = _patterns(arguments)
    names: list[str] = arguments.state or [STANDARD_INPUT if _is_piped() else _STATE_FILE]
    states = {name: objects_of_file(name) for name in names}
    try:
        found = asyncio.run(_find(states, patterns, arguments))
    except ApiError as error:
        raise CommandError(str(error)) from error
    deliver(drift_report(*found), arguments)
    codes = {one.exit_code for one in found}
    return next((code for code in (1, 2) if code in codes), 0)


def _patterns(arguments: argparse.Namespace) -> list[Pattern]:
    from prefect_iac.drift.ignoring import PatternError, patterns_in, read_pattern

    where = "--ignore"
    try:
        found = [read_pattern(text) for text in arguments.ignore]
        for where in arguments.ignore_file:
            found += patterns_in(text_of(Path(where), f"the patterns from {where}"))
    except PatternError as error:
        msg = f"cannot read the patterns of {where}: {error}"
        raise CommandError(msg) from error
    return found


def objects_of_file(name: str) -> list[StoredObject]:
    """The objects of a state file, or of standard input where the name is ``-``; raises :class:`CommandError`."""
    from prefect_iac.drift.state import read_state
    from prefect_iac.plan.stored_object import StateError

    subject = f"the state from {source_of(name)}"
    text = text_of(name, subject)
    try:
        return read_state(text)
    except StateError as error:
        msg = f"cannot read {subject}: {error}"
        raise CommandError(msg) from error


def _is_piped() -> bool:
    """Whether standard input is a pipe or a file; a job without one is given a device, such as /dev/null."""
    if sys.stdin is None or sys.stdin.isatty():
        return False
    try:
        return not stat.S_ISCHR(os.fstat(sys.stdin.fileno()).st_mode)
    except OSError:
        # Something that only looks like a file, such as a test's.
        return True


def _workspaces(objects: list[StoredObject]) -> dict[str, str]:
    """The workspaces that objects name, by address."""
    places = {one.address: one.attributes.get("workspace_id") for one in objects}
    return {address: place for address, place in places.items() if isinstance(place, str)}


async def _find(
    states: Mapping[str, list[StoredObject]], patterns: list[Pattern], arguments: argparse.Namespace
) -> list[DriftReport]:
    from prefect_iac.drift.authors import find_causes
    from prefect_iac.drift.detection import find_drift
    from prefect_iac.drift.unmanaged import find_unmanaged
    from prefect_provider.api import Forbidden

    reports: list[DriftReport] = []
    async with connected(arguments, "drift") as client:
        for name, objects in states.items():
            found = await find_drift(objects, client, patterns)
            if len(states) > 1:
                found = found._replace(state="standard input" if name == "-" else name)
            if arguments.who:
                try:
                    found = found._replace(causes=await find_causes(found, client, _workspaces(objects)))
                except Forbidden as error:
                    # What has changed is known all the same.
                    print(f"prefect-iac: who changed what cannot be told: {error}", file=sys.stderr)
            reports.append(found)
        if arguments.unmanaged:
            objects = [one for objects in states.values() for one in objects]
            unmanaged, left_out, unread = await find_unmanaged(objects, client, patterns)
            last = reports[-1]
            reports[-1] = last._replace(
                unmanaged=tuple(unmanaged),
                ignored=(*last.ignored, *left_out),
                unreadable=(*last.unreadable, *unread),
            )
    return reports
