"""The version of the server: asked for once, and only where something depends on it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.once import know, once
from prefect_provider.rules.server_versions import version_of

if TYPE_CHECKING:
    from prefect_provider.rules.server_versions import Version

__all__ = ["has_since", "note_server_version", "server_version"]

_KEY: Final = "server version"
_log: Final = logging.getLogger("prefect_provider.objects")


def note_server_version(client: Any, version: str) -> None:
    """The client's server has told its version, so that nobody need ask."""
    know(client, _KEY, version)


async def server_version(client: Any) -> str | None:
    """The server's version, as ``3.8.8``; ``None`` for Prefect Cloud, and if it cannot be had."""
    if client.settings.is_cloud:
        return None
    try:
        return await once(client, _KEY, client.check())
    except ApiError as error:
        _log.info("cannot look which version the server has: %s", error)
        return None


async def has_since(client: Any, since: Version) -> bool:
    """Whether the server is of that version or a newer one; one that does not tell is taken for it."""
    version = await server_version(client)
    known = None if version is None else version_of(version)
    return known is None or known >= since
