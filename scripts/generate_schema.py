"""Writes what a start of the provider need not work out: the schemas' bytes, and where each type is declared.

`--check` says whether they are what the declarations give.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from prefect_provider import stored_schema
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.plugin.service.schemas import Schemas
from prefect_provider.plugin.service.session import Session
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.provider import PrefectProvider

ROOT = Path(__file__).resolve().parent.parent
PLACES = ROOT / "provider_client" / "prefect_provider" / "objects" / "places.py"

_PLACES_TEXT = '''\
"""Where each type is declared, so that a call loads only the module of the type that it concerns.

Made from the declarations by scripts/generate_schema.py. Do not edit.
"""

from __future__ import annotations

from typing import Final, TypeAlias

__all__ = ["ACTIONS", "DATA_SOURCES", "EPHEMERAL_RESOURCES", "RESOURCES"]

Places: TypeAlias = "dict[str, tuple[str, str]]"

RESOURCES: Final[Places] = {
%s}
"""Module and class of each resource, by its type."""

DATA_SOURCES: Final[Places] = {
%s}
"""The same for data sources."""

EPHEMERAL_RESOURCES: Final[Places] = {
%s}
"""The same for ephemeral resources."""

ACTIONS: Final[Places] = {
%s}
"""The same for actions."""
'''


def files() -> dict[Path, bytes]:
    """The content of each file."""
    return {
        Path(stored_schema.PATH): _schema(),
        Path(stored_schema.IDENTITIES): _identities(),
        PLACES: _places().encode(),
    }


def stale() -> list[str]:
    """The files whose content is another one than the declarations give."""
    return [path.name for path, data in files().items() if not path.exists() or path.read_bytes() != data]


def _schema() -> bytes:
    session = Session(PrefectProvider())
    answer = asyncio.run(Schemas(session).get_provider_schema(pb.GetProviderSchema.Request()))
    return answer.SerializeToString(deterministic=True)


def _identities() -> bytes:
    session = Session(PrefectProvider())
    answer = asyncio.run(
        Schemas(session).get_resource_identity_schemas(pb.GetResourceIdentitySchemas.Request())
    )
    return answer.SerializeToString(deterministic=True)


def _places() -> str:
    text = _PLACES_TEXT % tuple(map(_table, (RESOURCES, DATA_SOURCES, EPHEMERAL_RESOURCES, ACTIONS)))
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(PLACES), "-"]
    return subprocess.run(ruff, input=text, stdout=subprocess.PIPE, text=True, check=True).stdout


def _table(kinds: Iterable[type]) -> str:
    return "".join(
        f'    "{kind.type_name}": ("{kind.__module__}", "{kind.__name__}"),\n'  # type: ignore[attr-defined]
        for kind in kinds
    )


def main() -> int:
    """Write the files, or compare them; return the exit status."""
    if "--check" in sys.argv[1:]:
        for name in (names := stale()):
            print(f"{name} is not current; run .venv/bin/python scripts/generate_schema.py")
        return 1 if names else 0
    for path, data in files().items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
