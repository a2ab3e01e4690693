"""One HTTP/2 connection with its calls; the only module that knows the library ``h2``.

The library has the protocol: frames, headers, windows, states. Here its events become calls with a body, and what
a call sends waits until the peer has room for it. What a call is about and what it answers is its server's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import h2.events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Call", "CallServer", "Connection"]

_WINDOW: Final = 16 * 1024 * 1024
"""Bytes of requests that may be on their way unread, per call and in all."""

_FIRST_WINDOW: Final = 65_535
"""What a connection begins with (RFC 9113, 6.9.2); only its updates change it."""


class CallServer(Protocol):
    """Who answers the calls of a connection."""

    def connected(self, connection: Connection, transport: asyncio.Transport) -> None:
        """A peer has connected, and proved who it is where that was asked."""

    def disconnected(self, connection: Connection) -> None:
        """It is gone."""

    def accept(self, call: Call) -> asyncio.Task[None]:
        """A call has begun: the task that answers it, which is cancelled when nobody waits any more."""


class Call:
    """One request and the sending of its answer."""

    __slots__ = ("_body", "_connection", "_id", "_whole", "headers")

    def __init__(self, connection: Connection, id_: int, headers: dict[str, str]) -> None:
        self.headers: Final = headers
        self._connection: Final = connection
        self._id: Final = id_
        self._body: Final = bytearray()
        self._whole: Final = asyncio.Event()

    @property
    def is_whole(self) -> bool:
        """Whether all of the request has come."""
        return self._whole.is_set()

    async def body(self) -> bytearray:
        """What was sent with the request, once all of it has come."""
        await self._whole.wait()
        return self._body

    def begin_answer(self, headers: Sequence[tuple[str, str]], *, end: bool = False) -> None:
        """Send the headers of the answer, or with ``end`` all there is of it."""
        self._connection.send_headers(self._id, headers, end=end)

    async def send(self, data: bytes) -> None:
        """Send a part of the answer, as fast as the peer takes it; its end may wait for what follows."""
        await self._connection.send_data(self._id, data)

    def flush(self) -> None:
        """Let nothing wait."""
        self._connection.flush()

    def end_answer(self, trailers: Sequence[tuple[str, str]]) -> None:
        """Send the last of the answer."""
        self._connection.send_headers(self._id, trailers, end=True)

    def received(self, data: bytes) -> None:
        """A part of the body has come."""
        self._body.extend(data)

    def received_all(self) -> None:
        """The body is whole."""
        self._whole.set()


class Connection(asyncio.Protocol):
    """A connection of asyncio, which speaks HTTP/2 from its first byte."""

    def __init__(self, server: CallServer) -> None:
        self._server: Final = server
        self._h2: Final = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._transport: asyncio.Transport | None = None
        self._calls: Final[dict[int, tuple[Call, asyncio.Task[None]]]] = {}
        self._is_writable: Final = asyncio.Event()
        """Whether what was written before has left, but for a small rest."""
        self._is_writable.set()
        self._has_room: Final = asyncio.Event()
        """Set whenever the peer may have made room for more data."""
        self._reactions: Final[dict[type[h2.events.Event], Callable[[Any], None]]] = {
            h2.events.RequestReceived: self._on_request,
            h2.events.DataReceived: self._on_data,
            h2.events.StreamEnded: self._on_end,
            h2.events.StreamReset: self._on_reset,
            h2.events.WindowUpdated: self._on_room,
            h2.events.RemoteSettingsChanged: self._on_room,
            h2.events.ConnectionTerminated: self._on_farewell,
        }

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say how much may be sent to us."""
        self._transport = cast("asyncio.Transport", transport)
        self._h2.initiate_connection()
        self._h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW})
        self._h2.increment_flow_control_window(_WINDOW - _FIRST_WINDOW)
        self.flush()
        self._server.connected(self, self._transport)

    def data_received(self, data: bytes) -> None:
        """React to what has come; a peer that breaks the protocol is told so and disconnected."""
        try:
            events = self._h2.receive_data(data)
        except ProtocolError:
            self.flush()
            self.hang_up()
            return
        for event in events:
            react = self._reactions.get(type(event))
            if react is not None:
                react(event)
        self.flush()

    def pause_writing(self) -> None:
        """The peer reads more slowly than we write."""
        self._is_writable.clear()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._is_writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits for the answers any more."""
        self._transport = None
        for _, task in self._calls.values():
            task.cancel()
        self._calls.clear()
        self._server.disconnected(self)

    # What the calls send.

    def send_headers(self, id_: int, headers: Sequence[tuple[str, str]], *, end: bool) -> None:
        """Send headers, or trailers with ``end``."""
        self._h2.send_headers(id_, headers, end_stream=end)
        if not end:
            return  # what follows takes them along
        if id_ in self._calls and not self._calls[id_][0].is_whole:
            # Answered before the request was read: the rest of it is not wanted (RFC 9113, 8.1).
            self._h2.reset_stream(id_, ErrorCodes.NO_ERROR)
        self._calls.pop(id_, None)
        self.flush()

    async def send_data(self, id_: int, data: bytes) -> None:
        """Send data, in pieces for which the peer has room."""
        rest = memoryview(data)
        while rest:
            size = min(self._h2.local_flow_control_window(id_), self._h2.max_outbound_frame_size, len(rest))
            if size <= 0 or not self._is_writable.is_set():
                self.flush()
                await self._room(size)
                continue
            self._h2.send_data(id_, bytes(rest[:size]))
            rest = rest[size:]
            if rest:
                self.flush()

    async def _room(self, window: int) -> None:
        if window <= 0:
            self._has_room.clear()
            await self._has_room.wait()
        await self._is_writable.wait()

    def flush(self) -> None:
        """Send what waits."""
        data = self._h2.data_to_send()
        if data and self._transport is not None:
            self._transport.write(data)

    # What the peer does.

    def _on_request(self, event: h2.events.RequestReceived) -> None:
        headers = {str(name): str(value) for name, value in event.headers}
        call = Call(self, event.stream_id, headers)
        self._calls[event.stream_id] = call, self._server.accept(call)

    def _on_data(self, event: h2.events.DataReceived) -> None:
        self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        if event.stream_id in self._calls:
            self._calls[event.stream_id][0].received(event.data)

    def _on_end(self, event: h2.events.StreamEnded) -> None:
        if event.stream_id in self._calls:
            self._calls[event.stream_id][0].received_all()

    def _on_reset(self, event: h2.events.StreamReset) -> None:
        if event.stream_id in self._calls:
            self._calls.pop(event.stream_id)[1].cancel()

    def _on_room(self, _: h2.events.Event) -> None:
        self._has_room.set()

    def _on_farewell(self, _: h2.events.ConnectionTerminated) -> None:
        # The library sends nothing more after it, and Terraform says it when it has no call under way.
        self.hang_up()

    # For the server.

    @property
    def is_sending(self) -> bool:
        """Whether something that was written has not left the process."""
        transport = self._transport
        return transport is not None and not transport.is_closing() and transport.get_write_buffer_size() > 0

    def hang_up(self) -> None:
        """Close when all that was written has been sent."""
        if self._transport is not None:
            self._transport.close()
