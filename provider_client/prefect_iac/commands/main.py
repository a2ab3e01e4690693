"""The command ``prefect-iac``: what goes on beside Terraform."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from prefect_iac.commands import (
    backtest,
    convert,
    drift,
    export,
    graph,
    impact,
    install_provider,
    lint,
    restore,
    review,
    synth,
    terraform,
    test,
    why,
)
from prefect_iac.commands.failure import CommandError
from prefect_iac.output.text import printable
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

_NAME = "prefect-iac"

_COMMANDS = (
    # Writing and applying, then what is found out, then what sets up.
    convert,
    export,
    synth,
    terraform,
    backtest,
    drift,
    graph,
    impact,
    lint,
    restore,
    review,
    test,
    why,
    install_provider,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; an error is one line on standard error, and 1."""
    _write_anything()
    # Python would print what is logged of each further attempt, and the report says it all at the end.
    logging.getLogger("prefect_provider").addHandler(logging.NullHandler())
    try:
        parser = _parser()
        own, passed_on = terraform.divided(sys.argv[1:] if argv is None else argv)
        arguments = parser.parse_args(own, argparse.Namespace(passed_on=passed_on))
        if "run" not in arguments:
            parser.print_usage(sys.stderr)
            print(f"{_NAME}: name a command; `{_NAME} --help` lists them", file=sys.stderr)
            return 2
        run: Callable[[argparse.Namespace], int] = arguments.run
        code = run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except CommandError as error:
        print(f"{_NAME}: {printable(' '.join(str(error).split()))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has seen enough. Python would complain once more at exit.
        _let_go()
        return 1
    except OSError as error:
        if error.filename is not None:
            raise
        # What a command reads and writes it answers for itself; this is the output, on a disk that is full.
        print(f"{_NAME}: cannot write to standard output: {error.strerror or error}", file=sys.stderr)
        _let_go()
        return 1
    return code


def _let_go() -> None:
    """Have what is still to be written go nowhere."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line: exit code 2, argparse's own, means drift here."""

    def error(self, message: str) -> NoReturn:
        """End with what argparse found."""
        msg = f"{message}; `{self.prog} --help` lists what there is"
        raise CommandError(msg)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=_NAME, description="Prefect as code, with Terraform.")
    parser.add_argument("--version", action="version", version=f"{_NAME} {VERSION}")
    commands = parser.add_subparsers(metavar="command")
    for command in _COMMANDS:
        command.add(commands)
    return parser


def _write_anything() -> None:
    """Have what an encoding cannot say written as escapes: names may hold any character, and halves of some."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
