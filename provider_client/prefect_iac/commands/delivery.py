"""Where a report goes: standard output in a format, a comment on the pull request, a page."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.output import FORMATS, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from prefect_iac.output.html import PageData
    from prefect_iac.output.report import Report

__all__ = ["add_delivery", "deliver"]

_HOSTS: Final = ("github", "gitlab", "bitbucket")


def add_delivery(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where a report goes."""
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="how to report (text)")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page that needs nothing else")
    parser.add_argument(
        "--comment",
        choices=_HOSTS,
        help="also keep one comment on the pull request that the job works on; see docs/ci.md",
    )
    parser.add_argument(
        "--pull-request", type=int, metavar="N", help="comment there, where the job names none"
    )
    parser.add_argument(
        "--label", default="", metavar="TEXT", help="tells comments of the same root and workspace apart"
    )
    parser.add_argument(
        "--check-run", action="store_true", help="with --comment github: annotations beside the lines, too"
    )


def deliver(
    report: Report,
    arguments: argparse.Namespace,
    *,
    page: Callable[[], PageData] | None = None,
    worth_saying: bool | None = None,
    plan: str = "",
) -> None:
    """Write a report to standard output, and wherever else the options say.

    Args:
        report: what was found.
        arguments: with the options of :func:`add_delivery`.
        page: makes what a page shows beside the report; called only where a page is asked for.
        worth_saying: whether it begins a comment where there is none; by default, if something was found.
        plan: checksum of the plan that the report is about.

    Raises:
        CommandError: it cannot be said there.
    """
    write(report, arguments.format, sys.stdout)
    if arguments.html is not None:
        _write_page(report, page, arguments.html)
    if arguments.comment is None:
        if arguments.check_run or arguments.label or arguments.pull_request is not None:
            msg = f"--check-run, --label and --pull-request go with --comment {'|'.join(_HOSTS)}"
            raise CommandError(msg)
        return
    from prefect_iac.hosts.errors import HostError
    from prefect_iac.hosts.posting import post, root_of, workspace_of

    sys.stdout.flush()
    try:
        outcome = post(
            report,
            arguments.comment,
            os.environ,
            label=arguments.label,
            root=root_of(Path.cwd(), os.environ),
            workspace=workspace_of(Path.cwd(), os.environ),
            plan=plan,
            number=arguments.pull_request,
            worth_saying=worth_saying,
            check=arguments.check_run,
        )
    except HostError as error:
        raise CommandError(str(error)) from error
    print(f"prefect-iac: comment {outcome.deed}: {outcome.reason}", file=sys.stderr)


def _write_page(report: Report, page: Callable[[], PageData] | None, path: Path) -> None:
    from prefect_iac.output.html import PageData, render

    text = render(report, PageData() if page is None else page())
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"cannot write the page to {path}: {error.strerror}"
        raise CommandError(msg) from error
