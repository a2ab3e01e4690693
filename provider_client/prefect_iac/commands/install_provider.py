"""``prefect-iac install-provider``: put the provider where ``terraform init`` finds it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from prefect_iac.commands.failure import CommandError

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    parser = commands.add_parser(
        "install-provider",
        help="put the provider where terraform init finds it",
        description="Write the provider into a filesystem mirror; without options into the one in your home "
        "directory, in which terraform and tofu look by themselves.",
    )
    parser.add_argument("--mirror", type=Path, metavar="DIRECTORY", help="another mirror")
    parser.add_argument(
        "--portable",
        action="store_true",
        help="do not note this Python: terraform-provider-prefect is then looked for on PATH at every start",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac import installation

    root: Path = arguments.mirror or installation.user_mirror()
    try:
        installation.compile_ahead()
        installed = installation.install_mirror(root, noted=not arguments.portable)
    except installation.InstallationError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        msg = (
            f"cannot write the provider to {error.filename or root}: {error.strerror}. Name another directory with "
            "--mirror."
        )
        raise CommandError(msg) from error
    for path in installed:
        print(path)
    if arguments.mirror is not None:
        print("\nTell terraform of it in its CLI configuration (TF_CLI_CONFIG_FILE, or ~/.terraformrc):\n")
        print(installation.cli_config(mirror=root))
    return 0
