"""gRPC over HTTP/2 on a socket that listens already: services answered, their failures told.

There is no limit on the size of a message; the other end may have a hundred calls open at a time. An exception
that leaves a handler becomes the gRPC status INTERNAL with a text for people; the process lives on.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.serving.failures import as_status, contained
from prefect_provider.plugin.serving.http2 import Connection
from prefect_provider.plugin.serving.logs import log_context
from prefect_provider.plugin.serving.peer import is_alive, peer_process
from prefect_provider.plugin.serving.rpc import RpcError, Status, subject

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from prefect_provider.plugin.serving.http2 import Call
    from prefect_provider.plugin.serving.rpc import Service, StreamingMethod, UnaryMethod

__all__ = ["RpcServer", "tls_context"]

_HEADERS: Final = ((":status", "200"), ("content-type", "application/grpc"))

_log = logging.getLogger(__name__)


def tls_context(key_and_certificate: str, client_certificate: str) -> ssl.SSLContext:
    """TLS that only the holder of one certificate can use.

    ``key_and_certificate`` is the path of a PEM file; ``client_certificate`` is PEM. A peer that shows
    another certificate, or none, does not get past the TLS handshake.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=client_certificate)
    context.load_cert_chain(key_and_certificate)
    context.set_alpn_protocols(["h2"])
    return context


class RpcServer:
    """Answers services until it is told to drain; to be made and used inside a running event loop."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services: Final = {service.name: service for service in services}
        self._listener: asyncio.Server | None = None
        self._connections: dict[Connection, int | None] = {}
        self._last_peer: int | None = None
        self._under_way: dict[object, str] = {}
        self._changed = asyncio.Event()
        self._refuses = False

    async def start(self, listening: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Accept connections on a listening, non-blocking Unix socket."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: Connection(self), sock=listening, ssl=tls)

    @property
    def abandoned(self) -> bool:
        """Whether the process that was connected has ended.

        A closed connection alone says little: Terraform's gRPC library closes one that was unused for half an
        hour, and opens another when it needs one.
        """
        return self._last_peer is not None and not self._connections and not is_alive(self._last_peer)

    @property
    def is_connected(self) -> bool:
        """Whether a peer that passed the TLS handshake is connected now."""
        return bool(self._connections)

    async def wait_for_change(self, seconds: float) -> None:
        """Wait until a connection or a call comes or goes, but no longer than ``seconds``."""
        self._changed.clear()
        # Not asyncio.wait_for, which (Python 3.11) lets a cancellation pass unnoticed when the change comes with it.
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    async def drain(self, seconds: float) -> None:
        """Refuse new calls and wait for those under way, but no longer than ``seconds``."""
        self._refuses = True
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._under_way and loop.time() < deadline:
            await self.wait_for_change(deadline - loop.time())
        if self._under_way:
            _log.warning("leaving %s unfinished", ", ".join(sorted(self._under_way.values())))

    async def close(self) -> None:
        """Close the connections once what was answered has been sent, for at most a second."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 1
        # asyncio tells nobody when a buffer is empty.
        while self._is_sending and loop.time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        # What was sent lies in the kernel, and the peer reads it also when this process has ended; waiting for its
        # farewell would cost each command of Terraform several times as much as a farewell is worth.
        for connection in list(self._connections):
            connection.hang_up()
        if self._listener is not None:
            self._listener.close()

    @property
    def _is_sending(self) -> bool:
        return any(connection.is_sending for connection in self._connections)

    # What the connections report.

    def connected(self, connection: Connection, transport: asyncio.Transport) -> None:
        """A connection is open, to a process that the system may name."""
        peer = peer_process(transport.get_extra_info("socket"))
        self._connections[connection] = peer
        self._last_peer = peer
        self._changed.set()

    def disconnected(self, connection: Connection) -> None:
        """It is closed."""
        self._connections.pop(connection, None)
        self._changed.set()

    def accept(self, call: Call) -> asyncio.Task[None]:
        """A call has come: under way until the last of its answer was handed to the connection."""
        task = asyncio.ensure_future(self._serve(call))
        self._begin(task, call.headers[":path"].rpartition("/")[2])
        task.add_done_callback(self._end)
        return task

    # One call.

    async def _serve(self, call: Call) -> None:
        if not call.headers.get("content-type", "").startswith("application/grpc"):
            call.begin_answer([(":status", "415")], end=True)
            return
        answer = _Answer(call)
        try:
            await self._run(call, answer)
        except RpcError as error:
            answer.end(error.status, str(error))
        else:
            answer.end(Status.OK)

    async def _run(self, call: Call, answer: _Answer) -> None:
        """Find the method, read the request, and send what the handler gives; raises RpcError."""
        name = call.headers[":path"].rpartition("/")[2]
        if self._refuses:
            raise RpcError(Status.UNAVAILABLE, "The provider process is about to leave.")
        with as_status(name):
            service = self._services.get(call.headers[":path"][1:].rpartition("/")[0])
            if service is not None and name in service.unary:
                await self._answer(name, service.unary[name], call, answer)
            elif service is not None and name in service.streaming:
                await self._stream(name, service.streaming[name], call, answer)
            else:
                raise RpcError(Status.UNIMPLEMENTED, "The provider has no such method.")

    async def _answer(self, name: str, method: UnaryMethod, call: Call, answer: _Answer) -> None:
        request_type, response_type, handler = method
        request = request_type.FromString(_message(await call.body()))
        with log_context(**subject(name, request)):
            # In a task of its own, because the call is cancelled when the connection is lost.
            work = asyncio.ensure_future(contained(name, handler, request))
            self._begin(work, name)
            work.add_done_callback(self._end)
            outcome = await asyncio.shield(work)
        if isinstance(outcome, RpcError):
            raise outcome
        await answer.send(outcome, response_type)

    async def _stream(self, name: str, method: StreamingMethod, call: Call, answer: _Answer) -> None:
        request_type, event_type, handler = method
        request = request_type.FromString(_message(await call.body()))
        # An async generator has the type that is needed here; an iterator need not be closable.
        events: Any = handler(request)
        with log_context(**subject(name, request)):
            async with aclosing(events):
                async for event in events:
                    await answer.send(event, event_type)
                    call.flush()

    def _begin(self, work: object, name: str) -> None:
        """Something is under way that :meth:`drain` has to wait for."""
        self._under_way[work] = name

    def _end(self, work: asyncio.Future[Any]) -> None:
        """It is done."""
        del self._under_way[work]
        self._changed.set()
        if not work.cancelled() and work.exception() is not None:
            _log.error("an answer could not be sent", exc_info=work.exception())


class _Answer:
    """The answer to a call in gRPC's form: headers, messages with their length, and the status at the end."""

    def __init__(self, call: Call) -> None:
        self._call: Final = call
        self._has_begun = False

    async def send(self, message: Any, expected: type[Any]) -> None:
        if not isinstance(message, expected):
            msg = f"the handler gave {type(message).__qualname__}, expected {expected.__qualname__}"
            raise TypeError(msg)
        data = message.SerializeToString()
        if not self._has_begun:
            self._call.begin_answer(_HEADERS)
            self._has_begun = True
        await self._call.send(b"\0" + len(data).to_bytes(4, "big") + data)

    def end(self, status: Status, text: str = "") -> None:
        trailers = [("grpc-status", str(int(status)))]
        if text:
            trailers.append(("grpc-message", _percent_encoded(text)))
        if self._has_begun:
            self._call.end_answer(trailers)
        else:
            self._call.begin_answer([*_HEADERS, *trailers], end=True)


def _message(body: bytearray) -> bytes:
    """The one message of a request: a byte that says whether it is compressed, its length in four, and itself."""
    if len(body) < 5 or int.from_bytes(body[1:5], "big") != len(body) - 5:
        raise RpcError(Status.INTERNAL, f"expected one whole message, got {len(body)} bytes that are none")
    if body[0]:
        raise RpcError(
            Status.UNIMPLEMENTED, "expected a message that is not compressed, got a compressed one"
        )
    return bytes(memoryview(body)[5:])


def _percent_encoded(text: str) -> str:
    """A text as a header carries it: printable ASCII but for ``%`` as it is, the rest as ``%XX``."""
    return "".join(
        chr(byte) if 0x20 <= byte <= 0x7E and byte != 0x25 else f"%{byte:02X}" for byte in text.encode()
    )
