"""Which way to the server: straight, or through a proxy that the environment names."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from prefect_provider.api.exchange.transport import Transport
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["open_transport"]


def open_transport(settings: Settings) -> Transport:
    """The transport for these settings; both are slow to import, so that neither is before it is needed."""
    if _may_need_a_proxy() or not _is_plain(settings.endpoint.url):
        from prefect_provider.api.exchange.httpx_transport import HttpxTransport

        return HttpxTransport(settings)
    from prefect_provider.api.exchange.direct_transport import DirectTransport

    return DirectTransport(settings)


def _may_need_a_proxy() -> bool:
    """Whether a proxy is named, for this server or another: httpx knows for which it is."""
    named = {name.lower() for name, value in os.environ.items() if value and name.lower().endswith("_proxy")}
    if named - {"no_proxy"}:
        return True
    system: str = sys.platform
    if system != "darwin":
        return False
    from urllib.request import getproxies  # macOS has settings of its own, beside the environment

    return bool(getproxies())


def _is_plain(url: str) -> bool:
    """Whether a URL has neither a user nor a host that must be translated for the network."""
    return "@" not in urlsplit(url).netloc and url.isascii()
