"""The seam between the client and the network: what is sent, what comes back, how it fails.

The real ones are in `direct_transport` and `httpx_transport` beside this. A test passes its own: any object with these
two methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "FaultKind", "Outgoing", "Transport", "TransportFault"]

FaultKind: TypeAlias = Literal[
    "broken",
    "proxy",
    "refused",
    "timed_out",
    "tls",
    "tls_plain",
    "tls_untrusted",
    "too_large",
    "unknown_host",
]


class Outgoing:
    """One request as it goes out: absolute URL, headers by lower-case name, body or None."""

    __slots__ = ("body", "connect_timeout", "headers", "method", "url")

    def __init__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, connect_timeout: float
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connect_timeout = connect_timeout


class Answer:
    """One answer as it came in: header values by lower-case name, body decompressed."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class TransportFault(Exception):  # noqa: N818 - what the client makes an error of
    """There is no answer. ``reached`` tells whether the request may have reached the server."""

    def __init__(self, kind: FaultKind, text: str, *, reached: bool) -> None:
        super().__init__(text)
        self.kind: FaultKind = kind
        self.text = text
        self.reached = reached


class Transport(Protocol):
    """Sends one request and returns its answer; no retries, no redirects, no meaning."""

    async def send(self, outgoing: Outgoing) -> Answer:
        """Send a request. Raises TransportFault when there is no complete answer."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...
