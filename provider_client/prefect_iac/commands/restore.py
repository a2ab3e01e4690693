"""``prefect-iac restore``: what was deleted on the server, as code."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.drift import objects_of_file
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_server, connected

if TYPE_CHECKING:
    import argparse

    from prefect_iac.drift.restoring import Deleted

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  prefect-iac restore alert-on-failure            the automation, variable or limit of that name
  prefect-iac restore prefect_variable.region     of this type only
  prefect-iac restore 'module.a.prefect_automation.alert[0]' --state terraform.tfstate

It only prints: nothing is made on the server. What flows are given (the value of a variable, parameters) is hidden
unless --show-values is given.
"""

_NAMED: Final = 5
"""Ids that are told of what was deleted under the same name."""

_ADDRESS: Final = re.compile(r"(?:.*\.)?(prefect_[a-z_]+)[.]([A-Za-z0-9_-]+)(?:\[.*\])?")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "restore",
        help="print a deleted automation, variable or limit as code",
        description="Print a deleted automation, variable or limit as a resource block, from that deletion's event.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "wanted", metavar="ADDRESS|NAME|ID", help="address of the resource, or name or id of the object"
    )
    parser.add_argument("--state", metavar="FILE", help="state file that still has the resource, or -")
    parser.add_argument("--show-values", action="store_true", help="print what is hidden otherwise")
    add_server(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.configuration.labels import label_of
    from prefect_iac.drift.restored_code import resource_block
    from prefect_iac.drift.restoring import RestoreError
    from prefect_iac.output.text import printable
    from prefect_provider.api import ApiError

    address = _ADDRESS.fullmatch(arguments.wanted)
    type_name, label = (address[1], address[2]) if address else ("", "")
    id_ = _id_in_state(arguments) if arguments.state else ""
    try:
        found = asyncio.run(_find(arguments, label or arguments.wanted, type_name, id_))
    except (ApiError, RestoreError) as error:
        raise CommandError(str(error)) from error
    print(
        printable(
            f"# Deleted {found.at:%Y-%m-%d %H:%M:%S} UTC (event {found.event_id}); its id was {found.id}."
        )
    )
    if found.others:
        ids = ", ".join(found.others[:_NAMED]) + (", ..." if len(found.others) > _NAMED else "")
        print(f"# Deleted before under the same name: {len(found.others)} more. Restore one by its id: {ids}")
    shown = arguments.show_values
    block = resource_block(found.kind, label or label_of(found.name), found.values, show_values=shown)
    print("\n".join(printable(line) for line in block.split("\n")))
    if not shown and "(sensitive)" in block:
        print("prefect-iac: what reads (sensitive) is hidden; --show-values prints it", file=sys.stderr)
    return 0


def _id_in_state(arguments: argparse.Namespace) -> str:
    for stored in objects_of_file(arguments.state):
        if stored.address == arguments.wanted:
            return str(stored.attributes.get("id") or "")
    msg = f"there is no {arguments.wanted} in the state {arguments.state}"
    raise CommandError(msg)


async def _find(arguments: argparse.Namespace, wanted: str, type_name: str, id_: str) -> Deleted:
    from prefect_iac.drift.restoring import find_deleted

    async with connected(arguments, "restore") as client:
        return await find_deleted(client, wanted, type_name=type_name, id_=id_)
