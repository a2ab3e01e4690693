"""``prefect-iac convert``: a ``prefect.yaml``, automations, or Python code that deploys, as code for Terraform."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.commands.failure import CommandError

if TYPE_CHECKING:
    import argparse

    from prefect_iac.convert.reading import Converted

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  prefect-iac convert prefect.yaml --to hcl --out main.tf
  prefect-iac convert prefect.yaml --to python --out main.py
  prefect-iac convert flows.py --to hcl                       calls of .serve, .deploy and .to_deployment
  prefect-iac convert automations.yaml --to hcl               of the API, the SDK, or `prefect automation inspect`
  prefect-iac convert prefect.yaml --to hcl --output build-image.image=example.com/flows:1
  prefect-iac convert prefect.yaml --to hcl --trigger nightly=triggers.yaml

What cannot be taken is an error with its line, and nothing is written.
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "convert",
        help="write code for a prefect.yaml, a file of automations or a Python file that deploys",
        description="Write resources of Terraform, or a program of the constructs, for the deployments of a "
        "prefect.yaml and their triggers, for the automations of a YAML or JSON file, or for the deployments that a "
        "Python file makes; the file is read, never run.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", type=Path, help="the prefect.yaml, the file of automations, or the Python file"
    )
    parser.add_argument("--to", choices=("hcl", "python"), default="hcl", help="the language (hcl)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (standard output)")
    parser.add_argument(
        "--code",
        type=Path,
        metavar="DIRECTORY",
        help="where entrypoints are relative to, where `prefect deploy` is run (the file's directory)",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="STEP.KEY=VALUE",
        help="what a build step put out, by its id; may be given several times",
    )
    parser.add_argument(
        "--trigger",
        action="append",
        default=[],
        metavar="DEPLOYMENT=TRIGGER",
        help="JSON, or a YAML or JSON file, in the place of the deployment's triggers in the file, as `prefect deploy "
        "--trigger` takes it; may be given several times",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_provider.project.source import ProjectError

    code = arguments.code or arguments.file.parent
    converted = _converted(arguments, code)
    if not (converted.deployments or converted.automations):
        msg = f"{arguments.file} has no deployments and no automations: there is nothing to convert"
        raise CommandError(msg)
    for one in converted.deployments:
        for warning in one.warnings:
            name = converted.symbols.placeholders(one.name)
            print(f"prefect-iac: {arguments.file}: {name}: {warning}", file=sys.stderr)
    home = (arguments.out.parent if arguments.out else Path()).resolve()
    try:
        text = _written(arguments, converted, _relative(code.resolve(), home))
    except ProjectError as error:
        msg = f"{arguments.file}: {error}"
        raise CommandError(msg) from error
    if arguments.out is None:
        print(text, end="")
        return 0
    try:
        arguments.out.write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"{arguments.out} cannot be written: {error.strerror or error}"
        raise CommandError(msg) from error
    return 0


def _converted(arguments: argparse.Namespace, code: Path) -> Converted:
    from prefect_iac.convert.reading import convert
    from prefect_provider.project.source import ProjectError

    outputs: dict[str, dict[str, Any]] = {}
    for one in arguments.output:
        key, found, value = one.partition("=")
        step, dot, name = key.partition(".")
        if not (found and dot and step and name):
            msg = (
                f"--output: expected STEP.KEY=VALUE, such as build-image.image=example.com/flows:1, got {one}"
            )
            raise CommandError(msg)
        outputs.setdefault(step, {})[name] = value
    triggers: dict[str, list[str]] = {}
    for one in arguments.trigger:
        name, found, trigger = one.partition("=")
        if not (found and name and trigger):
            msg = f"--trigger: expected DEPLOYMENT=TRIGGER, such as nightly=triggers.yaml, got {one}"
            raise CommandError(msg)
        triggers.setdefault(name, []).append(trigger)
    try:
        return convert(arguments.file, code, outputs, triggers)
    except ProjectError as error:
        msg = "; ".join(f"{arguments.file}: {line}" for line in str(error).splitlines())
        raise CommandError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"{arguments.file} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise CommandError(msg) from error


def _written(arguments: argparse.Namespace, converted: Converted, code: str) -> str:
    if arguments.to == "hcl":
        from prefect_iac.convert.hcl import hcl_code

        return hcl_code(converted, code)
    from prefect_iac.convert.python import python_code

    return python_code(converted, code, arguments.file.name)


def _relative(code: Path, home: Path) -> str:
    import os

    return Path(os.path.relpath(code, home)).as_posix()
