"""The network, through httpx: connections, TLS, timeouts.

The only module that imports httpx, and itself imported when the first request is sent: httpx takes some
100 ms to import, which a provider that only validates need not spend. Nothing of httpx leaves it.
"""

from __future__ import annotations

import socket
import ssl
import sys
from typing import TYPE_CHECKING

# httpx has a command line of its own, and takes along rich, pygments and click for it wherever they are installed:
# twice the time of all the rest. It does without where that module cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

from prefect_provider.api.errors import ConfigurationError  # noqa: E402
from prefect_provider.api.exchange.transport import Answer, FaultKind, Outgoing, TransportFault  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.api.settings.resolution import Settings

__all__ = ["CONNECTIONS", "LARGEST_ANSWER", "HttpxTransport"]

CONNECTIONS = 32

LARGEST_ANSWER = 64 * 2**20
"""Bytes of an answer, decompressed. Prefect's largest, a page of 200 blocks or templates, has a few million."""

_IDLE = 4.0
"""Seconds until an idle connection is closed. Prefect's server closes its own after five (uvicorn's default);
a request that crosses that close on the wire would fail half-way, and a create could not be repeated."""

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
        tls = _tls_context(settings)
        try:
            self._http = httpx.AsyncClient(
                verify=tls,
                timeout=settings.request_timeout,
                limits=httpx.Limits(
                    max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=_IDLE
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
    closing = response.status_code >= 500 and length.isdigit() and not encoded
    body, size = [], 0
    if not encoded and length.isdigit() and int(length) > LARGEST_ANSWER:
        raise _too_large()
    async for chunk in response.aiter_bytes():
        body.append(chunk)
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise _too_large()
        if closing and size >= int(length):
            break
    return b"".join(body)


def _too_large() -> TransportFault:
    return TransportFault("too_large", f"more than {LARGEST_ANSWER // 2**20} MiB", reached=True)


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


def _tls_context(settings: Settings) -> ssl.SSLContext:
    """Trust what the operating system trusts (or OpenSSL's ``SSL_CERT_FILE``), or only ``ssl_cert_file``."""
    if settings.tls_insecure_skip_verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if not settings.endpoint.secure and settings.ssl_cert_file is None:
        # Loading certificates takes some 20 ms; a context without any is safe, as it trusts nobody.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context = ssl.create_default_context(cafile=settings.ssl_cert_file)
    except (OSError, ssl.SSLError) as exc:
        msg = "ssl_cert_file holds no certificates that can be read"
        raise ConfigurationError(
            msg,
            attribute="ssl_cert_file",
            source=settings.origin("ssl_cert_file"),
            got=repr(settings.ssl_cert_file),
            expected="certificates in PEM form",
        ) from exc
    paths = ssl.get_default_verify_paths()
    if settings.ssl_cert_file is None and not paths.cafile and not paths.capath:
        import certifi

        context.load_verify_locations(cafile=certifi.where())
    return context


def _fault(exc: Exception) -> TransportFault:
    reached = not isinstance(exc, _NOT_SENT)
    if isinstance(exc, httpx.TimeoutException):
        return TransportFault("timed_out", "no answer" if reached else "no connection", reached=reached)
    if reached:
        return TransportFault("broken", str(exc) or "the connection broke", reached=True)
    if isinstance(exc, httpx.ProxyError):
        return TransportFault("proxy", str(exc) or "no connection", reached=False)
    kind, text = _why_not_connected(exc)
    return TransportFault(kind, text, reached=False)


def _why_not_connected(exc: Exception) -> tuple[FaultKind, str]:
    for cause in _causes(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls_untrusted", cause.verify_message or str(cause)
        if isinstance(cause, ssl.SSLError):
            return "tls_plain" if cause.reason == "WRONG_VERSION_NUMBER" else "tls", cause.reason or str(
                cause
            )
        if isinstance(cause, socket.gaierror):
            return "unknown_host", cause.strerror or str(cause)
        if isinstance(cause, ConnectionRefusedError):
            return "refused", "connection refused"
    return "refused", str(exc) or type(exc).__name__


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """The exception and all that led to it: httpx, httpcore and anyio each wrap the system's error."""
    pending, seen = [exc], set[int]()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)
        pending.extend(cause for cause in (current.__cause__, current.__context__) if cause is not None)
