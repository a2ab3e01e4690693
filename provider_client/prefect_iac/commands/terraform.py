"""``prefect-iac plan``, ``apply`` and ``destroy``: a Python program straight to Terraform or OpenTofu."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.synth import add_program, stacks_of
from prefect_iac.synthesis import SynthesisError, choose_stack, terraform_program

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["add", "divided"]

_COMMANDS: Final = {
    "plan": "show what applying a Python program would change",
    "apply": "apply a Python program",
    "destroy": "destroy what a Python program declares",
}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to those that there are."""
    for name, does in _COMMANDS.items():
        parser = commands.add_parser(
            name,
            help=does,
            description=f"Run a Python program, and `{name}` of terraform or tofu with the stack that it writes. "
            "Input, output and the exit code are Terraform's.",
            usage=f"prefect-iac {name} [options] program [-- arguments of terraform]",
            epilog=f"What follows -- is for Terraform: prefect-iac {name} main.py -- -no-color",
        )
        add_program(parser)
        parser.add_argument("--stack", metavar="NAME", help="which stack, if the program has several")
        parser.set_defaults(run=partial(_run, name))


def divided(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is this command's own, and what follows ``--``, which is Terraform's."""
    if not argv or argv[0] not in _COMMANDS or "--" not in argv:
        return list(argv), []
    place = list(argv).index("--")
    return list(argv[:place]), list(argv[place + 1 :])


def _run(command: str, arguments: argparse.Namespace) -> int:
    stacks = stacks_of(arguments)
    try:
        stack = choose_stack(stacks, arguments.stack)
        program = terraform_program(os.environ)
    except SynthesisError as error:
        raise CommandError(str(error)) from error
    here = [program, f"-chdir={stack.directory}"]
    # It does nothing where all is there already; what it says is of interest only where it fails.
    done = subprocess.run([*here, "init", "-input=false"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        return done.returncode
    return _passed_through([*here, command, *arguments.passed_on])


def _passed_through(command: list[str]) -> int:
    """Let a program take over: input, output, signals and the exit code are its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execvp(command[0], command)  # noqa: S606 - no shell
    return subprocess.run(command, check=False).returncode
