"""``prefect-iac drift``: compare a Terraform state with the server."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.delivery import add_delivery, deliver
from prefect_iac.commands.failure import CommandError

if TYPE_CHECKING:
    import argparse

    from prefect_iac.drift.ignoring import Pattern
    from prefect_iac.drift.report import DriftReport
    from prefect_iac.drift.stored_object import StoredObject

__all__ = ["add"]

_STATE_FILE: Final = "terraform.tfstate"
_NOT_TEXT: Final = "expected text in UTF-8, got other bytes"

_EXAMPLES: Final = f"""\
examples:
  terraform state pull | prefect-iac drift            any backend
  terraform show -json | prefect-iac drift            the same, with what Terraform shows of the state
  terraform show -json plan | prefect-iac drift       a saved plan, which tells what is configured
  prefect-iac drift {_STATE_FILE}                 a local state file
  prefect-iac drift --ignore 'prefect_work_queue.*.priority' --ignore 'module.tests'

exit codes: 0 no drift, 2 drift, 1 something could not be read

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
        nargs="?",
        help=f"state file, or - for standard input; without it, standard input if piped, else {_STATE_FILE}",
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
    parser.add_argument("--endpoint", help="the API's URL, instead of PREFECT_API_URL")
    parser.add_argument("--profile", help="profile of profiles.toml to use")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.output.drift import drift_report
    from prefect_provider.api import ApiError

    # Python would print what is logged of each further attempt, and the report says it all at the end.
    logging.getLogger("prefect_provider").addHandler(logging.NullHandler())
    patterns = _patterns(arguments)
    objects = _objects(arguments.state)
    try:
        found = asyncio.run(_find(objects, patterns, arguments))
    except ApiError as error:
        raise CommandError(str(error)) from error
    deliver(drift_report(found), arguments)
    return found.exit_code


def _patterns(arguments: argparse.Namespace) -> list[Pattern]:
    from prefect_iac.drift.ignoring import PatternError, patterns_in, read_pattern

    where = "--ignore"
    try:
        found = [read_pattern(text) for text in arguments.ignore]
        for where in arguments.ignore_file:
            found += patterns_in(_text_of(where, "the patterns"))
    except PatternError as error:
        msg = f"cannot read the patterns of {where}: {error}"
        raise CommandError(msg) from error
    return found


def _objects(name: str | None) -> list[StoredObject]:
    from prefect_iac.drift.state import read_state
    from prefect_iac.drift.stored_object import StateError

    if name is None:
        name = "-" if _is_piped() else _STATE_FILE
    text = _piped() if name == "-" else _text_of(name, "the state")
    try:
        return read_state(text)
    except StateError as error:
        msg = f"cannot read the state from {'standard input' if name == '-' else name}: {error}"
        raise CommandError(msg) from error


def _piped() -> str:
    if sys.stdin is None:
        msg = "cannot read the state from standard input: it is closed"
        raise CommandError(msg)
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        msg = f"cannot read the state from standard input: {_NOT_TEXT}"
        raise CommandError(msg) from error


def _text_of(name: str, what: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"cannot read {what} from {name}: {_NOT_TEXT}"
        raise CommandError(msg) from error
    except OSError as error:
        msg = f"cannot read {what} from {name}: {error.strerror}"
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


async def _find(
    objects: list[StoredObject], patterns: list[Pattern], arguments: argparse.Namespace
) -> DriftReport:
    from prefect_iac.drift.detection import find_drift
    from prefect_provider.api import Client, resolve

    settings = resolve({"endpoint": arguments.endpoint, "profile": arguments.profile}, os.environ)
    for warning in settings.warnings:
        print(f"prefect-iac: {warning}", file=sys.stderr)
    async with Client(settings, user_agent_suffix="drift") as client:
        return await find_drift(objects, client, patterns)
