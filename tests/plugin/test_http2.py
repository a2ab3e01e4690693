"""The server's HTTP/2 and gRPC, spoken to frame by frame: what the peer may do, and what it must not be able to."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import h2.events
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hyperframe.frame import ContinuationFrame, DataFrame, GoAwayFrame, HeadersFrame

from prefect_provider.plugin.serving.handshake import PrivateSocket
from prefect_provider.plugin.serving.rpc import Encoded, Service
from prefect_provider.plugin.serving.server import RpcServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable

KIB = 1024


class Answers:
    """A service whose methods do what the tests are about, and remember what became of them."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ended: list[str] = []

    def service(self) -> Service:
        """Under the name ``test.Answers``."""
        unary = {name: (Encoded, Encoded, getattr(self, name)) for name in ("echo", "size", "wait", "fail")}
        return Service("test.Answers", unary, {"count": (Encoded, Encoded, self.count)})

    async def echo(self, request: Encoded) -> Encoded:
        """The request."""
        return request

    async def size(self, request: Encoded) -> Encoded:
        """As many bytes as the request says."""
        return Encoded(b"x" * int(request.data))

    async def fail(self, request: Encoded) -> Encoded:
        """An error with a text that a header cannot carry as it is."""
        raise ValueError(request.data.decode())

    async def wait(self, request: Encoded) -> Encoded:
        """The request, when the test says so."""
        self.begun.set()
        await self.go_on.wait()
        self.ended.append("wait")
        return request

    async def count(self, request: Encoded) -> AsyncIterator[Encoded]:
        """Numbers, for ever."""
        self.begun.set()
        try:
            for number in range(10**9):
                yield Encoded(str(number).encode())
                await asyncio.sleep(0.01)
        finally:
            self.ended.append("count")


class Outcome:
    """What came back for one request."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.data = bytearray()
        self.reset: int | None = None
        self.is_over = False

    @property
    def message(self) -> bytes:
        """The one message of the answer."""
        assert int.from_bytes(self.data[1:5], "big") == len(self.data) - 5
        return bytes(self.data[5:])


class Peer:
    """The other end of a connection: the library's state machine, and the frames that it would not send."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, window: int | None = None
    ) -> None:
        self._reader = reader
        self.writer = writer
        self.h2 = H2Connection(H2Configuration(header_encoding="utf-8"))
        if window is not None:
            self.h2.local_settings[SettingCodes.INITIAL_WINDOW_SIZE] = window
            self.h2.local_settings.acknowledge()
        self.h2.initiate_connection()
        self.outcomes: dict[int, Outcome] = {}
        self.farewell: int | None = None
        self.acknowledges = True
        self.flush()

    def flush(self) -> None:
        """Send what the state machine has to say."""
        self.writer.write(self.h2.data_to_send())

    def open(self, method: str, more: Iterable[tuple[str, str]] = (), **headers: str) -> int:
        """Begin a request without its body; its number."""
        id_ = self.h2.get_next_available_stream_id()
        self.outcomes[id_] = Outcome()
        self.h2.send_headers(id_, [*request_headers(method, **headers), *more])
        self.flush()
        return id_

    def ask(self, method: str, body: bytes) -> int:
        """Send a request, whole; its number."""
        id_ = self.open(method)
        self.h2.send_data(id_, body, end_stream=True)
        self.flush()
        return id_

    async def receive(self) -> bool:
        """Read what has come; whether the connection is still open."""
        data = await self._reader.read(64 * KIB)
        if not data:
            return False
        for event in self.h2.receive_data(data):
            self._note(event)
        self.flush()
        return True

    def _note(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.ResponseReceived() | h2.events.TrailersReceived():
                outcome = self.outcomes[event.stream_id]
                outcome.headers |= {str(name): str(value) for name, value in event.headers}
            case h2.events.DataReceived():
                self.outcomes[event.stream_id].data += event.data
                if self.acknowledges:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                self.outcomes[event.stream_id].is_over = True
            case h2.events.StreamReset():
                self.outcomes[event.stream_id].reset = int(event.error_code)
            case h2.events.ConnectionTerminated():
                self.farewell = int(event.error_code or 0)

    async def outcome(self, id_: int) -> Outcome:
        """What came back, once it is whole."""
        while not self.outcomes[id_].is_over:
            assert await self.receive(), "the connection was closed"
        return self.outcomes[id_]

    async def rest(self) -> None:
        """Read what comes until nothing comes any more."""
        with contextlib.suppress(TimeoutError):
            while await asyncio.wait_for(self.receive(), 0.2):
                pass

    async def closed(self) -> None:
        """Wait until the server has closed the connection."""
        while await self.receive():
            pass


def request_headers(method: str, **other: str) -> list[tuple[str, str]]:
    """The headers of a call."""
    headers = {"content-type": "application/grpc", "te": "trailers"} | {
        name.replace("_", "-"): value for name, value in other.items()
    }
    pseudo = [(":method", "POST"), (":scheme", "https"), (":path", f"/test.Answers/{method}")]
    return [*pseudo, (":authority", "localhost"), *headers.items()]


def framed(message: bytes, flag: int = 0) -> bytes:
    """A message as gRPC sends it."""
    return bytes([flag]) + len(message).to_bytes(4, "big") + message


class Served:
    """A server in this process, and connections to it."""

    def __init__(self, server: RpcServer, answers: Answers, path: str) -> None:
        self.server = server
        self.answers = answers
        self._path = path
        self.peers: list[Peer] = []

    async def connect(self, *, window: int | None = None) -> Peer:
        """Another connection, whose calls may be sent ``window`` bytes at first."""
        peer = Peer(*await asyncio.open_unix_connection(self._path), window=window)
        self.peers.append(peer)
        return peer

    async def still_serves(self, peer: Peer | None = None) -> None:
        """A further call, by default on a new connection, is answered."""
        peer = peer or await self.connect()
        outcome = await peer.outcome(peer.ask("echo", framed(b"still")))
        assert outcome.message == b"still"
        assert outcome.headers["grpc-status"] == "0"


@asynccontextmanager
async def serving() -> AsyncIterator[Served]:
    """The server, started and stopped."""
    listening = PrivateSocket()
    answers = Answers()
    server = RpcServer([answers.service()])
    await server.start(listening.socket)
    served = Served(server, answers, listening.path)
    try:
        yield served
    finally:
        answers.go_on.set()
        await server.drain(1)
        await server.close()
        for peer in served.peers:
            peer.writer.close()
        await asyncio.sleep(0.01)
        listening.remove()


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a test, which must not hang."""
    asyncio.run(asyncio.wait_for(work, 60))


def test_an_answer_stays_within_the_window_of_its_call() -> None:
    """No more is sent than the peer has room for, and the rest when it makes room."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect(window=1000)
            peer.acknowledges = False
            id_ = peer.ask("size", framed(b"50000"))
            await peer.rest()
            assert len(peer.outcomes[id_].data) == 1000
            await served.still_serves(peer)
            peer.h2.increment_flow_control_window(60_000, id_)
            peer.flush()
            assert (await peer.outcome(id_)).message == b"x" * 50_000

    run(test())


def test_an_answer_stays_within_the_window_of_the_connection() -> None:
    """All calls together get what the connection has room for, and all end when it makes more."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect(window=1_000_000)
            peer.acknowledges = False
            ids = [peer.ask("size", framed(b"50000")) for _ in range(3)]
            await peer.rest()
            assert sum(len(peer.outcomes[id_].data) for id_ in ids) == 65_535
            peer.h2.increment_flow_control_window(500_000)
            peer.flush()
            assert [len((await peer.outcome(id_)).message) for id_ in ids] == [50_000] * 3

    run(test())


def test_a_window_that_the_settings_widen_is_used() -> None:
    """A new initial window counts for calls that wait already."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect(window=10)
            id_ = peer.ask("size", framed(b"5000"))
            peer.acknowledges = False
            await peer.rest()
            assert len(peer.outcomes[id_].data) == 10
            peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 60_000})
            peer.flush()
            assert len((await peer.outcome(id_)).message) == 5000

    run(test())


def test_who_does_not_read_is_not_written_for() -> None:
    """With all the room that the protocol has, no more waits in this process than the transport's own buffer."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect(window=2**31 - 1)
            peer.h2.increment_flow_control_window(2**31 - 1 - 65_535)
            peer.flush()
            id_ = peer.ask("size", framed(b"30000000"))
            await asyncio.sleep(0.5)  # nobody reads
            (connection,) = served.server._connections
            assert connection._transport is not None
            assert connection._transport.get_write_buffer_size() < 256 * KIB
            assert len((await peer.outcome(id_)).message) == 30_000_000

    run(test())


def test_headers_in_many_frames() -> None:
    """A request whose headers go on in CONTINUATION frames is read as one."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            block = peer.h2.encoder.encode([*request_headers("echo"), ("x-long", "y" * 5000)])
            pieces = [block[start : start + 500] for start in range(0, len(block), 500)]
            frames: list[Any] = [HeadersFrame(1, pieces[0])]
            frames += [ContinuationFrame(1, piece) for piece in pieces[1:]]
            frames[-1].flags.add("END_HEADERS")
            frames.append(DataFrame(1, framed(b"whole"), flags=["END_STREAM"]))
            # The state machine is told of the stream, and what it would send is dropped.
            peer.flush()
            peer.outcomes[1] = Outcome()
            peer.h2.send_headers(1, request_headers("echo"), end_stream=True)
            peer.h2.clear_outbound_data_buffer()
            peer.writer.write(b"".join(frame.serialize() for frame in frames))
            assert len(frames) > 5
            assert (await peer.outcome(1)).message == b"whole"

    run(test())


def test_headers_without_end_are_refused() -> None:
    """A peer that never ends its headers is disconnected before it fills the memory."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            await peer.receive()
            flood = HeadersFrame(1, b"").serialize() + ContinuationFrame(1, b"\0" * 1000).serialize() * 1000
            peer.writer.write(flood)
            with contextlib.suppress(ConnectionError):  # what it did not read is lost
                await peer.closed()
            assert not served.server.is_connected
            await served.still_serves()

    run(test())


def test_a_request_in_single_bytes() -> None:
    """Frames may be cut anywhere."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            await peer.receive()
            id_ = peer.h2.get_next_available_stream_id()
            peer.outcomes[id_] = Outcome()
            peer.h2.send_headers(id_, request_headers("echo"))
            peer.h2.send_data(id_, framed(b"byte by byte"), end_stream=True, pad_length=20)
            for byte in peer.h2.data_to_send():
                peer.writer.write(bytes([byte]))
                await asyncio.sleep(0.0005)
            assert (await peer.outcome(id_)).message == b"byte by byte"

    run(test())


def test_a_unary_call_that_is_reset_runs_to_its_end() -> None:
    """What was begun is finished though nobody waits; the connection goes on."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            id_ = peer.ask("wait", framed(b"x"))
            await served.answers.begun.wait()
            peer.h2.reset_stream(id_, ErrorCodes.CANCEL)
            peer.flush()
            await served.still_serves(peer)
            assert served.answers.ended == []
            served.answers.go_on.set()
            await served.still_serves(peer)
            assert served.answers.ended == ["wait"]

    run(test())


def test_a_stream_that_is_reset_is_cancelled() -> None:
    """Nothing is made for a stream that nobody reads; the connection goes on."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            id_ = peer.ask("count", framed(b""))
            while len(peer.outcomes[id_].data) < 20:
                await peer.receive()
            peer.h2.reset_stream(id_, ErrorCodes.CANCEL)
            peer.flush()
            await served.still_serves(peer)
            assert served.answers.ended == ["count"]

    run(test())


def test_a_reset_ends_the_wait_for_room() -> None:
    """An answer that waits for its window is given up when the call is reset."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect(window=0)
            id_ = peer.ask("size", framed(b"5000"))
            await peer.rest()
            peer.h2.reset_stream(id_, ErrorCodes.CANCEL)
            peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 60_000})
            peer.flush()
            await served.still_serves(peer)
            await asyncio.wait_for(served.server.drain(5), 1)

    run(test())


def test_a_reset_while_the_request_is_sent() -> None:
    """A request that is given up halfway is not run."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            id_ = peer.open("wait")
            peer.h2.send_data(id_, framed(b"12345678")[:8])
            peer.h2.reset_stream(id_, ErrorCodes.CANCEL)
            peer.flush()
            await served.still_serves(peer)
            assert not served.answers.begun.is_set()

    run(test())


def test_a_farewell_closes_the_connection() -> None:
    """After GOAWAY the connection is closed, what runs is finished, and others are served."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            peer.ask("wait", framed(b"x"))
            await served.answers.begun.wait()
            peer.writer.write(GoAwayFrame(0).serialize())
            await peer.closed()
            await served.still_serves()
            served.answers.go_on.set()
            await served.server.drain(5)
            assert served.answers.ended == ["wait"]

    run(test())


def test_a_lost_connection_is_noticed() -> None:
    """A peer that is suddenly gone leaves no stream running."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            peer.ask("count", framed(b""))
            await served.answers.begun.wait()
            peer.writer.transport.abort()
            while served.server.is_connected:
                await served.server.wait_for_change(1)
            await asyncio.wait_for(served.server.drain(5), 1)
            assert served.answers.ended == ["count"]

    run(test())


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\0" * 100, DataFrame(7, b"x").serialize()],
    ids=["HTTP/1.1", "zeros", "data of no stream"],
)
def test_what_is_no_protocol_is_disconnected(data: bytes) -> None:
    """A peer that speaks something else is told so and disconnected; others are served."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            other = await served.connect()
            await other.receive()
            if data.startswith((b"GET", b"\0" * 100)):
                reader, writer = await asyncio.open_unix_connection(served._path)
                writer.write(data)
                while await reader.read(KIB):
                    pass
                writer.close()
            else:
                await peer.receive()
                peer.writer.write(data)
                await peer.closed()
                assert peer.farewell is not None
            await served.still_serves(other)

    run(test())


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (framed(b"x", flag=1), 12, "not compressed"),
        (b"", 13, "one whole message"),
        (framed(b"12345")[:-1], 13, "one whole message"),
        (framed(b"1") + framed(b"2"), 13, "one whole message"),
    ],
    ids=["compressed", "nothing", "a part", "two"],
)
def test_what_is_no_message_is_refused(body: bytes, status: int, text: str) -> None:
    """A request must hold one whole message that is not compressed."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            outcome = await peer.outcome(peer.ask("echo", body))
            assert outcome.headers["grpc-status"] == str(status)
            assert text in outcome.headers["grpc-message"]
            await served.still_serves(peer)

    run(test())


def test_a_request_that_is_not_grpc_gets_a_status_of_http() -> None:
    """Something that does not ask for gRPC is told so in a way that it understands."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            id_ = peer.open("echo", content_type="text/html")
            assert (await peer.outcome(id_)).headers == {":status": "415"}
            await served.still_serves(peer)

    run(test())


def test_an_unknown_method_is_refused_before_its_request_is_whole() -> None:
    """Terraform opens a stream that stays open, and must learn at once that nobody serves it."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            id_ = peer.open("StartStream")
            outcome = await peer.outcome(id_)
            assert outcome.headers["grpc-status"] == "12"
            assert outcome.headers["content-type"] == "application/grpc"
            await peer.rest()
            assert outcome.reset == ErrorCodes.NO_ERROR
            await served.still_serves(peer)

    run(test())


def test_any_text_can_be_told() -> None:
    """A text with line ends, percent signs and other scripts arrives as ASCII that says the same."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            outcome = await peer.outcome(peer.ask("fail", framed("ä\n50%".encode())))
            assert outcome.headers["grpc-status"] == "13"
            assert "ValueError: %C3%A4%0A50%25" in outcome.headers["grpc-message"]

    run(test())


def test_an_empty_answer_is_a_message() -> None:
    """An empty message is five bytes, and not the same as none."""

    async def test() -> None:
        async with serving() as served:
            peer = await served.connect()
            outcome = await peer.outcome(peer.ask("size", framed(b"0")))
            assert bytes(outcome.data) == b"\0" * 5
            assert outcome.headers["grpc-status"] == "0"

    run(test())


def test_a_method_that_cannot_be_loaded_is_an_answer() -> None:
    """A failure to import what serves a method is told to the peer, and the process lives on."""

    class Broken(dict[str, Any]):
        def __contains__(self, name: object) -> bool:
            msg = f"no module for {name}"
            raise ImportError(msg)

    async def test() -> None:
        async with serving() as served:
            served.server._services["test.Answers"].unary = Broken()
            peer = await served.connect()
            outcome = await peer.outcome(peer.ask("echo", framed(b"")))
            assert outcome.headers["grpc-status"] == "13"
            assert "ImportError: no module for echo" in outcome.headers["grpc-message"]

    run(test())
