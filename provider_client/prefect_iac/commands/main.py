"""The command ``prefect-iac``: what goes on beside Terraform."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prefect_iac.drift.comparison import Report
    from prefect_iac.drift.state import StoredObject

__all__ = ["main"]

_STATE_FILE = "terraform.tfstate"

_DRIFT_EXAMPLES = f"""\
examples:
  terraform state pull | prefect-iac drift     any backend
  terraform show -json | prefect-iac drift     the same, with what Terraform shows of the state
  prefect-iac drift {_STATE_FILE}          a local state file

exit codes: 0 no drift, 2 drift, 1 something could not be read

The server is configured as Prefect's own tools are: PREFECT_API_URL, PREFECT_API_KEY, profiles.toml.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        code = run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has seen enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="prefect-iac", description="Prefect as code, with Terraform.")
    parser.add_argument("--version", action="version", version=f"prefect-iac {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="command")

    drift = commands.add_parser(
        "drift",
        help="compare a Terraform state with the server",
        description="Compare the Prefect objects of a Terraform state with what is on the server.",
        epilog=_DRIFT_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    drift.add_argument(
        "state",
        nargs="?",
        help=f"state file, or - for standard input; without it, standard input if piped, else {_STATE_FILE}",
    )
    drift.add_argument("--format", choices=("text", "json"), default="text", help="how to report (text)")
    drift.add_argument("--endpoint", help="the API's URL, instead of PREFECT_API_URL")
    drift.add_argument("--profile", help="profile of profiles.toml to use")
    drift.set_defaults(run=_drift)

    install = commands.add_parser(
        "install-provider",
        help="put the provider where terraform init finds it",
        description="Write the provider into a filesystem mirror; without options into the one in your home "
        "directory, in which terraform and tofu look by themselves.",
    )
    install.add_argument("--mirror", type=Path, metavar="DIRECTORY", help="another mirror")
    install.add_argument(
        "--portable",
        action="store_true",
        help="find terraform-provider-prefect on PATH, so that the file is the same on every machine",
    )
    install.set_defaults(run=_install)
    return parser


def _drift(arguments: argparse.Namespace) -> int:
    from prefect_iac.drift.state import StateError, read_state
    from prefect_provider.api import ApiError

    name = arguments.state or ("-" if not sys.stdin.isatty() else _STATE_FILE)
    shown = "standard input" if name == "-" else name
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        objects = read_state(text)
        report = asyncio.run(_find(objects, arguments))
    except (OSError, UnicodeDecodeError) as error:
        return _fail(f"cannot read the state: {error}")
    except StateError as error:
        return _fail(f"cannot read the state from {shown}: {error}")
    except ApiError as error:
        return _fail(str(error))
    print(report.to_json() if arguments.format == "json" else report.to_text())
    return report.exit_code


async def _find(objects: list[StoredObject], arguments: argparse.Namespace) -> Report:
    from prefect_iac.drift.comparison import find_drift
    from prefect_provider.api import Client, resolve

    settings = resolve({"endpoint": arguments.endpoint, "profile": arguments.profile}, os.environ)
    for warning in settings.warnings:
        print(f"prefect-iac: {warning}", file=sys.stderr)
    async with Client(settings, user_agent_suffix="drift") as client:
        return await find_drift(objects, client)


def _install(arguments: argparse.Namespace) -> int:
    from prefect_iac import installation

    root = arguments.mirror or installation.user_mirror()
    try:
        installed = installation.install_mirror(root, portable=arguments.portable)
    except (installation.InstallationError, OSError) as error:
        return _fail(str(error))
    for path in installed:
        print(path)
    if arguments.mirror is not None:
        print("\nTell terraform of it in its CLI configuration (TF_CLI_CONFIG_FILE, or ~/.terraformrc):\n")
        print(installation.cli_config(mirror=root))
    return 0


def _fail(message: str) -> int:
    print(f"prefect-iac: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
