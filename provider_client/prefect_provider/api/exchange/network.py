"""What every way to the network shares: limits, whom to trust, and why there is no connection."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from prefect_provider.api.errors import ConfigurationError
from prefect_provider.api.exchange.transport import FaultKind, TransportFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.api.settings.resolution import Settings

__all__ = [
    "CONNECTIONS",
    "IDLE",
    "LARGEST_ANSWER",
    "check_encoding",
    "tls_context",
    "too_large",
    "why_not_connected",
]

CONNECTIONS = 32

LARGEST_ANSWER = 64 * 2**20
"""Bytes of an answer, decompressed. Prefect's largest, a page of 200 blocks or templates, has a few million."""

IDLE = 4.0
"""Seconds until an idle connection is closed. Prefect's server closes its own after five (uvicorn's default);
a request that crosses that close on the wire would fail half-way, and a create could not be repeated."""


def too_large() -> TransportFault:
    """The fault of an answer that is beyond :data:`LARGEST_ANSWER`."""
    return TransportFault("too_large", f"more than {LARGEST_ANSWER // 2**20} MiB", reached=True)


def check_encoding(encoding: str) -> None:
    """Raise TransportFault for an answer that is compressed more than once.

    A few hundred bytes of such a one can be gigabytes, in one piece.
    """
    if "," in encoding:
        kind: FaultKind = "too_large"
        raise TransportFault(kind, "compressed more than once", reached=True)


def tls_context(settings: Settings) -> ssl.SSLContext:
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


def why_not_connected(exc: Exception) -> tuple[FaultKind, str]:
    """The kind of fault that an exception of connecting is, and what to say of it."""
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
