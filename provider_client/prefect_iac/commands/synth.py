"""``prefect-iac synth``: write the stacks of a Python program as Terraform's JSON, without Node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_iac.commands.failure import CommandError
from prefect_iac.synthesis import OUTPUT, RUNTIMES, SynthesisError, synthesize

if TYPE_CHECKING:
    import argparse

    from prefect_iac.synthesis import Stack

__all__ = ["add", "add_program", "stacks_of"]

_EXAMPLES = f"""\
examples:
  prefect-iac synth main.py
  terraform -chdir={OUTPUT}/stacks/prefect init
  terraform -chdir={OUTPUT}/stacks/prefect apply

A program imports App, TerraformStack and so on from prefect_constructs.native. One that imports them from cdktn or
cdktf runs as it is: without --runtime, what it imports is the runtime without Node.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "synth",
        help="write the stacks of a Python program as Terraform's JSON, without Node",
        description="Run a Python program and write its stacks as Terraform's JSON, without Node.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_program(parser)
    parser.set_defaults(run=_run)


def add_program(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which program is run, and how."""
    parser.add_argument("program", help="the Python program, such as main.py")
    parser.add_argument(
        "--output", default=OUTPUT, metavar="DIRECTORY", help=f"where to write the stacks ({OUTPUT})"
    )
    parser.add_argument("--runtime", choices=RUNTIMES, default="native", help="what writes them (native)")


def stacks_of(arguments: argparse.Namespace) -> list[Stack]:
    """Run the program.

    :raises CommandError: it wrote no stacks.
    """
    try:
        return synthesize(arguments.program, arguments.output, arguments.runtime)
    except (SynthesisError, OSError) as error:
        raise CommandError(str(error)) from error


def _run(arguments: argparse.Namespace) -> int:
    for stack in stacks_of(arguments):
        print(stack.file)
    return 0
