"""``prefect-iac test``: unit tests of triggers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.inputs import text_of
from prefect_iac.output import FORMATS
from prefect_iac.output.text import printable

if TYPE_CHECKING:
    import argparse

    from prefect_iac.output.trigger_tests import FinishedTest

__all__ = ["add"]

_PATTERN: Final = "*.triggers.yaml"

_EXAMPLES: Final = f"""\
examples:
  prefect-iac test                          all files {_PATTERN} in and below this directory
  prefect-iac test tests/orders.triggers.yaml
  prefect-iac test tests --format json

exit codes: 0 all tests pass, 2 some fail, 1 a file could not be read

No server is needed: triggers are evaluated as Prefect's server evaluates them, on the events of the test.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "test",
        help="run unit tests of triggers",
        description="Check when automations fire, given some events.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="*",
        default=["."],
        metavar="FILE",
        help=f"file of tests, or directory, which stands for all {_PATTERN} in and below it; without it, this one",
    )
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="how to report (text)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.backtest.trigger_tests import TriggerTestError
    from prefect_iac.output.trigger_tests import tests_report

    runs: list[FinishedTest] = []
    unreadable = False
    for file in _files(arguments.files):
        try:
            runs += _runs(file)
        except TriggerTestError as error:
            unreadable = True
            for line in str(error).splitlines():
                print(f"prefect-iac: {printable(f'{file.as_posix()}: {line}')}", file=sys.stderr)
    print(FORMATS[arguments.format](tests_report(runs)))
    if unreadable:
        return 1
    return 0 if all(run.outcome.passed for run in runs) else 2


def _files(named: list[str]) -> list[Path]:
    found: dict[Path, None] = {}
    for name in named:
        path = Path(name)
        files = sorted(path.rglob(_PATTERN)) if path.is_dir() else [path]
        if not files:
            msg = f"there are no tests in {name}: expected files {_PATTERN}"
            raise CommandError(msg)
        found |= dict.fromkeys(files)
    return list(found)


def _runs(file: Path) -> list[FinishedTest]:
    from prefect_iac.backtest.trigger_tests import read_tests
    from prefect_iac.output.trigger_tests import FinishedTest

    def read(name: str) -> str:
        return (file.parent / name).read_text(encoding="utf-8")

    tests = read_tests(text_of(file, str(file)), read)
    return [FinishedTest(file.as_posix(), test, test.run()) for test in tests]
