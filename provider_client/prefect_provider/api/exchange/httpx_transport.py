"""The network through httpx: for whoever reaches Prefect through a proxy.

The only module that imports httpx, and itself imported only where the environment names a proxy: httpx takes some
45 ms to import and to connect for the first time. Nothing of it leaves this module.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

# httpx has a command line of its own, and takes along rich, pygments and click for it wherever they are installed:
# twice the time of all the rest. It does without where that module cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

from prefect_provider.api.errors import ConfigurationError  # noqa: E402
from prefect_provider.api.exchange.network import (  # noqa: E402
    CONNECTIONS,
    IDLE,
    LARGEST_ANSWER,
    check_encoding,
    tls_context,
    too_large,
    why_not_connected,
)
from prefect_provider.api.exchange.transport import Answer, Outgoing, TransportFault  # noqa: E402

if TYPE_CHECKING:
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["HttpxTransport"]

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class HttpxTransport:
    """A pool of connections to one server."""

    def __init__(self, settings: Settings) -> None:
        tls = tls_context(settings)
        try:
            self._http = httpx.AsyncClient(
                verify=tls,
                timeout=settings.request_timeout,
                limits=httpx.Limits(
                    max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE
                ),
                # A redirect is never followed: it would turn a POST into a GET, or carry the key elsewhere.
                follow_redirects=False,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as exc:
            # The text of the exception may hold the proxy's password.
            raise _wrong_proxy(exc) from None
        self._request_timeout = settings.request_timeout

    async def send(self, outgoing: Outgoing) -> Answer:
        """Send one request; raises TransportFault."""
        try:
            request = self._http.build_request(
                outgoing.method,
                outgoing.url,
                headers=dict(outgoing.headers),
                content=outgoing.body,
                timeout=httpx.Timeout(self._request_timeout, connect=outgoing.connect_timeout),
            )
            response = await self._http.send(request, stream=True)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise _fault(exc) from exc
        return Answer(
            response.status_code, {name.lower(): value for name, value in response.headers.items()}, body
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()


async def _read(response: httpx.Response) -> bytes:
    """The body, decompressed; raises TransportFault when it is too large."""
    length = response.headers.get("content-length", "")
    # Prefect's server closes the connection behind an answer to an unhandled exception (500, and 503 for a
    # locked database). Stopping before the end of the message makes the pool drop the connection now, before
    # another request takes it and breaks on it.
    encoded = "content-encoding" in response.headers
    check_encoding(response.headers.get("content-encoding", ""))
    closing = response.status_code >= 500 and length.isdigit() and not encoded
    body, size = [], 0
    if not encoded and length.isdigit() and int(length) > LARGEST_ANSWER:
        raise too_large()
    async for chunk in response.aiter_bytes():
        body.append(chunk)
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise too_large()
        if closing and size >= int(length):
            break
    return b"".join(body)


def _wrong_proxy(exc: Exception) -> ConfigurationError:
    """The error for a proxy of the environment that cannot be used; names variables, never values."""
    from urllib.request import getproxies

    schemes = ("http", "https", "all")
    named = [f"{scheme.upper()}_PROXY" for scheme in schemes if scheme in getproxies()]
    missing = isinstance(exc, ImportError)
    return ConfigurationError(
        "The proxy that the environment names cannot be used",
        source=", ".join(named),
        got="a SOCKS proxy, for which the package socksio is not installed" if missing else "",
        expected="" if missing else "a URL that begins with http:// or https://",
        remedy="Correct the variable, or name the server's host in NO_PROXY",
    )


def _fault(exc: Exception) -> TransportFault:
    reached = not isinstance(exc, _NOT_SENT)
    if isinstance(exc, httpx.TimeoutException):
        return TransportFault("timed_out", "no answer" if reached else "no connection", reached=reached)
    if reached:
        return TransportFault("broken", str(exc) or "the connection broke", reached=True)
    if isinstance(exc, httpx.ProxyError):
        return TransportFault("proxy", str(exc) or "no connection", reached=False)
    kind, text = why_not_connected(exc)
    return TransportFault(kind, text, reached=False)
