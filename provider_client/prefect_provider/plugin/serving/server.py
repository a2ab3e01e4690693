"""The gRPC side of the transport: services answered over HTTP/2 on a socket that listens already.

``grpclib`` carries the calls. It knows no limit on the size of a message, and lets the other end open a
hundred calls at a time. An exception that leaves a handler becomes the gRPC status INTERNAL with a text for
people; the process lives on. Only this module and ``failures`` know the library.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

import grpclib.server
from grpclib.config import Configuration
from grpclib.const import Cardinality, Status
from grpclib.const import Handler as Route
from grpclib.exceptions import GRPCError
from grpclib.protocol import H2Protocol

from prefect_provider.plugin.serving.failures import as_status, contained
from prefect_provider.plugin.serving.logs import log_context
from prefect_provider.plugin.serving.peer import is_alive, peer_process
from prefect_provider.plugin.serving.rpc import subject

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Sequence

    from grpclib.protocol import Stream

    from prefect_provider.plugin.serving.rpc import Service, StreamingMethod, UnaryMethod

__all__ = ["RpcServer", "tls_context"]

_WINDOW = 16 * 1024 * 1024
"""Bytes of requests that may be on their way unread, per call and in all."""

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
        self._routes: dict[str, Route] = {}
        for service in services:
            for name, unary in service.unary.items():
                self._route(service, name, Cardinality.UNARY_UNARY, unary, self._answer)
            for name, streaming in service.streaming.items():
                self._route(service, name, Cardinality.UNARY_STREAM, streaming, self._stream)
        self._grpc = _GrpcServer(self)
        self._connections: dict[_Connection, int | None] = {}
        self._last_peer: int | None = None
        self._under_way: dict[object, str] = {}
        self._changed = asyncio.Event()
        self._refuses = False

    async def start(self, listening: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Accept connections on a listening, non-blocking Unix socket."""
        await self._grpc.start(sock=listening, ssl=tls)

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
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
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
        self._grpc.close()

    def _route(
        self,
        service: Service,
        name: str,
        cardinality: Cardinality,
        method: UnaryMethod | StreamingMethod,
        serve: Callable[..., Awaitable[None]],
    ) -> None:
        request_type, response_type, handler = method

        async def serve_call(stream: grpclib.server.Stream[Any, Any]) -> None:
            if self._refuses:
                raise GRPCError(Status.UNAVAILABLE, "The provider process is about to leave.")
            with as_status(name):
                request = await stream.recv_message()
                with log_context(**subject(name, request)):
                    await serve(handler, request, stream, name)

        self._routes[f"/{service.name}/{name}"] = Route(serve_call, cardinality, request_type, response_type)

    async def _answer(
        self,
        handler: Callable[[Any], Awaitable[Any]],
        request: Any,
        stream: grpclib.server.Stream[Any, Any],
        name: str,
    ) -> None:
        # In a task of its own, because grpclib cancels the call when the connection is lost.
        work = asyncio.ensure_future(contained(name, handler, request))
        self.begin(work, name)
        work.add_done_callback(self.end)
        answer = await asyncio.shield(work)
        if isinstance(answer, GRPCError):
            raise answer
        await stream.send_message(answer)

    async def _stream(
        self,
        handler: Callable[[Any], Any],
        request: Any,
        stream: grpclib.server.Stream[Any, Any],
        _name: str,
    ) -> None:
        async with aclosing(handler(request)) as events:
            async for event in events:
                await stream.send_message(event)

    @property
    def _is_sending(self) -> bool:
        return any(connection.is_sending for connection in self._connections)

    # What the connections report.

    @property
    def routes(self) -> dict[str, Route]:
        """The methods by their path, as grpclib has them."""
        return self._routes

    def begin(self, work: object, name: str) -> None:
        """Something is under way that :meth:`drain` has to wait for."""
        self._under_way[work] = name

    def end(self, work: object) -> None:
        """It is done."""
        del self._under_way[work]
        self._changed.set()

    def connected(self, connection: _Connection, peer: int | None) -> None:
        """A connection is open; ``peer`` is the process at its other end, if the system says."""
        self._connections[connection] = peer
        self._last_peer = peer
        self._changed.set()

    def disconnected(self, connection: _Connection) -> None:
        """It is closed."""
        self._connections.pop(connection, None)
        self._changed.set()


async def _refuse_unknown(_: object) -> None:
    raise GRPCError(Status.UNIMPLEMENTED, "The provider has no such method.")


_NO_SUCH_METHOD = Route(_refuse_unknown, Cardinality.UNARY_UNARY, None, None)


class _GrpcServer(grpclib.server.Server):
    """grpclib's server, with connections that report to ours."""

    def __init__(self, server: RpcServer) -> None:
        config = Configuration(http2_connection_window_size=_WINDOW, http2_stream_window_size=_WINDOW)
        super().__init__([], config=config)
        self._rpc_server = server

    def _protocol_factory(self) -> H2Protocol:
        calls = _Calls(self._rpc_server, self._codec, self._status_details_codec, self.__dispatch__)
        self._handlers.add(calls)
        return _Connection(self._rpc_server, calls, self._config, self._h2_config)


class _Calls(grpclib.server.Handler):
    """The calls of one connection, each reported from its first byte to the sending of its last."""

    def __init__(self, server: RpcServer, *arguments: Any) -> None:
        super().__init__(server.routes, *arguments)
        self._rpc_server = server

    def accept(
        self, stream: Stream, headers: list[tuple[str, str]], release_stream: Callable[[], Any]
    ) -> None:
        path = dict(headers).get(":path", "")
        # grpclib's own answer lacks a header without which Terraform's library takes it for another error.
        self._rpc_server.routes.setdefault(path, _NO_SUCH_METHOD)
        self._rpc_server.begin(stream, path.rpartition("/")[2])

        def release() -> None:
            release_stream()
            self._rpc_server.end(stream)

        super().accept(stream, headers, release)


class _Connection(H2Protocol):
    """A connection, which exists for us when the peer has proved who it is."""

    def __init__(self, server: RpcServer, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._rpc_server = server
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._transport = cast("asyncio.Transport", transport)
        self._rpc_server.connected(self, peer_process(transport.get_extra_info("socket")))

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self._rpc_server.disconnected(self)

    @property
    def is_sending(self) -> bool:
        """Whether something that was written has not left the process."""
        transport = self._transport
        return transport is not None and not transport.is_closing() and transport.get_write_buffer_size() > 0

    def hang_up(self) -> None:
        """Close when all that was written has been sent."""
        if self._transport is not None:
            self._transport.close()
