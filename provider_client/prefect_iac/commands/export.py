"""``prefect-iac export``: the objects of a workspace as code, with which Terraform takes them over."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from prefect_iac.commands.drift import objects_of_file
from prefect_iac.commands.failure import CommandError
from prefect_iac.commands.options import add_server, connected

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator

    from prefect_iac.export.configuration import Configuration
    from prefect_iac.export.objects import Gathering
    from prefect_iac.export.selection import Selection
    from prefect_iac.plan.stored_object import StoredObject
    from prefect_provider.api import Client

__all__ = ["add"]

_EXAMPLES: Final = """\
examples:
  prefect-iac export --out prefect/                        the whole workspace, a file for each type of object
  prefect-iac export --to python --out app/                the same in Python, with the constructs
  prefect-iac export --kind deployment --name 'etl/*'      the deployments of the flow etl, printed
  prefect-iac export --exclude-managed terraform.tfstate --out rest/
  prefect-iac export --account --out cloud/                and what belongs to the account on Prefect Cloud

It only reads. Then `terraform plan` in the directory has imports, and nothing else to do. Secrets of blocks are not
read: they are variables, and what the blocks have is kept as long as these are not given.
"""

_SCHEDULE: Final = "prefect_deployment_schedule"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those that there are."""
    import argparse

    parser = commands.add_parser(
        "export",
        help="write the objects of a workspace as code, with imports",
        description="Write the objects of a workspace as code that Terraform imports them with, and changes nothing.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--to", choices=("hcl", "python"), default="hcl", help="the language (hcl)")
    parser.add_argument("--out", metavar="DIR", help="directory to write into, instead of printing one file")
    parser.add_argument("--single-file", action="store_true", help="one file, and not one for each type")
    parser.add_argument(
        "--import-by",
        choices=("id", "identity"),
        default="id",
        help="what names an object to be imported; by identity needs Terraform 1.12 (id)",
    )
    chosen = parser.add_argument_group(
        "what is exported: what meets all conditions; each may be given several times"
    )
    chosen.add_argument("--kind", action="append", default=[], help="type of object, such as deployment")
    chosen.add_argument(
        "--account",
        action="store_true",
        help="also what belongs to the account on Prefect Cloud; --kind workspace and the like do so for one kind",
    )
    chosen.add_argument("--tag", action="append", default=[], help="what has the tag")
    chosen.add_argument(
        "--pool",
        action="append",
        default=[],
        metavar="NAME",
        help="work pool, with its queues and deployments",
    )
    chosen.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="GLOB",
        help="name, or flow/deployment, pool/queue, type/block",
    )
    chosen.add_argument(
        "--exclude-managed",
        nargs="+",
        action="extend",
        default=[],
        metavar="STATE",
        help="state files, or -; what they have is left out",
    )
    add_server(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from prefect_iac.export.configuration import configure
    from prefect_iac.export.files import FilesError, write_files
    from prefect_iac.export.hcl_files import hcl_files
    from prefect_iac.export.python_files import python_files
    from prefect_provider.api import ApiError

    selection = _selection(arguments)
    stored = [one for name in arguments.exclude_managed for one in objects_of_file(name)]
    try:
        gathering = asyncio.run(_gathered(arguments, selection, stored))
    except ApiError as error:
        raise CommandError(str(error)) from error
    scheduled = {str(one.attributes.get("deployment_id")) for one in stored if one.type == _SCHEDULE}
    configuration = configure(gathering, scheduled)
    write = hcl_files if arguments.to == "hcl" else python_files
    single = arguments.single_file or not arguments.out
    files = write(configuration, by_identity=arguments.import_by == "identity", single=single)
    try:
        gone = write_files(arguments.out, files) if arguments.out else []
    except FilesError as error:
        raise CommandError(str(error)) from error
    if not arguments.out:
        print("".join(files.values()), end="")
    _tell(gathering, configuration, gone)
    return 1 if gathering.left_out or gathering.workspace.unread else 0


def _selection(arguments: argparse.Namespace) -> Selection:
    from prefect_iac.export.objects import ORDER
    from prefect_iac.export.selection import Selection
    from prefect_provider.text.problem import expectation
    from prefect_provider.text.spelling import closest, names, show

    kinds = set()
    for given in arguments.kind:
        kind = f"prefect_{given.removeprefix('prefect_').replace('-', '_')}"
        if kind not in ORDER:
            known = [one.removeprefix("prefect_") for one in ORDER]
            near = closest(given, known)
            expected = f"`{near}`" if near else f"one of {names(sorted(known))}"
            msg = f"--kind: {expectation(expected, show(given))}"
            raise CommandError(msg)
        kinds.add(kind)
    return Selection(
        frozenset(kinds), frozenset(arguments.tag), frozenset(arguments.pool), tuple(arguments.name)
    )


async def _gathered(
    arguments: argparse.Namespace, selection: Selection, stored: list[StoredObject]
) -> Gathering:
    async with connected(arguments, "export") as client:
        return await _read(client, selection, stored, account=arguments.account)


async def _read(
    client: Client, selection: Selection, stored: list[StoredObject], *, account: bool
) -> Gathering:
    from prefect_iac.export.objects import gather
    from prefect_iac.plan.stored_object import managed_ids
    from prefect_iac.workspace.reading import read_workspace

    types = _types(client, selection, account=account)
    with _progress() as progress:
        workspace = await read_workspace(client, types, with_values=True, progress=progress)
    return await gather(client, workspace, selection, managed_ids(stored))


def _types(client: Client, selection: Selection, *, account: bool) -> list[str]:
    """What is read: the workspace, and what belongs to the account where that is wanted."""
    from prefect_iac.export.objects import ORDER
    from prefect_iac.workspace.cloud_types import ACCOUNT_TYPES, CLOUD_TYPES, types_on
    from prefect_provider.text.problem import say
    from prefect_provider.text.spelling import names

    settings = client.settings
    only_clouds = {*ACCOUNT_TYPES, *CLOUD_TYPES}
    asked = sorted(selection.kinds & only_clouds)
    if not settings.is_cloud and (account or asked):
        what = names(asked) if asked else "accounts"
        msg = say(
            f"only Prefect Cloud has {what}; this server, {settings.endpoint.url}, has none",
            remedy="Set --endpoint to Prefect Cloud",
        )
        raise CommandError(msg)
    wanted = types_on(settings, account=account or bool(selection.kinds & {*ACCOUNT_TYPES}))
    if not settings.is_cloud or settings.workspace_id:
        wanted |= {one for one in ORDER if one not in only_clouds}
    return [one for one in ORDER if one in wanted]


def _tell(gathering: Gathering, configuration: Configuration, gone: list[str]) -> None:
    """Say on standard error what was done, and what a person has to look at."""
    for type_, why in sorted(gathering.workspace.unread.items()):
        _say(f"{type_} is left out: {' '.join(why.split())}")
    for one in gathering.left_out:
        _say(f'{one.type} "{one.key}" is left out: {" ".join(one.why.split())}')
    for place in configuration.may_be_secret:
        _say(f"{place} is written as it is, and may hold a secret")
    for secret in configuration.secrets:
        if secret.is_needed:
            _say(f"nothing can be planned without the variable {secret.name}: {secret.about}")
    for name in gone:
        _say(f"deleted {name}, which an earlier export has written")
    count = len(configuration.objects)
    left = [
        f"{number} {what}"
        for number, what in (
            (gathering.of_the_server, "of the server's own"),
            (gathering.managed, "that a state has"),
            (len(gathering.left_out), "that cannot be exported"),
        )
        if number
    ]
    rest = f"; left out {', '.join(left)}" if left else ""
    _say(f"exported {count} object{'s' if count != 1 else ''}{rest}")


def _say(text: str) -> None:
    from prefect_iac.output.text import printable

    print(f"prefect-iac: {printable(text)}", file=sys.stderr)


@contextmanager
def _progress() -> Generator[Callable[[int], None] | None]:
    """What shows at a terminal how many objects have been read; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("objects read:", total=None)
        yield lambda more: shown.advance(task, more)
