"""The network, straight to the server: connections of asyncio that speak HTTP/1.1 through ``h11``.

What a plan costs is what its processes import, and each object is a request or more; httpx takes 45 ms for the first
request and a millisecond for every other. It is still what goes through a proxy (`httpx_transport`).
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import time
import zlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import h11

from prefect_provider.api.exchange.network import (
    CONNECTIONS,
    IDLE,
    LARGEST_ANSWER,
    check_encoding,
    tls_context,
    too_large,
    why_not_connected,
)
from prefect_provider.api.exchange.transport import Answer, TransportFault

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from prefect_provider.api.exchange.transport import FaultKind, Outgoing
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["DirectTransport"]

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_NEXT_ADDRESS: Final = 0.25
"""Seconds until a host's next address is tried beside one that does not answer."""

_READ: Final = 64 * 1024

_UNQUOTED: Final = "/%:@!$&'()*+,;=?~-._[]"
"""What of a path and query goes out as it is; the rest is quoted, so that the request line stays one."""


class DirectTransport:
    """A pool of connections to one server."""

    def __init__(self, settings: Settings) -> None:
        tls = tls_context(settings)  # also where none is used: a file that cannot be read is an error
        tls.set_alpn_protocols(["http/1.1"])
        self._tls: Final = tls if settings.endpoint.secure else None
        self._idle: Final[list[_Connection]] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        """Send one request; raises TransportFault."""
        url = urlsplit(outgoing.url)
        connection = self._waiting() or await self._connect(url, outgoing.connect_timeout)
        try:
            answer = await connection.exchange(outgoing, url)
        except (OSError, EOFError, zlib.error, h11.ProtocolError) as exc:
            connection.close()
            kind: FaultKind = "broken"
            raise TransportFault(kind, str(exc) or "the connection broke", reached=True) from exc
        except BaseException:  # also a request that is given up: its answer may still come
            connection.close()
            raise
        if connection.can_go_on() and len(self._idle) < CONNECTIONS:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    async def aclose(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().close()
        await asyncio.sleep(0)  # in which asyncio closes them

    def _waiting(self) -> _Connection | None:
        """The connection that was used last, of those that are still open; the others are closed."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open():
                return connection
            connection.close()
        return None

    async def _connect(self, url: SplitResult, seconds: float) -> _Connection:
        kind: FaultKind
        try:
            port = url.port or _DEFAULT_PORTS[url.scheme]
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_connection(
                    url.hostname, port, ssl=self._tls, happy_eyeballs_delay=_NEXT_ADDRESS
                )
        except TimeoutError as exc:
            kind = "timed_out"
            raise TransportFault(kind, "no connection", reached=False) from exc
        except (OSError, ValueError, LookupError) as exc:  # ValueError: a name or port that can be none
            kind, text = why_not_connected(exc)
            raise TransportFault(kind, text, reached=False) from exc
        return _Connection(reader, writer)


class _Connection:
    """One connection, for one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader: Final = reader
        self._writer: Final = writer
        self._http: Final = h11.Connection(h11.CLIENT)
        self._free_since = 0.0

    async def exchange(self, outgoing: Outgoing, url: SplitResult) -> Answer:
        """Send a request and read its answer."""
        self._writer.write(self._request(outgoing, url))
        # A server that refuses a request may answer before it has read all of it, and close.
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()
        response = await self._event()
        while isinstance(response, h11.InformationalResponse):
            response = await self._event()
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status_code, headers, await self._body(response.status_code, headers))

    def _request(self, outgoing: Outgoing, url: SplitResult) -> bytes:
        target = quote(url.path or "/", safe=_UNQUOTED) + (
            f"?{quote(url.query, safe=_UNQUOTED)}" if url.query else ""
        )
        headers = {"host": url.netloc, "accept": "*/*", "accept-encoding": "gzip", **outgoing.headers}
        body = outgoing.body
        if body is not None or outgoing.method in {"POST", "PUT", "PATCH"}:
            headers["content-length"] = str(len(body or b""))
        pieces = [
            self._http.send(
                h11.Request(method=outgoing.method, target=target, headers=list(headers.items()))
            ),
            self._http.send(h11.Data(data=body)) if body else b"",
            self._http.send(h11.EndOfMessage()),
        ]
        return b"".join(piece for piece in pieces if piece)

    async def _event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_READ))
        return event

    async def _body(self, status: int, headers: dict[str, str]) -> bytes:
        """The body, decompressed; raises TransportFault when it is too large."""
        check_encoding(headers.get("content-encoding", ""))
        length = headers.get("content-length", "")
        packed = headers.get("content-encoding", "identity").lower() != "identity"
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None
        # Prefect's server closes the connection behind an answer to an unhandled exception (500, and 503 for a
        # locked database). Stopping before the end of the message closes the connection now, before another request
        # takes it and breaks on it.
        closing = status >= 500 and length.isdigit() and not packed
        if not packed and length.isdigit() and int(length) > LARGEST_ANSWER:
            raise too_large()
        body = bytearray()
        while not (closing and len(body) >= int(length)):
            event = await self._event()
            if isinstance(event, h11.EndOfMessage):
                break
            data = bytes(event.data)
            body += unpack.decompress(data, LARGEST_ANSWER + 1 - len(body)) if unpack else data
            if len(body) > LARGEST_ANSWER:
                raise too_large()
        return bytes(body)

    def can_go_on(self) -> bool:
        """Whether another request may follow; it is free from now on."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        self._free_since = time.monotonic()
        return True

    def is_open(self) -> bool:
        """Whether it has not been free for too long, and the server has not closed it."""
        if time.monotonic() - self._free_since > IDLE or self._reader.at_eof() or self._writer.is_closing():
            return False
        # What comes unasked is the end, which asyncio may not have read yet.
        socket = self._writer.get_extra_info("socket")
        poll = select.poll()
        poll.register(socket.fileno(), select.POLLIN)
        return not poll.poll(0)

    def close(self) -> None:
        """Close it, without a farewell that would be waited for."""
        self._writer.transport.abort()
